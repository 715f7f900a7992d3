"""Acceptance B11: nobody sets the own password without the old one, whatever door is tried and whatever the role."""

import pytest
from core.links import models as links

from tests.gateway import call
from tests.outcomes import code_of
from tests.schools import PASSWORD, everything

NEW = "Pilihan-Sendiri-99"
ADMINISTRATORS = ["administrator", "platform administrator"]


def sign_in(user, password):
    body = {"email": user.email, "password": password}
    return call("auth", "POST", "/api/auth/sign-in/email", json_body=body).status


@pytest.fixture(params=ADMINISTRATORS)
def owner(request, school):
    """Somebody who may set passwords; the test has the session, and not the password."""
    return school.people[request.param]


@pytest.fixture
def stolen(school, owner):
    """A session of the owner in the wrong hands."""
    return school.token(owner)


@pytest.fixture(autouse=True)
def unchanged(request, table):
    """Whatever was tried: the old password signs in, the session lives, and no link is there."""
    owner, stolen = (request.getfixturevalue(each) for each in ("owner", "stolen"))
    yield
    assert sign_in(owner, PASSWORD) == 200
    assert sign_in(owner, NEW) == 401
    assert call("users", "GET", "/api/users/me", token=stolen).status == 200
    assert not [each for each in everything(table) if each["sk"]["S"].startswith(links.LINK_SORT)]


@pytest.mark.parametrize("spelling", [str.lower, str.upper])
def test_b11_core_refuses_the_reset_of_ones_own_password(owner, stolen, spelling):
    path = f"/api/users/{spelling(owner.id)}/password"
    answer = call("users", "PATCH", path, token=stolen, json_body={"password": NEW})
    assert (answer.status, answer.codes) == (403, [(None, "own_account")])
    assert answer.body["message"] == "This is your own account. Change your password with the current one."


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/management/v1/users/{}/password", {"password": NEW, "noChangeRequired": True}),
        ("/v2/users/{}/password", {"newPassword": {"password": NEW}}),
        ("/v2/users/{}/password", {"newPassword": {"password": NEW}, "currentPassword": None}),
    ],
)
def test_b11_zitadel_refuses_it_without_the_current_one(owner, stolen, path, body):
    answer = call("zitadel", "POST", path.format(owner.id), token=stolen, json_body=body)
    assert (answer.status, answer.body["code"]) == (403, 7)
    assert [each["id"] for each in answer.body["details"]] == ["own_account"]


def test_b11_unleash_asks_for_the_old_one(owner, stolen):
    path = f"/api/admin/user-admin/{owner.id}/change-password"
    answer = call("unleash", "POST", path, token=stolen, json_body={"password": NEW})
    assert (answer.status, answer.body["name"]) == (400, "ValidationError")
    assert "The .oldPassword property is required." in answer.body["message"]


def test_b11_unleash_hands_out_no_reset_link_for_ones_own_account(owner, stolen):
    path = "/api/admin/user-admin/reset-password"
    answer = call("unleash", "POST", path, token=stolen, json_body={"id": owner.email})
    assert (answer.status, answer.body["name"]) == (403, "NoAccessError")
    assert list(answer.body) == ["id", "name", "message"]


def test_b11_applivery_refuses_a_wrong_old_one(owner, stolen):
    path = f"/v1/users/{owner.id}/change-password"
    body = {"oldPassword": "not the password", "newPassword": NEW}
    answer = call("applivery", "POST", path, token=stolen, json_body=body)
    assert (answer.status, answer.body["error"]["code"]) == (400, 5023)


def test_b11_nobody_gets_a_one_time_password_for_the_own_account(owner, stolen):
    body = {"userIds": [owner.id]}
    (row,) = call("slips", "POST", "/api/users/password-resets", token=stolen, json_body=body).result
    assert (row["status"], code_of(row)) == ("failed", "own_account")


def test_b11_nobody_invites_the_own_account(owner, stolen):
    answer = call("users", "POST", f"/api/users/{owner.id}/invitation", token=stolen)
    assert (answer.status, answer.codes) == (403, [(None, "own_account")])
