"""Applivery's door: POST /v1/users/{userId}/change-password (seed, contract section 4)."""

import pytest
from core.kernel.table import get, transact, update
from core.users.models import UserItem, users_of

from tests.gateway import call
from tests.schools import PASSWORD

NEW = "NewSecureP@ssw0rd!"
ABSENT = "0" * 24
# The seed's examples, word for word.
SEED_BODY = {"oldPassword": "CurrentSecureP@ss123", "newPassword": "NewSecureP@ssw0rd!"}
SEED_200 = {"status": True, "data": {"passwordChanged": "OK"}}
SEED_400 = {"status": False, "error": {"code": 5023, "message": "Incorrect old password"}}
SEED_401 = {"status": False, "error": {"code": 4002, "message": "No auth token"}}
SEED_404 = {"status": False, "error": {"code": 3001, "message": "Entity not found"}}
UNAUTHORIZED = {"status": False, "error": {"code": 4001, "message": "Unauthorized"}}
TOO_SIMPLE = {"status": False, "error": {"code": 5057, "message": "Insufficient Password Complexity"}}


def change(token, user_id, body=None, **options):
    if "body" not in options:
        options["json_body"] = {"oldPassword": PASSWORD, "newPassword": NEW} if body is None else body
    return call("applivery", "POST", f"/v1/users/{user_id}/change-password", token=token, **options)


def sign_in(email, password):
    return call("auth", "POST", "/api/auth/sign-in/email", json_body={"email": email, "password": password})


def refused(answer, status, code):
    assert (answer.status, answer.body["error"]["code"]) == (status, code), answer.text
    assert list(answer.body) == ["status", "error"]
    assert answer.body["status"] is False
    assert list(answer.body["error"]) == ["code", "message"]
    assert answer.body["error"]["message"]


def test_the_seeds_request_gets_the_seeds_answer(school):
    user = school.add("Orang Baru", "baru@x.test", [], SEED_BODY["oldPassword"])
    answer = change(school.token(user), user.id, SEED_BODY)
    assert (answer.status, answer.body) == (200, SEED_200)
    assert sign_in(user.email, SEED_BODY["newPassword"]).status == 200


@pytest.mark.parametrize("who", ["student", "administrator"])
def test_the_owner_and_an_administrator_change_it_and_every_session_ends(school, who):
    student, old = school.people["student"], school.token("student")
    answer = change(school.token(who), student.id.upper())
    assert (answer.status, answer.body) == (200, SEED_200)
    assert call("users", "GET", "/api/users/me", token=old).status == 401
    assert sign_in(student.email, PASSWORD).status == 401
    assert sign_in(student.email, NEW).status == 200
    assert get(UserItem, users_of(school.id), student.id).must_change_password is False


@pytest.mark.parametrize("who", ["student", "administrator"])
@pytest.mark.parametrize("old", ["not the password", "Rahasia-Sekolah-27", "", "1234567", "x" * 129])
def test_a_wrong_old_password_is_5023(school, who, old):
    student = school.people["student"]
    answer = change(school.token(who), student.id, {"oldPassword": old, "newPassword": NEW})
    assert (answer.status, answer.body) == (400, SEED_400)
    assert sign_in(student.email, PASSWORD).status == 200


@pytest.mark.parametrize("new", ["", "1234567", "x" * 129, "password", "orang-student", "punya SMA Negeri 1 Contoh"])
def test_a_new_password_against_a_rule_is_5057(school, new):
    student = school.people["student"]
    answer = change(school.token("student"), student.id, {"oldPassword": PASSWORD, "newPassword": new})
    assert (answer.status, answer.body) == (400, TOO_SIMPLE)
    assert sign_in(student.email, PASSWORD).status == 200


def test_staff_need_twelve_characters(school):
    body = {"oldPassword": PASSWORD, "newPassword": "elevenchars"}
    assert change(school.token("teacher"), school.people["teacher"].id, body).body == TOO_SIMPLE


def test_the_owners_last_passwords_do_not_come_back(school):
    body = {"oldPassword": PASSWORD, "newPassword": PASSWORD}
    assert change(school.token("student"), school.people["student"].id, body).body == TOO_SIMPLE


def test_without_a_token_it_is_4002_even_with_a_bad_body(school):
    answer = change(None, school.people["student"].id, body="{")
    assert (answer.status, answer.body) == (401, SEED_401)


