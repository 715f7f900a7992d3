"""Schools that share a deployment: who makes and changes them, and who acts inside another than the own."""

import re
from datetime import timedelta

import pytest
from core.kernel import clock

from tests.functions.organization_calls import ADMINISTRATOR, NEW
from tests.functions.test_import_workers import PEOPLE
from tests.gateway import call
from tests.imports import bring, hand_over_everything, messages, send, wait_for_nobody
from tests.mails import outbox
from tests.schools import PASSWORD as OLD
from tests.schools import everything

HEADER = "x-organization-id"
PASSWORD = "Matahari-Terbit-88"


def organizations(method, path="", *, token, **options):
    return call("organizations", method, f"/api/organizations{path}", token=token, **options)


def inside(organization_id, folder, method, path, token, **options):
    return call(folder, method, path, token=token, headers={HEADER: organization_id}, **options)


@pytest.fixture
def platform(school):
    return school.token("platform administrator")


@pytest.fixture
def made(platform):
    answer = organizations("POST", token=platform, json_body=NEW)
    assert answer.status == 201, answer.text
    return answer


def test_a_school_is_made_and_read_under_its_location(made, platform):
    assert made.result["npsn"] == "69800003"
    assert made.result["timezone"] == "Asia/Jayapura"
    assert sorted(made.result) == ["createdAt", "hosts", "id", "name", "npsn", "timezone", "updatedAt"]
    assert made.headers["location"] == f"/api/organizations/{made.result['id']}"
    read = organizations("GET", f"/{made.result['id']}", token=platform)
    assert (read.result, read.headers["etag"]) == (made.result, made.headers["etag"])


def test_the_clock_of_a_school_is_the_one_that_its_own_people_are_told(school, admin, platform):
    changed = organizations("PATCH", f"/{school.id}", token=platform, json_body={"timezone": "Asia/Jayapura"})
    assert changed.status == 200
    own = call("users", "GET", "/api/users/me", token=admin).result["organization"]
    assert own["timezone"] == changed.result["timezone"] == "Asia/Jayapura"


def test_the_trail_of_a_school_begins_with_who_made_it(school, made, platform):
    found = inside(made.result["id"], "audit", "GET", "/api/audit", platform).result
    assert [(each["action"], each["actor"]["id"]) for each in found] == [
        ("organizations.create", school.people["platform administrator"].id)
    ]


def test_its_first_administrator_is_invited_by_mail_and_comes_in(made, table):
    with outbox(table) as mails:
        mails.deliver()
        assert mails.addresses == [ADMINISTRATOR["email"]]
        text = mails.text()
    assert "SMA Negeri 3 Contoh" in text
    link = re.search(r"token=(\S+)", text)[1]
    chosen = call("auth", "POST", "/api/auth/reset-password", json_body={"token": link, "newPassword": PASSWORD})
    assert chosen.status == 200, chosen.text
    credentials = {"email": ADMINISTRATOR["email"], "password": PASSWORD}
    token = call("auth", "POST", "/api/auth/sign-in/email", json_body=credentials).body["token"]
    people = call("users", "GET", "/api/users", token=token)
    assert [each["email"] for each in people.result] == [ADMINISTRATOR["email"]]
    assert people.result[0]["emailVerified"] is True
    assert people.result[0]["id"] == made.body["meta"]["administratorId"]
    assert call("roles", "GET", "/api/roles", token=token).status == 200
    assert organizations("GET", token=token).status == 403


def test_the_invitation_holds_for_three_days(made, table, monkeypatch):
    with outbox(table) as mails:
        mails.deliver()
        link = re.search(r"token=(\S+)", mails.text())[1]
    began = clock.now()
    for days, status in ((2.9, 302), (3.1, 302)):
        monkeypatch.setattr(clock, "now", lambda days=days: began + timedelta(days=days))
        answer = call("auth", "GET", f"/api/auth/reset-password/{link}")
        assert answer.status == status
        assert ("error=" in answer.headers["location"]) is (days > 3)


