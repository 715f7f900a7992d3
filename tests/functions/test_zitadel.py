"""Zitadel's door: POST /management/v1/users/{userId}/password and its successor in v2 (seed, contract section 4)."""

import pytest
from core.kernel.table import get, transact, update
from core.users.models import UserItem, users_of

from tests.gateway import call
from tests.schools import PASSWORD

NEW = "Kunci-Baru-Untuk-Siswa"
DETAIL = "type.googleapis.com/zitadel.v1.ErrorDetail"
STUDENT = "student"
ABSENT = "0" * 24


def v1(token, user_id, body=None, org=None, **options):
    return send(f"/management/v1/users/{user_id}/password", token, body, org, {"password": NEW}, options)


def v2(token, user_id, body=None, org=None, **options):
    return send(f"/v2/users/{user_id}/password", token, body, org, {"newPassword": {"password": NEW}}, options)


def send(path, token, body, org, default, options):
    headers = options.pop("headers", {}) | ({"x-zitadel-orgid": org} if org is not None else {})
    if "body" not in options:
        options["json_body"] = default if body is None else body
    return call("zitadel", "POST", path, token=token, headers=headers, **options)


BOTH = pytest.mark.parametrize("door", [v1, v2])


def sign_in(email, password):
    return call("auth", "POST", "/api/auth/sign-in/email", json_body={"email": email, "password": password})


def stored(user):
    return get(UserItem, users_of(user.organization_id), user.id)


def refused(answer, status, code):
    assert (answer.status, answer.body["code"]) == (status, code), answer.text
    assert list(answer.body) == ["code", "message", "details"]
    assert answer.body["message"]
    for detail in answer.body["details"]:
        assert (list(detail), detail["@type"]) == (["@type", "id", "message"], DETAIL)
        assert detail["id"]
        assert detail["message"]
    return [detail["id"] for detail in answer.body["details"]]


def test_v1_answers_with_the_members_of_the_seed(school):
    student = school.people[STUDENT]
    answer = v1(school.token("administrator"), student.id)
    assert answer.status == 200
    now = stored(student)
    assert answer.body == {
        "details": {
            "sequence": "2",
            "creationDate": student.created_at,
            "changeDate": now.updated_at,
            "resourceOwner": school.id,
        }
    }


def test_v2_answers_with_its_details(school):
    student = school.people[STUDENT]
    answer = v2(school.token("administrator"), student.id)
    assert answer.status == 200
    changed = stored(student).updated_at
    assert answer.body == {"details": {"sequence": "2", "changeDate": changed, "resourceOwner": school.id}}


def test_the_sequence_grows_with_every_change_of_the_user(school):
    token, student = school.token("administrator"), school.people[STUDENT]
    body = {"name": "Fauzan Gifari"}
    first = v1(token, student.id).body["details"]["sequence"]
    assert call("users", "PATCH", f"/api/users/{student.id}", token=token, json_body=body).status == 200
    assert (first, v1(token, student.id).body["details"]["sequence"]) == ("2", "4")


@BOTH
def test_old_sessions_and_the_old_password_are_dead_at_once(school, door):
    student, old = school.people[STUDENT], school.token(STUDENT)
    assert door(school.token("administrator"), student.id).status == 200
    assert call("users", "GET", "/api/users/me", token=old).status == 401
    assert sign_in(student.email, PASSWORD).status == 401
    assert sign_in(student.email, NEW).status == 200


@pytest.mark.parametrize(
    ("door", "body", "due"),
    [
        (v1, {"password": NEW}, True),
        (v1, {"password": NEW, "noChangeRequired": False}, True),
        (v1, {"password": NEW, "noChangeRequired": None}, True),
        (v1, {"password": NEW, "noChangeRequired": True}, False),
        (v1, {"password": NEW, "no_change_required": True}, False),
        (v2, {"newPassword": {"password": NEW}}, False),
        (v2, {"newPassword": {"password": NEW, "changeRequired": False}}, False),
        (v2, {"newPassword": {"password": NEW, "changeRequired": True}}, True),
        (v2, {"newPassword": {"password": NEW, "changeRequired": True}, "currentPassword": PASSWORD}, True),
    ],
)
def test_the_owner_must_change_the_password_when_the_door_says_so(school, door, body, due):
    student = school.people[STUDENT]
    assert door(school.token("administrator"), student.id, body).status == 200
    assert stored(student).must_change_password is due


