"""How a failure looks on the wire: in the envelope, or in the shape of better-auth."""

from collections.abc import Callable
from typing import Any

from core.http.answers import JSON
from core.http.requests import Request
from core.kernel.errors import CoreError, InvalidBody

PROBLEM_JSON = "application/problem+json"
#: The body of a failure and its content type.
ErrorBody = Callable[[CoreError, Request | None], tuple[Any, str]]


def envelope_error(error: CoreError, request: Request | None) -> tuple[Any, str]:
    """The contract's error: the envelope, or RFC 9457 when `Accept` asks for it."""
    entries = [{"code": each.code, "field": each.field, "message": each.message} for each in error.problems]
    if request and PROBLEM_JSON in request.headers.get("accept", ""):
        problem = {
            "type": "about:blank",
            "title": type(error).sentence,
            "status": error.status,
            "detail": str(error),
            "errors": entries,
        }
        return problem, PROBLEM_JSON
    return {"success": False, "message": str(error), "meta": {}, "errors": entries, "result": None}, JSON


# What better-auth calls our codes, where the names differ. Only of a password do our rules say that one is required:
# a member that is missing is an `InvalidBody`.
_BETTER_AUTH_CODES = {
    "malformed_json": "BAD_REQUEST",
    "password_too_common": "PASSWORD_COMPROMISED",
    "required": "PASSWORD_TOO_SHORT",
    "unauthenticated": "UNAUTHORIZED",
}


def better_auth_error(error: CoreError, request: Request | None) -> tuple[Any, str]:
    """The error of better-auth 1.7, so that its client library understands it."""
    if isinstance(error, InvalidBody):
        told = [f"[{'.'.join(filter(None, ('body', each.field)))}] {each.message}" for each in error.problems]
        return {"message": "; ".join(told), "code": "VALIDATION_ERROR"}, JSON
    code = error.problems[0].code
    return {"message": str(error), "code": _BETTER_AUTH_CODES.get(code, code.upper())}, JSON
