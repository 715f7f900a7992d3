"""Links that an administrator gave beside those that anybody can ask for in the owner's name (contract section 4)."""

from datetime import timedelta

import pytest
from core.kernel import clock
from core.kernel.table import transact, update
from core.links import use as link_use
from core.users.models import UserItem

from tests.functions.test_reset_links import ask, mailed_token, mails, use
from tests.functions.unleash import link, send
from tests.gateway import call
from tests.schools import PASSWORD, School

NEW = "Kunci-Baru-Untuk-Siswa"
INVALID = (400, "INVALID_TOKEN")


@pytest.fixture(autouse=True)
def verified(school: School) -> None:
    """The student's address, to which links are mailed."""
    school.people["student"].update(actions=[UserItem.email_verified.set(True)])


def ask_core():
    return ask("student@smansa.test")


def ask_unleash():
    return send("POST", "/auth/reset/password-email", body={"email": "student@smansa.test"})


ASKING = pytest.mark.parametrize("asking", [ask_core, ask_unleash])


def trail(school, action):
    token = school.token("administrator")
    return call("audit", "GET", "/api/audit", token=token, query={"action": [action]}).result


@ASKING
def test_a_stranger_who_asks_for_a_link_ends_none_that_an_administrator_gave(school, asking):
    given = link(school)
    assert asking().status == 200
    assert use(given, NEW).status == 200


@ASKING
def test_a_stranger_who_asks_for_a_link_ends_no_invitation(school, asking):
    guest = school.add("Yuliana Maheswari", "guest@smansa.test", [], password=None)
    guest.update(actions=[UserItem.email_verified.set(True)])
    admin = school.token("administrator")
    assert call("users", "POST", f"/api/users/{guest.id}/invitation", token=admin).status == 204
    (invited,) = mails(school.id, "invitation")
    given = mailed_token(school, "invitation")
    assert list(invited.to) == ["guest@smansa.test"]
    assert ask("guest@smansa.test").status == 200
    assert use(given, NEW).status == 200


@ASKING
def test_a_link_that_is_given_ends_those_that_were_asked_for_and_given_before(school, asking):
    before = link(school)
    assert asking().status == 200
    asked = mailed_token(school)
    given = link(school)
    for dead in (before, asked):
        answer = use(dead)
        assert (answer.status, answer.body["code"]) == INVALID
    assert use(given, NEW).status == 200


def test_an_invitation_ends_the_link_that_was_asked_for(school):
    guest = school.add("Yuliana Maheswari", "guest@smansa.test", [], password=None)
    guest.update(actions=[UserItem.email_verified.set(True)])
    assert ask(guest.email).status == 200
    asked = mailed_token(school)
    admin = school.token("administrator")
    assert call("users", "POST", f"/api/users/{guest.id}/invitation", token=admin).status == 204
    assert use(asked).body["code"] == "INVALID_TOKEN"
    assert use(mailed_token(school, "invitation"), NEW).status == 200


@pytest.mark.parametrize("used", [0, 1])
def test_whichever_of_two_is_used_the_other_one_is_dead(school, used):
    given = link(school)
    ask("student@smansa.test")
    tokens = [given, mailed_token(school)]
    assert use(tokens[used], NEW).status == 200
    assert use(tokens[1 - used], "Kunci-Lain-Untuk-Siswa").body["code"] == "INVALID_TOKEN"
    assert use(tokens[used], "Kunci-Lain-Untuk-Siswa").body["code"] == "INVALID_TOKEN"


def test_the_receipt_of_a_reset_counts_both_and_the_status_shows_the_one_that_opens(school):
    admin, student = school.token("administrator"), school.people["student"]
    given = link(school)
    ask(student.email)
    assert (
        send("GET", "/auth/reset/validate", query={"token": [given]}).body["createdBy"] == "administrator@smansa.test"
    )
    path = f"/api/users/{student.id}/password"
    answer = call("users", "PATCH", path, token=admin, json_body={"password": NEW})
    assert answer.body["meta"]["receipt"]["tokensEnded"] == 2
    link(school)
    shown = call("users", "GET", f"/api/users/{student.id}/password-status", token=admin).result["link"]
    assert shown["valid"] is True


