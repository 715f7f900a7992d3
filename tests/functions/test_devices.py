"""Devices: where an account is signed in, and signing a device out."""

from datetime import timedelta

import pytest
from core.kernel import clock
from core.logins.agents import describe
from core.sessions.new import Client
from core.sessions.service import start

from tests.gateway import call
from tests.schools import everything

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
    "Safari/537.36"
)
LAPTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
TABLET = (
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)


def sign_in(school, who="student", agent=PHONE, ip_address="203.0.113.7"):
    return start(school.people[who], Client(True, ip_address, agent)).token


def devices(token, whose="me", **query):
    answer = call("users", "GET", f"/api/users/{whose}/devices", token=token, query=query)
    assert answer.status == 200, answer.text
    return answer.result


def sign_out(token, device_id, whose="me", **options):
    return call("users", "DELETE", f"/api/users/{whose}/devices/{device_id}", token=token, **options)


def alive(token):
    return call("auth", "GET", "/api/auth/get-session", token=token).body is not None


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (PHONE, ("mobile", "Samsung SM-A546E", "Android 14", "Chrome Mobile 126")),
        (LAPTOP, ("desktop", None, "Windows 10", "Chrome 126")),
        (PHONE.replace("Mobile ", ""), ("tablet", "Samsung SM-A546E", "Android 14", "Chrome 126")),
        (TABLET, ("tablet", "Apple iPad", "iOS 17", "Mobile Safari 17")),
        (PHONE.replace("SM-A546E", "K"), ("mobile", None, "Android 14", "Chrome Mobile 126")),
        (LAPTOP.replace("Windows NT 10.0; Win64; x64", "X11; Linux x86_64"), ("desktop", None, "Linux", "Chrome 126")),
        (
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            ("bot", None, None, "Googlebot 2"),
        ),
        ("curl/8.4.0", ("other", None, None, "curl 8")),
        ("Sekolah/1.0", ("other", None, None, None)),
        ("(" * 300, ("other", None, None, None)),
        (None, ("other", None, None, None)),
    ],
)
def test_a_user_agent_is_described_as_far_as_it_tells(agent, expected):
    assert tuple(describe(agent).values()) == expected


def test_sessions_with_one_user_agent_are_one_device(school):
    tokens = [sign_in(school), sign_in(school, ip_address="198.51.100.9"), sign_in(school, agent=LAPTOP)]
    sign_in(school, "teacher")
    phone, laptop = sorted(devices(tokens[0]), key=lambda device: device["type"], reverse=True)
    assert set(phone) == {
        "id",
        "type",
        "model",
        "os",
        "browser",
        "ipAddress",
        "lastSeenAt",
        "current",
        "sessions",
    }
    assert (phone["type"], phone["sessions"], phone["current"]) == ("mobile", 2, True)
    assert (laptop["type"], laptop["sessions"], laptop["current"]) == ("desktop", 1, False)
    assert clock.is_id(phone["id"])
    assert phone["ipAddress"] == "198.51.100.9"


def test_two_people_with_the_same_browser_have_different_devices(school):
    student, teacher = sign_in(school), sign_in(school, "teacher")
    assert devices(student)[0]["id"] != devices(teacher)[0]["id"]


def test_expired_and_ended_sessions_are_no_devices(school, monkeypatch):
    sign_in(school, agent=LAPTOP)
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    token = sign_in(school)
    assert [each["type"] for each in devices(token)] == ["mobile"]
    assert call("auth", "POST", "/api/auth/revoke-other-sessions", token=token).status == 200
    assert len(devices(token)) == 1


def test_b5_signing_out_a_device_ends_all_its_sessions_at_once_and_no_other(school):
    phones, laptop = [sign_in(school) for _ in range(3)], sign_in(school, agent=LAPTOP)
    (phone,) = [each["id"] for each in devices(laptop) if not each["current"]]
    answer = sign_out(laptop, phone)
    assert (answer.status, answer.text) == (204, "")
    assert [alive(each) for each in phones] == [False] * 3
    assert alive(laptop)
    assert sign_out(laptop, phone).status == 404


def test_the_current_device_can_be_signed_out(school):
    token = sign_in(school)
    assert sign_out(token, devices(token)[0]["id"].upper()).status == 204
    assert not alive(token)


def test_a_device_with_more_sessions_than_a_transaction_takes_is_signed_out_whole(school):
    for _ in range(103):
        sign_in(school)
    laptop = sign_in(school, agent=LAPTOP)
    (phone,) = [each for each in devices(laptop) if not each["current"]]
    assert phone["sessions"] == 103
    assert sign_out(laptop, phone["id"]).status == 204
    assert len(devices(laptop)) == 1


