"""The public directory: what everybody may know of a school's teachers and staff, and nothing more."""

import json

import pytest
from core.kernel.seals import seal, unseal
from core.people import directory

from tests.functions.test_people import create, one
from tests.gateway import call

PUBLIC = ("teachers", "staff")


@pytest.fixture(params=PUBLIC)
def kind(request):
    return request.param


def ask(kind, school, person_id="", **query):
    parameters = {"organizationId": [school.id]} if school else {}
    parameters |= {name: [value] for name, value in query.items()}
    path = f"/api/public/{kind}" + (f"/{person_id}" if person_id else "")
    return call("public", "GET", path, query=parameters or None)


def test_the_list_shows_id_name_and_photo_and_nothing_else(kind, school, admin):
    person = create(kind, admin, photoUrl="https://files.example.org/a.jpg").result
    reply = ask(kind, school)
    assert reply.result == [{"id": person["id"], "name": person["name"], "photoUrl": "https://files.example.org/a.jpg"}]
    assert reply.body["meta"] == {"page": 1, "limit": 20, "total": 1, "next": None}


def test_one_shows_number_and_address_too(kind, school, admin):
    person = create(kind, admin).result
    assert ask(kind, school, person["id"]).result == {
        **{name: person[name] for name in ("id", "name", "nip", "email")},
        "photoUrl": None,
    }


@pytest.mark.parametrize("way", ["delete", "deactivate"])
def test_who_is_deleted_or_inactive_is_not_there(kind, school, admin, way):
    person = create(kind, admin).result
    if way == "delete":
        assert one(kind, "DELETE", person["id"], admin).status == 204
    else:
        assert call(kind, "POST", f"/api/{kind}/{person['id']}/deactivate", token=admin).status == 200
    assert ask(kind, school).body["meta"]["total"] == 0
    hidden, absent = ask(kind, school, person["id"]), ask(kind, school, "0" * 24)
    assert (hidden.status, hidden.text) == (404, absent.text)


def test_another_schools_people_are_not_there(kind, school, other_school, admin):
    person = create(kind, admin).result
    assert ask(kind, other_school).result == []
    assert ask(kind, other_school, person["id"]).status == 404


def test_pages_are_walked_by_cursor_and_hold_at_most_50(kind, school, admin):
    for number in range(3):
        call(kind, "POST", f"/api/{kind}", token=admin, json_body={"name": f"Orang {number}"})
    first = ask(kind, school, limit="2")
    second = ask(kind, school, limit="2", cursor=first.body["meta"]["next"])
    assert [each["name"] for each in first.result + second.result] == ["Orang 0", "Orang 1", "Orang 2"]
    assert ask(kind, school, limit="50").status == 200
    assert ask(kind, school, limit="51").codes == [("limit", "out_of_range")]


def binding_of(kind, school):
    return json.dumps(["anybody", f"/api/public/{kind}?organizationId={school.id}", None, "name", None, []])


@pytest.mark.parametrize(
    "made",
    [
        *({}, [], "x", [[[]]], {"name_key": "x"}, {"name_key": {"S": "budi"}}, {"name_key": {"S": 1}}),
        {"name_key": {"S": f"{'x' * 1000}#{'0' * 24}"}},
    ],
)
def test_c6_a_cursor_of_ones_own_making_is_refused_unless_it_is_a_place_in_the_list(kind, school, made):
    cursor = seal(directory.CURSOR_KEY, made, binding_of(kind, school))
    assert ask(kind, school, cursor=cursor).codes == [("cursor", "invalid_cursor")]


@pytest.mark.parametrize("name", ["orang 0", "", "\ud800", "\x00", "#", "x" * 999])
def test_c6_a_cursor_of_ones_own_making_leads_nowhere_else(kind, school, other_school, admin, name):
    create(kind, admin, name="Orang 1")
    made = {"name_key": {"S": f"{name}#{'0' * 24}"}, "list_key": {"S": f"{other_school.id}#STUDENTS"}, "pk": 7}
    cursor = seal(directory.CURSOR_KEY, made, binding_of(kind, school))
    reply = ask(kind, school, cursor=cursor)
    assert reply.status == 200
    assert {each["name"] for each in reply.result} <= {"Orang 1"}


def test_c6_a_cursor_of_the_directory_opens_no_other_list(kind, school, admin):
    for number in range(2):
        call(kind, "POST", f"/api/{kind}", token=admin, json_body={"name": f"Orang {number}"})
    cursor = ask(kind, school, limit="1").body["meta"]["next"]
    assert unseal(directory.CURSOR_KEY, cursor, binding_of(kind, school))["name_key"]
    refused = call(kind, "GET", f"/api/{kind}", token=admin, query={"cursor": [cursor]})
    assert refused.codes == [("cursor", "invalid_cursor")]


