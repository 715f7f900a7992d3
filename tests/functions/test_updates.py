"""Updates of every kind of thing: the trail names what changed, and what changes nothing leaves all as it was."""

import json

import pytest
from core.audit.updates import changed_members
from core.kernel.table import get
from core.passwords.service import kept_password
from core.users.models import UserItem, users_of

from tests.functions.test_audit import trail
from tests.functions.test_people import KINDS, create, one
from tests.gateway import call
from tests.imports import clear, send
from tests.schools import PASSWORD, everything
from tests.subjects import erase, export, lived_in, traces

NEW = "baru@smansa.test"
CLASS = {"name": "X-1", "grade": 10, "academicYear": "2026/2027", "capacity": 36}
#: Of each operation that updates: its function, path, a body that changes something, and the members that it names.
UPDATES = {
    "an account": ("users", "/api/users/{student}", {"name": "Lain", "email": NEW}, ["email", "name"]),
    "the own account": ("users", "/api/users/me", {"secondaryEmail": NEW, "name": "Lain"}, ["name", "secondaryEmail"]),
    "the own account as better-auth does": ("auth", "/api/auth/update-user", {"name": "Lain"}, ["name"]),
    "a class": ("classes", "/api/classes/{class}", {"capacity": 30, "major": "IPA"}, ["capacity", "major"]),
    "a role": ("roles", "/api/roles/{role}", {"permissions": ["users:read"]}, ["permissions"]),
    "a school": ("organizations", "/api/organizations/{school}", {"timezone": "Asia/Jakarta"}, ["timezone"]),
    "a student": (
        "students",
        "/api/students/{students}",
        {"father": {"nik": "6472011705700001", "name": None}, "hobby": "Catur"},
        ["father.name", "father.nik", "hobby"],
    ),
    "a teacher": ("teachers", "/api/teachers/{teachers}", {"subjects": ["Fisika"], "nip": None}, ["nip", "subjects"]),
    "a member of staff": ("staff", "/api/staff/{staff}", {"email": NEW, "position": "Guru"}, ["email", "position"]),
}


@pytest.fixture
def ids(school):
    """One of each kind of thing, by the names in the paths above."""
    token = school.token("platform administrator")
    made = {kind: create(kind, token).result["id"] for kind in KINDS}
    role = call("roles", "POST", "/api/roles", token=token, json_body={"name": "Piket", "permissions": []})
    new_class = call("classes", "POST", "/api/classes", token=token, json_body=CLASS)
    student = school.people["student"].id
    return made | {"class": new_class.result["id"], "role": role.result["id"], "school": school.id, "student": student}


def update(token, what, ids, body=None):
    folder, path, changes, _ = UPDATES[what]
    method = "POST" if path.startswith("/api/auth") else "PATCH"
    sent = changes if body is None else body
    return call(folder, method, path.format(**ids), token=token, json_body=sent)


def entries(token):
    return [each for each in trail(token).result if each["action"].endswith(".update")]


def current(answer, body):
    """What a client that changes nothing sends: of the members of `body` what the thing has now."""
    return {name: answer.result[name] for name in body}


