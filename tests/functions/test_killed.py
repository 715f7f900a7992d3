"""Acceptance D5: a multi-step operation that is killed before or after any of its calls, and then repeated."""

from core.kernel.table import put, transact
from core.links.models import new_link

from tests.gateway import call
from tests.killing import keep, killed_anywhere
from tests.schools import PASSWORD

NEW = "Kunci-Baru-Untuk-Siswa"


def sign_in(email, password):
    return call("auth", "POST", "/api/auth/sign-in/email", json_body={"email": email, "password": password}).status


def consistent(school, token):
    """Password and sessions belong together: only the new password signs in, and the old session is dead."""
    assert sign_in("student@smansa.test", NEW) == 200
    assert sign_in("student@smansa.test", PASSWORD) == 401
    assert call("users", "GET", "/api/users/me", token=token).status == 401


def test_an_administrators_reset(school, table):
    admin, old = school.token("administrator"), school.token("student")
    path = f"/api/users/{school.people['student'].id}/password"

    def operate():
        assert call("users", "PATCH", path, token=admin, json_body={"password": NEW}).status == 200

    killed_anywhere(operate, lambda: consistent(school, old), keep(table))


def test_a_reset_by_link(school, table):
    student, old = school.people["student"], school.token("student")
    link = new_link(student, 1, link_id=student.id, created_by=student.id, at=student.created_at, valid_until=2**32)
    transact(put(link.item))
    body = {"newPassword": NEW, "token": link.token}

    def operate():
        # Repeated after the write, the link is used up: it says so, and the password is the new one.
        assert call("auth", "POST", "/api/auth/reset-password", json_body=body).status in (200, 400)

    killed_anywhere(operate, lambda: consistent(school, old), keep(table))


def test_a_change_of_the_own_password(school, table):
    own, old = school.token("student"), school.token("student")
    body = {"currentPassword": PASSWORD, "newPassword": NEW}

    def operate():
        # Repeated after the write, the session is over: the password is the new one.
        assert call("auth", "POST", "/api/auth/change-password", token=own, json_body=body).status in (200, 401)

    killed_anywhere(operate, lambda: consistent(school, old), keep(table))
