"""One's own sessions: seeing them, ending them, and one's name and image, in better-auth's shapes."""

import pytest
from core.sessions.models import hash_token
from core.sessions.service import WrongCredentials

from tests.gateway import call
from tests.schools import PASSWORD, everything

OWN = [
    ("GET", "/api/auth/list-sessions"),
    ("POST", "/api/auth/revoke-session"),
    ("POST", "/api/auth/revoke-sessions"),
    ("POST", "/api/auth/revoke-other-sessions"),
    ("POST", "/api/auth/update-user"),
]


def listed(token):
    answer = call("auth", "GET", "/api/auth/list-sessions", token=token)
    assert answer.status == 200
    return answer.body


def post(operation, token, body=None, **options):
    return call("auth", "POST", f"/api/auth/{operation}", token=token, json_body=body, **options)


def alive(token):
    return call("auth", "GET", "/api/auth/get-session", token=token).body is not None


@pytest.mark.parametrize(("method", "path"), OWN)
@pytest.mark.parametrize("token", [None, "x", "A" * 75])
def test_without_a_session_it_is_401(table, method, path, token):
    answer = call("auth", method, path, token=token, json_body={"token": "x", "name": "X"})
    assert answer.status == 401
    assert set(answer.body) == {"message", "code"}


def test_a_session_keeps_the_beginning_of_what_a_client_says_of_itself(school):
    body, agent = {"email": school.people["student"].email, "password": PASSWORD}, {"User-Agent": "a" * 5000}
    token = call("auth", "POST", "/api/auth/sign-in/email", json_body=body, headers=agent).body["token"]
    assert [each["userAgent"] for each in listed(token)] == ["a" * 300]


@pytest.mark.parametrize(("method", "path"), OWN)
def test_an_ended_session_is_401(school, method, path):
    token = school.token("student")
    post("sign-out", token)
    assert call("auth", method, path, token=token, json_body={"token": "x", "name": "X"}).status == 401


@pytest.mark.parametrize(("method", "path"), OWN)
def test_somebody_who_must_change_the_password_does_that_first(school, table, method, path):
    student = school.people["student"]
    token = school.token(student)
    table.update_item(
        TableName="core-test",
        Key={"pk": {"S": student.partition}, "sk": {"S": student.sort}},
        UpdateExpression="SET must_change_password = :due",
        ExpressionAttributeValues={":due": {"BOOL": True}},
    )
    answer = call("auth", method, path, token=token, json_body={"token": "x", "name": "X"})
    assert (answer.status, answer.body["code"]) == (403, "PASSWORD_CHANGE_REQUIRED")
    assert alive(token)
    assert post("sign-out", token).status == 200


def test_every_session_is_listed_as_get_session_shows_it(school):
    tokens = [school.token("student") for _ in range(3)]
    school.token("teacher")
    sessions = listed(tokens[0])
    shown = {each["id"]: each for each in sessions}
    for token in tokens:
        current = call("auth", "GET", "/api/auth/get-session", token=token).body["session"]
        assert shown[current["id"]] == current | {"token": shown[current["id"]]["token"]}
    assert len(sessions) == 3


def test_only_the_own_token_is_told_and_no_other_signs_in(school):
    mine, other = school.token("student"), school.token("student")
    tokens = {each["token"] for each in listed(mine)}
    assert mine in tokens
    assert other not in tokens
    (handle,) = tokens - {mine}
    assert not alive(handle)
    assert call("users", "GET", "/api/users/me", token=handle).status == 401


def test_b4_nothing_in_the_table_signs_in(school, table):
    token = school.token("student")
    stored = str(everything(table))
    assert token not in stored
    assert hash_token(token) in stored
    assert not alive(hash_token(token))


@pytest.mark.parametrize("by", ["handle", "token"])
def test_b5_a_revoked_session_is_dead_on_the_next_request(school, by):
    mine, other, third = (school.token("student") for _ in range(3))
    handle = hash_token(other)
    assert handle in {each["token"] for each in listed(mine)}
    answer = post("revoke-session", mine, {"token": handle if by == "handle" else other})
    assert (answer.status, answer.body) == (200, {"status": True})
    assert [alive(each) for each in (mine, other, third)] == [True, False, True]
    assert len(listed(mine)) == 2


def test_the_current_session_can_be_revoked(school):
    token = school.token("student")
    assert post("revoke-session", token, {"token": token}).status == 200
    assert not alive(token)


