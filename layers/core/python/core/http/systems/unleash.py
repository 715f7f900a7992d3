"""Unleash's words: the errors of its admin API, and how it says what is wrong with a body.

Source: unleash-change-password and unleash-reset-password (seeds), contract section 4.
"""

import json
import uuid
from typing import Any

from pydantic import BaseModel, ValidationError

from core.http.requests import Request
from core.kernel.errors import BadRequest, CoreError, NotFound, Problem, Unauthenticated

_JSON = "application/json"
_NO_HEADER = (
    "You must log in to use Unleash. Your request had no authorization header, so we could not authorize you. "
    "Try logging in at /auth/simple/login."
)
_BAD_HEADER = (
    "You must log in to use Unleash. Your request's authorization is not valid or has ended, so we could not authorize "
    "you. Try logging in at /auth/simple/login."
)
_CONTENT_TYPE = (
    "We do not accept the content-type you provided ({}). Try using application/json instead and make sure the body is "
    "in the corresponding format."
)
#: Ours in Unleash's words, by code.
_SENTENCES = {
    "forbidden": 'You need the "users:password" permission to perform this action.',
    "invalid_password": "The old password you provided is not right.",
}
_NAMES = {
    400: "BadDataError",
    401: "AuthenticationRequired",
    403: "NoAccessError",
    404: "NotFoundError",
    409: "ConflictError",
    413: "PayloadTooLargeError",
    415: "ContentTypeError",
    429: "RateLimitError",
    503: "ServiceUnavailableError",
}
_TYPES = {"string_type": "string", "list_type": "array", "bool_type": "boolean"}
_LONGEST_ECHO = 100


class SchemaError(BadRequest):
    """The body does not have the form that the operation takes: Unleash's ValidationError."""


class PasswordMismatch(BadRequest):
    """The confirmation differs from the password: Unleash's error of the same name."""

    code = "password_mismatch"
    sentence = "The confirmation differs from the password."


class DeadLink(Unauthenticated):
    """The token of a reset link does not open: Unleash's InvalidTokenError."""

    code = "invalid_token"
    sentence = "Token was not valid"


def required(name: str) -> SchemaError:
    """The refusal of a body without a member."""
    return SchemaError(f"The .{name} property is required. It was not present on the data you sent.", field=name)


def read[Schema: BaseModel](request: Request, schema: type[Schema]) -> Schema:
    """The JSON body as `schema`.

    Raises:
        SchemaError: with every failing member at once, in Unleash's words; and the errors of `bodies.parse`.
    """
    document = request.document()
    try:
        return schema.model_validate(document)
    except ValidationError as error:
        raise SchemaError(problems=[_problem(each) for each in error.errors(include_url=False)]) from error


def _problem(failure: Any) -> Problem:
    path = ".".join(str(part) for part in failure["loc"])
    kind, sent = failure["type"], failure["input"]
    if kind == "missing":
        return required(path).problems[0]
    if kind == "extra_forbidden":
        sentence = f"The request body does not allow additional properties. You sent the .{path} property."
    elif wanted := _TYPES.get(kind):
        # What was sent is told as the seed does, cut: it goes back to its sender only.
        echo = json.dumps(sent, ensure_ascii=False, separators=(",", ":"))[:_LONGEST_ECHO]
        sentence = f"The .{path} property should be {wanted}. You sent {echo}."
    else:
        text = failure["msg"].removeprefix("Value error, ").rstrip(".")
        sentence = f"The .{path} property is not valid: {text[:1].lower()}{text[1:]}."
    return Problem(SchemaError.code, sentence, path)


def error_body(error: CoreError, request: Request | None) -> tuple[Any, str]:
    """A failure with Unleash's name and words, and an id by which the logs find it."""
    name, message = _name(error), _message(error, request)
    body: dict[str, Any] = {"id": _error_id(request), "name": name, "message": message}
    if name == "OwaspValidationError":
        # Unleash's own clients show the list; its first entry stands for the whole elsewhere.
        body["details"] = [{"message": message, "validationErrors": [each.message for each in error.problems]}]
    elif name in ("BadDataError", "ValidationError"):
        body["details"] = [{"message": each.message} for each in error.problems]
    return body, _JSON


def _error_id(request: Request | None) -> str:
    """API Gateway's id of the request where that is a UUID, as Unleash's clients expect."""
    try:
        return str(uuid.UUID(request.id if request else ""))
    except ValueError:
        return str(uuid.uuid4())


def _name(error: CoreError) -> str:
    code, field = error.problems[0].code, error.problems[0].field
    if isinstance(error, SchemaError):
        return "ValidationError"
    if isinstance(error, DeadLink):
        return "InvalidTokenError"
    if code in ("invalid_password", PasswordMismatch.code):
        return "PasswordMismatch"
    if error.status == 400 and field == "password":
        return "OwaspValidationError"
    if code == "required":
        return "ValidationError"
    return _NAMES.get(error.status, "UnknownError")


def _message(error: CoreError, request: Request | None) -> str:
    code, sentence = error.problems[0].code, error.problems[0].message
    headers, parameters = (request.headers, request.parameters) if request else ({}, {})
    if isinstance(error, SchemaError):
        return f"The request payload you provided doesn't conform to the schema. {sentence}"
    if code == Unauthenticated.code:
        return _BAD_HEADER if headers.get("authorization") else _NO_HEADER
    if error.status == 415:
        return _CONTENT_TYPE.format(headers.get("content-type", ""))
    if code == NotFound.code and "id" in parameters:
        return f'Could not find the user with ID "{parameters["id"]}".'
    return _SENTENCES.get(code, sentence)
