"""A forgotten password: the link is asked for, mailed, followed and used once."""

import base64
from datetime import timedelta

import pytest
from core.accounts import members
from core.kernel import clock
from core.kernel.table import query
from core.links import use as link_use
from core.links.models import page_url, token_of, verification_token
from core.outbox.models import MailItem, outbox_of
from core.roles import service
from core.sessions.service import caller_behind
from core.users.models import UserItem

from tests.gateway import call
from tests.schools import PASSWORD, everything
from tests.wire import Counting, intercepted

NEW = "Kunci-Baru-Untuk-Siswa"


@pytest.fixture(autouse=True)
def verified(school):
    for person in school.people.values():
        person.update(actions=[UserItem.email_verified.set(True)])


def ask(email, source="203.0.113.7", **body):
    return call(
        "auth",
        "POST",
        "/api/auth/request-password-reset",
        json_body={"email": email, **body},
        source_ip=source,
    )


def give(school, permission, name):
    """A role of the school with this permission, to the person of this name."""
    actor = caller_behind(school.people["administrator"])
    role = service.create_role(actor, {"name": "Kunci", "permissions": [permission]})
    assert members.add(actor, role.id, [school.people[name].id])[0].status == "updated"


def mails(organization_id, kind="reset_link"):
    found = [MailItem.from_raw_data(item) for item in query(outbox_of(organization_id)).items]
    return [mail for mail in found if mail.kind == kind]


def mailed_token(school, kind="reset_link"):
    mail = mails(school.id, kind)[-1]
    return token_of(school.id, mail.user_id, mail.details.as_dict()["link_id"])


def use(token, password=NEW):
    return call("auth", "POST", "/api/auth/reset-password", json_body={"newPassword": password, "token": token})


def follow(token, **query):
    return call("auth", "GET", f"/api/auth/reset-password/{token}", query={k: [v] for k, v in query.items()} or None)


def sign_in(email, password):
    return call("auth", "POST", "/api/auth/sign-in/email", json_body={"email": email, "password": password})


class TestAsking:
    def test_the_mail_goes_to_the_stored_address_only(self, school):
        assert ask("STUDENT@smansa.test").status == 200
        (mail,) = mails(school.id)
        assert list(mail.to) == ["student@smansa.test"]

    def test_known_and_unknown_addresses_get_the_same_answer_and_cost_the_same(self, school):
        answers, costs = [], []
        for number, email in enumerate(["student@smansa.test", "nobody@smansa.test"]):
            counting = Counting()
            with intercepted(counting):
                answers.append(ask(email, source=f"203.0.113.{number}"))
            costs.append(str(counting))
        assert answers[0].text == answers[1].text
        assert answers[0].body["status"] is True
        assert costs[0] == costs[1]

    def test_a_role_of_the_school_costs_no_call_that_an_unknown_address_does_not(self, school):
        give(school, "users:password", "student")
        costs = []
        for number, email in enumerate(["student@smansa.test", "nobody@smansa.test"]):
            counting = Counting()
            with intercepted(counting):
                ask(email, source=f"203.0.113.{number}")
            costs.append(sorted(name.partition(" ")[0] for name in counting.calls.elements()))
        assert costs[0] == costs[1]

    @pytest.mark.parametrize(("permission", "minutes"), [("users:password", 30), ("users:read", 60)])
    def test_who_sets_passwords_by_a_role_of_the_school_has_an_administrators_half_hour(
        self, school, permission, minutes
    ):
        give(school, permission, "student")
        ask("student@smansa.test")
        (mail,) = mails(school.id)
        until = clock.from_wire(mail.details.as_dict()["valid_until"])
        assert timedelta(minutes=minutes - 1) < until - clock.now() <= timedelta(minutes=minutes)

    @pytest.mark.parametrize("state", ["unverified", "inactive"])
    def test_an_unverified_or_closed_account_gets_no_mail(self, school, state):
        change = UserItem.email_verified.set(False) if state == "unverified" else UserItem.active.set(False)
        school.people["student"].update(actions=[change])
        assert ask("student@smansa.test").status == 200
        assert mails(school.id) == []

    @pytest.mark.parametrize(
        "email",
        [
            "student@smansa.test\r\nBcc: x@x.test",
            "\u017ftudent@smansa.test",
            "student@\ufb01.test",
            "",
            "x",
            "a@b@c.test",
        ],
    )
    def test_what_is_no_address_is_400(self, school, email):
        answer = ask(email)
        assert (answer.status, answer.body["code"]) == (400, "INVALID_EMAIL")

    @pytest.mark.parametrize("email", [["student@smansa.test"], {"a": 1}, None, 5])
    def test_another_type_than_a_string_is_400(self, school, email):
        assert ask(email).status == 400

    @pytest.mark.parametrize(
        "url", ["https://evil.test", "//evil.test", "/\\evil.test", "http://localhost:3000.evil.test", "javascript:x"]
    )
    def test_a_foreign_page_is_refused(self, school, url):
        answer = ask("student@smansa.test", redirectTo=url)
        assert (answer.status, answer.body["code"]) == (403, "INVALID_REDIRECT_URL")
        assert mails(school.id) == []

    def test_the_mail_leads_to_the_page_of_ours_that_asked(self, school):
        assert ask("student@smansa.test", redirectTo="/baru").status == 200
        (mail,) = mails(school.id)
        assert mail.details.as_dict()["redirect_to"] == "/baru"

    def test_the_links_origin_is_the_configured_one_whatever_the_headers_say(self, school):
        headers = {"Host": "evil.test", "X-Forwarded-Host": "evil.test", "Origin": "https://evil.test"}
        path = "/api/auth/request-password-reset"
        body = {"email": "student@smansa.test"}
        assert call("auth", "POST", path, json_body=body, headers=headers).status == 200
        assert page_url(mailed_token(school)).startswith("http://localhost:3000/reset-password?token=")

    def test_a_second_mail_within_a_minute_is_429_known_or_not(self, school):
        for email in ("student@smansa.test", "nobody@smansa.test"):
            assert ask(email, source=email).status == 200
            again = ask(email, source=f"other-{email}")
            assert again.status == 429
            assert 1 <= int(again.headers["retry-after"]) <= 60
        assert len(mails(school.id)) == 1

    def test_a_fourth_request_of_one_source_within_a_minute_is_429(self, school):
        statuses = [ask(f"somebody{number}@x.test").status for number in range(4)]
        assert statuses == [200, 200, 200, 429]


