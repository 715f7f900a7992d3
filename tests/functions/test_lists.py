"""What every list and record keeps to: how deep pages go, how times are sent, and that nothing is read late."""

from datetime import timedelta

import pytest
from core.kernel import clock

from tests.functions.test_people import KINDS, create, listed, one
from tests.functions.test_users import listing
from tests.gateway import call
from tests.wire import intercepted

IDENTIFIERS = {
    "students": ("email", "nisn", "nipd"),
    "teachers": ("email", "nip", "nuptk"),
    "staff": ("email", "nip", "nuptk"),
}


def test_pages_by_number_reach_ten_thousand_deep_and_no_further(admin):
    assert listing(admin, page="500", limit="20").status == 200
    answer = listing(admin, page="501", limit="20")
    assert (answer.status, answer.codes) == (400, [("page", "out_of_range")])


def test_a_time_with_an_offset_may_be_sent_as_browsers_send_it(admin):
    # A plus sign that nobody escaped arrives as a blank.
    assert listing(admin, updatedSince="2026-01-01T07:00:00 07:00").status == 200


def test_a_change_is_never_earlier_than_the_one_before_whatever_the_clock_says(school, admin, monkeypatch):
    path, began = f"/api/users/{school.people['student'].id}", clock.now()
    first = call("users", "PATCH", path, token=admin, json_body={"name": "Satu"}).result["updatedAt"]
    monkeypatch.setattr(clock, "now", lambda: began - timedelta(minutes=1))
    second = call("users", "PATCH", path, token=admin, json_body={"name": "Dua"}).result["updatedAt"]
    assert second >= first
    feed = listing(admin, updatedSince=first).result
    assert [each["name"] for each in feed] == ["Dua"]


def test_what_was_written_is_read_at_once(school, admin):
    late = []

    def watch(send, operation, arguments):
        asked = [arguments] if operation in ("GetItem", "Query") else list(arguments.get("RequestItems", {}).values())
        late.extend(each for each in asked if "IndexName" not in each and not each.get("ConsistentRead"))
        return send(operation, arguments)

    path = f"/api/users/{school.people['student'].id}"
    with intercepted(watch):
        assert call("users", "GET", path, token=admin).status == 200
        assert call("users", "PATCH", path, token=admin, json_body={"name": "Baru"}).status == 200
        assert listing(admin).status == 200
        assert listing(admin, search="baru").status == 200
    assert late == []


def test_what_is_deleted_is_whole_in_the_feed_whatever_members_are_asked_for(school, admin):
    gone = school.people["student"].id
    assert call("users", "DELETE", f"/api/users/{gone}", token=admin).status == 204
    feed = listing(admin, updatedSince="2026-01-01T00:00:00Z", fields="name").result
    assert [set(each) for each in feed if "deletedAt" in each] == [{"id", "deletedAt"}]
    assert {frozenset(each) for each in feed if "deletedAt" not in each} == {frozenset({"name"})}


def test_who_takes_what_somebody_else_has_learns_which_of_it(school, admin):
    path = f"/api/users/{school.people['student'].id}"
    body = {"name": "Nama Lain", "email": school.people["teacher"].email}
    answer = call("users", "PATCH", path, token=admin, json_body=body)
    assert (answer.status, answer.codes) == (409, [("email", "email_taken")])
    there = create("students", admin).result
    other = create("students", admin, nik=None, nisn="0000000001", nipd="1", email="lain@smansa.test").result["id"]
    for member in ("nisn", "nipd", "email"):
        answer = one("students", "PATCH", other, admin, json_body={"hobby": "Catur", member: there[member]})
        assert (answer.status, answer.codes) == (409, [(member, f"{member}_taken")])


@pytest.mark.parametrize("kind", KINDS)
def test_a_person_is_found_by_the_beginning_of_each_number_and_of_a_nik_by_who_may_see_it(kind, school, admin):
    number = {"nik": "6499015705100001", "nuptk": "1234567890123456"} if kind != "students" else {}
    person = create(kind, admin, **number).result
    for member in IDENTIFIERS[kind]:
        assert [each["id"] for each in listed(kind, admin, search=person[member][:-1]).result] == [person["id"]], member
    assert [each["id"] for each in listed(kind, admin, search=person["nik"][:-1]).result] == [person["id"]]
    assert listed(kind, school.token("staff"), search=person["nik"]).result == []


def test_who_is_restored_has_the_own_numbers_again(admin):
    person = create("students", admin).result
    assert one("students", "DELETE", person["id"], admin).status == 204
    assert one("students", "POST", f"{person['id']}/restore", admin).status == 200
    for member in ("nik", "nisn", "nipd"):
        body = {"name": "Lain", member: person[member]}
        answer = call("students", "POST", "/api/students", token=admin, json_body=body)
        assert (answer.status, answer.codes) == (409, [(member, f"{member}_taken")])