def test_the_status_shows_the_link_that_opens_though_a_newer_one_was_asked_for_and_is_over(school, monkeypatch):
    student, began = school.people["student"], clock.now()
    link(school)
    ask(student.email)
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=2))
    path = f"/api/users/{student.id}/password-status"
    shown = call("users", "GET", path, token=school.token("administrator")).result["link"]
    assert shown["valid"] is True
    assert clock.from_wire(shown["validUntil"]) > clock.now() + timedelta(hours=21)


class TestTheTrail:
    def test_says_by_whose_link_a_password_was_set(self, school):
        assert use(link(school), NEW).status == 200
        (used,), (given,) = trail(school, "users.password.link.use"), trail(school, "users.password.link")[-1:]
        assert used["targetId"] == school.people["student"].id
        assert used["details"] == given["details"] | {"linkBy": school.people["administrator"].id}

    def test_says_nothing_of_the_kind_of_a_link_that_the_owner_asked_for(self, school):
        ask("student@smansa.test")
        assert use(mailed_token(school), NEW).status == 200
        (used,) = trail(school, "users.password.link.use")
        assert list(used["details"]) == ["linkId"]

    def test_says_who_invited(self, school):
        guest, admin = school.add("Yuliana", "guest@smansa.test", [], password=None), school.token("administrator")
        assert call("users", "POST", f"/api/users/{guest.id}/invitation", token=admin).status == 204
        assert use(mailed_token(school, "invitation"), NEW).status == 200
        (used,) = trail(school, "users.password.link.use")
        assert used["details"]["linkBy"] == school.people["administrator"].id


def test_only_a_mailed_link_proves_whose_the_address_is(school):
    student, admin = school.people["student"], school.token("administrator")

    def is_verified(user):
        return call("users", "GET", f"/api/users/{user.id}", token=admin).result["emailVerified"]

    student.update(actions=[UserItem.email_verified.set(False)])
    assert use(link(school), NEW).status == 200
    assert is_verified(student) is False
    guest = school.add("Yuliana", "guest@smansa.test", [], password=None)
    assert call("users", "POST", f"/api/users/{guest.id}/invitation", token=admin).status == 204
    assert use(mailed_token(school, "invitation"), NEW).status == 200
    assert is_verified(guest) is True


@pytest.mark.parametrize("recovery", ["change-password", "revoke-sessions"])
def test_b11_a_link_that_a_stolen_session_got_dies_when_its_owner_recovers_the_account(school, recovery):
    given = link(school)
    assert call("unleash", "GET", "/auth/reset/validate", query={"token": [given]}).status == 200
    token = school.token("administrator")
    body = {"currentPassword": PASSWORD, "newPassword": "Melati-Putih-Di-Beranda-26"}
    sent = body if recovery == "change-password" else {}
    assert call("auth", "POST", f"/api/auth/{recovery}", token=token, json_body=sent).status == 200
    assert call("unleash", "GET", "/auth/reset/validate", query={"token": [given]}).status == 401
    answer = use(given, NEW)
    assert (answer.status, answer.body["code"]) == INVALID


def test_b11_a_link_dies_with_the_giver_although_it_was_looked_at_before(school, monkeypatch):
    given = link(school)
    seen = link_use.stands_behind
    administrator = school.people["administrator"]

    def recovered_right_after(giver, item):
        stands = seen(giver, item)
        transact(update(administrator, [UserItem.api_token_epoch.add(1)]))
        return stands

    monkeypatch.setattr(link_use, "stands_behind", recovered_right_after)
    answer = use(given, NEW)
    assert (answer.status, answer.body["code"]) == INVALID
