"""Who gets in: every route outside the public list refuses whoever is not signed in (acceptance A2, B4, B5)."""

from datetime import timedelta

import pytest
from core.kernel import clock
from core.kernel.table import transact, update
from core.sessions.new import REMEMBERED_SECONDS
from core.users.models import UserItem

from tests.functions.api_tokens import secret
from tests.gateway import call
from tests.schools import PASSWORD
from tools.openapi.operations import declarations
from tools.sam_template import routes

PUBLIC = {
    ("GET", "/api/auth/get-session"),
    ("GET", "/api/auth/ok"),
    ("GET", "/api/auth/reset-password/{token}"),
    ("GET", "/api/auth/verify-email"),
    ("GET", "/api/health"),
    ("GET", "/openapi.json"),
    ("GET", "/api/public/staff"),
    ("GET", "/api/public/staff/{id}"),
    ("GET", "/api/public/teachers"),
    ("GET", "/api/public/teachers/{id}"),
    ("GET", "/auth/reset/validate"),
    ("GET", "/email-verified"),
    ("GET", "/reset-password"),
    ("POST", "/api/auth/request-password-reset"),
    ("POST", "/api/auth/reset-password"),
    ("POST", "/api/auth/sign-in/email"),
    ("POST", "/api/auth/sign-out"),
    ("POST", "/auth/reset/password"),
    ("POST", "/auth/reset/password-email"),
    ("POST", "/reset-password"),
}
GUARDED = sorted((method, path, folder) for (method, path), folder in routes().items() if (method, path) not in PUBLIC)


def me(token):
    return call("users", "GET", "/api/users/me", token=token)


def test_only_the_listed_routes_are_public():
    operations = [each.operation for each in declarations()]
    assert {(each.method, each.path) for each in operations if each.public} == PUBLIC


@pytest.mark.parametrize(("method", "path", "folder"), GUARDED)
def test_a2_no_expired_revoked_or_invented_token_opens_a_route(school, monkeypatch, method, path, folder):
    target = path.replace("{user_id}", school.people["student"].id)
    revoked, expired = school.token("administrator"), school.token("administrator")
    call("auth", "POST", "/api/auth/sign-out", token=revoked)

    def status(token, **options):
        return call(folder, method, target, token=token, body="{", **options).status

    assert status(None) == 401
    assert status(revoked) == 401
    assert status("x") == 401
    assert status(expired[:-4] + "AAAA") == 401
    assert status(None, headers={"Authorization": "Basic YWRtaW46YWRtaW4="}) == 401
    later = clock.now() + timedelta(seconds=REMEMBERED_SECONDS + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert status(expired) == 401


def test_b4_nothing_in_the_table_can_be_used_as_a_token(school, table):
    token = school.token("administrator")
    dump = table.scan(TableName="core-test")["Items"]

    def strings(value):
        if isinstance(value, dict):
            return {text for each in value.values() for text in strings(each)}
        if isinstance(value, list):
            return {text for each in value for text in strings(each)}
        return {value} if isinstance(value, str) else set()

    stored = strings(dump)
    assert me(token).status == 200
    assert not any(token in text or PASSWORD in text for text in stored)
    pieces = stored | {piece for text in stored for piece in text.split("#")}
    assert [piece for piece in pieces if me(piece).status != 401] == []


def test_b5_a_signed_out_session_is_dead_on_its_next_request(school):
    token, other = school.token("student"), school.token("student")
    assert call("auth", "POST", "/api/auth/sign-out", token=token).body == {"success": True}
    assert me(token).status == 401
    assert me(other).status == 200


def test_b5_a_deleted_persons_sessions_are_dead_on_their_next_request(school):
    student, token = school.people["student"], school.token("student")
    answer = call("users", "DELETE", f"/api/users/{student.id}", token=school.token("administrator"))
    assert (answer.status, answer.text) == (204, "")
    assert me(token).status == 401
    signing_in = {"email": student.email, "password": PASSWORD}
    assert call("auth", "POST", "/api/auth/sign-in/email", json_body=signing_in).status == 401


def test_b5_a_deactivated_persons_sessions_are_dead_on_their_next_request(school):
    student, token = school.people["student"], school.token("student")
    transact(update(student, [UserItem.active.set(False)]))
    assert me(token).status == 401
    assert call("auth", "GET", "/api/auth/get-session", token=token).body is None


def test_b5_a_lost_role_is_lost_on_the_next_request(school):
    administrator, token = school.people["administrator"], school.token("administrator")
    assert call("users", "GET", "/api/users", token=token).status == 200
    transact(update(administrator, [UserItem.roles.set([])]))
    assert call("users", "GET", "/api/users", token=token).status == 403


def test_b5_expiry_holds_although_the_item_is_still_there(school, monkeypatch):
    token = school.token("student")
    later = clock.now() + timedelta(seconds=REMEMBERED_SECONDS + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert me(token).status == 401


def test_a_session_in_use_is_renewed_once_a_day(school, monkeypatch):
    token = school.token("student")

    def expires():
        return call("auth", "GET", "/api/auth/get-session", token=token).body["session"]["expiresAt"]

    first = expires()
    for days in (2, 8, 14):
        instant = clock.from_wire(first) + timedelta(days=days - 7)
        monkeypatch.setattr(clock, "now", lambda instant=instant: instant)
        assert me(token).status == 200
    assert expires() > first


def test_a_brief_session_is_not_renewed(school, monkeypatch):
    body = {"email": school.people["student"].email, "password": PASSWORD, "rememberMe": False}
    token = call("auth", "POST", "/api/auth/sign-in/email", json_body=body).body["token"]
    began = clock.now()
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=23))
    assert me(token).status == 200
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=25))
    assert me(token).status == 401


