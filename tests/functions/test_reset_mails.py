"""How many reset links are mailed: no stranger uses up the owner's, and nobody's mailbox is flooded (B3, B12)."""

from datetime import timedelta

import pytest
from core.kernel import clock
from core.users.models import UserItem

from tests.functions.test_reset_links import ask, mails, sign_in
from tests.gateway import call
from tests.schools import PASSWORD
from tests.wire import Counting, intercepted

STUDENT, NOBODY = "student@smansa.test", "nobody@smansa.test"
HOME, NEW_PLACE, ELSEWHERE = "203.0.113.7", "192.0.2.1", "198.51.100.9"


@pytest.fixture(autouse=True)
def verified(school):
    school.people["student"].update(actions=[UserItem.email_verified.set(True)])


@pytest.fixture
def asked(monkeypatch):
    """Asks again and again, a minute and a second after the other, and returns the statuses."""
    began, passed = clock.now(), 0

    def ask_in_turn(*sources, email=STUDENT):
        nonlocal passed
        statuses = []
        for source in sources:
            passed += 61
            monkeypatch.setattr(clock, "now", lambda now=began + timedelta(seconds=passed): now)
            statuses.append(ask(email, source=source).status)
        return statuses

    return ask_in_turn


def from_home():
    body = {"email": STUDENT, "password": PASSWORD}
    return call("auth", "POST", "/api/auth/sign-in/email", json_body=body, source_ip=HOME).status


@pytest.mark.parametrize("email", [STUDENT, NOBODY])
def test_the_sixth_in_a_day_is_429_with_when_to_come_back(school, asked, email):
    assert asked(*[ELSEWHERE] * 6, email=email) == [200] * 5 + [429]
    assert 23 * 3600 < int(ask(email, source=ELSEWHERE).headers["retry-after"]) <= 24 * 3600


@pytest.mark.parametrize("email", [STUDENT, NOBODY])
def test_the_sixth_from_as_many_places_is_429_too(school, asked, email):
    places = [f"198.51.100.{number}" for number in range(6)]
    assert asked(*places, email=email) == [200] * 5 + [429]


def test_b3_a_stranger_who_asks_until_refused_leaves_the_owner_all_five_in_the_usual_place(school, asked):
    assert from_home() == 200
    assert asked(*[ELSEWHERE] * 6, NEW_PLACE, NEW_PLACE, NEW_PLACE) == [200] * 5 + [429, 200, 200, 429]
    assert asked(*[HOME] * 6) == [200] * 5 + [429]


def test_b3_a_stranger_who_asks_until_refused_leaves_the_owner_two_in_a_new_place(school, asked):
    assert asked(*[ELSEWHERE] * 6) == [200] * 5 + [429]
    assert asked(*[NEW_PLACE] * 3) == [200, 200, 429]
    assert len(mails(school.id)) == 7, "all that a mailbox gets from places that its owner does not know"


def test_b3_a_stranger_who_asks_at_the_same_moment_does_not_keep_the_owner_from_asking_at_home(school):
    assert from_home() == 200
    assert ask(STUDENT, source=ELSEWHERE).status == 200
    assert ask(STUDENT, source=NEW_PLACE).status == 429
    assert ask(STUDENT, source=HOME).status == 200
    assert ask(STUDENT, source=HOME).status == 429


def test_the_next_day_there_are_five_again(school, asked, monkeypatch):
    assert asked(*[ELSEWHERE] * 6)[-1] == 429
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert ask(STUDENT, source=ELSEWHERE).status == 200


def test_b12_an_ipv6_source_is_its_network(school):
    answers = [ask(f"somebody{number}@x.test", source=f"2001:db8:1:2::{number:x}").status for number in range(1, 5)]
    assert answers == [200, 200, 200, 429]


def test_b1_known_and_unknown_addresses_answer_and_cost_the_same_until_they_are_refused(school, asked):
    seen = {}
    for email in (STUDENT, NOBODY):
        counting = Counting()
        with intercepted(counting):
            statuses = asked(*[ELSEWHERE] * 6, *[NEW_PLACE] * 3, email=email)
        seen[email] = statuses, str(counting)
    assert seen[STUDENT] == seen[NOBODY]
    assert sign_in(STUDENT, PASSWORD).status == 200