def test_b10_who_must_change_may_only_read_the_session_sign_out_and_change(school):
    student = school.people[STUDENT]
    assert v1(school.token("administrator"), student.id).status == 200
    token = sign_in(student.email, NEW).body["token"]
    refusal = call("users", "GET", "/api/users/me", token=token)
    assert (refusal.status, refusal.codes) == (403, [(None, "password_change_required")])
    assert refused(v1(token, student.id), 403, 7) == ["password_change_required"]
    own = {"newPassword": {"password": "Pilihan-Sendiri-99"}, "currentPassword": NEW}
    assert refused(v2(token, student.id, own), 403, 7) == ["password_change_required"]
    assert call("auth", "GET", "/api/auth/get-session", token=token).body["user"]["id"] == student.id
    body = {"currentPassword": NEW, "newPassword": "Pilihan-Sendiri-99"}
    changed = call("auth", "POST", "/api/auth/change-password", token=token, json_body=body)
    assert changed.status == 200
    assert call("users", "GET", "/api/users/me", token=changed.body["token"]).status == 200


def test_unknown_members_are_ignored(school):
    student, token = school.people[STUDENT], school.token("administrator")
    assert v1(token, student.id, {"password": NEW, "id": "x", "userId": 5}).status == 200
    assert v2(token, student.id, {"newPassword": {"password": NEW, "hash": 1}, "x": {}}).status == 200


@BOTH
def test_401_is_16(school, door):
    assert refused(door(None, school.people[STUDENT].id, body="{"), 401, 16) == ["unauthenticated"]
    assert refused(door("x", school.people[STUDENT].id), 401, 16) == ["unauthenticated"]


@BOTH
@pytest.mark.parametrize("role", ["principal", "teacher", "staff", STUDENT])
def test_403_is_7_without_the_permission(school, door, role):
    other = school.add("Orang Lain", "lain@x.test", [])
    assert refused(door(school.token(role), other.id), 403, 7) == ["forbidden"]
    assert refused(door(school.token(role), ABSENT), 403, 7) == ["forbidden"]
    assert refused(door(school.token(role), school.people[role].id), 403, 7) == ["forbidden"]


@BOTH
def test_a6_a_stronger_account_is_403(school, door):
    answer = door(school.token("administrator"), school.people["platform administrator"].id)
    assert refused(answer, 403, 7) == ["stronger_account"]
    assert sign_in(school.people["platform administrator"].email, PASSWORD).status == 200


@BOTH
def test_a3_a_user_of_another_school_and_no_user_at_all_look_the_same(school, other_school, door):
    token = other_school.token("administrator")
    hidden, absent = door(token, school.people[STUDENT].id), door(token, ABSENT)
    assert refused(hidden, 404, 5) == ["not_found"]
    assert (hidden.status, hidden.text) == (absent.status, absent.text)
    assert sign_in(school.people[STUDENT].email, PASSWORD).status == 200


@BOTH
@pytest.mark.parametrize("user_id", ["me", "69629023906488334", "0" * 23, "g" * 24, "%23USER", "a#b"])
def test_what_is_no_id_is_404(school, door, user_id):
    refused(door(school.token("administrator"), user_id), 404, 5)


@pytest.mark.parametrize("path", ["/management/v1/users", "/v2/nothing", "/management/v1/users/x/password/y"])
def test_an_unknown_path_is_404_in_the_same_shape(path):
    refused(call("zitadel", "POST", path), 404, 5)


@BOTH
def test_another_organization_is_403_for_a_schools_administrator(school, other_school, door):
    token = school.token("administrator")
    for org in (other_school.id, ABSENT, "x", "x#USERS"):
        refused(door(token, other_school.people[STUDENT].id, org=org), 403, 7)
        refused(door(token, school.people[STUDENT].id, org=org), 403, 7)
    assert door(token, school.people[STUDENT].id, org=school.id.upper()).status == 200
    assert door(token, school.people[STUDENT].id, org="").status == 200


