"""How a failure looks on the wire: in the envelope, or in the shape of better-auth."""

from collections.abc import Callable
from typing import Any

from core.http.answers import JSON
from core.http.requests import Request
from core.kernel.errors import CoreError, Existing, InvalidBody
from core.kernel.policy import Caller

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
            **_existing(error, request),
        }
        return problem, PROBLEM_JSON
    meta = _existing(error, request)
    return {"success": False, "message": str(error), "meta": meta, "errors": entries, "result": None}, JSON


def _existing(error: CoreError, request: Request | None) -> dict[str, Any]:
    """The records that are there already, as far as the caller may read them."""
    caller = request.caller_or_none if request else None
    if caller is None:
        return {}
    seen = [
        {"field": each.field, "kind": each.kind, "id": each.id}
        for each in error.existing
        if _is_within(each, caller) and f"{each.kind}:read" in caller.permissions
    ]
    return {"existing": seen} if seen else {}


def _is_within(existing: Existing, caller: Caller) -> bool:
    """Whether the record is of the caller's school. Schools themselves are of none: who may read one may read all."""
    return existing.kind == "organizations" or existing.organization_id == caller.organization_id


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
