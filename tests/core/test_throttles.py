"""Throttles: so many attempts in a time that begins with the first."""

from datetime import timedelta

import pytest
from core.kernel import clock
from core.kernel.errors import TooManyRequests
from core.throttles.models import source_of
from core.throttles.service import Limit, attempt, attempt_all

from tests.schools import everything


@pytest.fixture
def pass_time(monkeypatch):
    """Moves the clock on by some seconds."""
    began = clock.now()

    def move(seconds):
        monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=seconds))

    move(0)
    return move


def test_the_attempt_after_the_last_is_refused_until_the_window_closes(table, pass_time):
    for second in range(3):
        pass_time(second)
        attempt("something/1", 3, 60)
    pass_time(10)
    with pytest.raises(TooManyRequests) as refusal:
        attempt("something/1", 3, 60)
    assert 49 <= int(refusal.value.headers["Retry-After"]) <= 50
    pass_time(60)
    attempt("something/1", 3, 60)
    attempt("something/1", 3, 60)


def test_a_refused_attempt_does_not_prolong_the_window(table, pass_time):
    attempt("something/1", 1, 60)
    for second in (30, 59):
        pass_time(second)
        with pytest.raises(TooManyRequests):
            attempt("something/1", 1, 60)
    pass_time(61)
    attempt("something/1", 1, 60)


def test_what_others_attempt_does_not_count(table):
    attempt("something/1", 1, 60)
    attempt("something/2", 1, 60)


def test_of_several_limits_none_counts_when_one_is_reached(table):
    attempt("narrow", 1, 60)
    with pytest.raises(TooManyRequests):
        attempt_all(Limit("wide", 1, 60), Limit("narrow", 1, 60))
    attempt("wide", 1, 60)


def test_the_table_keeps_no_key_in_plain_text(table):
    attempt("reset-mail/student@smansa.test/203.0.113.7", 1, 60)
    assert "smansa" not in str(everything(table))
    assert "203.0.113.7" not in str(everything(table))
    assert all("expiresAt" in item for item in everything(table))


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("test-invoke-source-ip", "unknown"),
    ],
)
def test_an_ipv6_source_is_its_whole_network(address, source):
    assert source_of(address) == source