def test_who_must_change_the_password_may_only_do_that(school):
    student, token = school.people["student"], school.token("student")
    transact(update(student, [UserItem.must_change_password.set(True)]))
    answer = me(token)
    assert (answer.status, answer.codes) == (403, [(None, "password_change_required")])
    assert call("auth", "GET", "/api/auth/get-session", token=token).body["user"]["id"] == student.id
    assert call("auth", "POST", "/api/auth/sign-out", token=token).status == 200


@pytest.mark.parametrize("role", ["administrator", "principal"])
def test_roles_with_the_permission_list_users(school, role):
    assert call("users", "GET", "/api/users", token=school.token(role)).status == 200


@pytest.mark.parametrize("role", ["teacher", "staff", "student"])
def test_roles_without_the_permission_do_not_list_users(school, role):
    assert call("users", "GET", "/api/users", token=school.token(role)).status == 403


def test_a_cookie_signs_in_like_the_header(school):
    cookie = f"core.session_token={school.token('student')}"
    assert call("users", "GET", "/api/users/me", headers={"Cookie": cookie}).status == 200


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://localhost:3000.evil.example"])
def test_a_cookie_on_a_write_needs_a_trusted_origin(school, origin):
    headers = {"Cookie": f"core.session_token={school.token('student')}"} | ({"Origin": origin} if origin else {})
    answer = call("users", "PATCH", "/api/users/me", headers=headers, json_body={"name": "Lain"})
    assert (answer.status, answer.codes) == (403, [(None, "invalid_origin")])
    refused = call("auth", "POST", "/api/auth/sign-out", headers=headers)
    assert (refused.status, refused.body["code"]) == (403, "INVALID_ORIGIN")


