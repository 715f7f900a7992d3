"""Zitadel's door to the password service: /management/v1 and /v2. It only translates."""

from core.contract.operations import Bare
from core.http.api import Api
from core.http.requests import Request
from core.http.systems import zitadel
from core.kernel.errors import BadRequest
from core.kernel.policy import Permission, require
from core.links import resets
from core.passwords import service as passwords
from core.passwords.attempts import count_attempt
from core.passwords.rules import RULES
from core.users.models import UserItem

api = Api("zitadel", zitadel.error_body, organization_header="x-zitadel-orgid")
handler = api


@api.operation(
    "POST",
    "/management/v1/users/{userId}/password",
    permission=Permission.USERS_PASSWORD,
    answers=Bare(zitadel.PASSWORD_SET_V1),
    errors={400: RULES, 403: ("own_account", "stronger_account")},
)
def set_user_password(request: Request, userId: str, body: zitadel.ZitadelSetPasswordV1) -> UserItem:
    """Sets a password, which its owner must change at the next sign-in unless the body says otherwise."""
    return resets.reset(request.caller, userId, body.password, due=body.due).user


@api.operation(
    "POST",
    "/v2/users/{userId}/password",
    permission=Permission.USERS_PASSWORD,
    own="userId",
    answers=Bare(zitadel.PASSWORD_SET_V2),
    errors={
        400: (*RULES, "invalid_password", "password_reused"),
        403: ("own_account", "stronger_account"),
    },
)
def set_password(request: Request, userId: str, body: zitadel.ZitadelSetPasswordV2) -> UserItem:
    """Sets a password. Its owner may do so too, by sending the current one."""
    actor = request.caller
    if body.verificationCode is not None:
        raise BadRequest("Verification codes are not issued here. Use a reset link.", field="verificationCode")
    password, due = body.newPassword.password, bool(body.newPassword.changeRequired)
    if body.currentPassword is None:
        require(actor, Permission.USERS_PASSWORD)
        return resets.reset(actor, userId, password, due=due).user
    count_attempt(actor, userId)
    return passwords.change_for(actor, userId, body.currentPassword, password, due=due)