def test_an_administrator_sees_and_signs_out_a_students_device_and_the_audit_says_so(school, table):
    student, administrator = school.people["student"], school.people["administrator"]
    token, theirs = school.token(administrator), sign_in(school)
    (device,) = devices(token, student.id)
    assert (device["current"], device["sessions"]) == (False, 1)
    assert sign_out(token, device["id"], student.id).status == 204
    assert not alive(theirs)
    (entry,) = [item for item in everything(table) if item.get("action", {}).get("S") == "users.devices.sign_out"]
    assert (entry["actor_id"]["S"], entry["target_id"]["S"]) == (administrator.id, student.id)


def test_what_one_does_with_the_own_devices_is_no_matter_for_the_audit(school, table):
    token = sign_in(school)
    sign_out(token, devices(token)[0]["id"])
    assert not [item for item in everything(table) if item.get("action", {}).get("S") == "users.devices.sign_out"]


@pytest.mark.parametrize("who", ["principal", "teacher", "staff", "student"])
def test_whoever_lacks_the_permission_is_403(school, who):
    victim = sign_in(school, "staff" if who == "student" else "student")
    whose = school.people["staff" if who == "student" else "student"].id
    (device,) = devices(victim)
    token = school.token(who)
    assert sign_out(token, device["id"], whose).status == 403
    assert alive(victim)
    expected = 200 if who == "principal" else 403
    assert call("users", "GET", f"/api/users/{whose}/devices", token=token).status == expected


def test_a6_a_stronger_accounts_device_is_403(school):
    theirs = sign_in(school, "platform administrator")
    (device,) = devices(theirs)
    answer = sign_out(school.token("administrator"), device["id"], school.people["platform administrator"].id)
    assert (answer.status, answer.codes) == (403, [(None, "stronger_account")])
    assert alive(theirs)


def test_a3_hidden_and_absent_answers_are_byte_identical(school, other_school):
    theirs = sign_in(other_school)
    (device,) = devices(theirs)
    own, token = sign_in(school), school.token("administrator")
    (mine,) = devices(own)
    hidden, student = other_school.people["student"].id, school.people["student"].id
    attempts = [
        (device["id"], hidden),
        ("0" * 24, hidden),
        (device["id"], "0" * 24),
        (device["id"], student),
        ("0" * 24, student),
        ("x", student),
        (mine["id"], "me"),
        (mine["id"], "x"),
    ]
    answers = [sign_out(token, device_id, whose) for device_id, whose in attempts]
    assert {each.status for each in answers} == {404}
    assert len({each.text for each in answers}) == 1
    reads = [call("users", "GET", f"/api/users/{whose}/devices", token=token) for whose in (hidden, "0" * 24, "x")]
    assert {(each.status, each.text) for each in reads} == {(404, answers[0].text)}
    assert alive(theirs)
    assert alive(own)


@pytest.mark.parametrize("path", ["/api/users/me/devices", "/api/users/{id}/devices"])
def test_without_a_session_it_is_401(school, path):
    path = path.format(id=school.people["student"].id)
    assert call("users", "GET", path).status == 401
    assert call("users", "DELETE", f"{path}/{'0' * 24}").status == 401


def test_devices_are_walked_by_page_and_by_cursor_the_last_used_first(school, monkeypatch):
    began = clock.now()
    for number in range(7):
        monkeypatch.setattr(clock, "now", lambda at=number: began + timedelta(seconds=at))
        token = sign_in(school, agent=f"Sekolah/{number}")
    everyone = devices(token)
    assert [each["lastSeenAt"] for each in everyone] == sorted((each["lastSeenAt"] for each in everyone), reverse=True)
    numbered = [each for page in ("1", "2", "3") for each in devices(token, page=[page], limit=["3"])]
    walked, cursor = [], None
    while cursor or not walked:
        query = {"limit": ["3"], **({"cursor": [cursor]} if cursor else {})}
        answer = call("users", "GET", "/api/users/me/devices", token=token, query=query)
        assert answer.body["meta"]["total"] == (None if cursor else 7)
        walked, cursor = walked + answer.result, answer.body["meta"]["next"]
    assert walked == numbered == everyone


@pytest.mark.parametrize(
    ("name", "value"), [("search", "x"), ("updatedSince", "2026-01-01T00:00:00Z"), ("limit", "0"), ("sort", "name")]
)
def test_parameters_that_this_list_does_not_take_are_400(school, name, value):
    answer = call("users", "GET", "/api/users/me/devices", token=sign_in(school), query={name: [value]})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, name)


def test_a_parameter_on_a_sign_out_is_400(school):
    token = sign_in(school)
    assert sign_out(token, devices(token)[0]["id"], query={"x": ["1"]}).status == 400
    assert alive(token)
