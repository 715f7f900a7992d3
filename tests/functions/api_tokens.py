"""Making and using API tokens in tests."""

from tests.gateway import call

PATH = "/api/admin/api-tokens"
NEW = "k!5As3HquUrQ"
MEMBERS = [
    "secret",
    "tokenName",
    "type",
    "environment",
    "project",
    "projects",
    "expiresAt",
    "createdAt",
    "seenAt",
    "alias",
]


def make(token, body=None, **headers):
    sent = {"tokenName": "timetable", "type": "admin"} if body is None else body
    return call("unleash", "POST", PATH, token=token, json_body=sent, headers=headers)


def secret(school, who="administrator", **members):
    return make(school.token(who), {"tokenName": "timetable", "type": "admin", **members}).body["secret"]


def tokens(authorization):
    return call("unleash", "GET", PATH, headers={"Authorization": authorization})


def listed(school):
    return call("unleash", "GET", PATH, token=school.token("administrator")).body["tokens"]


def delete(token, named):
    return call("unleash", "DELETE", f"{PATH}/{named}", token=token)


def change(authorization, user_id):
    path = f"/api/admin/user-admin/{user_id}/change-password"
    return call("unleash", "POST", path, headers={"Authorization": authorization}, json_body={"password": NEW})