def test_an_administrator_whose_invitation_lapsed_is_invited_anew(made, platform, table):
    path = f"/api/users/{made.body['meta']['administratorId']}/invitation"
    assert inside(made.result["id"], "users", "POST", path, platform).status == 204
    assert inside(made.result["id"], "users", "POST", path, platform).status == 429
    with outbox(table) as mails:
        mails.deliver()
        old, new = (re.search(r"token=(\S+)", mails.text(number))[1] for number in (0, 1))
    choose = {"newPassword": PASSWORD}
    assert call("auth", "POST", "/api/auth/reset-password", json_body=choose | {"token": old}).status == 400
    assert call("auth", "POST", "/api/auth/reset-password", json_body=choose | {"token": new}).status == 200
    again = inside(made.result["id"], "users", "POST", path, platform)
    assert (again.status, again.codes) == (409, [(None, "has_password")])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"npsn": "69800003", "administrator": {"name": "X", "email": "lain@x.test"}}, ("npsn", "npsn_taken")),
        ({"npsn": "69800004"}, ("email", "email_taken")),
    ],
)
def test_what_another_has_is_refused_and_nothing_is_left_of_the_attempt(made, platform, table, change, expected):
    before = everything(table)
    again = organizations("POST", token=platform, json_body=NEW | change)
    assert (again.status, again.codes) == (409, [expected])
    assert everything(table) == before


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"npsn": "6980000"}, ("npsn", "invalid")),
        ({"npsn": 69800003}, ("npsn", "wrong_type")),
        ({"npsn": "6980000\N{FULLWIDTH DIGIT THREE}"}, ("npsn", "invalid")),
        ({"name": " "}, ("name", "invalid")),
        ({"timezone": "Asia/Tokyo"}, ("timezone", "invalid")),
        ({"administrator": {"name": "Siti"}}, ("administrator.email", "required")),
        ({"administrator": ADMINISTRATOR | {"roles": []}}, ("administrator.roles", "unknown_member")),
        ({"id": "0" * 24}, ("id", "unknown_member")),
    ],
)
def test_a_value_that_is_none_is_refused_with_its_field(platform, change, expected):
    answer = organizations("POST", token=platform, json_body=NEW | change)
    assert (answer.status, answer.codes) == (400, [expected])


@pytest.mark.parametrize("role", ["administrator", "principal", "teacher", "staff", "student"])
def test_nobody_but_platform_administrators_sees_or_changes_schools(school, made, role):
    token, path = school.token(role), f"/{made.result['id']}"
    assert organizations("GET", token=token).status == 403
    assert organizations("POST", token=token, json_body=NEW).status == 403
    assert organizations("GET", path, token=token).status == 403
    assert organizations("PATCH", path, token=token, json_body={"name": "X"}).status == 403


def test_schools_are_listed_and_found_by_name_and_number(other_school, made, platform):
    listed = organizations("GET", token=platform)
    assert [each["name"] for each in listed.result] == sorted(
        ["SMA Negeri 1 Contoh", "SMA Negeri 2 Contoh", "SMA Negeri 3 Contoh"]
    )
    assert listed.body["meta"]["total"] == 3
    for search in ("negeri 3", "6980000"):
        assert [each["id"] for each in organizations("GET", token=platform, query={"search": [search]}).result] == [
            made.result["id"]
        ]


def test_a_changed_name_is_what_the_school_itself_goes_by(made, platform, table):
    path = f"/{made.result['id']}"
    changed = organizations("PATCH", path, token=platform, json_body={"name": "SMA Cendrawasih"})
    assert (changed.status, changed.result["name"]) == (200, "SMA Cendrawasih")
    assert organizations("GET", token=platform, query={"search": ["cendra"]}).result == [changed.result]
    with outbox(table) as mails:
        mails.deliver()
        assert "SMA Cendrawasih" in mails.text()


def test_a_number_that_a_school_gave_up_is_free(made, platform):
    path = f"/{made.result['id']}"
    assert organizations("PATCH", path, token=platform, json_body={"npsn": "69800005"}).result["npsn"] == "69800005"
    someone = {"name": "Budi", "email": "budi@lain.test"}
    assert organizations("POST", token=platform, json_body=NEW | {"administrator": someone}).status == 201
    back = organizations("PATCH", path, token=platform, json_body={"npsn": "69800003"})
    assert (back.status, back.codes) == (409, [("npsn", "npsn_taken")])


def test_a_stale_change_is_refused(made, platform):
    path, tag = f"/{made.result['id']}", {"If-Match": made.headers["etag"]}
    assert organizations("PATCH", path, token=platform, json_body={"name": "A"}, headers=tag).status == 200
    assert organizations("PATCH", path, token=platform, json_body={"name": "B"}, headers=tag).status == 412


def test_a_platform_administrator_acts_inside_the_school_that_the_header_names(school, other_school, platform):
    student = other_school.people["student"]
    assert call("users", "GET", f"/api/users/{student.id}", token=platform).status == 404
    assert inside(other_school.id, "users", "GET", f"/api/users/{student.id}", platform).result["id"] == student.id
    body = {"name": "Ani Wijaya", "nisn": "0012345678"}
    made = inside(other_school.id, "students", "POST", "/api/students", platform, json_body=body)
    assert made.status == 201
    path = f"/api/students/{made.result['id']}"
    assert call("students", "GET", path, token=other_school.token("administrator")).status == 200
    assert call("students", "GET", path, token=school.token("administrator")).status == 404