def test_no_operation_that_writes_takes_a_cookie_from_a_strange_page(school):
    headers = {"Cookie": f"core.session_token={school.token('administrator')}", "Origin": "https://evil.example"}
    writing = [each for each in declarations() if each.operation.method != "GET" and not each.operation.sessionless]
    taken = []
    for each in writing:
        path = each.operation.path.format(**dict.fromkeys(each.operation.path_parameters, "0" * 24))
        if call(each.folder, each.operation.method, path, headers=headers, body="{}").status != 403:
            taken.append(each.key)
    assert {each.operation.method for each in writing} == {"POST", "PATCH", "DELETE"}
    assert taken == []
    assert call("users", "GET", "/api/users/me", headers=headers).status == 200


@pytest.mark.parametrize("header", ["x", "Basic YWRtaW46YWRtaW4=", "Bearer", "Bearer  ", "*:*.x", "Token abc"])
@pytest.mark.parametrize("origin", [None, "https://evil.example"])
def test_b11_no_authorization_header_beside_a_cookie_spares_it_the_origin(school, header, origin):
    cookie = {"Cookie": f"core.session_token={school.token('student')}"}
    headers = cookie | {"Authorization": header} | ({"Origin": origin} if origin else {})
    answer = call("users", "PATCH", "/api/users/me", headers=headers, json_body={"name": "Lain"})
    assert (answer.status, answer.codes) == (403, [(None, "invalid_origin")])
    assert call("auth", "POST", "/api/auth/sign-out", headers=headers).status == 403
    assert call("users", "GET", "/api/users/me", headers=cookie).result["name"] == "Orang Student"


def test_a_token_in_the_header_counts_and_the_cookie_beside_it_does_not(school):
    cookie = {"Cookie": f"core.session_token={school.token('student')}", "Origin": "https://evil.example"}
    body = {"name": "Nama Baru"}
    answer = call("users", "PATCH", "/api/users/me", token=school.token("teacher"), headers=cookie, json_body=body)
    assert (answer.status, answer.result["id"]) == (200, school.people["teacher"].id)
    assert call("users", "PATCH", "/api/users/me", token="x", headers=cookie, json_body=body).status == 401


def test_an_api_token_counts_and_the_cookie_beside_it_does_not(school):
    made = secret(school)
    cookie = {"Cookie": f"core.session_token={school.token('administrator')}", "Origin": "https://evil.example"}
    path = f"/api/admin/user-admin/{school.people['student'].id}/change-password"
    for header, status in ((made, 200), ("*:*.x", 401), ("x", 403)):
        headers = cookie | {"Authorization": header}
        assert call("unleash", "POST", path, headers=headers, json_body={"password": PASSWORD}).status == status


def test_a_cookie_from_the_configured_origin_may_write(school):
    headers = {"Cookie": f"core.session_token={school.token('student')}", "Origin": "http://localhost:3000"}
    answer = call("users", "PATCH", "/api/users/me", headers=headers, json_body={"name": "Nama Baru"})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "http://localhost:3000")


def test_an_unknown_path_is_404_in_the_envelope():
    answer = call("users", "GET", "/api/nothing")
    assert (answer.status, answer.body["success"], answer.codes) == (404, False, [(None, "not_found")])


def test_every_answer_carries_the_request_id():
    assert call("users", "GET", "/api/users").headers["x-request-id"] == "test-request"


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("admin", 200), ("student", 403)])
def test_a_trusted_page_can_read_what_answers_say_besides_their_body_refusals_too(school, token, status):
    held = token and school.token("administrator" if token == "admin" else token)
    asked = {"headers": {"Origin": "http://localhost:3000"}, "token": held}
    headers = call("students", "GET", "/api/students", **asked).headers
    assert call("students", "GET", "/api/students", **asked).status == status
    exposed = {each.strip().lower() for each in headers["access-control-expose-headers"].split(",")}
    assert exposed == {
        *("content-disposition", "deprecation", "etag", "link", "location"),
        *("retry-after", "set-auth-token", "x-request-id"),
    }
    elsewhere = call("students", "GET", "/api/students", token=held, headers={"Origin": "https://evil.example"})
    assert not [name for name in elsewhere.headers if name.startswith("access-control")]
