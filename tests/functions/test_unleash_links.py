"""Unleash's door: reset links handed out, mailed and used (seeds, contract section 4)."""

import pytest
from core.kernel import clock
from core.kernel.table import transact, update
from core.users.models import UserItem

from tests.functions.unleash import NEEDS, NEW, SEED_401, change, link, refused, reset, send, sign_in
from tests.gateway import call


class TestAResetLink:
    def test_is_answered_with_the_member_of_the_seed(self, school):
        answer = reset(school.token("administrator"), school.people["student"].email.upper())
        assert (answer.status, list(answer.body)) == (200, ["resetPasswordUrl"])
        assert answer.body["resetPasswordUrl"].startswith("http://localhost:3000/reset-password?token=")

    def test_says_whose_it_is_however_often_it_is_opened(self, school):
        token, student = link(school), school.people["student"]
        for _ in range(3):
            answer = send("GET", "/auth/reset/validate", query={"token": [token]})
            assert answer.status == 200
        assert answer.body == {
            "id": student.id,
            "name": student.name,
            "email": student.email,
            "token": token,
            "createdBy": "administrator@smansa.test",
            "role": {"id": "000000000000000000000006", "name": "student", "type": "root"},
        }

    def test_shows_the_strongest_of_several_roles(self, school):
        names = ("student", "principal", "teacher")
        roles = [role for name in names for role in school.people[name].roles]
        transact(update(school.people["student"], [UserItem.roles.set(roles)]))
        answer = send("GET", "/auth/reset/validate", query={"token": [link(school)]})
        assert answer.body["role"]["name"] == "principal"

    def test_sets_the_password_once_and_ends_the_sessions(self, school):
        token, student, old = link(school), school.people["student"], school.token("student")
        answer = send("POST", "/auth/reset/password", body={"token": token, "password": NEW})
        assert (answer.status, answer.text) == (200, "")
        assert call("users", "GET", "/api/users/me", token=old).status == 401
        assert sign_in(student.email, NEW).status == 200
        again = send("POST", "/auth/reset/password", body={"token": token, "password": NEW + "x"})
        refused(again, 401, "InvalidTokenError", "Token was not valid")
        refused(send("GET", "/auth/reset/validate", query={"token": [token]}), 401, "InvalidTokenError")

    def test_does_not_say_that_its_user_reads_the_mails_to_the_address(self, school):
        student = school.people["student"]
        assert send("POST", "/auth/reset/password", body={"token": link(school), "password": NEW}).status == 200
        path = f"/api/users/{student.id}"
        assert call("users", "GET", path, token=school.token("administrator")).result["emailVerified"] is False

    def test_survives_a_refused_password(self, school):
        token = link(school)
        short = send("POST", "/auth/reset/password", body={"token": token, "password": "short"})
        refused(short, 400, "OwaspValidationError")
        assert send("POST", "/auth/reset/password", body={"token": token, "password": NEW}).status == 200

    def test_dies_with_a_newer_one_a_change_of_password_and_after_a_day(self, school, monkeypatch):
        older, newer = link(school), link(school)
        refused(send("GET", "/auth/reset/validate", query={"token": [older]}), 401, "InvalidTokenError")
        assert send("GET", "/auth/reset/validate", query={"token": [newer]}).status == 200
        assert change(school.token("administrator"), school.people["student"].id).status == 200
        refused(send("GET", "/auth/reset/validate", query={"token": [newer]}), 401, "InvalidTokenError")
        last, began = link(school), clock.now()
        for hours, status in ((23.9, 200), (24.1, 401)):
            later = clock.from_wire(clock.to_wire(began)).timestamp() + hours * 3600
            monkeypatch.setattr(clock, "now", lambda later=later: type(began).fromtimestamp(later, began.tzinfo))
            assert send("GET", "/auth/reset/validate", query={"token": [last]}).status == status

    @pytest.mark.parametrize("token", ["x", "A" * 75, "é"])
    def test_that_nobody_made_is_401(self, school, token):
        refused(send("GET", "/auth/reset/validate", query={"token": [token]}), 401, "InvalidTokenError")
        body = {"token": token, "password": NEW}
        refused(send("POST", "/auth/reset/password", body=body), 401, "InvalidTokenError")

    def test_without_a_token_is_400(self, school):
        refused(send("GET", "/auth/reset/validate"), 400, "ValidationError")
        refused(send("POST", "/auth/reset/password", body={"password": NEW}), 400, "ValidationError")

    def test_of_somebody_unknown_or_of_another_school_is_404(self, school, other_school):
        token = school.token("administrator")
        for email in ("student@smandua.test", "nobody@smansa.test", "no address", ""):
            answer = reset(token, email)
            refused(answer, 404, "NotFoundError", f'Could not find the user with email "{email}".')

    def test_of_a_stronger_account_is_403(self, school):
        answer = reset(school.token("administrator"), school.people["platform administrator"].email)
        refused(answer, 403, "NoAccessError")

    def test_needs_an_administrator_and_a_body(self, school):
        refused(reset(None, "student@smansa.test"), 401, "AuthenticationRequired", SEED_401)
        refused(reset(school.token("teacher"), "student@smansa.test"), 403, "NoAccessError", NEEDS)
        refused(reset(school.token("administrator"), ["a"]), 400, "ValidationError")


class TestMailingALink:
    def mail(self, email, **options):
        return send("POST", "/auth/reset/password-email", body={"email": email}, **options)

    def test_is_answered_alike_for_known_and_unknown_addresses(self, school):
        known, unknown = self.mail("student@smansa.test"), self.mail("nobody@smansa.test")
        assert (known.status, known.text) == (unknown.status, unknown.text) == (200, "")

    def test_a_second_one_within_a_minute_is_429(self, school):
        for email in ("student@smansa.test", "nobody@smansa.test"):
            assert self.mail(email).status == 200
            refused(self.mail(email, source_ip="198.51.100.7"), 429, "RateLimitError")

    def test_lasts_a_day(self, school, table):
        transact(update(school.people["student"], [UserItem.email_verified.set(True)]))
        assert self.mail("student@smansa.test").status == 200
        token = school.token("administrator")
        path = f"/api/users/{school.people['student'].id}/password-status"
        shown = call("users", "GET", path, token=token).result["link"]
        lasts = clock.from_wire(shown["validUntil"]) - clock.from_wire(shown["createdAt"])
        assert (shown["valid"], round(lasts.total_seconds() / 3600)) == (True, 24)

    @pytest.mark.parametrize("email", ["x", "", "a@b\r\nBcc: c@d.test", "\u0131@x.test", ["a@b.test"], None])
    def test_to_what_is_no_address_is_400(self, school, email):
        refused(self.mail(email), 400, "ValidationError")
