"""A new school over HTTP, from its founding to the first promotion: mails, roles, classes and the school beside it."""

import re
import secrets

import pytest

from tools.demo.people import PLATFORM_ADMINISTRATOR, demo_id

PASSWORD = "Cendrawasih-Terbang-21"
THIS_YEAR, NEXT_YEAR = "2026/2027", "2027/2028"


@pytest.fixture
def platform(sign_in):
    return sign_in(PLATFORM_ADMINISTRATOR)[2]["token"]


@pytest.fixture
def school(call, platform):
    """A new school's id and the address of its first administrator."""
    number = secrets.randbelow(10**5)
    email = f"kepala{number:05}@baru.test"
    body = {"name": "SMA Negeri Baru", "npsn": f"697{number:05}", "administrator": {"name": "Maria", "email": email}}
    status, headers, made = call("POST", "/api/organizations", body, platform)
    assert status == 201, made
    assert headers["Location"] == f"/api/organizations/{made['result']['id']}"
    return made["result"]["id"], email


@pytest.fixture
def head(call, sign_in, mails_to, school):
    """The session of the administrator, who followed the invitation."""
    _, email = school
    mail = mails_to(email)[-1]
    assert "Undangan" in mail["Subject"]
    link = re.search(r"/reset-password\?token=([\w-]{75})", mail["BodyText"])[1]
    assert call("POST", "/api/auth/reset-password", {"token": link, "newPassword": PASSWORD})[0] == 200
    status, _, body = sign_in(email, PASSWORD)
    assert status == 200
    return body["token"]


def test_a_new_school_fills_classes_and_promotes_them(call, head):
    def post(path, body=None):
        status, _, answer = call("POST", path, body, head)
        assert status in (200, 201), answer
        return answer["result"]

    room = post("/api/classes", {"name": "X-1", "grade": 10, "academicYear": THIS_YEAR, "capacity": 36})
    pupils = [post("/api/students", {"name": f"Murid {number}"})["id"] for number in range(3)]
    for pupil in pupils:
        post(f"/api/classes/{room['id']}/students", {"studentId": pupil})
    years = {"fromAcademicYear": THIS_YEAR, "toAcademicYear": NEXT_YEAR}
    up = [{"classId": room["id"], "to": {"name": "XI-1", "grade": 11}}]
    plan = post("/api/classes/promotions", {**years, "classes": up})
    applied = post(f"/api/classes/promotions/{plan['id']}/apply")
    assert applied["status"] == "COMPLETED", applied
    status, _, found = call("GET", f"/api/classes?academicYear={NEXT_YEAR}", token=head)
    assert status == 200
    assert [(each["grade"], each["studentCount"]) for each in found["result"]] == [(11, 3)]
    undone = post(f"/api/classes/promotions/{plan['id']}/undo")
    assert undone["status"] == "UNDONE"
    assert call("GET", f"/api/classes?academicYear={NEXT_YEAR}", token=head)[2]["result"] == []


def test_a_role_counts_from_the_next_request_on(call, head):
    _, _, user = call("POST", "/api/users", {"name": "Yosef", "email": f"y{secrets.token_hex(4)}@baru.test"}, head)
    role = {"name": "Petugas piket", "permissions": ["students:read"]}
    status, _, made = call("POST", "/api/roles", role, head)
    assert status == 201
    path = f"/api/roles/{made['result']['id']}"
    status, _, given = call("POST", f"{path}/members", {"userIds": [user["result"]["id"]]}, head)
    assert status == 200, given
    assert call("GET", path, token=head)[2]["result"]["memberCount"] == 1
    _, _, trail = call("GET", "/api/audit?action=roles.", token=head)
    assert {each["actor"]["name"] for each in trail["result"]} == {"Maria"}


def test_schools_do_not_see_each_other_and_the_platform_enters_by_the_header(call, head, platform, school):
    student = demo_id("student@smansa.test")
    assert call("GET", f"/api/users/{student}", token=head)[0] == 404
    assert call("GET", f"/api/users/{student}", token=head, headers={"x-organization-id": demo_id("smansa")})[0] == 403
    entered = {"x-organization-id": school[0]}
    status, _, users = call("GET", "/api/users", token=platform, headers=entered)
    assert (status, [each["email"] for each in users["result"]]) == (200, [school[1]])
