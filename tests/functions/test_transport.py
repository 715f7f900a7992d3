"""What every answer says of its transport, and what no log line says of whoever asked."""

import io
import json

import pytest
from core.http import api as door
from core.kernel.settings import settings

from tests.gateway import call, function
from tests.schools import PASSWORD
from tools.sam_template import routes

ADDRESS = "203.0.113.77"
FOLDERS = sorted(set(routes().values()))


def answers_of(folder):
    """An answer of every route of a function to somebody who is not signed in."""
    for method, path in sorted(key for key, name in routes().items() if name == folder):
        yield call(folder, method, path, source_ip=ADDRESS, headers={"X-Forwarded-For": ADDRESS}, body="{")


@pytest.fixture
def served_at(monkeypatch):
    """Lets Core be reached at an origin; forgotten at the end."""

    def serve(origin):
        monkeypatch.setenv("PUBLIC_ORIGIN", origin)
        settings.cache_clear()

    yield serve
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def lines(monkeypatch):
    """What a function writes into its log from now on."""

    def of(folder):
        written = io.StringIO()
        monkeypatch.setattr(function(folder).api.logger.registered_handler, "stream", written)
        return written

    return of


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_answer_keeps_browsers_on_https_where_core_is_reached_by_it(school, served_at, folder):
    served_at("https://core.example.sch.id")
    assert {each.headers["strict-transport-security"] for each in answers_of(folder)} == {"max-age=31536000"}


def test_nothing_is_said_about_https_where_core_is_reached_by_http(school, served_at):
    served_at("http://localhost:3000")
    assert "strict-transport-security" not in call("health", "GET", "/api/health").headers


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_line_of_a_functions_log_says_from_which_address_a_request_came(school, lines, folder):
    written = lines(folder)
    answered = list(answers_of(folder))
    assert written.getvalue().count('"answered"') == len(answered)
    assert ADDRESS not in written.getvalue()


def test_neither_a_failed_nor_a_successful_sign_in_logs_the_address(school, lines):
    written = lines("auth")

    def sign_in(password):
        body = {"email": school.people["student"].email, "password": password}
        return call("auth", "POST", "/api/auth/sign-in/email", json_body=body, source_ip=ADDRESS).status

    assert (sign_in("Kunci-Yang-Salah"), sign_in(PASSWORD)) == (401, 200)
    assert ADDRESS not in written.getvalue()


def test_a_defect_is_logged_with_its_trace_and_without_the_address(school, lines, monkeypatch):
    def fail(*_, **__):
        raise LookupError("a defect")

    written = lines("users")
    monkeypatch.setattr(door, "find", fail)
    assert call("users", "GET", "/api/users/me", token=school.token("student"), source_ip=ADDRESS).status == 500
    assert "a defect" in written.getvalue()
    assert ADDRESS not in written.getvalue()


def test_a_line_of_the_log_names_who_asked_and_where_by_ids_alone(school, lines):
    user, written = school.people["student"], lines("users")
    assert call("users", "GET", "/api/users/me", token=school.token("student")).status == 200
    body = {"name": "Nama Baru"}
    assert call("users", "PATCH", "/api/users/me", token=school.token("student"), json_body=body).status == 200
    said = [json.loads(each) for each in written.getvalue().splitlines()]
    assert {(each["caller"], each["organization"]) for each in said} == {(user.id, school.id)}
    for personal in (user.email, user.name, "Nama Baru"):
        assert personal not in written.getvalue()


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://jahat.test", None])
def test_a_cache_keeps_what_different_origins_got_apart(school, origin):
    headers, query = {"Origin": origin} if origin else {}, {"organizationId": [school.id]}
    entries = call("public", "GET", "/api/public/teachers", query=query, headers=headers)
    assert entries.headers["vary"] == "Host, Origin"
    token, path = school.token("administrator"), "/api/students/import/template"
    assert call("imports", "GET", path, token=token, headers=headers).headers["vary"] == "Accept, Origin"


@pytest.mark.parametrize(
    ("origin", "granted"),
    [("http://localhost:3000", ("http://localhost:3000", "true")), ("https://jahat.test", (None,) * 2)],
)
def test_a_page_of_a_trusted_origin_alone_reads_answers_to_requests_with_cookies(school, origin, granted):
    for path, token in (("/api/users/me", school.token("student")), ("/api/users/me", None)):
        headers = call("users", "GET", path, token=token, headers={"Origin": origin}).headers
        names = ("access-control-allow-origin", "access-control-allow-credentials")
        assert tuple(headers.get(each) for each in names) == granted
