"""A person's own data: given out whole in one call, and erased with proof of what remains and why (acceptance F5)."""

import json
import re

import pytest
from school.clock import now
from school.mail.models import DeliveryState
from school.mail.service import suppress
from school.people.erasure import TAKEN
from school.people.models import people_of
from school.records import count
from school.table import query, transact, update
from school.users.models import UserItem, users_of

from tests.functions.test_people import KINDS, create, listed, one
from tests.gateway import call
from tests.schools import PASSWORD, everything
from tests.wire import intercepted

REASON = {"reason": "Permohonan tertulis wali tanggal 20 November 2026"}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def admin(school):
    return school.token("administrator")


def export(kind, person_id, token):
    return one(kind, "GET", f"{person_id}/export", token)


def erase(kind, person_id, token, body=REASON):
    return one(kind, "POST", f"{person_id}/erasure", token, json_body=body)


def sign_in(email, password=PASSWORD):
    body = {"email": email, "password": password}
    return call("auth", "POST", "/api/auth/sign-in/email", json_body=body, headers={"User-Agent": "Their own phone"})


@pytest.fixture
def lived_in(school, admin):
    """Makes a person who has used the account: signed in, failed to, asked for a link."""

    def make(kind, **changes):
        person = create(kind, admin, **changes).result
        user = UserItem(users_of(school.id), person["userId"])
        transact(update(user, [UserItem.email_verified.set(True)]))
        path = f"/api/users/{person['userId']}/password"
        assert call("users", "PATCH", path, token=admin, json_body={"password": PASSWORD}).status == 200
        assert sign_in(person["email"]).status == 200
        assert sign_in(person["email"], "salah").status == 401
        call("auth", "POST", "/api/auth/request-password-reset", json_body={"email": person["email"]})
        return person

    return make


def traces(table, person):
    """The items in which anything personal of somebody still stands."""
    words = [person["name"], person["email"], *person["name"].lower().split(), "Their own phone"]
    words += [person[name] for name in ("nik", "nisn", "nipd", "nip", "nuptk", "familyCardNumber") if person.get(name)]
    words += [person["father"]["name"]] if person.get("father") else []
    return [item for item in everything(table) if any(word in json.dumps(item, default=str) for word in words)]


class TestExport:
    def test_everything_that_is_kept_comes_in_one_document(self, kind, lived_in, admin):
        person = lived_in(kind)
        reply = export(kind, person["id"], admin)
        assert reply.status == 200, reply.text
        result = reply.result
        assert result["record"] == person
        assert (result["account"]["id"], result["account"]["email"]) == (person["userId"], person["email"])
        assert [each["success"] for each in result["loginHistory"]] == [True, False]
        assert [each["userAgent"] for each in result["sessions"]] == ["Their own phone"]
        assert {each["kind"] for each in result["mails"]} == {"verify_address", "password_changed", "reset_link"}
        actions = {each["action"] for each in result["audit"]}
        assert actions >= {f"{kind}.create", f"{kind}.sensitive.subject_export"}
        assert reply.headers["content-disposition"] == f'attachment; filename="{kind}-{person["id"]}.json"'

    def test_nothing_in_it_opens_anything(self, lived_in, table, admin):
        person = lived_in("students")
        text = export("students", person["id"], admin).text
        assert not re.search(r"[0-9a-f]{64}|\$2[aby]\$|hashed|token", text)

    def test_who_may_not_see_sensitive_members_gets_none_of_it(self, school, admin):
        person = create("students", admin).result
        assert export("students", person["id"], school.token("teacher")).status == 403
        assert export("students", person["id"], school.token("principal")).status == 200

    def test_other_people_are_not_in_it(self, lived_in, admin):
        create("students", admin, name="Orang Lain", email="lain@x.test", nik=None, nisn=None, nipd=None)
        text = export("students", lived_in("students")["id"], admin).text
        assert "Orang Lain" not in text
        assert "lain@x.test" not in text