def test_somebody_elses_session_and_none_at_all_are_answered_alike_and_nothing_ends(school, other_school):
    mine, colleague, stranger = school.token("student"), school.token("teacher"), other_school.token("student")
    answers = [
        post("revoke-session", mine, {"token": token})
        for token in (colleague, stranger, hash_token(colleague), hash_token(stranger), "0" * 64, "x", "")
    ]
    assert {(each.status, each.text) for each in answers} == {(200, '{"status":true}')}
    assert all(alive(each) for each in (mine, colleague, stranger))


@pytest.mark.parametrize("body", [{}, {"token": 1}, {"token": None}, {"token": "x" * 300}])
def test_revoking_what_is_no_token_is_400(school, body):
    answer = post("revoke-session", school.token("student"), body)
    assert (answer.status, set(answer.body)) == (400, {"message", "code"})


def test_b5_revoking_all_ends_this_one_too_and_nobody_elses(school):
    tokens = [school.token("student") for _ in range(3)]
    colleague = school.token("teacher")
    answer = post("revoke-sessions", tokens[0])
    assert (answer.status, answer.body) == (200, {"status": True})
    assert [alive(each) for each in tokens] == [False] * 3
    assert alive(colleague)
    with pytest.raises(WrongCredentials):
        # Nobody begins a session for the account as it was read before.
        school.token("student")


def test_b5_revoking_the_others_leaves_this_one_alive(school):
    mine, other, third = (school.token("student") for _ in range(3))
    for _ in range(2):
        answer = post("revoke-other-sessions", mine)
        assert (answer.status, answer.body) == (200, {"status": True})
    assert [alive(each) for each in (mine, other, third)] == [True, False, False]
    assert [each["token"] for each in listed(mine)] == [mine]
    body = {"email": school.people["student"].email, "password": PASSWORD}
    again = call("auth", "POST", "/api/auth/sign-in/email", json_body=body).body["token"]
    assert alive(again)
    assert alive(mine)


def test_name_and_image_change(school):
    token = school.token("student")
    answer = post("update-user", token, {"name": "Nama Baru", "image": "https://x.test/y.png"})
    assert (answer.status, answer.body) == (200, {"status": True})
    user = call("auth", "GET", "/api/auth/get-session", token=token).body["user"]
    assert (user["name"], user["image"]) == ("Nama Baru", "https://x.test/y.png")
    assert post("update-user", token, {"image": None}).status == 200
    assert call("auth", "GET", "/api/auth/get-session", token=token).body["user"]["image"] is None


@pytest.mark.parametrize("email", ["new@smansa.test", "", None])
def test_the_email_can_not_be_updated(school, email):
    answer = post("update-user", school.token("student"), {"email": email, "name": "X"})
    assert (answer.status, answer.body["code"]) == (400, "EMAIL_CAN_NOT_BE_UPDATED")


@pytest.mark.parametrize(
    "body",
    [{}, {"name": ""}, {"name": None}, {"name": 1}, {"image": "http://x.test"}, {"image": "javascript:alert(1)"}]
    + [{"name": "X", member: value} for member, value in (("roles", []), ("active", True), ("emailVerified", True))]
    + [{"name": "X", "secondaryEmail": "x@y.test"}, {"name": "X", "id": "0" * 24}],
)
def test_a4_what_is_not_name_or_image_is_refused_and_nothing_changes(school, body):
    token = school.token("student")
    before = call("users", "GET", "/api/users/me", token=token).result
    answer = post("update-user", token, body)
    assert (answer.status, set(answer.body)) == (400, {"message", "code"})
    assert call("users", "GET", "/api/users/me", token=token).result == before


@pytest.mark.parametrize(("method", "path"), OWN[1:])
def test_a_cookie_from_a_page_that_is_not_ours_is_403(school, method, path):
    token = school.token("student")
    headers = {"Cookie": f"core.session_token={token}", "Origin": "https://evil.example"}
    answer = call("auth", method, path, headers=headers, json_body={"token": token, "name": "X"})
    assert (answer.status, answer.body["code"]) == (403, "INVALID_ORIGIN")
    assert alive(token)


def test_the_cookie_of_our_own_page_works_as_the_token_does(school):
    mine, other = school.token("student"), school.token("student")
    headers = {"Cookie": f"core.session_token={mine}", "Origin": "http://localhost:3000"}
    sessions = call("auth", "GET", "/api/auth/list-sessions", headers=headers).body
    assert mine in {each["token"] for each in sessions}
    assert post("revoke-other-sessions", None, headers=headers).status == 200
    assert [alive(mine), alive(other)] == [True, False]
