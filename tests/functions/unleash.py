"""Calling Unleash's door in tests."""

import uuid

from tests.gateway import call

NEW = "k!5As3HquUrQ"  # the seed's example
SEED_401 = (
    "You must log in to use Unleash. Your request had no authorization header, so we could not authorize you. "
    "Try logging in at /auth/simple/login."
)
NEEDS = 'You need the "users:password" permission to perform this action.'
ABSENT = "0" * 24


def send(method, path, token=None, body=None, **options):
    if "body" not in options and method == "POST":
        options["json_body"] = body
    elif body is not None:
        options["body"] = body
    return call("unleash", method, path, token=token, **options)


def change(token, user_id, body=None, **options):
    path = f"/api/admin/user-admin/{user_id}/change-password"
    return send("POST", path, token, {"password": NEW} if body is None else body, **options)


def reset(token, email, **options):
    return send("POST", "/api/admin/user-admin/reset-password", token, {"id": email}, **options)


def sign_in(email, password):
    return call("auth", "POST", "/api/auth/sign-in/email", json_body={"email": email, "password": password})


def link(school, who="student"):
    url = reset(school.token("administrator"), school.people[who].email).body["resetPasswordUrl"]
    return url.partition("token=")[2]


def refused(answer, status, name, message=None):
    assert (answer.status, answer.body["name"]) == (status, name), answer.text
    assert list(answer.body)[:3] == ["id", "name", "message"]
    assert str(uuid.UUID(answer.body["id"])) == answer.body["id"]
    assert answer.body["message"]
    if message is not None:
        assert answer.body["message"] == message
    assert all(detail["message"] for detail in answer.body.get("details", []))


def without_id(answer):
    return {name: value for name, value in answer.body.items() if name != "id"}
