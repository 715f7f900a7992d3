"""Signing in and out, in better-auth's shapes."""

import pytest
from core.passwords.rules import cost_of
from core.passwords.service import kept_password

from tests.gateway import call
from tests.schools import PASSWORD


def sign_in(**body):
    return call("auth", "POST", "/api/auth/sign-in/email", json_body=body)


def test_signing_in_answers_token_and_user(school):
    student = school.people["student"]
    answer = sign_in(email=student.email.upper(), password=PASSWORD)
    assert answer.status == 200
    assert set(answer.body) == {"redirect", "token", "user"}
    assert set(answer.body["user"]) == {"id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt"}
    token = answer.body["token"]
    assert answer.headers["set-auth-token"] == token
    (cookie,) = answer.cookies
    assert cookie == f"core.session_token={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800"


def test_the_session_is_answered_with_its_user(school):
    token = school.token("student")
    body = call("auth", "GET", "/api/auth/get-session", token=token).body
    assert set(body) == {"session", "user"}
    assert set(body["session"]) == {
        "id",
        "token",
        "userId",
        "expiresAt",
        "createdAt",
        "updatedAt",
        "ipAddress",
        "userAgent",
    }
    assert body["session"]["token"] == token
    assert body["session"]["userId"] == school.people["student"].id


def test_a_query_parameter_that_no_operation_takes_is_refused_in_better_auths_shape(school):
    answer = call("auth", "GET", "/api/auth/list-sessions", token=school.token("student"), query={"limit": ["5"]})
    assert (answer.status, answer.body["code"]) == (400, "UNKNOWN_PARAMETER")


@pytest.mark.parametrize("name", ["disableCookieCache", "disableRefresh"])
def test_what_better_auths_client_asks_with_changes_nothing(school, name):
    answer = call("auth", "GET", "/api/auth/get-session", token=school.token("student"), query={name: ["true"]})
    assert (answer.status, answer.body["user"]["id"]) == (200, school.people["student"].id)


@pytest.mark.parametrize("token", [None, "x", "e" * 75])
def test_a_signed_out_client_gets_null_and_never_401(table, token):
    answer = call("auth", "GET", "/api/auth/get-session", token=token)
    assert (answer.status, answer.text) == (200, "null")


@pytest.mark.parametrize("body", [None, "", "{", '{"x": 1}'])
def test_signing_out_succeeds_whatever_the_body(table, body):
    answer = call("auth", "POST", "/api/auth/sign-out", body=body)
    assert (answer.status, answer.body) == (200, {"success": True})
    assert "Max-Age=0" in answer.cookies[0]


def test_unknown_wrong_and_closed_accounts_get_the_same_answer(school):
    known = sign_in(email=school.people["student"].email, password="salah sekali")
    unknown = sign_in(email="nobody@smansa.test", password="salah sekali")
    without_password = school.add("Tanpa Sandi", "tanpa@smansa.test", [], password=None)
    none = sign_in(email=without_password.email, password="salah sekali")
    assert known.status == unknown.status == none.status == 401
    assert known.text == unknown.text == none.text
    assert known.body == {"message": "Invalid email or password", "code": "INVALID_EMAIL_OR_PASSWORD"}


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "a b@c.de", "a@b.de\r\nbcc: x@y.zz", "\u017ftudent@smansa.test", "\u0131@x.id"]
)
def test_what_is_no_email_is_400(table, email):
    answer = sign_in(email=email, password=PASSWORD)
    assert (answer.status, answer.body["code"]) == (400, "INVALID_EMAIL")


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "a@b.cd"}, {"email": ["a@b.cd"], "password": PASSWORD}, {"email": "a@b.cd", "password": {"$ne": 1}}],
)
def test_missing_and_mistyped_members_are_400(table, body):
    answer = sign_in(**body)
    assert (answer.status, set(answer.body)) == (400, {"message", "code"})


@pytest.mark.parametrize("length", [72, 73, 128])
def test_b2_nothing_is_cut_off_a_long_password(school, length):
    password = "ab" * (length // 2) + "c" * (length % 2)
    user = school.add("Panjang", "panjang@smansa.test", [], password=password)
    assert sign_in(email=user.email, password=password).status == 200
    assert sign_in(email=user.email, password=password[:-1]).status == 401
    assert sign_in(email=user.email, password=password + "x").status == 401


@pytest.mark.parametrize("password", ["nol\x00di tengah", "🔑🔑🔑🔑🔑🔑🔑🔑", "e\u0301".join("abcdefgh")])
def test_b2_any_unicode_is_a_password(school, password):
    user = school.add("Aneh", "aneh@smansa.test", [], password=password)
    assert sign_in(email=user.email, password=password).status == 200
    assert sign_in(email=user.email, password=password.replace("\u0301", "").replace("\x00", "")[:-1]).status == 401


def test_b2_half_a_surrogate_pair_is_400(school):
    body = '{"email": "student@smansa.test", "password": "\\ud800 and more"}'
    assert call("auth", "POST", "/api/auth/sign-in/email", body=body).status == 400


def test_a_string_remember_me_is_tolerated(school):
    student = school.people["student"]
    answer = sign_in(email=student.email, password=PASSWORD, rememberMe="false")
    assert answer.status == 200
    assert "Max-Age" not in answer.cookies[0]


@pytest.mark.parametrize("url", ["/beranda", "http://localhost:3000/beranda"])
@pytest.mark.parametrize("member", ["callbackURL", "callbackUrl"])
def test_a_trusted_callback_is_answered(school, url, member):
    answer = sign_in(email=school.people["student"].email, password=PASSWORD, **{member: url})
    assert (answer.body["redirect"], answer.body["url"]) == (True, url)


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_an_untrusted_callback_is_refused(school, url):
    answer = sign_in(email=school.people["student"].email, password=PASSWORD, callbackURL=url)
    assert (answer.status, answer.body["code"]) == (403, "INVALID_CALLBACK_URL")


def test_a_session_counts_only_while_the_password_it_began_with_holds(school):
    token = school.token("student")
    body = {"password": "sandi-yang-baru"}
    path = f"/api/users/{school.people['student'].id}/password"
    assert call("users", "PATCH", path, token=school.token("administrator"), json_body=body).status == 200
    assert call("auth", "GET", "/api/auth/get-session", token=token).body is None


def test_a_hash_of_a_lower_cost_is_renewed_at_the_next_sign_in(school, monkeypatch):
    student = school.people["student"]
    before = kept_password(student)
    monkeypatch.setenv("HASH_COST", "5")
    body = {"email": student.email, "password": PASSWORD}
    assert call("auth", "POST", "/api/auth/sign-in/email", json_body=body).status == 200
    after = kept_password(student)
    assert (cost_of(before.hashed), cost_of(after.hashed)) == (4, 5)
    assert (after.sequence, after.changed_at) == (before.sequence, before.changed_at)
    assert call("auth", "POST", "/api/auth/sign-in/email", json_body=body).status == 200
    assert kept_password(student).hashed == after.hashed