class TestFollowing:
    def test_a_link_opened_ten_times_still_works(self, school):
        ask("student@smansa.test")
        token = mailed_token(school)
        for _ in range(10):
            answer = follow(token)
            assert answer.status == 302
            assert answer.headers["location"] == f"http://localhost:3000/reset-password?token={token}"
            assert answer.headers["referrer-policy"] == "no-referrer"
        assert use(token).status == 200

    def test_a_dead_link_leads_to_the_page_with_the_error(self, school):
        answer = follow("A" * 75)
        assert answer.headers["location"] == "http://localhost:3000/reset-password?error=INVALID_TOKEN"

    def test_a_trusted_callback_gets_the_token_and_a_foreign_one_is_403(self, school):
        ask("student@smansa.test")
        token = mailed_token(school)
        assert follow(token, callbackURL="/own?x=1").headers["location"] == f"/own?x=1&token={token}"
        answer = follow(token, callbackURL="https://evil.test/")
        assert (answer.status, answer.body["code"]) == (403, "INVALID_CALLBACK_URL")


class TestUsing:
    def test_the_password_is_set_the_sessions_end_and_the_owner_is_told(self, school):
        student, old = school.people["student"], school.token("student")
        ask(student.email)
        assert use(mailed_token(school)).body == {"status": True}
        assert call("users", "GET", "/api/users/me", token=old).status == 401
        assert sign_in(student.email, PASSWORD).status == 401
        assert sign_in(student.email, NEW).status == 200
        (notice,) = mails(school.id, "password_changed")
        assert list(notice.to) == [student.email]

    def test_it_works_once(self, school):
        ask("student@smansa.test")
        token = mailed_token(school)
        assert use(token).status == 200
        again = use(token, "Kunci-Lain-Untuk-Siswa")
        assert (again.status, again.body["code"]) == (400, "INVALID_TOKEN")

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("", "PASSWORD_TOO_SHORT"),
            ("short", "PASSWORD_TOO_SHORT"),
            ("x" * 129, "PASSWORD_TOO_LONG"),
            ("password1", "PASSWORD_COMPROMISED"),
            (PASSWORD, "PASSWORD_REUSED"),
        ],
    )
    def test_a_refused_password_leaves_the_token_usable(self, school, password, code):
        ask("student@smansa.test")
        token = mailed_token(school)
        answer = use(token, password)
        assert (answer.status, answer.body["code"]) == (400, code)
        assert use(token).status == 200

    def test_it_ends_after_an_hour_and_after_30_minutes_for_administrators(self, school, monkeypatch):
        for who, minutes in (("student", 60), ("administrator", 30)):
            ask(school.people[who].email, source=who)
            token = mailed_token(school)
            real, began = clock.now, clock.now()
            monkeypatch.setattr(clock, "now", lambda began=began, m=minutes: began + timedelta(minutes=m, seconds=-5))
            assert follow(token).headers["location"].endswith(token)
            monkeypatch.setattr(clock, "now", lambda began=began, m=minutes: began + timedelta(minutes=m, seconds=5))
            assert use(token).body["code"] == "INVALID_TOKEN"
            monkeypatch.setattr(clock, "now", real)

    def test_an_administrators_reset_kills_it(self, school):
        student = school.people["student"]
        ask(student.email)
        token = mailed_token(school)
        path = f"/api/users/{student.id}/password"
        answer = call("users", "PATCH", path, token=school.token("administrator"), json_body={"password": NEW})
        assert answer.body["meta"]["receipt"] == {
            "sessionsEnded": 0,
            "tokensEnded": 1,
            "ownerMailed": True,
            "changeRequired": False,
        }
        assert use(token, "Kunci-Lain-Untuk-Siswa").body["code"] == "INVALID_TOKEN"

    def test_nothing_stored_opens_anything(self, table, school, monkeypatch):
        monkeypatch.setattr(link_use, "_MOST", 10_000)
        ask("student@smansa.test")
        token = mailed_token(school)
        stored = str(everything(table))
        assert token not in stored
        assert base64.urlsafe_b64decode(token + "=")[24:].hex() not in stored
        for each in {value for item in everything(table) for value in str(item).split("'") if len(value) > 30}:
            assert use(each[:200]).status == 400

    @pytest.mark.parametrize("token", ["", "A" * 75, "A" * 74, "%", "ä", "A" * 201])
    def test_what_is_no_token_is_refused(self, school, token):
        assert use(token).status == 400