class TestTheTrail:
    @pytest.mark.parametrize("what", UPDATES)
    def test_an_update_names_the_members_that_changed_and_no_value_but_an_address(self, school, ids, what):
        token = school.token("platform administrator")
        body, names = UPDATES[what][2:]
        assert update(token, what, ids).status == 200
        [entry] = entries(token)
        assert entry["details"]["members"] == names
        told = json.dumps({name: value for name, value in entry["details"].items() if name != "account"})
        values = [each for each in _texts(body) if each not in (NEW, *names)]
        assert not [each for each in values if each in told]
        assert (NEW in told) == (NEW in str(body))

    def test_an_address_is_told_as_it_was_and_as_it_is(self, school, admin):
        student = school.people["student"]
        body = {"email": NEW, "secondaryEmail": "ibu@rumah.test"}
        assert call("users", "PATCH", f"/api/users/{student.id}", token=admin, json_body=body).status == 200
        assert entries(admin)[0]["details"] == {
            "members": ["email", "secondaryEmail"],
            "account": student.id,
            "email": {"from": "student@smansa.test", "to": NEW},
            "secondaryEmail": {"from": None, "to": "ibu@rumah.test"},
        }

    def test_each_row_of_an_import_that_updates_somebody_is_told_with_its_addresses(self, school, admin):
        people = {kind: create(kind, admin).result for kind in ("students", "teachers")}
        for kind, person in people.items():
            rows = [{**KINDS[kind], "email": f"baru.{kind}@smansa.test", "birthPlace": "Balikpapan"}]
            assert send(kind, admin, json_body={"data": rows}).result["summary"]["updated"] == 1
            [entry] = [each for each in entries(admin) if each["targetId"] == person["id"]]
            assert entry["details"] == {
                "members": ["birthPlace", "email"],
                "account": person["userId"],
                "email": {"from": person["email"], "to": f"baru.{kind}@smansa.test"},
            }

    def test_the_first_address_of_a_person_comes_from_none(self, admin):
        person = create("students", admin, email=None).result
        changed = one("students", "PATCH", person["id"], admin, json_body={"email": NEW}).result
        details = entries(admin)[0]["details"]
        assert details["email"] == {"from": None, "to": NEW}
        assert details["account"] == changed["userId"]

    def test_what_counts_as_changed_because_its_sender_may_not_see_it_is_named_though_it_is_the_same(self, school):
        admin = school.token("administrator")
        person = create("students", admin).result
        body = {"nik": person["nik"], "father": {"income": person["father"]["income"]}, "hobby": person["hobby"]}
        assert one("students", "PATCH", person["id"], school.token("staff"), json_body=body).status == 200
        assert entries(admin)[0]["details"] == {"members": ["father", "nik"]}

    def test_an_erasure_takes_the_addresses_and_leaves_the_names_of_members(self, school, table, admin):
        clear()
        person = lived_in(school, admin, "students")
        assert one("students", "PATCH", person["id"], admin, json_body={"email": NEW}).status == 200
        told = export("students", person["id"], admin).result["addressChanges"]
        assert [each["email"] for each in told] == [{"from": person["email"], "to": NEW}]
        assert erase("students", person["id"], admin).status == 200
        assert traces(table, person, NEW) == []
        assert [item["sk"]["S"] for item in everything(table) if item["sk"]["S"].startswith("SOURCE#")] == []
        [entry] = [each for each in entries(admin) if each["targetId"] == person["id"]]
        assert entry["details"] == {"members": ["email"], "account": person["userId"]}

    def test_another_schools_addresses_are_not_told(self, school, other_school, admin):
        student = school.people["student"]
        assert call("users", "PATCH", f"/api/users/{student.id}", token=admin, json_body={"email": NEW}).status == 200
        assert NEW not in trail(other_school.token("administrator")).text

    @pytest.mark.parametrize(
        ("before", "after", "names"),
        [
            ({}, {}, []),
            ({"a": None}, {}, []),
            ({"a": 1}, {"a": 1.0}, []),
            ({"a": {"b": 1}}, {"a": {"b": 1, "c": None}}, []),
            ({"a": {"b": 1}}, {"a": {"b": 2, "c": {"d": 1}}}, ["a.b", "a.c.d"]),
            ({"a": {"b": 1}}, {}, ["a.b"]),
            ({}, {"a": {"b": 1}}, ["a.b"]),
            ({"a": {}}, {}, ["a"]),
            ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ["a"]),
            ({"a": "x"}, {"a": {"b": 1}}, ["a"]),
        ],
    )
    def test_members_are_named_by_their_paths(self, before, after, names):
        assert sorted(changed_members(before, after)) == names


def _texts(value):
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return [text for each in parts for text in _texts(each)]
    return [value] if isinstance(value, str) else []


class TestNothingChanged:
    @pytest.mark.parametrize("what", UPDATES)
    def test_an_update_that_changes_nothing_writes_audits_and_mails_nothing(self, school, table, ids, what):
        token = school.token("platform administrator")
        if what.startswith("the own account"):
            shown = call("users", "GET", "/api/users/me", token=token)
        else:
            folder, path, *_ = UPDATES[what]
            shown = call(folder, "GET", path.format(**ids), token=token)
        body = current(shown, UPDATES[what][2])
        before = [item for item in everything(table) if "#AUDIT" not in item["pk"]["S"]]
        updates = entries(token)
        answer = update(token, what, ids, {name: value for name, value in body.items() if value is not None})
        assert answer.status == 200, answer.text
        assert [item for item in everything(table) if "#AUDIT" not in item["pk"]["S"]] == before
        assert entries(token) == updates
        if not what.endswith("better-auth does"):
            assert answer.headers["etag"] == shown.headers["etag"]

    @pytest.mark.parametrize("what", UPDATES)
    def test_nor_does_one_that_names_nothing(self, school, table, ids, what):
        token = school.token("platform administrator")
        before = [item for item in everything(table) if "#AUDIT" not in item["pk"]["S"]]
        answer = update(token, what, ids, {})
        assert answer.status == (400 if what.endswith("better-auth does") else 200)
        assert [item for item in everything(table) if "#AUDIT" not in item["pk"]["S"]] == before
        assert entries(token) == []

    def test_the_same_address_again_ends_no_session_and_mails_nobody(self, school, admin):
        student = school.people["student"]
        token = school.token("student")
        path = f"/api/users/{student.id}"
        assert call("users", "PATCH", path, token=admin, json_body={"email": "STUDENT@smansa.test"}).status == 200
        assert call("users", "GET", "/api/users/me", token=token).status == 200
        assert kept_password(get(UserItem, users_of(school.id), student.id)).sequence == 1
        body = {"email": "student@smansa.test", "password": PASSWORD}
        assert call("auth", "POST", "/api/auth/sign-in/email", json_body=body).status == 200
