"""Applivery's door to the password service: /v1/users. It only translates."""

from core.contract.operations import Bare
from core.http.api import Api
from core.http.requests import Request
from core.http.systems import applivery
from core.kernel.policy import Permission
from core.passwords import service as passwords
from core.passwords.attempts import count_attempt
from core.passwords.rules import RULES
from core.users.models import UserItem

api = Api("applivery", applivery.error_body, organization_header=None)
handler = api


@api.operation(
    "POST",
    "/v1/users/{userId}/change-password",
    permission=Permission.USERS_PASSWORD,
    own="userId",
    while_password_is_due=True,
    answers=Bare(applivery.CHANGED),
    errors={400: (*RULES, "invalid_password", "password_reused"), 403: ("stronger_account",)},
)
def change_password(request: Request, userId: str, body: applivery.AppliveryChangePassword) -> UserItem:
    """Changes a password whose old one the caller knows (seed: applivery-change-password)."""
    applivery.require_lengths(body)
    count_attempt(request.caller, userId)
    return passwords.change_for(request.caller, userId, body.oldPassword, body.newPassword)
