"""Zitadel's door to the password service: /management/v1 and /v2. It only translates."""

from core.http.answers import Answer
from core.http.api import Api
from core.http.requests import Request
from core.http.systems import zitadel
from core.kernel.errors import BadRequest
from core.kernel.policy import Permission, require
from core.links import resets
from core.passwords import service as passwords
from core.passwords.attempts import count_attempt

api = Api("zitadel", zitadel.error_body, organization_header="x-zitadel-orgid")
handler = api


@api.route("POST", "/management/v1/users/<userId>/password", permission=Permission.USERS_PASSWORD)
def set_user_password(request: Request, userId: str) -> Answer:
    """Sets a password, which its owner must change at the next sign-in unless the body says otherwise."""
    body = request.read(zitadel.SetPasswordV1)
    receipt = resets.reset(request.caller, userId.lower(), body.password, due=body.due)
    return Answer(zitadel.details_v1(receipt.user), bare=True)


@api.route("POST", "/v2/users/<userId>/password")
def set_password(request: Request, userId: str) -> Answer:
    """Sets a password. Its owner may too, with the current one; who sends that one must know it."""
    actor, user_id = request.caller, userId.lower()
    if user_id != actor.user_id:
        require(actor, Permission.USERS_PASSWORD)
    body = request.read(zitadel.SetPasswordV2)
    if body.verificationCode is not None:
        raise BadRequest("Verification codes are not issued here. Use a reset link.", field="verificationCode")
    password, due = body.newPassword.password, bool(body.newPassword.changeRequired)
    if body.currentPassword is None:
        require(actor, Permission.USERS_PASSWORD)
        user = resets.reset(actor, user_id, password, due=due).user
    else:
        count_attempt(actor, user_id)
        user = passwords.change_for(actor, user_id, body.currentPassword, password, due=due)
    return Answer(zitadel.details_v2(user), bare=True)
