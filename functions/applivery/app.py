"""Applivery's door to the password service: /v1/users. It only translates."""

from core.http.answers import Answer
from core.http.api import Api
from core.http.requests import Request
from core.http.systems import applivery
from core.kernel.clock import is_id
from core.kernel.errors import NotFound
from core.kernel.policy import Permission, require, require_own_password
from core.passwords import service as passwords
from core.passwords.attempts import count_attempt

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