def test_the_schools_own_trail_says_which_platform_administrator_acted(school, other_school, platform):
    student = other_school.people["student"]
    inside(other_school.id, "users", "PATCH", f"/api/users/{student.id}", platform, json_body={"name": "Baru"})
    path = f"/api/users/{student.id}/password"
    inside(other_school.id, "users", "PATCH", path, platform, json_body={"password": PASSWORD})
    trail = call("audit", "GET", "/api/audit", token=other_school.token("administrator")).result
    assert [each["action"] for each in trail] == ["users.password.reset", "users.update"]
    assert {each["actor"]["id"] for each in trail} == {school.people["platform administrator"].id}
    assert {each["actor"]["role"] for each in trail} == {"platform administrator"}


@pytest.mark.parametrize(
    ("version", "body"),
    [
        ("management/v1", {"password": PASSWORD}),
        ("v2", {"newPassword": {"password": PASSWORD}}),
        ("v2", {"newPassword": {"password": PASSWORD}, "currentPassword": OLD}),
    ],
)
def test_the_trail_says_it_of_passwords_through_another_systems_operations_too(
    school, other_school, platform, version, body
):
    path = f"/{version}/users/{other_school.people['student'].id}/password"
    headers = {"x-zitadel-orgid": other_school.id}
    assert call("zitadel", "POST", path, token=platform, json_body=body, headers=headers).status == 200
    (entry,) = call("audit", "GET", "/api/audit", token=other_school.token("administrator")).result
    assert entry["actor"]["id"] == school.people["platform administrator"].id


def test_nobody_else_gets_into_another_school_by_the_header(school, other_school):
    for role in ("administrator", "principal", "teacher"):
        answer = inside(other_school.id, "roles", "GET", "/api/roles", school.token(role))
        assert (answer.status, answer.codes) == (403, [(None, "forbidden")])
    own = inside(school.id, "roles", "GET", "/api/roles", school.token("administrator"))
    assert own.status == 200


@pytest.mark.parametrize(("named", "status"), [("5f0c9a5e7d1b2a3c4d5e6f70", 404), ("everywhere", 403), ("%00", 403)])
def test_a_school_that_does_not_exist_is_no_place_to_act_in(platform, table, named, status):
    before = len(everything(table))
    body = {"name": "Ani", "email": "ani@nirwana.test"}
    assert inside(named, "users", "POST", "/api/users", platform, json_body=body).status == status
    assert len(everything(table)) == before


def test_me_is_the_own_account_whatever_the_header_says(school, other_school, platform):
    me = inside(other_school.id, "users", "GET", "/api/users/me", platform)
    assert me.result["id"] == school.people["platform administrator"].id
    renamed = inside(other_school.id, "users", "PATCH", "/api/users/me", platform, json_body={"name": "Nama Baru"})
    assert (renamed.status, renamed.result["name"]) == (200, "Nama Baru")


def test_a_cursor_of_one_school_does_not_open_another(other_school, platform):
    listed = inside(other_school.id, "users", "GET", "/api/users", platform, query={"limit": ["2"]})
    query = {"cursor": [listed.body["meta"]["next"]], "limit": ["2"]}
    assert inside(other_school.id, "users", "GET", "/api/users", platform, query=query).status == 200
    assert call("users", "GET", "/api/users", token=platform, query=query).status == 400


def test_the_workers_import_into_the_school_in_which_the_platform_administrator_acts(
    school, other_school, platform, monkeypatch
):
    wait_for_nobody(monkeypatch)
    hand_over_everything(monkeypatch)
    accepted = send("students", platform, json_body={"data": PEOPLE}, headers={HEADER: other_school.id})
    assert accepted.status == 202
    assert bring(messages()) == []
    students = call("students", "GET", "/api/students", token=other_school.token("administrator"))
    assert students.body["meta"]["total"] == len(PEOPLE)
    assert call("students", "GET", "/api/students", token=platform).body["meta"]["total"] == 0
    query = {"action": ["students.import"]}
    trail = call("audit", "GET", "/api/audit", token=other_school.token("administrator"), query=query).result
    assert {each["actor"]["id"] for each in trail} == {school.people["platform administrator"].id}


def test_a_change_that_changes_nothing_is_no_new_version(made, platform):
    path = f"/{made.result['id']}"
    for body in ({}, {"name": made.result["name"]}):
        assert organizations("PATCH", path, token=platform, json_body=body).headers["etag"] == made.headers["etag"]


def test_a_change_of_the_own_school_stands_in_its_trail_whatever_the_header_says(school, other_school, platform):
    path = f"/api/organizations/{school.id}"
    assert inside(other_school.id, "organizations", "PATCH", path, platform, json_body={"name": "Baru"}).status == 200
    own, other = (call("audit", "GET", "/api/audit", token=each.token("principal")) for each in (school, other_school))
    assert [each["action"] for each in own.result] == ["organizations.update"]
    assert other.result == []
