"""Acceptance B3: failed sign-ins are throttled by account and source, and no stranger locks an owner out."""

from collections import Counter
from datetime import timedelta

import pytest
from core.kernel import clock
from core.logins import guard
from core.passwords import sign_in as logins

from tests.gateway import call
from tests.schools import PASSWORD, everything
from tests.wire import Counting, intercepted

WRONG = "salah sekali"
STUDENT, NOBODY = "student@smansa.test", "nobody@smansa.test"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def sign_in(email=STUDENT, password=WRONG, source=ELSEWHERE, **headers):
    body = {"email": email, "password": password}
    return call("auth", "POST", "/api/auth/sign-in/email", json_body=body, source_ip=source, headers=headers)


def fail(times, email=STUDENT, source=ELSEWHERE):
    return [sign_in(email, source=source).status for _ in range(times)]


@pytest.fixture
def pass_time(monkeypatch):
    """Moves the clock on by some seconds."""
    began = clock.now()
    return lambda seconds: monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=seconds))


@pytest.mark.parametrize("email", [STUDENT, NOBODY])
def test_b3_the_eleventh_failure_in_five_minutes_is_429_with_when_to_come_back(school, email):
    assert fail(10, email) == [401] * 10
    answer = sign_in(email)
    assert answer.status == 429
    assert set(answer.body) == {"message", "code"}
    assert answer.body["code"] == "TOO_MANY_REQUESTS"
    assert 290 <= int(answer.headers["retry-after"]) <= 300


def test_b3_the_right_password_is_refused_too_so_that_guessing_on_is_useless(school):
    fail(10)
    assert sign_in(password=PASSWORD).status == 429


def test_b3_after_five_minutes_one_may_try_again(school, pass_time):
    pass_time(0)
    fail(10)
    pass_time(301)
    assert sign_in(password=PASSWORD).status == 200


def test_b3_a_success_begins_anew(school):
    for _ in range(3):
        assert fail(9) == [401] * 9
        assert sign_in(password=PASSWORD).status == 200


def test_b3_a_stranger_elsewhere_locks_no_owner_out(school):
    assert fail(12)[-2:] == [429, 429]
    assert sign_in(password=PASSWORD, source=HOME).status == 200


def test_b3_strangers_in_many_places_do_not_lock_the_owner_out_of_the_usual_one(school, monkeypatch):
    monkeypatch.setattr(guard, "WIDE", 25)
    assert sign_in(password=PASSWORD, source=HOME).status == 200
    for number in range(3):
        fail(10, source=f"198.51.100.{number}")
    assert sign_in(password=PASSWORD, source="192.0.2.1").status == 429, "a place that the account does not know"
    assert sign_in(password=PASSWORD, source=HOME).status == 200
    assert fail(11, source=HOME)[-1] == 429, "the usual place may fail no more often than any other"


def test_b3_one_source_can_not_try_one_password_on_everybody(school, monkeypatch):
    monkeypatch.setattr(guard, "WIDE", 25)
    assert sign_in(password=PASSWORD).status == 200
    answers = [sign_in(f"murid{number}@smansa.test").status for number in range(30)]
    assert answers == [401] * 25 + [429] * 5
    assert sign_in("teacher@smansa.test", PASSWORD).status == 429, "an account that does not know this source"
    assert sign_in(password=PASSWORD).status == 200, "an account that does"
    assert sign_in("teacher@smansa.test", PASSWORD, source=HOME).status == 200


def test_b3_a_source_is_not_familiar_for_ever(school, monkeypatch, pass_time):
    monkeypatch.setattr(guard, "WIDE", 5)
    pass_time(0)
    assert sign_in(password=PASSWORD, source=HOME).status == 200
    pass_time(31 * 24 * 3600)
    fail(5)
    assert sign_in(password=PASSWORD, source=HOME).status == 429


def test_b3_a_forged_forwarded_for_changes_nothing(school):
    answers = [sign_in(**{"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": "::1"}).status for number in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert sign_in(source=HOME, **{"X-Forwarded-For": ELSEWHERE}).status == 401


def test_b3_an_ipv6_source_is_its_network(school):
    answers = [sign_in(source=f"2001:db8:1:2::{number:x}").status for number in range(1, 13)]
    assert answers == [401] * 10 + [429] * 2
    assert sign_in(source="2001:db8:1:3::1").status == 401


def test_the_case_of_the_address_is_no_way_around(school):
    fail(5)
    fail(5, STUDENT.upper())
    assert sign_in().status == 429


def test_b1_known_and_unknown_addresses_answer_and_cost_the_same_also_when_throttled(school):
    seen = {}
    for email in (STUDENT, NOBODY):
        counting, answers = Counting(), []
        with intercepted(counting):
            for _ in range(13):
                answer = sign_in(email)
                headers = {name: value for name, value in answer.headers.items() if name != "retry-after"}
                answers.append((answer.status, answer.text, headers))
        seen[email] = answers, str(counting)
    assert seen[STUDENT] == seen[NOBODY]


def test_b1_each_attempt_looks_at_exactly_one_password(school, monkeypatch):
    looks = Counter()
    monkeypatch.setattr(logins, "verify", lambda *_: looks.update(["known"]) or False)
    monkeypatch.setattr(logins, "verify_nobody", lambda *_: looks.update(["unknown"]))
    fail(12)
    fail(12, NOBODY)
    assert looks == {"known": 10, "unknown": 10}


def test_refusing_a_flood_costs_one_read_an_attempt(school):
    fail(11)
    counting = Counting()
    with intercepted(counting):
        assert fail(5) == [429] * 5
    assert str(counting) == "5 times BatchGetItem of 6"


def test_the_table_tells_neither_unknown_addresses_nor_sources_of_throttles(school, table):
    before = everything(table)
    fail(3, NOBODY)
    new = [item for item in everything(table) if item not in before]
    assert new
    keys = str([(item["pk"], item["sk"]) for item in new])
    assert "nobody" not in str(new)
    assert ELSEWHERE not in keys
    assert all("expiresAt" in item for item in new)
