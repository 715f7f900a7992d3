"""Closing accounts for a while, and the school's last administrator (acceptance A7, B5)."""

import pytest
from core.users import service as users

from tests.functions.test_people import create, one
from tests.functions.unleash import link
from tests.gateway import call
from tests.outcomes import code_of
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


def test_a_link_to_a_closed_account_opens_nothing_until_it_is_open_again(school):
    admin, student = school.token("administrator"), school.people["student"]
    token = link(school)
    for word, status in (("deactivate", 401), ("activate", 200)):
        assert post(student.id, word, admin).status == 200
        opened = call("unleash", "GET", "/auth/reset/validate", query={"token": [token]})
        assert opened.status == status


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


def test_an_administrator_who_was_restored_counts_as_one_again(school):
    platform, administrator = school.people["platform administrator"], school.people["administrator"]
    admin = school.token("administrator")
    person = create("staff", admin).result
    body = {"userIds": [person["userId"]]}
    members = f"/api/roles/{platform.roles[0]}/members"
    assert call("roles", "POST", members, token=school.token(platform), json_body=body).status == 200
    assert one("staff", "DELETE", person["id"], school.token(platform)).status == 204
    assert one("staff", "POST", f"{person['id']}/restore", school.token(platform)).status == 200
    restored = school.token(users.find(school.id, person["userId"]))
    for each in (administrator, platform):
        assert call("users", "DELETE", f"/api/users/{each.id}", token=restored).status == 204


def test_closed_administrators_do_not_count(school):
    platform, administrator = school.people["platform administrator"], school.people["administrator"]
    second = school.add("Orang Kedua", "kedua@smansa.test", list(platform.roles))
    for each in (administrator, second):
        assert post(each.id, "deactivate", school.token(platform)).status == 200
    roles = f"/api/roles/{platform.roles[0]}/members"
    answer = call("roles", "DELETE", roles, token=school.token(platform), json_body={"userIds": [platform.id]})
    assert [code_of(each) for each in answer.result] == ["last_administrator"]