@BOTH
def test_a_platform_administrator_names_the_organization(school, other_school, door):
    token, student = school.token("platform administrator"), other_school.people[STUDENT]
    refused(door(token, student.id), 404, 5)
    refused(door(token, school.people[STUDENT].id, org=other_school.id), 404, 5)
    refused(door(token, student.id, org=ABSENT), 404, 5)
    refused(door(token, student.id, org="x#USERS"), 403, 7)
    answer = door(token, student.id, org=other_school.id)
    assert answer.body["details"]["resourceOwner"] == other_school.id
    assert sign_in(student.email, NEW).status == 200


@pytest.mark.parametrize(
    ("door", "wrap"), [(v1, lambda text: {"password": text}), (v2, lambda text: {"newPassword": {"password": text}})]
)
@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "invalid"),
        ("x" * 73, "invalid"),
        ("1234567", "password_too_short"),
        ("password", "password_too_common"),
        ("orang-student", "password_contains_identity"),
        (12345678, "wrong_type"),
        (["x"], "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_a_password_of_the_wrong_length_or_against_a_rule_is_3(school, door, wrap, password, code):
    student = school.people[STUDENT]
    assert code in refused(door(school.token("administrator"), student.id, wrap(password)), 400, 3)
    assert sign_in(student.email, PASSWORD).status == 200


@BOTH
def test_seventy_two_characters_of_any_kind_are_taken_whole(school, door):
    student, password = school.people[STUDENT], "密🔑" * 36
    wrapped = {"password": password, "newPassword": {"password": password}}
    assert door(school.token("administrator"), student.id, wrapped).status == 200
    assert sign_in(student.email, password[:-1]).status == 401
    assert sign_in(student.email, password).status == 200


@BOTH
@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', '{"password": NaN}', '{"password":"\\ud800"}', "{}"])
def test_malformed_bodies_are_3(school, door, body):
    refused(door(school.token("administrator"), school.people[STUDENT].id, body=body), 400, 3)


@BOTH
def test_a_large_body_and_another_content_type_are_refused_in_the_same_shape(school, door):
    token, student = school.token("administrator"), school.people[STUDENT]
    refused(door(token, student.id, body='{"password":"' + "x" * 300_000), 413, 3)
    refused(door(token, student.id, headers={"Content-Type": "text/plain"}), 415, 3)


class TestWithTheCurrentPassword:
    def body(self, current=PASSWORD, new="Pilihan-Sendiri-99"):
        return {"newPassword": {"password": new}, "currentPassword": current}

    def test_the_owner_changes_it_and_all_sessions_end(self, school):
        student, token = school.people[STUDENT], school.token(STUDENT)
        assert v2(token, student.id, self.body()).status == 200
        assert call("users", "GET", "/api/users/me", token=token).status == 401
        assert sign_in(student.email, "Pilihan-Sendiri-99").status == 200

    def test_an_administrator_who_knows_it_changes_it(self, school):
        assert v2(school.token("administrator"), school.people[STUDENT].id, self.body()).status == 200

    def test_a_wrong_one_is_refused_and_only_ten_times_in_five_minutes(self, school):
        student, token = school.people[STUDENT], school.token(STUDENT)
        for _ in range(10):
            assert refused(v2(token, student.id, self.body("wrong")), 400, 3) == ["invalid_password"]
        answer = v2(token, student.id, self.body())
        refused(answer, 429, 8)
        assert 0 < int(answer.headers["retry-after"]) <= 300

    def test_nobody_changes_another_persons(self, school):
        answer = v2(school.token(STUDENT), school.people["teacher"].id, self.body())
        assert refused(answer, 403, 7) == ["forbidden"]

    def test_a_verification_code_does_not_pass_for_a_permission(self, school):
        body = {"newPassword": {"password": NEW}, "verificationCode": "SKJd342k"}
        assert refused(v2(school.token("administrator"), school.people[STUDENT].id, body), 400, 3) == ["invalid"]


def test_a_closed_account_opens_no_door(school):
    administrator, token = school.people["administrator"], school.token("administrator")
    transact(update(administrator, [UserItem.active.set(False)]))
    refused(v1(token, school.people[STUDENT].id), 401, 16)


@BOTH
def test_a_query_parameter_that_the_operation_does_not_take_is_3(school, door):
    student = school.people[STUDENT]
    answer = door(school.token("administrator"), student.id, query={"force": ["1"]})
    assert refused(answer, 400, 3) == ["unknown_parameter"]
    assert sign_in(student.email, PASSWORD).status == 200
