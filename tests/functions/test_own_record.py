"""Who am I: GET, PATCH /api/users/me and /api/users/me/person (acceptance A1, A5)."""

import re

import pytest
from core.audit.models import trail_of
from core.kernel.policy import SYSTEM_ROLES, TEACHER
from core.kernel.table import query
from core.people import service as people
from core.people.kinds import KINDS
from core.sessions.service import caller_behind
from core.users import service as users

from tests.gateway import call
from tests.schools import PASSWORD
from tests.wire import Counting, intercepted

PERSON = "/api/users/me/person"
NIK = "3171234567890123"


def me(token, method="GET", **options):
    return call("users", method, "/api/users/me", token=token, **options)


def own(token, method="GET", **options):
    return call("students", method, PERSON, token=token, **options)


@pytest.fixture
def record(school):
    """Makes a record with an account, and returns the record and a token of its owner."""

    def make(kind="students", name="Citra Lestari", **members):
        actor = caller_behind(school.people["platform administrator"])
        body = {"name": name, "email": f"{name.split()[0].lower()}@smansa.test", "nik": NIK, "religion": "HINDU"}
        person = people.create_person(actor, KINDS[kind], body | members)
        return person, school.token(users.find(school.id, person.user_id))

    return make


def trail(school):
    return [each["sk"]["S"] for each in query(trail_of(school.id)).items]


class TestWhoAmI:
    @pytest.mark.parametrize("role", SYSTEM_ROLES.values(), ids=lambda role: role.name)
    def test_the_answer_says_what_i_may_do_and_at_which_school(self, school, role):
        result = me(school.token(role.name)).result
        assert result["permissions"] == sorted(role.permissions)
        assert result["roleNames"] == [role.name]
        assert (result["organization"]["id"], result["organization"]["name"]) == (school.id, "SMA Negeri 1 Contoh")
        assert re.fullmatch(r"\d{8}", result["organization"]["npsn"])
        assert result["organization"]["timezone"] == "Asia/Makassar"
        assert result["person"] is None

    def test_roles_of_the_school_are_named_in_the_order_in_which_i_have_them(self, school, admin):
        body = {"name": "Piket", "permissions": ["classes:read", "stats:read"]}
        role = call("roles", "POST", "/api/roles", token=admin, json_body=body).result
        user = school.add("Dua Peran", "dua@smansa.test", [role["id"], TEACHER.id])
        result = me(school.token(user)).result
        assert result["roleNames"] == ["Piket", "teacher"]
        assert result["permissions"] == sorted({*TEACHER.permissions, "stats:read"})

    def test_whose_record_i_have_is_said_by_kind_and_id(self, record):
        for kind, name in (("students", "Citra Lestari"), ("teachers", "Made Wirawan"), ("staff", "Putu Ayu")):
            person, token = record(kind, name, nik=None)
            assert me(token).result["person"] == {"kind": kind, "id": person.id}

    def test_a_change_of_the_account_answers_the_same_members(self, school):
        token = school.token("student")
        changed = me(token, "PATCH", json_body={"image": "https://x.test/y"}).result
        assert changed == me(token).result

    def test_what_a_role_grants_is_never_answered_from_before(self, school):
        token = school.token("student")
        answer = me(token)
        assert me(token, headers={"If-None-Match": answer.headers["etag"]}).status == 200

    def test_session_account_and_school_come_in_one_call(self, school):
        token = school.token("student")
        counting = Counting()
        with intercepted(counting):
            assert me(token).status == 200
        assert str(counting) == "BatchGetItem of 3"


class TestOwnRecord:
    @pytest.mark.parametrize("kind", KINDS)
    def test_i_see_all_of_my_record_and_nobody_is_said_to_have_viewed_it(self, school, record, kind):
        person, token = record(kind)
        before = trail(school)
        answer = own(token)
        assert answer.status == 200
        assert (answer.result["id"], answer.result["nik"], answer.result["religion"]) == (person.id, NIK, "HINDU")
        assert tuple(answer.result) == KINDS[kind].shape.names
        assert answer.body["meta"] == {}
        assert answer.headers["etag"] == f'"{int(person.version)}"'
        assert trail(school) == before

    def test_an_account_without_a_record_has_none_to_show_or_change(self, school):
        token = school.token("administrator")
        assert own(token).status == own(token, "PATCH", json_body={"phoneNumber": "0812345678"}).status == 404

    def test_i_change_how_i_am_reached(self, school, record):
        _, token = record(address={"street": "Jalan Melati 1", "city": "Denpasar"}, landline="0361 123456")
        body = {"phoneNumber": "0812 3456 789", "landline": None, "address": {"street": "Jalan Mawar 2"}}
        changed = own(token, "PATCH", json_body=body).result
        assert (changed["phoneNumber"], changed["landline"]) == ("0812 3456 789", None)
        assert (changed["address"]["street"], changed["address"]["city"]) == ("Jalan Mawar 2", "Denpasar")
        assert own(token).result == changed
        assert changed["nik"] == NIK

    @pytest.mark.parametrize("member", ["name", "email", "nik", "nisn", "classId", "active", "father", "religion"])
    def test_what_the_school_vouches_for_is_not_mine_to_change(self, record, member):
        _, token = record()
        answer = own(token, "PATCH", json_body={member: "x", "phoneNumber": "0812345678"})
        assert (answer.status, answer.codes) == (400, [(member, "unknown_member")])
        assert own(token).result["phoneNumber"] is None

    def test_a_landline_is_a_students_alone(self, record):
        _, token = record("teachers")
        assert own(token, "PATCH", json_body={"landline": "0361 123456"}).codes == [("landline", "unknown_member")]

    def test_a_stale_version_changes_nothing(self, record):
        _, token = record()
        body = {"phoneNumber": "0812345678"}
        assert own(token, "PATCH", json_body=body, headers={"If-Match": '"7"'}).status == 412
        assert own(token, "PATCH", json_body=body, headers={"If-Match": '"1"'}).status == 200

    def test_nobody_acts_as_somebody_elses_record_in_another_school(self, school, other_school, record):
        person, token = record()
        assert own(token, headers={"x-organization-id": other_school.id}).result["id"] == person.id
        platform = school.token("platform administrator")
        assert own(platform, headers={"x-organization-id": other_school.id}).status == 404

    def test_the_change_stands_in_the_trail_as_mine(self, school, record):
        person, token = record()
        own(token, "PATCH", json_body={"phoneNumber": "0812345678"})
        entries = call("audit", "GET", "/api/audit", token=school.token("administrator")).result
        assert (entries[0]["action"], entries[0]["actor"]["id"]) == ("students.update", person.user_id)

    def test_a_closed_account_shows_nothing(self, school, admin, record):
        person, token = record()
        call("students", "POST", f"/api/students/{person.id}/deactivate", token=admin)
        assert own(token).status == 401


def test_signing_in_leads_a_student_to_the_own_record(school, admin, record):
    person, _ = record()
    path = f"/api/users/{person.user_id}/password"
    call("users", "PATCH", path, token=admin, json_body={"password": PASSWORD})
    body = {"email": person.email, "password": PASSWORD}
    token = call("auth", "POST", "/api/auth/sign-in/email", json_body=body).body["token"]
    assert own(token).result["id"] == person.id
