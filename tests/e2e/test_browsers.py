"""A page on another port, in Chromium: it works from an origin that is trusted, and from no other."""

import re

import pytest

from tests.pages.conftest import chromium  # noqa: F401 - a fixture
from tools.demo.people import ADMINISTRATOR, PASSWORD

#: What a frontend does, in the words of its own language. Each step's answer is read as a page would.
VISIT = """
async ([core, email, password, name]) => {
  const send = (method, path, body, headers = {}) => fetch(core + path, {
    method, credentials: "include", headers: {"Content-Type": "application/json", ...headers},
    body: body && JSON.stringify(body),
  });
  const signedIn = await send("POST", "/api/auth/sign-in/email", {email, password});
  const list = await send("GET", "/api/students?limit=1");
  const path = "/api/students/" + (await list.json()).result[0].id;
  const one = await send("GET", path);
  const tag = one.headers.get("ETag");
  const edited = await send("PATCH", path, {hobby: name}, {"If-Match": tag});
  const stale = await send("PATCH", path, {hobby: name + "."}, {"If-Match": tag});
  // Without a header that the browser would ask about: what is nowhere answers no such question.
  const unknown = await fetch(core + "/api/nothing/here", {credentials: "include"});
  const signedOut = await send("POST", "/api/auth/sign-out", {});
  const after = await send("GET", "/api/users/me");
  return {
    statuses: [signedIn, list, one, edited, stale, unknown, signedOut, after].map((each) => each.status),
    token: signedIn.headers.get("set-auth-token"), link: list.headers.get("Link"), tag,
    hobby: (await edited.json()).result.hobby, code: (await after.json()).errors[0].code,
    id: after.headers.get("x-request-id"),
  };
}
"""


@pytest.fixture
def page_at(chromium):  # noqa: F811 - the fixture
    """An empty page on an origin."""
    context = chromium.new_context()

    def visit(origin):
        page = context.new_page()
        page.goto(f"{origin}/")
        return page

    yield visit
    context.close()


def test_a_page_on_a_trusted_origin_signs_in_reads_edits_and_signs_out(core, frontends, page_at):
    found = page_at(frontends[0]).evaluate(VISIT, [core.origin, ADMINISTRATOR, PASSWORD, "Melukis"])
    assert found["statuses"] == [200, 200, 200, 200, 412, 404, 200, 401]
    assert found["token"]
    assert 'rel="next"' in found["link"]
    assert re.fullmatch(r'"[0-9]+-[0-9a-f]{8}"', found["tag"])  # the version, and the name of the student's class
    assert (found["hobby"], found["code"]) == ("Melukis", "unauthenticated")
    assert found["id"]


@pytest.mark.parametrize("by", ["another port", "another name"])
def test_a_page_on_another_origin_gets_nothing(core, frontends, page_at, by):
    page = page_at(frontends[1] if by == "another port" else frontends[0].replace("localhost", "127.0.0.1"))
    fails = "(error) => error.name"
    for method, path in (("POST", "/api/auth/sign-in/email"), ("GET", "/api/health")):
        tried = f"([address, method]) => fetch(address, {{method}}).then(() => 'read', {fails})"
        assert page.evaluate(tried, [core.origin + path, method]) == "TypeError"
    visited = f"(visitor) => ({VISIT})(visitor).then(() => 'signed in', {fails})"
    assert page.evaluate(visited, [core.origin, ADMINISTRATOR, PASSWORD, "Menari"]) == "TypeError"