def test_with_a_bad_or_ended_token_it_is_4001(school):
    token = school.token("student")
    call("auth", "POST", "/api/auth/sign-out", token=token)
    for bad in ("x", token, token[:-4] + "AAAA"):
        answer = change(bad, school.people["student"].id)
        assert (answer.status, answer.body) == (401, UNAUTHORIZED)


def test_an_api_token_of_unleash_opens_nothing_here(school):
    body = {"tokenName": "ci", "type": "admin"}
    made = call("unleash", "POST", "/api/admin/api-tokens", token=school.token("administrator"), json_body=body)
    assert change(made.body["secret"], school.people["student"].id).body == UNAUTHORIZED


@pytest.mark.parametrize("role", ["principal", "teacher", "staff", "student"])
def test_nobody_else_changes_it(school, role):
    other = school.add("Orang Lain", "lain@x.test", [])
    token = school.token(role)
    existing, absent = change(token, other.id), change(token, ABSENT)
    refused(existing, 403, 4001)
    assert existing.text == absent.text
    assert sign_in(other.email, PASSWORD).status == 200


def test_a6_a_stronger_account_is_403(school):
    platform = school.people["platform administrator"]
    refused(change(school.token("administrator"), platform.id), 403, 4001)
    # Not even whether the old password is right is told.
    wrong = {"oldPassword": "not the password", "newPassword": NEW}
    refused(change(school.token("administrator"), platform.id, wrong), 403, 4001)
    assert sign_in(platform.email, PASSWORD).status == 200


def test_a3_a_user_of_another_school_and_no_user_at_all_look_the_same(school, other_school):
    token = other_school.token("administrator")
    hidden, absent = change(token, school.people["student"].id), change(token, ABSENT)
    assert (hidden.status, hidden.body) == (404, SEED_404)
    assert hidden.text == absent.text


@pytest.mark.parametrize("user_id", ["me", "x", "0" * 23, "0" * 25, "g" * 24, "%23USER", "a#b"])
def test_what_is_no_id_is_3001(school, user_id):
    answer = change(school.token("student"), user_id)
    assert (answer.status, answer.body) == (404, SEED_404)


def test_an_unknown_path_is_3001():
    answer = call("applivery", "GET", "/v1/users")
    assert (answer.status, answer.body) == (404, SEED_404)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"oldPassword": NaN}',
        '{"oldPassword": "\\ud800aaaaaaa", "newPassword": "\\ud800aaaaaaa"}',
        '{"oldPassword": 12345678, "newPassword": "x"}',
        '{"oldPassword": "Rahasia-Sekolah-26", "newPassword": null}',
        '{"oldPassword": "Rahasia-Sekolah-26", "newPassword": "NewSecureP@ssw0rd!", "roles": []}',
    ],
)
def test_malformed_bodies_are_400(school, body):
    refused(change(school.token("student"), school.people["student"].id, body=body), 400, 400)


def test_a_large_body_and_another_content_type_are_refused_in_the_same_shape(school):
    token, student = school.token("student"), school.people["student"]
    refused(change(token, student.id, body='{"oldPassword":"' + "x" * 300_000), 413, 413)
    refused(change(token, student.id, headers={"Content-Type": "text/plain"}), 415, 415)


def test_the_old_password_is_tried_ten_times_in_five_minutes_right_or_wrong(school):
    student, token = school.people["student"], school.token("administrator")
    wrong = {"oldPassword": "not the password", "newPassword": NEW}
    for _ in range(10):
        assert change(token, student.id, wrong).body == SEED_400
    answer = change(token, student.id)
    refused(answer, 429, 429)
    assert 0 < int(answer.headers["retry-after"]) <= 300
    # Neither the owner nor another target pays for it.
    assert change(token, school.people["teacher"].id, wrong).body == SEED_400
    assert change(school.token("student"), student.id).body == SEED_200


def test_b10_who_must_change_the_password_may_do_it_here_and_nothing_else(school):
    administrator, token = school.people["administrator"], school.token("administrator")
    transact(update(administrator, [UserItem.must_change_password.set(True)]))
    refused(change(token, school.people["student"].id), 403, 4001)
    assert change(token, administrator.id).body == SEED_200
    assert get(UserItem, users_of(school.id), administrator.id).must_change_password is False


def test_a_query_parameter_that_the_operation_does_not_take_is_400(school):
    student = school.people["student"]
    refused(change(school.token("student"), student.id, query={"force": ["1"]}), 400, 400)
    assert sign_in(student.email, PASSWORD).status == 200
