"""Acceptance B3 on engines with real concurrency: parallel guesses don't slip past a limit."""

import threading
from collections import Counter

import pytest
from core.kernel.errors import CoreError, TooManyRequests
from core.logins import guard
from core.passwords import sign_in as logins
from core.passwords.rules import verify
from core.sessions import own
from core.sessions.new import Client
from core.sessions.service import SignedIn, WrongCredentials, find, start
from core.throttles.service import attempt
from core.users import service as users

from tests.engines.race import race
from tests.engines.test_races import kinds
from tests.schools import PASSWORD

ELSEWHERE = "198.51.100.9"


@pytest.fixture
def looked_at(monkeypatch):
    """How many passwords were looked at."""
    lock, looks = threading.Lock(), Counter()

    def count(name, answer):
        def look(*arguments):
            with lock:
                looks[name] += 1
            return answer(*arguments)

        return look

    monkeypatch.setattr(logins, "verify", count("known", verify))
    monkeypatch.setattr(logins, "verify_nobody", count("unknown", lambda password: None))
    return looks


@pytest.mark.parametrize("email", ["student@smansa.test", "nobody@smansa.test"])
def test_b3_of_50_parallel_guesses_from_one_source_10_are_looked_at(school, looked_at, email):
    outcomes = race(50, lambda lane: logins.sign_in(email, f"guess {lane}", Client(True, ELSEWHERE)))
    assert Counter(type(each) for each in outcomes) == {WrongCredentials: 10, TooManyRequests: 40}
    assert looked_at.total() == 10


def test_b3_the_right_password_among_parallel_guesses_is_found_only_by_chance(school, looked_at):
    email = school.people["student"].email

    def guess(lane):
        return logins.sign_in(email, PASSWORD if lane == 49 else f"guess {lane}", Client(True, ELSEWHERE))

    outcomes = race(50, guess)
    # A success clears the counter, so at most the ten before it and the ten after it were looked at.
    assert looked_at.total() <= (20 if any(isinstance(each, SignedIn) for each in outcomes) else 10)


def test_b3_an_owner_gets_in_while_a_stranger_guesses(school):
    student = school.people["student"]

    def run(lane):
        if lane % 10 == 0:
            return logins.sign_in(student.email, PASSWORD, Client(True, "203.0.113.7"))
        return logins.sign_in(student.email, f"guess {lane}", Client(True, ELSEWHERE))

    outcomes = race(40, run)
    assert all(isinstance(outcomes[lane], SignedIn) for lane in range(0, 40, 10))


def test_failures_from_many_sources_are_all_counted(school, monkeypatch):
    monkeypatch.setattr(guard, "WIDE", 20)
    email = school.people["student"].email
    assert kinds(race(20, lambda lane: logins.sign_in(email, "guess", Client(True, f"192.0.2.{lane}")))) == {
        "WrongCredentials"
    }
    with pytest.raises(TooManyRequests):
        logins.sign_in(email, PASSWORD, Client(True, "192.0.2.99"))


def test_of_50_parallel_attempts_exactly_as_many_as_allowed_get_through(table):
    outcomes = race(50, lambda lane: attempt("reset-mail/account/x", 5, 60))
    assert Counter(type(each) for each in outcomes) == {type(None): 5, TooManyRequests: 45}


def test_b5_ending_the_others_during_sign_ins_leaves_this_one_and_none_of_before(school):
    student = school.people["student"]
    mine = find(school.token(student))
    before = [school.token(student) for _ in range(5)]

    def run(lane):
        if lane == 0:
            return own.revoke_others(mine)
        return logins.sign_in(student.email, PASSWORD, Client(True, f"192.0.2.{lane}"))

    outcomes = race(12, run)
    assert outcomes[0] is None
    # No sign-in with the right password is refused because somebody ended sessions at that moment.
    assert kinds(outcomes[1:]) == {"SignedIn"}
    assert find(mine.token)
    assert all(find(token) is None for token in before)
    current = users.find(school.id, student.id)
    assert {each.epoch for each in own.living_sessions(current)} == {current.session_epoch}
    assert find(start(current, Client(True)).token)


def test_b5_of_two_clients_that_end_each_other_exactly_one_is_left(school):
    student = school.people["student"]
    clients = [find(school.token(student)) for _ in range(8)]
    outcomes = race(8, lambda lane: own.revoke_others(clients[lane]))
    left = [lane for lane in range(8) if find(clients[lane].token)]
    assert len(left) == 1
    assert outcomes[left[0]] is None
    assert all(each is None or isinstance(each, CoreError) for each in outcomes)
