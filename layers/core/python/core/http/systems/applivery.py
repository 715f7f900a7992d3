"""Applivery's words: body, answer and errors of its workspace API.

Source: applivery-change-password (seed), contract section 4. Where Applivery documents no number for a failure, the
error's code is the HTTP status, which none of Applivery's four-digit numbers can be mistaken for.
"""

from typing import Any

from core.contract.shapes import Member, Shape
from core.contract.values import BOOLEAN, one_of
from core.http.requests import Request
from core.kernel.bodies import Body
from core.kernel.errors import BadRequest, CoreError, Unauthenticated
from core.passwords.rules import LONGEST, SHORTEST

_JSON = "application/json"
_DATA = Shape("AppliveryPasswordChange", Member("passwordChanged", one_of(("OK",)), lambda user: "OK"))
CHANGED = Shape(
    "AppliveryPasswordChanged",
    Member("status", BOOLEAN, lambda user: True),
    Member("data", _DATA, lambda user: user),
)


class AppliveryChangePassword(Body):
    """POST /v1/users/{userId}/change-password."""

    oldPassword: str
    newPassword: str


def require_lengths(body: AppliveryChangePassword) -> None:
    """Holds both passwords to the seed's 8 to 128 characters.

    Raises:
        BadRequest: an old password of another length can't be right, a new one is not complex enough.
    """
    if not SHORTEST <= len(body.oldPassword) <= LONGEST:
        raise BadRequest(code="invalid_password", field="oldPassword")
    if not SHORTEST <= len(body.newPassword) <= LONGEST:
        raise BadRequest(code="password_too_short", field="password")


def error_body(error: CoreError, request: Request | None) -> tuple[Any, str]:
    """A failure with Applivery's number and words."""
    code, message = _number(error, request)
    return {"status": False, "error": {"code": code, "message": message}}, _JSON


def _number(error: CoreError, request: Request | None) -> tuple[int, str]:
    problem = error.problems[0]
    if isinstance(error, Unauthenticated):
        sent = request is not None and request.token is not None
        return (4001, "Unauthorized") if sent else (4002, "No auth token")
    if error.status == 403:
        return 4001, str(error)
    if error.status == 404:
        return 3001, "Entity not found"
    if problem.code == "invalid_password":
        return 5023, "Incorrect old password"
    if error.status == 400 and problem.field == "password":
        return 5057, "Insufficient Password Complexity"
    return error.status, f"{problem.field}: {problem.message}" if problem.field else problem.message
