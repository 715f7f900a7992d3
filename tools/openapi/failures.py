"""What an operation refuses: what follows from its declaration, and what it declares besides."""

from typing import Any

from core.contract.operations import Listing, Operation

from tools.openapi.operations import Declaration

_ALWAYS = {
    400: {"malformed_query", "unknown_parameter"},
    429: {"too_many_requests"},
    500: {"internal_error"},
    503: {"unavailable"},
}
_LISTING = {
    "incompatible",
    "invalid",
    "invalid_cursor",
    "invalid_time",
    "out_of_range",
    "repeated_parameter",
    "unknown_field",
    "unknown_sort",
}
_BODY = {
    400: {"invalid", "malformed_json", "required", "unknown_member", "wrong_type"},
    413: {"too_large"},
    415: {"unsupported_media_type"},
}
_SENTENCES = {
    400: "The request is malformed or a value fails validation.",
    401: "Nobody is signed in, or the session has ended.",
    403: "The caller may not do this.",
    404: "Absent, or hidden from this caller.",
    406: "The list does not come as the file that `Accept` names.",
    409: "This contradicts what is stored.",
    412: "`If-Match` names a version that is no longer the current one.",
    413: "The body is too large.",
    415: "The body is not of a content type that the operation takes.",
    422: "Well-formed, and impossible.",
    429: "Too many attempts; `Retry-After` says when to come back.",
    500: "Our fault.",
    503: "A dependency is down or busy. Nothing was lost: send the same request again.",
}


def sentence(status: int) -> str:
    """What a status means."""
    return _SENTENCES[status]


def failures(declaration: Declaration) -> dict[int, list[str]]:
    """The codes of each status that the operation may answer."""
    found = derived(declaration)
    for status, codes in declaration.operation.errors.items():
        found.setdefault(status, set()).update(codes)
    return {status: sorted(codes) for status, codes in sorted(found.items())}


def derived(declaration: Declaration) -> dict[int, set[str]]:
    """Those of them that follow from what else it declares: other operations of its kind refuse the same."""
    found: dict[int, set[str]] = {status: set(codes) for status, codes in _ALWAYS.items()}
    for more in (_of_access(declaration), _of_request(declaration.operation)):
        for status, codes in more.items():
            found.setdefault(status, set()).update(codes)
    return found


def _of_access(declaration: Declaration) -> dict[int, Any]:
    operation = declaration.operation
    found: dict[int, set[str]] = {}
    if not operation.sessionless and operation.method != "GET":
        found[403] = {"invalid_origin"}
    if operation.public:
        return found
    found[401] = {"unauthenticated"}
    refusals = found.setdefault(403, set())
    if not operation.while_password_is_due or operation.own:
        refusals.add("password_change_required")
    if operation.permission is not None:
        refusals.add("forbidden")
    if declaration.api.api_tokens:
        refusals.update({"wrong_token_type"} | (set() if operation.by_api_token else {"session_required"}))
    if declaration.api.organization_header and "me" not in operation.path.split("/"):
        refusals.add("forbidden")
        found[404] = {"not_found"}
    return found


def _of_request(operation: Operation) -> dict[int, Any]:
    found: dict[int, set[str]] = {}
    if set(operation.path_parameters) - set(operation.texts):
        found[404] = {"not_found"}
    if isinstance(operation.query, Listing):
        found[400] = _LISTING | ({"required"} if operation.query.parameters else set())
    elif operation.query:
        found[400] = {"invalid", "repeated_parameter", "required"}
    if operation.is_fileless_list:
        found[406] = {"not_acceptable"}
    if operation.bodies or operation.form:
        for status, codes in _BODY.items():
            found.setdefault(status, set()).update(codes)
    if operation.is_conditional:
        found[412] = {"stale"}
    if operation.method != "GET":
        found.setdefault(409, set()).add("busy")
    return found