class TestStatus:
    def test_it_tells_until_when_a_link_is_valid_and_whether_it_was_used(self, school):
        token, student = school.token("administrator"), school.people["student"]
        path = f"/api/users/{student.id}/password-status"
        before = call("users", "GET", path, token=token).result
        assert (before["link"], before["changeRequired"], before["oneTimeUntil"]) == (None, False, None)
        ask(student.email)
        link = call("users", "GET", path, token=token).result["link"]
        assert link["valid"] is True
        assert link["validUntil"] > link["createdAt"]
        use(mailed_token(school))
        link = call("users", "GET", path, token=token).result["link"]
        assert link["valid"] is False
        assert link["usedAt"] is not None

    def test_a_teacher_may_not_and_another_school_sees_nothing(self, school, other_school):
        path = f"/api/users/{school.people['student'].id}/password-status"
        assert call("users", "GET", path).status == 401
        assert call("users", "GET", path, token=school.token("teacher")).status == 403
        assert call("users", "GET", path, token=other_school.token("administrator")).status == 404


def test_following_the_mail_to_an_address_verifies_it(school):
    student = school.people["student"]
    student.update(actions=[UserItem.email_verified.set(False)])
    token = verification_token(school.id, student.id, student.email)
    answer = call("auth", "GET", "/api/auth/verify-email", query={"token": [token]})
    assert answer.headers["location"].endswith("/email-verified?status=verified")
    assert call("users", "GET", "/api/users/me", token=school.token("student")).result["emailVerified"] is True
    forged = verification_token(school.id, student.id, "other@x.test")
    answer = call("auth", "GET", "/api/auth/verify-email", query={"token": [forged]})
    assert answer.headers["location"].endswith("/email-verified?status=invalid")


def test_the_page_says_in_both_languages_whether_the_address_was_verified():
    good = call("pages", "GET", "/email-verified", query={"status": ["verified"]})
    bad = call("pages", "GET", "/email-verified", query={"status": ["x"]})
    assert (good.status, bad.status) == (200, 200)
    assert "Your mail address is confirmed" in good.text
    assert "This link is not valid" in bad.text
