"""API tokens: made, listed and revoked in Unleash's shapes; each acts as its creator (contract section 4)."""

from datetime import timedelta

import pytest
from school import clock
from school.api_tokens import service
from school.table import get, transact, update
from school.users.models import UserItem, users_of

from tests.gateway import call
from tests.schools import everything
from tests.wire import Refusing, intercepted, refusal

PATH = "/api/admin/api-tokens"
NEW = "k!5As3HquUrQ"
MEMBERS = [
    "secret",
    "tokenName",
    "type",
    "environment",
    "project",
    "projects",
    "expiresAt",
    "createdAt",
    "seenAt",
    "alias",
]


def make(token, body=None, **headers):
    sent = {"tokenName": "timetable", "type": "admin"} if body is None else body
    return call("unleash", "POST", PATH, token=token, json_body=sent, headers=headers)


def secret(school, who="administrator", **members):
    return make(school.token(who), {"tokenName": "timetable", "type": "admin", **members}).body["secret"]


def tokens(authorization):
    return call("unleash", "GET", PATH, headers={"Authorization": authorization})


def listed(school):
    return call("unleash", "GET", PATH, token=school.token("administrator")).body["tokens"]


def delete(token, named):
    return call("unleash", "DELETE", f"{PATH}/{named}", token=token)


def change(authorization, user_id):
    path = f"/api/admin/user-admin/{user_id}/change-password"
    return call("unleash", "POST", path, headers={"Authorization": authorization}, json_body={"password": NEW})


@pytest.fixture
def pass_time(monkeypatch):
    """Moves the clock on by some seconds."""
    began = clock.now()
    return lambda seconds: monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=seconds))


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


@pytest.mark.parametrize("form", ["{}", "Bearer {}", "bearer {}"])
def test_an_admin_token_acts_as_its_creator_with_and_without_bearer(school, form, table):
    student = school.people["student"]
    answer = change(form.format(secret(school)), student.id)
    assert (answer.status, answer.text) == (200, "")
    entries = [item for item in everything(table) if item["pk"]["S"] == f"{school.id}#AUDIT"]
    (reset,) = [item for item in entries if item["action"]["S"] == "users.password.reset"]
    assert reset["actor_id"]["S"] == school.people["administrator"].id


def test_a_session_token_works_as_well(school):
    assert call("unleash", "GET", PATH, token=school.token("administrator")).status == 200


@pytest.mark.parametrize("kind", ["client", "backend", "frontend"])
def test_a_token_for_unleashs_clients_opens_no_operation(school, kind):
    answer = tokens(secret(school, type=kind))
    assert (answer.status, answer.body["name"]) == (403, "NoAccessError")
    assert answer.body["message"] == "invalid token: expected a different token type for this endpoint"


@pytest.mark.parametrize(
    ("function", "method", "path"),
    [
        ("users", "GET", "/api/users/me"),
        ("zitadel", "POST", "/management/v1/users/x/password"),
        ("applivery", "POST", "/v1/users/x/change-password"),
    ],
)
def test_only_unleashs_door_takes_api_tokens(school, function, method, path):
    made = secret(school)
    for header in (made, f"Bearer {made}"):
        assert call(function, method, path, headers={"Authorization": header}).status == 401


class TestATokenDies:
    def test_when_it_is_revoked_by_its_secret(self, school):
        made = secret(school)
        answer = delete(school.token("administrator"), made.replace(":", "%3A"))
        assert (answer.status, answer.text) == (200, "")
        assert tokens(made).status == 401
        assert listed(school) == []

    def test_when_it_is_revoked_by_its_id_or_by_what_the_list_shows(self, school):
        for cut in (lambda shown: shown, lambda shown: shown.rpartition(".")[2]):
            made = secret(school)
            (shown,) = [each["secret"] for each in listed(school)]
            assert delete(school.token("administrator"), cut(shown)).status == 200
            assert tokens(made).status == 401

    def test_when_it_expires(self, school, pass_time):
        until = clock.to_wire(clock.now() + timedelta(seconds=60))
        made = secret(school, expiresAt=until)
        assert listed(school)[0]["expiresAt"] == until
        pass_time(58)
        assert tokens(made).status == 200
        pass_time(61)
        assert tokens(made).status == 401

    @pytest.mark.parametrize("change", [{"active": False}, {"deleted_at": "2026-01-01T00:00:00.000Z"}])
    def test_with_its_creators_account(self, school, change):
        made = secret(school)
        name, value = change.popitem()
        transact(update(school.people["administrator"], [getattr(UserItem, name).set(value)]))
        assert tokens(made).status == 401

    def test_when_an_administrator_resets_its_creators_password(self, school):
        made, other = secret(school), secret(school, "platform administrator")
        assert change(other, school.people["administrator"].id).status == 200
        assert tokens(made).status == 401
        assert tokens(other).status == 200

    def test_not_when_its_creator_changes_the_own_password(self, school):
        made, own = secret(school), school.people["administrator"].id
        body = {"password": "Pilihan-Sendiri-99", "oldPassword": "Rahasia-Sekolah-26"}
        path = f"/api/admin/user-admin/{own}/change-password"
        assert call("unleash", "POST", path, token=school.token("administrator"), json_body=body).status == 200
        assert tokens(made).status == 200


