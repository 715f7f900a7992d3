"""API tokens made, listed and revoked in Unleash's shapes (contract section 4)."""

import pytest
from core.api_tokens import service

from tests.functions.api_tokens import MEMBERS, PATH, delete, listed, make, secret, tokens
from tests.gateway import call
from tests.schools import everything


def test_a_new_token_has_unleashs_members_and_a_secret_of_the_admin_form(school):
    answer = make(school.token("administrator"), {"tokenName": "timetable", "type": "ADMIN"})
    assert (answer.status, list(answer.body), answer.headers["location"]) == (201, MEMBERS, "api-tokens")
    assert answer.body["secret"].startswith("*:*.")
    assert answer.body["secret"].count(".") == 1
    told = {name: answer.body[name] for name in MEMBERS[1:7] + MEMBERS[8:]}
    assert told == {
        "tokenName": "timetable",
        "type": "admin",
        "environment": "*",
        "project": "*",
        "projects": ["*"],
        "expiresAt": None,
        "seenAt": None,
        "alias": None,
    }


@pytest.mark.parametrize(
    ("members", "scope", "projects"),
    [
        ({"type": "client"}, "*:default.", ["*"]),
        ({"type": "frontend", "environment": "production"}, "*:production.", ["*"]),
        ({"type": "client", "project": "school", "environment": "dev"}, "school:dev.", ["school"]),
        ({"type": "backend", "projects": ["a", "b"]}, "[]:default.", ["a", "b"]),
        ({"type": "client", "projects": ["a", "*"]}, "*:default.", ["*"]),
    ],
)
def test_other_tokens_name_their_projects_and_environment(school, members, scope, projects):
    answer = make(school.token("administrator"), {"username": "sdk", **members})
    assert (answer.status, answer.body["tokenName"], answer.body["projects"]) == (201, "sdk", projects)
    assert answer.body["secret"].startswith(scope)


def test_the_secret_is_shown_once_and_never_stored(school, table):
    made = secret(school)
    (shown,) = listed(school)
    assert list(shown) == MEMBERS
    assert shown["secret"] != made
    random_part = made.rpartition(".")[2]
    assert random_part not in str(everything(table))


def test_a_token_that_was_revoked_meanwhile_is_not_written_back(school):
    made = secret(school)
    assert delete(school.token("administrator"), made).status == 200
    tokens(made)
    assert listed(school) == []


def test_making_listing_and_revoking_needs_the_permission(school):
    made = secret(school)
    for role, status in ((None, 401), ("teacher", 403), ("principal", 403), ("student", 403)):
        token = school.token(role) if role else None
        answers = (make(token), call("unleash", "GET", PATH, token=token), delete(token, made))
        assert {each.status for each in answers} == {status}
    assert tokens(made).status == 200


def test_a3_another_schools_token_and_none_at_all_look_the_same(school, other_school):
    made, token = secret(school), other_school.token("administrator")
    shown = listed(school)[0]["secret"]
    answers = [delete(token, named) for named in (made, shown, shown.rpartition(".")[2], "0" * 24, "*:*.x", "x")]
    assert {(each.status, each.body["name"], each.body["message"]) for each in answers} == {
        (404, "NotFoundError", "Could not find the API token.")
    }
    assert call("unleash", "GET", PATH, token=token).body == {"tokens": []}
    assert tokens(made).status == 200


def test_a6_a_stronger_persons_token_is_not_revoked(school):
    made = secret(school, "platform administrator")
    assert delete(school.token("administrator"), made).status == 403
    assert tokens(made).status == 200


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"type": "admin"}, "BadDataError"),
        ({"tokenName": "x"}, "ValidationError"),
        ({"tokenName": "x", "type": "root"}, "ValidationError"),
        ({"tokenName": "x", "type": 5}, "ValidationError"),
        ({"tokenName": "x", "type": "admin", "secret": "mine"}, "ValidationError"),
        ({"tokenName": "x", "type": "admin", "project": "school"}, "BadDataError"),
        ({"tokenName": "x", "type": "admin", "environment": "dev"}, "BadDataError"),
        ({"tokenName": "x", "type": "client", "environment": "*"}, "BadDataError"),
        ({"tokenName": "x", "type": "client", "project": "a", "projects": ["b"]}, "BadDataError"),
        ({"tokenName": "x", "type": "client", "projects": []}, "ValidationError"),
        ({"tokenName": "x", "type": "client", "project": "a:b.c"}, "ValidationError"),
        ({"tokenName": "x", "type": "admin", "expiresAt": "tomorrow"}, "ValidationError"),
        ({"tokenName": "x", "type": "admin", "expiresAt": "2026-01-01"}, "ValidationError"),
        ({"tokenName": "x", "type": "admin", "expiresAt": "2020-01-01T00:00:00Z"}, "BadDataError"),
        ({"tokenName": "x", "type": "admin", "expiresAt": "9999-12-31T23:59:59-14:00"}, "ValidationError"),
        ({"tokenName": "x" * 101, "type": "admin"}, "ValidationError"),
        ({"tokenName": " ", "type": "admin"}, "ValidationError"),
    ],
)
def test_what_makes_no_sense_is_400(school, body, name):
    answer = make(school.token("administrator"), body)
    assert (answer.status, answer.body["name"]) == (400, name)
    assert answer.body["message"].endswith((".", "single project", "single environment", "all environments"))


def test_making_and_revoking_stand_in_the_audit_trail(school, table):
    made = secret(school)
    assert delete(school.token("platform administrator"), made).status == 200
    trail = [item for item in everything(table) if item["pk"]["S"] == f"{school.id}#AUDIT"]
    told = [(item["action"]["S"], item["actor_id"]["S"]) for item in sorted(trail, key=lambda each: each["sk"]["S"])]
    assert told == [
        ("api-tokens.create", school.people["administrator"].id),
        ("api-tokens.delete", school.people["platform administrator"].id),
    ]


def test_a_school_may_have_more_tokens_than_one_query_answers(school, monkeypatch):
    query = service.query
    monkeypatch.setattr(service, "query", lambda *keys, **options: query(*keys, **{**options, "limit": 2}))
    for number in range(5):
        secret(school, tokenName=f"token {number}")
    assert sorted(each["tokenName"] for each in listed(school)) == [f"token {number}" for number in range(5)]
