"""POST /api/users/invitations: inviting many people at once to choose their first password."""

from datetime import timedelta

import pytest
from core.kernel import clock
from core.kernel.policy import ADMINISTRATOR, STUDENT
from core.kernel.table import get
from core.links.mails import INVITED_SECONDS
from core.links.models import GIVEN_LINK_SORT, LinkItem
from core.links.resets import issue_link
from core.outbox.models import MailKind
from core.sessions.service import caller_behind
from core.slips import invitations
from core.users.models import belongings_of

from tests.functions.test_audit import trail
from tests.functions.test_classes import add, made, student
from tests.functions.test_roles import roles
from tests.gateway import call
from tests.killing import keep, killed_anywhere
from tests.outcomes import code_of, let_time_run_out, summary
from tests.schools import everything

PATH = "/api/users/invitations"


@pytest.fixture
def guests(school):
    """Accounts without a password."""
    return [
        school.add(f"Murid Baru {number:02}", f"baru{number}@smansa.test", [STUDENT.id], password=None)
        for number in range(12)
    ]


def invite(token, **asked):
    return call("slips", "POST", PATH, token=token, json_body=asked)


def role_with(token, *permissions):
    return roles("POST", token=token, json_body={"name": "Tata Usaha", "permissions": permissions}).result["id"]


def clerk_of(school, admin):
    """Somebody who writes accounts, and may do little else."""
    return school.add("Tata Usaha", "tu@smansa.test", [role_with(admin, "users:read", "users:write")])


def ids_of(people):
    return [each.id for each in people]


def link_of(user):
    return get(LinkItem, belongings_of(user.organization_id, user.id), GIVEN_LINK_SORT)


class TestWhoIsInvited:
    def test_people_named_one_by_one_each_get_a_mail_whose_link_sets_the_first_password(self, admin, guests, mails):
        answer = invite(admin, userIds=ids_of(guests))
        assert (answer.status, answer.body["meta"]["summary"]) == (200, summary(total=12, updated=12))
        assert [(row["id"], row["email"], row["errors"]) for row in answer.result] == [
            (each.id, each.email, []) for each in guests
        ]
        assert mails.deliver() == []
        assert sorted(mails.addresses) == sorted(each.email for each in guests)
        token = mails.text(0).partition("token=")[2].split()[0]
        body = {"newPassword": "Kunci-Pertama-Rapor", "token": token}
        assert call("auth", "POST", "/api/auth/reset-password", json_body=body).status == 200
        signing = {"email": mails.addresses[0], "password": body["newPassword"]}
        assert call("auth", "POST", "/api/auth/sign-in/email", json_body=signing).status == 200

    def test_they_wait_in_the_lane_of_bulk_operations(self, admin, guests, mails):
        invite(admin, userIds=ids_of(guests[:2]))
        assert [each.kind for each in mails.stored()] == [MailKind.INVITATION] * 2
        assert {lane: len(keys) for lane, keys in mails.waiting().items()} == {"urgent": 0, "bulk": 2}

    def test_a_role_means_all_who_have_it_and_who_has_a_password_is_skipped(self, school, admin, guests):
        rows = {row["id"]: row for row in invite(admin, roleId=STUDENT.id).result}
        student = rows.pop(school.people["student"].id)
        assert (student["status"], code_of(student)) == ("skipped", "has_password")
        assert rows.keys() == set(ids_of(guests))
        assert {row["status"] for row in rows.values()} == {"updated"}

    def test_a_class_means_all_its_students_with_accounts(self, admin):
        class_id = made(admin, capacity=3)
        for members in ({"email": "a@x.test"}, {"email": "b@x.test"}, {}):
            assert add(admin, class_id, student(admin, **members)).status == 201
        student(admin, email="elsewhere@x.test")
        rows = invite(admin, classId=class_id).result
        assert [(row["email"], row["status"]) for row in rows] == [("a@x.test", "updated"), ("b@x.test", "updated")]

    @pytest.mark.parametrize("asked", [{}, {"userIds": ["0" * 24], "roleId": STUDENT.id}, {"userIds": []}])
    def test_they_are_named_in_exactly_one_way(self, admin, asked):
        assert invite(admin, **asked).status == 400

    def test_more_than_500_are_refused_before_anybody_is_invited(self, admin, table):
        before = everything(table)
        assert invite(admin, userIds=["0" * 24] * 501).codes == [("userIds", "too_many")]
        assert everything(table) == before