def test_a_token_may_only_what_its_creator_may_at_that_moment(school):
    made = secret(school)
    transact(update(school.people["administrator"], [UserItem.roles.set([])]))
    assert (tokens(made).status, tokens(made).body["name"]) == (403, "NoAccessError")


def test_b10_a_tokens_creator_who_must_change_the_password_does_that_first(school):
    made = secret(school)
    transact(update(school.people["administrator"], [UserItem.must_change_password.set(True)]))
    answer = tokens(made)
    assert (answer.status, answer.body["message"]) == (403, "Change your password first.")


def test_the_secret_is_shown_once_and_never_stored(school, table):
    made = secret(school)
    (shown,) = listed(school)
    assert list(shown) == MEMBERS
    assert shown["secret"] != made
    random_part = made.rpartition(".")[2]
    assert random_part not in str(everything(table))


def test_b4_nothing_in_the_table_opens_anything_as_an_api_token(school, table):
    assert tokens(secret(school)).status == 200

    def strings(value):
        if isinstance(value, dict):
            return {text for each in value.values() for text in strings(each)}
        return {text for each in value for text in strings(each)} if isinstance(value, list) else {str(value)}

    stored = {piece for text in strings(everything(table)) for piece in (text, *text.split("#"))}
    forms = {form.format(piece) for piece in stored if piece.isascii() for form in ("{}", "*:*.{}", "Bearer *:*.{}")}
    assert [form for form in forms if tokens(form).status != 401] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-4] + "AAAA",
        lambda text: text.replace("*:*", "a:b"),
        lambda text: text + "A",
        lambda text: text.rpartition(".")[2],
        lambda text: "*:*." + "A" * 75,
        lambda text: "*:*.é",
        lambda text: "*:*.",
        lambda text: ":.",
    ],
)
def test_no_other_secret_opens_anything(school, spoil):
    assert tokens(spoil(secret(school))).status == 401


def test_the_last_use_is_noted_at_most_once_a_minute(school, pass_time):
    made = secret(school)
    seen = []
    for second in (0, 30, 59, 61, 90):
        pass_time(second)
        assert tokens(made).status == 200
        seen.append(listed(school)[0]["seenAt"])
    assert seen[0] == seen[1] == seen[2] < seen[3] == seen[4]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
def test_the_request_goes_on_when_the_last_use_can_not_be_noted(school, code):
    made = secret(school)
    with intercepted(Refusing("TransactWriteItems", refusal(400, code))):
        assert tokens(made).status == 200
    assert listed(school)[0]["seenAt"] is None


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


def test_a_token_made_while_its_creators_password_is_reset_is_dead(school):
    administrator, token = school.people["administrator"], school.token("administrator")

    def reset_first(send, operation, arguments):
        if operation == "TransactWriteItems" and "api-tokens.create" in str(arguments) and not overtaken:
            overtaken.append(1)
            other = school.token("platform administrator")
            path = f"/api/users/{administrator.id}/password"
            assert call("users", "PATCH", path, token=other, json_body={"password": NEW}).status == 200
        return send(operation, arguments)

    overtaken = []
    with intercepted(reset_first):
        made = make(token).body["secret"]
    assert get(UserItem, users_of(school.id), administrator.id).api_token_epoch == 2
    assert tokens(made).status == 401


def test_a_school_may_have_more_tokens_than_one_query_answers(school, monkeypatch):
    query = service.query
    monkeypatch.setattr(service, "query", lambda *keys, **options: query(*keys, **{**options, "limit": 2}))
    for number in range(5):
        secret(school, tokenName=f"token {number}")
    assert sorted(each["tokenName"] for each in listed(school)) == [f"token {number}" for number in range(5)]
