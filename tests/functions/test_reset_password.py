"""PATCH /api/users/{user_id}/password: the operation of the seed."""

from datetime import timedelta

import pytest
from core.kernel import clock

from tests.gateway import call
from tests.schools import PASSWORD

NEW = "Kunci-Baru-Untuk-Siswa"


def reset(token, user_id, body=None, **options):
    if "body" not in options:
        options["json_body"] = {"password": NEW} if body is None else body
    return call("users", "PATCH", f"/api/users/{user_id}/password", token=token, **options)


def sign_in(email, password):
    return call("auth", "POST", "/api/auth/sign-in/email", json_body={"email": email, "password": password})


def test_nobody_gets_401_even_with_a_bad_body(school):
    assert reset(None, school.people["student"].id, body="{").status == 401


def test_a_teacher_gets_403(school):
    answer = reset(school.token("teacher"), school.people["student"].id)
    assert (answer.status, answer.codes) == (403, [(None, "forbidden")])


def test_an_administrator_gets_the_seeds_200_body(school):
    student = school.people["student"]
    answer = reset(school.token("administrator"), student.id)
    assert answer.status == 200
    assert list(answer.body) == ["success", "message", "meta", "result"]
    assert (answer.body["success"], answer.body["message"]) == (True, "OK.")
    assert set(answer.result) == {
        "id",
        "name",
        "email",
        "emailVerified",
        "secondaryEmail",
        "roles",
        "image",
        "active",
        "createdAt",
        "updatedAt",
    }
    assert answer.result["id"] == student.id
    assert answer.result["updatedAt"] >= student.updated_at


def test_the_receipt_counts_the_sessions_that_still_signed_in(school, monkeypatch):
    student, began = school.people["student"], clock.now()
    monkeypatch.setattr(clock, "now", lambda: began - timedelta(days=8))
    school.token("student")
    monkeypatch.setattr(clock, "now", lambda: began)
    school.token("student")
    receipt = reset(school.token("administrator"), student.id).body["meta"]["receipt"]
    assert receipt["sessionsEnded"] == 1


def test_the_receipt_counts_no_session_that_had_been_ended_before(school):
    student = school.people["student"]
    assert call("auth", "POST", "/api/auth/revoke-sessions", token=school.token("student")).status == 200
    assert sign_in(student.email, PASSWORD).status == 200
    receipt = reset(school.token("administrator"), student.id).body["meta"]["receipt"]
    assert receipt["sessionsEnded"] == 1


def test_the_students_sessions_end_and_only_the_new_password_signs_in(school):
    student = school.people["student"]
    old = school.token("student")
    assert call("users", "GET", "/api/users/me", token=old).status == 200
    assert reset(school.token("administrator"), student.id).status == 200
    assert call("users", "GET", "/api/users/me", token=old).status == 401
    assert sign_in(student.email, PASSWORD).status == 401
    assert sign_in(student.email, NEW).status == 200


def test_another_schools_administrator_sees_no_such_student(school, other_school):
    hidden = reset(other_school.token("administrator"), school.people["student"].id)
    absent = reset(other_school.token("administrator"), "0" * 24)
    assert hidden.status == absent.status == 404
    assert hidden.text == absent.text
    assert sign_in(school.people["student"].email, PASSWORD).status == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"password": ""}, "required"),
        ({}, "required"),
        ({"password": "1234567"}, "password_too_short"),
        ({"password": "password"}, "password_too_common"),
        ({"password": "x" * 129}, "password_too_long"),
        ({"password": "orang-student"}, "password_contains_identity"),
        ({"password": "punya SMA Negeri 1 Contoh"}, "password_contains_identity"),
        ({"password": 12345678}, "wrong_type"),
        ({"password": None}, "wrong_type"),
    ],
)
def test_a_refused_password_says_why_and_changes_nothing(school, body, code):
    student = school.people["student"]
    answer = reset(school.token("administrator"), student.id, body)
    assert answer.status == 400
    assert ("password", code) in answer.codes
    assert sign_in(student.email, PASSWORD).status == 200


def test_staff_need_twelve_characters(school):
    answer = reset(school.token("administrator"), school.people["teacher"].id, {"password": "elevenchars"})
    assert answer.codes == [("password", "password_too_short")]


def test_a_stronger_account_is_out_of_reach(school):
    answer = reset(school.token("administrator"), school.people["platform administrator"].id)
    assert (answer.status, answer.codes) == (403, [(None, "stronger_account")])


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', '{"password": NaN}', '{"password":"a","password":"b"}'])
def test_malformed_bodies_are_400(school, body):
    answer = reset(school.token("administrator"), school.people["student"].id, body=body)
    assert (answer.status, answer.codes) == (400, [(None, "malformed_json")])


def test_unknown_members_are_refused(school):
    answer = reset(
        school.token("administrator"), school.people["student"].id, {"password": NEW, "passwordHash": "x", "version": 9}
    )
    assert (answer.status, answer.codes) == (
        400,
        [("passwordHash", "unknown_member"), ("version", "unknown_member")],
    )


def test_a_body_of_seven_megabytes_is_413(school):
    answer = reset(school.token("administrator"), school.people["student"].id, body='{"password":"' + "x" * 7_000_000)
    assert (answer.status, answer.codes) == (413, [(None, "too_large")])


def test_another_content_type_is_415(school):
    answer = reset(school.token("administrator"), school.people["student"].id, headers={"Content-Type": "text/plain"})
    assert answer.status == 415


@pytest.mark.parametrize("user_id", ["me", "x", "0" * 23, "0" * 25, "g" * 24, "%23USER", "a#b"])
def test_what_is_no_id_is_404(school, user_id):
    assert reset(school.token("administrator"), user_id).status == 404