class TestWhoMayInviteWhom:
    def test_nobody_invites_a_stronger_account_or_the_own_and_the_others_are_invited_all_the_same(
        self, school, admin, guests, mails
    ):
        clerk = clerk_of(school, admin)
        chief = school.add("Kepala Baru", "kepala@smansa.test", [ADMINISTRATOR.id], password=None)
        asked = [chief.id, clerk.id, guests[0].id]
        rows = invite(school.token(clerk), userIds=asked).result
        assert [(row["status"], code_of(row)) for row in rows] == [
            ("failed", "stronger_account"),
            ("failed", "own_account"),
            ("updated", None),
        ]
        assert [each.to for each in mails.stored()] == [[guests[0].email]]

    def test_whether_a_stronger_account_has_a_password_is_not_told(self, school, admin):
        clerk = clerk_of(school, admin)
        chief = school.add("Kepala Baru", "kepala@smansa.test", [ADMINISTRATOR.id], password=None)
        rows = invite(school.token(clerk), userIds=[chief.id, school.people["administrator"].id]).result
        assert [code_of(row) for row in rows] == ["stronger_account"] * 2

    def test_an_account_of_another_school_looks_like_one_that_is_nowhere(self, school, other_school, admin, mails):
        other = other_school.add("Murid Lain", "lain@smandua.test", [STUDENT.id], password=None)
        hidden, absent = invite(admin, userIds=[other.id, "0" * 24]).result
        assert hidden == absent | {"id": other.id}
        assert (absent["status"], code_of(absent), absent["name"], absent["email"]) == (
            *("failed", "not_found"),
            *(None, None),
        )
        assert mails.stored() == []

    @pytest.mark.parametrize("member", ["classId", "roleId"])
    def test_classes_and_roles_of_another_school_are_nowhere(self, other_school, admin, member):
        token = other_school.token("administrator")
        theirs = {"classId": made(token), "roleId": role_with(token, "users:read")}
        answers = [invite(admin, **{member: each}) for each in (theirs[member], "0" * 24)]
        assert [each.codes for each in answers] == [[(member, "not_found")]] * 2

    @pytest.mark.parametrize("path", [PATH, "/api/users/password-resets"])
    @pytest.mark.parametrize(("member", "wanting"), [("classId", "classes:read"), ("roleId", "users:read")])
    def test_who_is_in_a_class_or_a_role_is_not_told_to_who_may_not_look_it_up(
        self, school, admin, guests, table, member, wanting, path
    ):
        class_id = made(admin)
        named = {"classId": class_id, "roleId": STUDENT.id}[member]
        able = {"users:write", "users:password", "classes:read", "users:read"}
        token = school.token(school.add("Tata Usaha", "tu@smansa.test", [role_with(admin, *sorted(able - {wanting}))]))
        before = everything(table)
        for each in (named, "0" * 24):
            answer = call("slips", "POST", path, token=token, json_body={member: each})
            assert (answer.status, answer.codes, answer.result) == (403, [(None, "forbidden")], None)
            assert wanting in answer.body["message"]
        assert everything(table) == before
        by_id = call("slips", "POST", path, token=token, json_body={"userIds": ids_of(guests[:1])})
        assert [row["status"] for row in by_id.result] == ["updated"]

    def test_it_takes_the_permission_to_write_accounts(self, school, guests):
        assert invite(None, userIds=ids_of(guests)).status == 401
        assert invite(school.token("teacher"), userIds=ids_of(guests)).status == 403

    def test_who_is_inactive_is_told_so(self, admin, guests):
        assert call("users", "POST", f"/api/users/{guests[0].id}/deactivate", token=admin).status == 200
        (row,) = invite(admin, userIds=[guests[0].id]).result
        assert (row["status"], code_of(row)) == ("failed", "inactive")


