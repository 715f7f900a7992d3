"""Guessing the tokens of links is limited for each source, and keeps nobody from a link."""

import pytest
from core.links import use as link_use
from core.links.models import token_of
from core.sessions.models import new_token

from tests.functions.unleash import link
from tests.gateway import call
from tests.schools import School

NEW = "Kunci-Baru-Untuk-Siswa"
HERE, ELSEWHERE = "198.51.100.9", "203.0.113.7"

#: Every door that a link's token opens: the function, the method, the path, and what is sent.
DOORS = {
    "better-auth's link": ("auth", "GET", "/api/auth/reset-password/{token}", {}),
    "better-auth": (
        "auth",
        "POST",
        "/api/auth/reset-password",
        {"json_body": {"newPassword": NEW, "token": "{token}"}},
    ),
    "Unleash's look": ("unleash", "GET", "/auth/reset/validate", {"query": {"token": ["{token}"]}}),
    "Unleash": ("unleash", "POST", "/auth/reset/password", {"json_body": {"password": NEW, "token": "{token}"}}),
    "the page": ("pages", "GET", "/reset-password", {"query": {"token": ["{token}"]}}),
    "the page's form": (
        "pages",
        "POST",
        "/reset-password",
        {
            "body": f"token={{token}}&password={NEW}&confirmation={NEW}",
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        },
    ),
}


def filled(value, token):
    if isinstance(value, dict):
        return {name: filled(each, token) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, token) for each in value]
    return value.replace("{token}", token)


def knock(door, token, source=HERE):
    function, method, path, options = DOORS[door]
    return call(function, method, filled(path, token), source_ip=source, **filled(options, token))


def guess(school: School) -> str:
    """A token of the student's that nobody made."""
    return new_token(school.id, school.people["student"].id)


@pytest.mark.parametrize("door", DOORS)
def test_the_21st_guess_within_five_minutes_is_429_with_when_to_come_back(school, door):
    for number in range(20):
        assert knock(door, guess(school) if number % 2 else "A" * 75).status != 429
    answer = knock(door, guess(school))
    assert answer.status == 429
    assert 290 <= int(answer.headers["retry-after"]) <= 300
    assert knock(door, guess(school), ELSEWHERE).status != 429


def test_all_doors_count_together(school, monkeypatch):
    monkeypatch.setattr(link_use, "_MOST", len(DOORS))
    assert 429 not in [knock(door, guess(school)).status for door in DOORS]
    assert {knock(door, guess(school)).status for door in DOORS} == {429}


@pytest.mark.parametrize("door", DOORS)
def test_no_stranger_keeps_an_owner_from_a_link_not_even_in_the_same_place(school, monkeypatch, door):
    monkeypatch.setattr(link_use, "_MOST", 2)
    token = link(school)
    assert [knock(door, guess(school)).status for _ in range(3)][-1] == 429
    assert knock(door, token).status in (200, 302)


def test_a_link_that_was_used_is_no_guess_however_often_it_is_opened(school, monkeypatch):
    monkeypatch.setattr(link_use, "_MOST", 2)
    token = link(school)
    assert knock("better-auth", token).status == 200
    assert {knock("better-auth", token).body["code"] for _ in range(4)} == {"INVALID_TOKEN"}


def test_a_token_that_a_stranger_can_not_make_is_not_guessed_from_another_schools(school, other_school):
    student = school.people["student"]
    assert knock("better-auth", token_of(other_school.id, student.id, student.id)).status == 400