@pytest.mark.parametrize(
    "query", [{"search": "1985"}, {"sort": "createdAt"}, {"fields": "nik"}, {"updatedSince": "2026-01-01T00:00:00Z"}]
)
def test_nothing_is_found_by_what_is_not_shown(kind, school, query):
    assert ask(kind, school, **query).codes == [(next(iter(query)), "unknown_parameter")]


def test_the_school_must_be_named(kind, school):
    assert ask(kind, None).codes == [("organizationId", "required")]
    assert ask(kind, None, organizationId="#").codes == [("organizationId", "invalid")]
    assert ask(kind, None, "0" * 24).codes == [("organizationId", "required")]


@pytest.fixture
def at(kind):
    """Asks for the directory at a host, without naming a school."""
    return lambda host, **more: call("public", "GET", f"/api/public/{kind}", headers={"Host": host}, **more)


def give(school, platform, *hosts):
    path = f"/api/organizations/{school.id}"
    return call("organizations", "PATCH", path, token=platform, json_body={"hosts": [*hosts]})


@pytest.fixture
def platform(school):
    return school.token("platform administrator")


def somebody(kind, school):
    return create(kind, school.token("administrator"), email=f"guru@{school.domain}").result


class TestTheSchoolByItsHost:
    def test_the_directory_is_that_of_the_school_whose_host_it_is(self, kind, school, other_school, platform, at):
        here, there = (somebody(kind, each) for each in (school, other_school))
        assert give(school, platform, "www.Smansa.test", "smansa.test").result["hosts"] == [
            "www.smansa.test",
            "smansa.test",
        ]
        give(other_school, platform, "smandua.test")
        for host, person in (("WWW.SMANSA.TEST:443", here), ("smansa.test", here), ("smandua.test", there)):
            reply = at(host)
            assert [each["id"] for each in reply.result] == [person["id"]]
            assert "Host" in reply.headers["vary"]
        one = call("public", "GET", f"/api/public/{kind}/{here['id']}", headers={"Host": "smandua.test"})
        assert one.status == 404

    def test_the_id_counts_more_than_the_host_and_the_host_more_than_the_deployment(
        self, kind, school, other_school, platform, at, monkeypatch
    ):
        here, there = (somebody(kind, each) for each in (school, other_school))
        give(school, platform, "smansa.test")
        monkeypatch.setenv("DEFAULT_ORGANIZATION_ID", other_school.id)
        named = at("smansa.test", query={"organizationId": [other_school.id]})
        found = [[each["id"] for each in reply.result] for reply in (named, at("smansa.test"), at("core.test"))]
        assert found == [[there["id"]], [here["id"]], [there["id"]]]

    @pytest.mark.parametrize(
        "host", ["smandua.test", "", "smansa.test.evil.example", "#", "x" * 300, "a/b", "\u0131.id"]
    )
    def test_a_host_that_is_no_schools_chooses_none(self, kind, school, platform, at, host):
        give(school, platform, "smansa.test")
        assert at(host).codes == [("organizationId", "required")]

    def test_a_host_is_one_schools_until_it_gives_it_up(self, school, other_school, platform):
        give(school, platform, "smansa.test")
        taken = give(other_school, platform, "smansa.test")
        assert (taken.status, taken.codes) == (409, [("hosts", "host_taken")])
        assert give(school, platform).result["hosts"] == []
        assert give(other_school, platform, "smansa.test").status == 200

    @pytest.mark.parametrize(
        "host", ["https://smansa.test", "smansa.test:443", "-a.test", "a..b", "", "*.test", "a" * 64]
    )
    def test_what_is_no_host_is_refused(self, school, platform, host):
        assert give(school, platform, host).codes == [("hosts.0", "invalid")]

    def test_a_schools_own_administrator_gives_it_no_host(self, school, admin):
        assert give(school, admin, "smansa.test").status == 403


def test_answers_may_be_cached_and_are_not_sent_twice(kind, school, admin):
    create(kind, admin)
    reply = ask(kind, school)
    assert reply.headers["cache-control"] == "public, max-age=300"
    again = call(
        "public",
        "GET",
        f"/api/public/{kind}",
        query={"organizationId": [school.id]},
        headers={"If-None-Match": reply.headers["etag"]},
    )
    assert (again.status, again.text) == (304, "")
    assert ask(kind, None).headers["cache-control"] == "no-store"


def test_a_page_that_is_no_longer_the_last_is_not_what_a_cache_has(kind, school, admin):
    create(kind, admin, name="Ani")
    before = ask(kind, school, limit="1")
    create(kind, admin, name="Budi", **dict.fromkeys(("email", "nik", "nip", "nuptk")))
    after = ask(kind, school, limit="1")
    assert (before.result, before.body["meta"]["next"]) == (after.result, None)
    assert after.body["meta"]["next"]
    assert before.headers["etag"] != after.headers["etag"]