class TestAskedAgain:
    def test_whose_invitation_opens_still_gets_no_second_mail(self, admin, guests, mails):
        assert invite(admin, userIds=ids_of(guests)).status == 200
        again = invite(admin, roleId=STUDENT.id)
        assert again.body["meta"]["summary"] == summary(total=13, unchanged=12, skipped=1)
        assert len(mails.stored()) == 12

    def test_whose_invitation_lapsed_or_went_to_another_address_gets_one(self, school, admin, guests, monkeypatch):
        invite(admin, userIds=ids_of(guests[:2]))
        body = {"email": "benar@smansa.test"}
        assert call("users", "PATCH", f"/api/users/{guests[0].id}", token=admin, json_body=body).status == 200
        assert [row["status"] for row in invite(admin, userIds=ids_of(guests[:2])).result] == ["updated", "unchanged"]
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=INVITED_SECONDS + 1))
        [row] = invite(school.token("administrator"), userIds=ids_of(guests[1:2])).result
        assert row["status"] == "updated"

    def test_a_link_that_was_handed_over_is_no_invitation(self, school, admin, guests, mails):
        issue_link(caller_behind(school.people["administrator"]), guests[0])
        assert [row["status"] for row in invite(admin, userIds=[guests[0].id]).result] == ["updated"]
        assert [each.to for each in mails.stored()] == [[guests[0].email]]

    def test_an_address_gets_five_mails_a_day_and_the_others_are_invited(self, admin, guests, monkeypatch):
        at = clock.from_wire("2026-11-21T12:30:00.000Z")
        for number in range(5):
            monkeypatch.setattr(clock, "now", lambda number=number: at + timedelta(seconds=61 * number))
            assert call("users", "POST", f"/api/users/{guests[0].id}/invitation", token=admin).status == 204
        link_of(guests[0]).delete()
        rows = invite(admin, userIds=ids_of(guests[:3])).result
        assert [(row["status"], code_of(row)) for row in rows] == [
            ("failed", "too_many_requests"),
            *[("updated", None)] * 2,
        ]

    def test_two_who_invite_the_same_people_at_the_same_moment_mail_each_once(self, admin, guests, mails, monkeypatch):
        inviting, racing = invitations.inviting, [True]

        def raced(*arguments):
            if racing and racing.pop():
                invite(admin, userIds=ids_of(guests))
            return inviting(*arguments)

        monkeypatch.setattr(invitations, "inviting", raced)
        rows = invite(admin, userIds=ids_of(guests)).result
        assert {row["status"] for row in rows} == {"unchanged"}
        assert len(mails.stored()) == 12

    def test_who_was_not_reached_in_time_is_told_and_reached_by_the_same_request(
        self, admin, guests, mails, monkeypatch
    ):
        let_time_run_out(monkeypatch, looks=13)
        rows = invite(admin, userIds=ids_of(guests)).result
        monkeypatch.undo()
        left = [row["id"] for row in rows if code_of(row) == "not_done"]
        assert 0 < len(left) < 12
        again = invite(admin, userIds=ids_of(guests))
        assert again.body["meta"]["summary"] == summary(total=12, updated=len(left), unchanged=12 - len(left))
        assert sorted(each.user_id for each in mails.stored()) == sorted(ids_of(guests))


def test_an_invitation_of_many_that_is_killed_anywhere_invites_each_once_when_it_is_sent_again(admin, guests, table):
    def check():
        ordered = [each["user_id"]["S"] for each in everything(table) if each["pk"]["S"].endswith("#OUTBOX")]
        assert sorted(ordered) == sorted(ids_of(guests))

    killed_anywhere(lambda: invite(admin, userIds=ids_of(guests)), check, keep(table))


def test_the_trail_says_who_invited_whom(school, admin, guests):
    invite(admin, userIds=ids_of(guests[:2]))
    found = trail(admin, action="users.invite").result
    assert sorted(each["targetId"] for each in found) == sorted(ids_of(guests[:2]))
    assert {each["actor"]["id"] for each in found} == {school.people["administrator"].id}
