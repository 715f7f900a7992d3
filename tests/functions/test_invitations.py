"""Inviting the owner of a new account to choose the first password."""

from core.kernel.records import Overtaken
from core.links import mails as link_mails

from tests.gateway import call
from tests.mails import outbox


def invite(user, token):
    return call("users", "POST", f"/api/users/{user.id}/invitation", token=token)


def test_who_has_no_password_yet_is_invited_by_mail(school, table):
    guest = school.add("Yuliana Maheswari", "guest@smansa.test", [], password=None)
    assert invite(guest, school.token("administrator")).status == 204
    with outbox(table) as mails:
        mails.deliver()
        assert mails.addresses == ["guest@smansa.test"]
        assert "Your invitation to Core" in mails.calls[0]["Content"]["Simple"]["Subject"]["Data"]
        assert "Yuliana Maheswari" in mails.html()


def test_who_has_one_or_is_closed_is_not(school):
    admin, student = school.token("administrator"), school.people["student"]
    assert invite(student, admin).codes == [(None, "has_password")]
    guest = school.add("Yuliana Maheswari", "guest@smansa.test", [], password=None)
    assert call("users", "POST", f"/api/users/{guest.id}/deactivate", token=admin).status == 200
    assert invite(guest, admin).codes == [(None, "inactive")]


def test_who_may_not_change_the_account_invites_nobody(school, other_school):
    guest = school.add("Kepala Baru", "kepala@smansa.test", ["000000000000000000000001"], password=None)
    assert invite(guest, None).status == 401
    assert invite(guest, school.token("principal")).status == 403
    assert invite(guest, other_school.token("administrator")).status == 404
    assert invite(guest, school.token("administrator")).codes == [(None, "stronger_account")]


def test_an_account_that_changes_at_the_same_moment_is_looked_at_anew(school, admin, monkeypatch):
    guest = school.add("Yuliana Maheswari", "guest@smansa.test", [], password=None)
    transact, overtaken = link_mails.transact, [Overtaken()]

    def once_overtaken(*writes):
        if overtaken:
            raise overtaken.pop()
        transact(*writes)

    monkeypatch.setattr(link_mails, "transact", once_overtaken)
    assert invite(guest, admin).status == 204
