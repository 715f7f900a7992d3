"""Closing accounts for a while, and the school's last administrator (acceptance A7, B5)."""

import pytest

from tests.gateway import call
from tests.schools import PASSWORD


def post(user_id, word, token):
    return call("users", "POST", f"/api/users/{user_id}/{word}", token=token)


def sign_in(email):
    return call("auth", "POST", "/api/auth/sign-in/email", json_body={"email": email, "password": PASSWORD})


def test_a_closed_account_is_signed_out_and_stays_so_when_it_opens_again(school):
    admin, student = school.token("administrator"), school.people["student"]
    old = school.token("student")
    assert post(student.id, "deactivate", admin).result["active"] is False
    assert call("users", "GET", "/api/users/me", token=old).status == 401
    assert sign_in(student.email).status == 401
    assert post(student.id, "activate", admin).result["active"] is True
    assert call("users", "GET", "/api/users/me", token=old).status == 401
    assert sign_in(student.email).status == 200


def test_doing_it_twice_changes_nothing(school):
    admin, student = school.token("administrator"), school.people["student"]
    first = post(student.id, "deactivate", admin)
    assert post(student.id, "deactivate", admin).headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("word", ["deactivate", "activate"])
def test_who_may_not_is_refused(school, other_school, word):
    student = school.people["student"]
    assert post(student.id, word, None).status == 401
    assert post(student.id, word, school.token("principal")).status == 403
    assert post(student.id, word, other_school.token("administrator")).status == 404
    stronger = post(school.people["platform administrator"].id, word, school.token("administrator"))
    assert (stronger.status, stronger.codes) == (403, [(None, "stronger_account")])


def test_nobody_closes_the_own_account(school):
    answer = post(school.people["administrator"].id, "deactivate", school.token("administrator"))
    assert (answer.status, answer.codes) == (409, [(None, "own_account")])


def test_the_last_administrator_stays(school):
    platform = school.token("platform administrator")
    administrator = school.people["administrator"]
    # The platform administrator of this school counts, so closing the other one leaves one.
    assert post(administrator.id, "deactivate", platform).status == 200
    assert post(administrator.id, "activate", platform).status == 200
    second = school.add("Orang Kedua", "kedua@smansa.test", list(administrator.roles))
    assert post(school.people["platform administrator"].id, "deactivate", platform).status == 409
    assert call("users", "DELETE", f"/api/users/{second.id}", token=platform).status == 204
