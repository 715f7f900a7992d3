"""POST /api/auth/change-password: the owner changes the password, knowing the current one."""

import pytest
from core.kernel.table import query
from core.outbox.models import outbox_of
from core.passwords import attempts
from core.sessions.new import Client
from core.sessions.service import start
from core.users.models import UserItem

from tests.gateway import call
from tests.schools import PASSWORD

NEW = "Kunci-Baru-Untuk-Siswa"


def change(token, current=PASSWORD, new=NEW, **body):
    body = {"currentPassword": current, "newPassword": new, **body}
    return call("auth", "POST", "/api/auth/change-password", token=token, json_body=body)


def status_of(token):
    return call("users", "GET", "/api/users/me", token=token).status


def test_nobody_gets_401(school):
    assert change(None).status == 401


def test_all_sessions_end_but_the_new_one(school):
    own, other = school.token("student"), school.token("student")
    answer = change(own)
    assert answer.status == 200
    assert answer.body["user"]["email"] == "student@smansa.test"
    assert answer.headers["set-auth-token"] == answer.body["token"]
    assert answer.cookies[0].startswith(f"core.session_token={answer.body['token']};")
    assert [status_of(token) for token in (own, other, answer.body["token"])] == [401, 401, 200]


@pytest.mark.parametrize("remembered", [True, False])
def test_a_browser_remembers_the_new_session_as_long_as_it_did_the_old_one(school, remembered):
    token = start(school.people["student"], Client(remembered)).token
    [cookie] = change(token).cookies
    assert cookie.endswith("; Max-Age=604800" if remembered else "; SameSite=Lax")


def test_other_sessions_stay_when_the_body_says_so(school):
    own, other = school.token("student"), school.token("student")
    answer = change(own, revokeOtherSessions=False)
    assert answer.body["token"] is None
    assert [status_of(token) for token in (own, other)] == [200, 200]


def test_a_wrong_current_password_is_400_and_changes_nothing(school):
    token = school.token("student")
    answer = change(token, current="Bukan-Kata-Sandi")
    assert (answer.status, answer.body["code"]) == (400, "INVALID_PASSWORD")
    assert status_of(token) == 200


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("short", "PASSWORD_TOO_SHORT"),
        ("x" * 129, "PASSWORD_TOO_LONG"),
        ("password1", "PASSWORD_COMPROMISED"),
        ("student@smansa.test", "PASSWORD_CONTAINS_IDENTITY"),
    ],
)
def test_a_refused_password_says_why(school, new, code):
    answer = change(school.token("student"), new=new)
    assert (answer.status, answer.body["code"]) == (400, code)


def test_the_eleventh_attempt_within_five_minutes_is_429(school):
    token = school.token("student")
    statuses = [change(token, current="Bukan-Kata-Sandi").status for _ in range(11)]
    assert statuses == [400] * 10 + [429]


def test_the_last_five_passwords_cannot_come_back_and_the_sixth_can(school, monkeypatch):
    monkeypatch.setattr(attempts, "_MOST", 100)
    token, current = school.token("student"), PASSWORD
    for number in range(5):
        for old in [PASSWORD, *(f"Kunci-Nomor-{each}-Baru" for each in range(number))]:
            assert change(token, current, old).body["code"] == "PASSWORD_REUSED"
        new = f"Kunci-Nomor-{number}-Baru"
        token, current = change(token, current, new).body["token"], new
    assert change(token, current, PASSWORD).status == 200


def test_whoever_must_change_the_password_can_do_that_and_little_else(school):
    student = school.people["student"]
    student.update(actions=[UserItem.must_change_password.set(True)])
    token = school.token("student")
    refused = call("users", "GET", "/api/users/me", token=token)
    assert (refused.status, refused.codes) == (403, [(None, "password_change_required")])
    assert call("auth", "GET", "/api/auth/get-session", token=token).body["user"]["id"] == student.id
    assert status_of(change(token).body["token"]) == 200


def test_a_change_leaves_an_entry_in_the_trail_and_a_notice_to_both_addresses(table, school):
    student = school.people["student"]
    student.update(actions=[UserItem.secondary_email.set("wali@x.test")])
    change(school.token("student"))
    (notice,) = query(outbox_of(school.id)).items
    assert [each["S"] for each in notice["to"]["L"]] == [student.email, "wali@x.test"]
    (entry,) = query(f"{school.id}#AUDIT").items
    assert entry["action"]["S"] == "users.password.change"
    assert entry["actor_id"]["S"] == entry["target_id"]["S"] == student.id
