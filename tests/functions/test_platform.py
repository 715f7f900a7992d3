"""The way into a new deployment: whoever runs it invites the first platform administrator."""

import re

import pytest
from core.kernel.errors import BadRequest, Conflict

from tests.functions.organization_calls import NEW
from tests.gateway import call, function
from tests.mails import outbox
from tests.schools import everything

PERSON = {"name": "Rangga Wiratama", "email": "Rangga@core.test"}
PASSWORD = "Matahari-Terbit-88"


def invite(person=PERSON):
    return function("platform").handler(person, None)


@pytest.fixture
def links(table):
    """The tokens that were mailed so far."""

    def read():
        with outbox(table) as mails:
            mails.deliver()
            return [re.search(r"token=(\S+)", mails.text(number))[1] for number in range(len(mails.calls))]

    return read


def choose(link):
    return call("auth", "POST", "/api/auth/reset-password", json_body={"token": link, "newPassword": PASSWORD})


def test_into_an_empty_deployment_the_first_comes_by_mail_and_makes_schools(links):
    made = invite()
    assert choose(links()[0]).status == 200
    credentials = {"email": "rangga@core.test", "password": PASSWORD}
    token = call("auth", "POST", "/api/auth/sign-in/email", json_body=credentials).body["token"]
    assert call("users", "GET", "/api/users/me", token=token).result["id"] == made["id"]
    assert call("organizations", "POST", "/api/organizations", token=token, json_body=NEW).status == 201
    names = [each["name"] for each in call("organizations", "GET", "/api/organizations", token=token).result]
    assert names == ["Core", NEW["name"]]


def test_who_has_not_come_yet_is_invited_anew_and_who_has_is_not(links):
    first = invite()
    assert invite() == first
    # A newer link takes the place of an older one.
    assert [choose(link).status for link in links()] == [400, 200]
    with pytest.raises(Conflict, match="has a password"):
        invite()


def test_the_second_joins_the_same_organization(table):
    first, second = invite(), invite({"name": "Dewi", "email": "dewi@core.test"})
    assert first["organizationId"] == second["organizationId"]
    assert first["id"] != second["id"]


def test_an_address_of_a_school_is_not_taken_from_it(school, table):
    before = everything(table)
    with pytest.raises(Conflict, match="Another account uses"):
        invite({"name": "X", "email": school.people["teacher"].email})
    assert everything(table) == before


@pytest.mark.parametrize("person", [{}, {"name": "X"}, {"name": "X", "email": "x"}, {**PERSON, "roles": []}])
def test_what_names_nobody_is_refused(table, person):
    with pytest.raises(BadRequest):
        invite(person)


def test_who_lost_the_role_or_is_closed_is_not_invited_as_if_that_were_a_way_in(links):
    invite()
    assert choose(links()[0]).status == 200
    credentials = {"email": "rangga@core.test", "password": PASSWORD}
    token = call("auth", "POST", "/api/auth/sign-in/email", json_body=credentials).body["token"]
    second = invite({"name": "Dewi", "email": "dewi@core.test"})
    assert call("users", "POST", f"/api/users/{second['id']}/deactivate", token=token).status == 200
    with pytest.raises(Conflict, match="closed"):
        invite({"name": "Dewi", "email": "dewi@core.test"})
