"""Acceptance B1: how long a refused sign-in takes does not tell whether the address is an account's."""

import random
import time

import pytest
from school.logins import guard
from school.logins.service import sign_in
from school.sessions.new import Client
from school.sessions.service import WrongCredentials

PAIRS = 200
#: Chance alone leaves the bounds in 8 of 100 measurements of this length, a real difference in all of them.
TRIES = 4


def seconds(email, source):
    began = time.perf_counter()
    with pytest.raises(WrongCredentials):
        sign_in(email, "salah sekali", Client(True, source))
    return time.perf_counter() - began


def distinguishable(addresses):
    """How often the first address takes longer than the second: 0.5 when they can't be told apart."""
    timings = {email: [] for email in addresses}
    for number in range(PAIRS):
        for email in random.sample(addresses, len(addresses)):
            timings[email].append(seconds(email, f"10.0.{number}.{random.randrange(256)}"))
    first, second = timings.values()
    return sum((one > other) + 0.5 * (one == other) for one in first for other in second) / PAIRS**2


def test_b1_400_interleaved_timings_tell_no_known_address_from_an_unknown_one(school, monkeypatch):
    monkeypatch.setattr(guard, "NARROW", 10**6)
    monkeypatch.setattr(guard, "WIDE", 10**6)
    monkeypatch.setattr(guard, "RECORDED_A_DAY", 10**6)
    addresses = [school.people["student"].email, "nobody@smansa.test"]
    for email in addresses * 5:
        seconds(email, "10.0.0.1")
    measured = []
    while len(measured) < TRIES:
        measured.append(distinguishable(addresses))
        if 0.45 <= measured[-1] <= 0.55:
            return
    pytest.fail(f"The answer's time tells whether an account exists: AUC {measured}.")
