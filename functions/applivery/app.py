"""Applivery's door to the password service: /v1/users. It only translates."""

from school.answers import Answer
from school.api import Api
from school.clock import is_id
from school.doors import applivery
from school.errors import NotFound
from school.passwords import service as passwords
from school.passwords.attempts import count_attempt
from school.policy import Permission, require, require_own_password
from school.requests import Request

api = Api("applivery", applivery.error_body, organization_header=None)
handler = api


@api.route("POST", "/v1/users/<userId>/change-password", while_password_is_due=True)
def change_password(request: Request, userId: str) -> Answer:
    """The owner, or an administrator who knows the old password, changes it (seed: applivery-change-password)."""
    caller, user_id = request.caller, userId.lower()
    if not is_id(user_id):
        raise NotFound()
    if user_id != caller.user_id:
        require_own_password(caller)
        require(caller, Permission.USERS_PASSWORD)
    body = request.read(applivery.ChangePassword)
    applivery.require_lengths(body)
    count_attempt(caller, user_id)
    passwords.change_for(caller, user_id, body.oldPassword, body.newPassword)
    return Answer(applivery.CHANGED, bare=True)
