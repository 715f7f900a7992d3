"""better-auth's own server and ours, asked the same: the same status and code, but for what docs/decisions.md lists."""

import json
from urllib.parse import parse_qs

import pytest
from core.users.models import UserItem

from tests.clients import node
from tests.functions.test_reset_links import mailed_token
from tests.gateway import call
from tests.schools import PASSWORD
from tools.sam_template import ROOT

REQUESTS = json.loads((node.SOURCE / "requests.json").read_text())
ORIGIN = "http://localhost:3000"
JSON = {"content-type": "application/json"}
AUTH = "/api/auth"


@pytest.fixture(scope="module")
def server():
    """Sends a request to better-auth's own server."""
    node.install()
    with node.running("server.mjs", ORIGIN) as ask:
        yield ask


def filled(value, person):
    """A part of a request with the person's own values in the places of `{email}` and the like."""
    if isinstance(value, str):
        for name, text in person.items():
            value = value.replace(f"{{{name}}}", text)
    elif isinstance(value, dict):
        value = {name: filled(member, person) for name, member in value.items()}
    return value


def parts(request, person):
    """Method, path, headers and body of a request of the table."""
    method, path = request["call"].split()
    headers = JSON | filled(request.get("headers", {}), person)
    if request.get("by") == "token":
        headers["authorization"] = f"Bearer {person['token']}"
    elif request.get("by") == "cookie":
        headers["cookie"] = person["cookie"]
    body = json.dumps(filled(request["body"], person)) if "body" in request else request.get("text")
    return method, f"{AUTH}/{filled(path, person)}", headers, body


def person_of(email, token, cookie, reset):
    known = {"email": email, "EMAIL": email.upper(), "password": PASSWORD, "long": "x" * 129, "origin": ORIGIN}
    return known | {"token": token, "cookie": cookie.partition(";")[0], "reset": reset}


def answered(status, text):
    """Status and code of an answer."""
    return [status, json.loads(text)["code"] if status >= 400 and "code" in text else None]


def theirs(server, request, number):
    email = f"orang{number}@smansa.test"
    made = {"name": "Orang", "email": email, "password": PASSWORD}
    signed_up = server({"method": "POST", "path": f"{AUTH}/sign-up/email", "headers": JSON, "body": json.dumps(made)})
    headers = signed_up["headers"]
    reset = server({"reset": email})["token"] if "{reset}" in json.dumps(request) else ""
    person = person_of(email, headers["set-auth-token"], headers["set-cookie"], reset)
    method, path, headers, body = parts(request, person)
    answer = server({"method": method, "path": path, "headers": headers, "body": body})
    return answered(answer["status"], answer["body"])


def ours(school, request):
    student = school.people["student"]
    signed_in = call("auth", "POST", f"{AUTH}/sign-in/email", json_body={"email": student.email, "password": PASSWORD})
    reset = ""
    if "{reset}" in json.dumps(request):
        student.update(actions=[UserItem.email_verified.set(True)])
        call("auth", "POST", f"{AUTH}/request-password-reset", json_body={"email": student.email})
        reset = mailed_token(school)
    person = person_of(student.email, signed_in.body["token"], signed_in.cookies[0], reset)
    method, path, headers, body = parts(request, person)
    path, _, query = path.partition("?")
    answer = call("auth", method, path, headers=headers, body=body, query=parse_qs(query) or None)
    return answered(answer.status, answer.text)


@pytest.mark.parametrize("request_", REQUESTS, ids=[each["name"] for each in REQUESTS])
def test_better_auths_own_server_answers_the_same(server, school, request_):
    expected = request_.get("answer")
    number = REQUESTS.index(request_)
    assert theirs(server, request_, number) == (expected or request_["theirs"])
    assert ours(school, request_) == (expected or request_["ours"])


def test_every_difference_has_its_reason_in_the_decisions():
    decisions = " ".join((ROOT / "docs/decisions.md").read_text().split())
    assert len(REQUESTS) >= 45
    assert [each["name"] for each in REQUESTS if "because" in each and each["because"] not in decisions] == []
