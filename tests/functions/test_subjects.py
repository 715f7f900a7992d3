"""A person's own data: given out whole in one call, and erased with proof of what remains and why (acceptance F5)."""

import re

import pytest
from core.api_tokens.schemas import ApiTokenType, CreateApiToken
from core.api_tokens.service import make
from core.audit.models import done_by
from core.departures.erasure import TAKEN
from core.kernel.clock import now
from core.kernel.records import count
from core.kernel.table import get, query, transact
from core.mailer.service import suppress
from core.outbox.models import DeliveryState
from core.people.models import people_of
from core.sessions.service import caller_behind
from core.users.models import UserItem, users_of

from tests.functions.test_classes import add, made
from tests.functions.test_people import KINDS, create, listed, one
from tests.gateway import call
from tests.imports import clear
from tests.schools import everything
from tests.subjects import REASON, USER_AGENT, erase, export, lived_in, sign_in, traces


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(autouse=True)
def _empty(table):
    clear()


class TestExport:
    def test_everything_that_is_kept_comes_in_one_document(self, school, kind, admin):
        person = lived_in(school, admin, kind)
        user = get(UserItem, users_of(school.id), person["userId"])
        make(caller_behind(user), CreateApiToken(tokenName="jadwal", type=ApiTokenType.ADMIN))
        make(caller_behind(school.people["administrator"]), CreateApiToken(tokenName="x", type=ApiTokenType.ADMIN))
        reply = export(kind, person["id"], admin)
        assert reply.status == 200, reply.text
        result = reply.result
        assert result["record"] == person
        assert (result["account"]["id"], result["account"]["email"]) == (person["userId"], person["email"])
        assert [each["success"] for each in result["loginHistory"]] == [True, False]
        assert [each["userAgent"] for each in result["sessions"]] == [USER_AGENT]
        assert {each["kind"] for each in result["mails"]} == {"verify_address", "password_changed", "reset_link"}
        assert [(each["name"], each["seenAt"]) for each in result["apiTokens"]] == [("jadwal", None)]
        assert {each["sentAt"] for each in result["mails"]} == {None}, "None was delivered."
        actions = {each["action"] for each in result["audit"]}
        assert actions >= {f"{kind}.create", f"{kind}.sensitive.subject_export"}
        assert reply.headers["content-disposition"] == f'attachment; filename="{kind}-{person["id"]}.json"'

    def test_what_was_done_to_many_at_once_is_in_it_too(self, school, admin):
        person, class_id = create("students", admin).result["id"], made(admin)
        assert add(admin, class_id, person).status == 201
        found = [(each["action"], each["targetId"]) for each in export("students", person, admin).result["audit"]]
        assert ("classes.students.add", class_id) in found

    def test_what_was_done_to_the_account_and_by_it_is_in_it_too(self, school, admin):
        person = lived_in(school, admin, "students")
        own = school.token(get(UserItem, users_of(school.id), person["userId"]))
        renamed = {"json_body": {"secondaryEmail": "ibu@rumah.test"}}
        assert call("users", "PATCH", "/api/users/me", token=own, **renamed).status == 200
        told = export("students", person["id"], admin).result["audit"]
        found = [(each["action"], each["actorId"]) for each in told if each["targetId"] == person["userId"]]
        administrator = school.people["administrator"].id
        assert ("users.password.reset", administrator) in found
        assert ("users.update", person["userId"]) in found

    def test_what_the_person_did_to_others_is_in_it_too(self, school, admin):
        person = create("teachers", admin).result
        user = get(UserItem, users_of(school.id), person["userId"])
        transact(done_by(caller_behind(user), "classes.create", "0" * 24))
        told = export("teachers", person["id"], admin).result["audit"]
        assert ("classes.create", person["userId"]) in [(each["action"], each["actorId"]) for each in told]

    def test_nothing_in_it_opens_anything(self, school, table, admin):
        person = lived_in(school, admin, "students")
        text = export("students", person["id"], admin).text
        assert not re.search(r"[0-9a-f]{64}|\$2[aby]\$|hashed|token", text)

    def test_who_may_not_see_sensitive_members_gets_none_of_it(self, school, admin):
        person = create("students", admin).result
        assert export("students", person["id"], school.token("teacher")).status == 403
        assert export("students", person["id"], school.token("principal")).status == 200

    def test_other_people_are_not_in_it(self, school, admin):
        create("students", admin, name="Orang Lain", email="lain@x.test", nik=None, nisn=None, nipd=None)
        text = export("students", lived_in(school, admin, "students")["id"], admin).text
        assert "Orang Lain" not in text
        assert "lain@x.test" not in text


class TestErasure:
    def test_nothing_personal_is_left_and_the_answer_says_what_is(self, kind, table, school, admin):
        person = lived_in(school, admin, kind)
        assert traces(table, person)
        reply = erase(kind, person["id"], admin)
        assert reply.status == 200, reply.text
        assert traces(table, person) == []
        assert reply.result["erased"] == list(TAKEN)
        assert all(each["what"] and each["why"] for each in reply.result["remaining"])
        assert one(kind, "GET", person["id"], admin).status == 404
        assert listed(kind, admin).body["meta"]["total"] == count(people_of(school.id, kind)) == 0
        assert sign_in(person["email"]).status == 401

    def test_only_ids_stay_in_the_audit_trail_with_the_reason(self, school, admin):
        person = lived_in(school, admin, "students")
        erase("students", person["id"], admin)
        entries = [each for each in query(f"{school.id}#AUDIT").items if each["action"]["S"] == "students.erase"]
        assert [each["details"]["M"]["reason"]["S"] for each in entries] == [REASON["reason"]]

    def test_the_erased_leave_a_tombstone_and_cannot_be_restored(self, school, kind, admin):
        person = lived_in(school, admin, kind)
        erase(kind, person["id"], admin)
        assert one(kind, "POST", f"{person['id']}/restore", admin).status == 404
        since = listed(kind, admin, updatedSince="2026-01-01T00:00:00Z").result
        assert [set(each) for each in since] == [{"id", "deletedAt"}]

    def test_who_was_deleted_before_is_erased_too(self, school, table, admin):
        person = lived_in(school, admin, "students")
        one("students", "DELETE", person["id"], admin)
        assert traces(table, person)
        assert erase("students", person["id"], admin).status == 200
        assert traces(table, person) == []

    def test_asking_twice_answers_the_same_and_changes_nothing(self, school, table, admin):
        person = lived_in(school, admin, "students")
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

    def test_identifiers_and_address_are_free_again_and_others_stay(self, school, admin):
        person = lived_in(school, admin, "students")
        other = create("students", admin, name="Orang Lain", email="lain@x.test", nik=None, nisn=None, nipd=None).result
        erase("students", person["id"], admin)
        assert create("students", admin).status == 201
        assert one("students", "GET", other["id"], admin).result == other

    def test_a_complaint_about_mails_outlives_its_owner(self, school, table, admin):
        person = lived_in(school, admin, "students")
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
