"""A role that asks for twelve characters makes a shorter password due for change (contract section 4)."""

import pytest
from core.kernel.policy import ADMINISTRATOR, STUDENT, TEACHER

from tests.functions.test_reset_links import use
from tests.functions.unleash import reset
from tests.gateway import call
from tests.imports import bring, form, messages, send, wait_for_nobody

SHORT, LONG = "kucing-7", "kucing-tujuh"
DUE = (403, [(None, "password_change_required")])


def sign_in(email, password):
    body = {"email": email, "password": password}
    return call("auth", "POST", "/api/auth/sign-in/email", json_body=body).body["token"]


def me(token):
    return call("users", "GET", "/api/users/me", token=token)


def give(admin, role, user_id, method="POST"):
    path = f"/api/roles/{role.id}/members"
    (row,) = call("roles", method, path, token=admin, json_body={"userIds": [user_id]}).result
    assert row["status"] == "updated"


def made(admin, password):
    body = {"name": "Budi Santoso", "email": "budi@smansa.test", "password": password}
    return call("users", "POST", "/api/users", token=admin, json_body=body).result["id"]


def change(token, current, new):
    body = {"currentPassword": current, "newPassword": new}
    return call("auth", "POST", "/api/auth/change-password", token=token, json_body=body)


@pytest.mark.parametrize("role", [ADMINISTRATOR, TEACHER])
def test_who_gets_the_role_must_change_a_short_password_in_sessions_that_are_there_and_in_new_ones(school, admin, role):
    user_id = made(admin, SHORT)
    before = sign_in("budi@smansa.test", SHORT)
    assert me(before).status == 200
    give(admin, role, user_id)
    after = sign_in("budi@smansa.test", SHORT)
    for token in (before, after):
        assert (me(token).status, me(token).codes) == DUE
        assert call("users", "GET", "/api/users", token=token).status == 403
    path = f"/api/users/{user_id}/password-status"
    assert call("users", "GET", path, token=admin).result["changeRequired"] is True
    assert change(after, SHORT, "kucing-8").body["code"] == "PASSWORD_TOO_SHORT"
    changed = change(after, SHORT, LONG)
    assert me(changed.body["token"]).status == 200


def test_a_role_of_the_school_asks_for_it_too(school, admin):
    user_id = made(admin, SHORT)
    body = {"name": "Panitia", "permissions": ["students:read"]}
    role_id = call("roles", "POST", "/api/roles", token=admin, json_body=body).result["id"]
    call("roles", "POST", f"/api/roles/{role_id}/members", token=admin, json_body={"userIds": [user_id]})
    assert (me(sign_in("budi@smansa.test", SHORT)).codes) == DUE[1]


def test_a_long_enough_password_stays_and_so_do_the_sessions(school, admin):
    user_id = made(admin, LONG)
    token = sign_in("budi@smansa.test", LONG)
    give(admin, ADMINISTRATOR, user_id)
    assert me(token).status == 200


def test_the_students_role_asks_for_nothing_and_who_loses_the_other_one_is_free_again(school, admin):
    user_id = made(admin, SHORT)
    token = sign_in("budi@smansa.test", SHORT)
    give(admin, STUDENT, user_id)
    assert me(token).status == 200
    give(admin, TEACHER, user_id)
    assert me(token).codes == DUE[1]
    give(admin, TEACHER, user_id, "DELETE")
    assert me(token).status == 200


def by_core(admin, user):
    path = f"/api/users/{user.id}/password"
    return call("users", "PATCH", path, token=admin, json_body={"password": SHORT}).status


def by_link(admin, user):
    token = reset(admin, user.email).body["resetPasswordUrl"].partition("token=")[2]
    return use(token, SHORT).status


@pytest.mark.parametrize("way", [by_core, by_link])
def test_whoever_set_the_short_one_and_however(school, admin, way):
    student = school.people["student"]
    assert way(admin, student) == 200
    token = sign_in(student.email, SHORT)
    assert me(token).status == 200
    give(admin, ADMINISTRATOR, student.id)
    assert me(token).codes == DUE[1]


def test_a_short_one_from_a_file_is_due_as_well(school, admin, monkeypatch):
    wait_for_nobody(monkeypatch)
    file = f"Nama Lengkap,Email Sekolah,NISN,Password\nBudi Santoso,budi@smansa.test,0012345678,{SHORT}\n"
    assert send("students", admin, **form(file.encode())).status == 202
    assert bring(messages()) == []
    token = sign_in("budi@smansa.test", SHORT)
    user_id = me(token).result["id"]
    give(admin, ADMINISTRATOR, user_id)
    assert me(token).codes == DUE[1]


def test_a_longer_one_set_before_the_role_is_given_is_not_due(school, admin):
    user_id = made(admin, SHORT)
    assert change(sign_in("budi@smansa.test", SHORT), SHORT, LONG).status == 200
    give(admin, ADMINISTRATOR, user_id)
    assert me(sign_in("budi@smansa.test", LONG)).status == 200
