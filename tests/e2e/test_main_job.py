"""The main job over HTTP, on the template as it is deployed: an administrator resets a student's password."""

import pytest

from tools.demo.people import demo_id

STUDENT = demo_id("student@smansa.test")
PATH = f"/api/users/{STUDENT}/password"
NEW = "Kunci-Baru-Untuk-Siswa"


def test_an_administrator_resets_a_students_password(call, sign_in):
    status, headers, body = sign_in("admin@smansa.test")
    assert status == 200
    administrator = body["token"]
    assert headers["set-auth-token"] == administrator
    old = sign_in("student@smansa.test")[2]["token"]
    assert call("GET", "/api/users/me", token=old)[0] == 200

    status, headers, body = call("PATCH", PATH, {"password": NEW}, administrator)
    assert status == 200
    assert list(body) == ["success", "message", "meta", "result"]
    assert (body["success"], body["message"], body["result"]["id"]) == (True, "OK.", STUDENT)
    assert headers["x-request-id"]

    assert call("GET", "/api/users/me", token=old)[0] == 401
    assert sign_in("student@smansa.test")[0] == 401
    assert sign_in("student@smansa.test", NEW)[0] == 200


def test_whoever_may_not_is_refused(call, sign_in):
    outsider = sign_in("admin@smandua.test")[2]["token"]
    teacher = sign_in("teacher@smansa.test")[2]["token"]
    assert call("PATCH", PATH, {"password": NEW}, outsider)[0] == 404
    assert call("PATCH", PATH, {"password": NEW}, teacher)[0] == 403
    assert call("PATCH", PATH, {"password": NEW})[0] == 401


@pytest.mark.parametrize("body", [{"password": ""}, {}, {"password": "12345678"}])
def test_a_bad_password_is_400_with_its_field(call, sign_in, body):
    administrator = sign_in("admin@smansa.test")[2]["token"]
    status, _, answer = call("PATCH", PATH, body, administrator)
    assert status == 400
    assert {each["field"] for each in answer["errors"]} == {"password"}


def test_bodies_that_are_broken_or_too_large_get_the_contracts_error(call, sign_in):
    administrator = sign_in("admin@smansa.test")[2]["token"]
    assert call("PATCH", PATH, token=administrator, raw=b'{"password": "\xff')[0] == 400
    status, _, answer = call("PATCH", PATH, token=administrator, raw=b'{"password":"' + b"x" * 7_000_000 + b'"}')
    assert (status, answer["success"], answer["errors"][0]["code"]) == (413, False, "too_large")


def test_an_unknown_path_speaks_the_envelope_and_says_nothing_of_https_on_http(call):
    status, headers, answer = call("GET", "/api/nowhere")
    assert "Strict-Transport-Security" not in headers
    assert (status, answer["success"], answer["errors"][0]["code"]) == (404, False, "not_found")
    assert headers["x-request-id"]


def test_lists_page_over_the_demo_school(call, sign_in):
    administrator = sign_in("admin@smansa.test")[2]["token"]
    seen, cursor, total = [], "", None
    while cursor is not None:
        _, _, body = call("GET", f"/api/users?limit=50{cursor and f'&cursor={cursor}'}", token=administrator)
        seen += [each["id"] for each in body["result"]]
        total, cursor = total or body["meta"]["total"], body["meta"]["next"]
    assert len(seen) == len(set(seen)) == total > 50


def test_signing_out_ends_the_session(call, sign_in):
    token = sign_in("staff@smansa.test")[2]["token"]
    assert call("POST", "/api/auth/sign-out", {}, token)[2] == {"success": True}
    assert call("GET", "/api/users/me", token=token)[0] == 401
    status, _, body = call("GET", "/api/auth/get-session", token=token)
    assert (status, body) == (200, None)