class TestErasure:
    def test_nothing_personal_is_left_and_the_answer_says_what_is(self, kind, lived_in, table, school, admin):
        person = lived_in(kind)
        assert traces(table, person)
        reply = erase(kind, person["id"], admin)
        assert reply.status == 200, reply.text
        assert traces(table, person) == []
        assert reply.result["erased"] == list(TAKEN)
        assert all(each["what"] and each["why"] for each in reply.result["remaining"])
        assert one(kind, "GET", person["id"], admin).status == 404
        assert listed(kind, admin).body["meta"]["total"] == count(people_of(school.id, kind)) == 0
        assert sign_in(person["email"]).status == 401

    def test_only_ids_stay_in_the_audit_trail_with_the_reason(self, lived_in, school, admin):
        person = lived_in("students")
        erase("students", person["id"], admin)
        entries = [each for each in query(f"{school.id}#AUDIT").items if each["action"]["S"] == "students.erase"]
        assert [each["details"]["M"]["reason"]["S"] for each in entries] == [REASON["reason"]]

    def test_the_erased_leave_a_tombstone_and_cannot_be_restored(self, kind, lived_in, admin):
        person = lived_in(kind)
        erase(kind, person["id"], admin)
        assert one(kind, "POST", f"{person['id']}/restore", admin).status == 404
        since = listed(kind, admin, updatedSince="2026-01-01T00:00:00Z").result
        assert [set(each) for each in since] == [{"id", "deletedAt"}]

    def test_who_was_deleted_before_is_erased_too(self, lived_in, table, admin):
        person = lived_in("students")
        one("students", "DELETE", person["id"], admin)
        assert traces(table, person)
        assert erase("students", person["id"], admin).status == 200
        assert traces(table, person) == []

    def test_asking_twice_answers_the_same_and_changes_nothing(self, lived_in, table, admin):
        person = lived_in("students")
        first = erase("students", person["id"], admin)
        before = everything(table)
        assert erase("students", person["id"], admin).result == first.result
        assert everything(table) == before

    def test_who_asks_for_a_link_for_the_erased_brings_no_address_back(self, table, admin):
        person = create("students", admin).result
        erase("students", person["id"], admin)
        reply = call("auth", "POST", "/api/auth/request-password-reset", json_body={"email": person["email"]})
        assert reply.status == 200
        assert traces(table, person) == []

    def test_identifiers_and_address_are_free_again_and_others_stay(self, lived_in, admin):
        person = lived_in("students")
        other = create("students", admin, name="Orang Lain", email="lain@x.test", nik=None, nisn=None, nipd=None).result
        erase("students", person["id"], admin)
        assert create("students", admin).status == 201
        assert one("students", "GET", other["id"], admin).result == other

    def test_a_complaint_about_mails_outlives_its_owner(self, lived_in, table, admin):
        person = lived_in("students")
        suppress(person["email"], DeliveryState.COMPLAINED, now())
        erase("students", person["id"], admin)
        assert [each["state"]["S"] for each in everything(table) if each["sk"]["S"] == "DELIVERY"] == ["complained"]

    @pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": 1}, {"reason": "x", "force": True}])
    def test_a_reason_is_needed(self, admin, body):
        person = create("students", admin).result
        assert erase("students", person["id"], admin, body).status == 400

    def test_who_lacks_a_permission_erases_nobody(self, school, admin, other_school):
        person = create("students", admin).result
        for role in ("student", "teacher", "staff", "principal"):
            assert erase("students", person["id"], school.token(role)).status == 403
        assert erase("students", person["id"], other_school.token("administrator")).status == 404
        assert one("students", "GET", person["id"], admin).status == 200


@pytest.mark.parametrize(("method", "word"), [("GET", "export"), ("GET", "readiness"), ("POST", "erasure")])
def test_a3_another_school_sees_exactly_what_it_sees_of_nobody(admin, other_school, method, word):
    person = create("students", admin).result
    token = other_school.token("administrator")
    options = {"json_body": REASON} if method == "POST" else {}
    hidden = one("students", method, f"{person['id']}/{word}", token, **options)
    absent = one("students", method, f"{'0' * 24}/{word}", token, **options)
    assert (hidden.status, hidden.text) == (404, absent.text)


class Killed(BaseException):
    """The process is gone."""


class Killing:
    """Ends the process at the n-th call of the table: before it, or after it and before its answer."""

    def __init__(self, at, after):
        self.at, self.after, self.seen = at, after, 0

    def __call__(self, send, operation, arguments):
        self.seen += 1
        if self.seen == self.at and not self.after:
            raise Killed
        answer = send(operation, arguments)
        if self.seen == self.at:
            raise Killed
        return answer


@pytest.mark.proof
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_d5_an_erasure_killed_at_any_call_is_completed_by_the_next(lived_in, table, school, admin, after):
    number, finished = 0, False
    while not finished:
        number += 1
        person = lived_in("students", email=f"murid{number}@smansa.test")
        killing = Killing(number, after)
        try:
            with intercepted(killing):
                erase("students", person["id"], admin)
            finished = True
        except Killed:
            reply = erase("students", person["id"], admin)
            assert reply.status == 200, reply.text
        assert traces(table, {**person, "id": ""}) == []
        assert count(people_of(school.id, "students")) == 0
    assert number > 8
