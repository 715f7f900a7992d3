"""The failures of the contract, as values.

A rule raises one of these; only `core.http.api` turns one into an answer. Each carries a status, a stable
code, the field it is about (a path such as `father.nik`, or None) and a sentence a person can act on.
"""

from typing import NamedTuple


class Problem(NamedTuple):
    """One entry of an answer's `errors`."""

    code: str
    message: str
    field: str | None = None


class Existing(NamedTuple):
    """A record that is there already, and has what somebody else wanted. Whoever may read it is told its id."""

    field: str | None
    #: Such as `students`.
    kind: str
    id: str
    organization_id: str


class CoreError(Exception):
    """A failure that the contract names.

    Args:
        message: what happened and what to do about it, one sentence.
        code: the stable code, when the class's own is too wide.
        field: the member the failure is about.
        problems: several failures at once; replaces `message`, `code` and `field`.
        headers: headers that the answer must carry, such as `Retry-After`.
    """

    status = 500
    code = "internal_error"
    sentence = "Something went wrong on our side. Try again; if it happens again, report the request id."

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        field: str | None = None,
        problems: list[Problem] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.problems = problems or [Problem(code or self.code, message or self.sentence, field)]
        self.headers = headers or {}
        self.existing: list[Existing] = []
        super().__init__(self.problems[0].message)


class BadRequest(CoreError):
    """The request is malformed or a value fails validation."""

    status = 400
    code = "invalid"
    sentence = "The request is not valid."


class InvalidBody(BadRequest):
    """The body is JSON and not what the operation takes: members are missing, unknown or of the wrong kind."""


class Unauthenticated(CoreError):
    """Nobody is signed in, or the session has ended."""

    status = 401
    code = "unauthenticated"
    sentence = "Sign in first: send a valid session token."


class Forbidden(CoreError):
    """The caller is known and may not do this."""

    status = 403
    code = "forbidden"
    sentence = "You may not do this. Ask an administrator of your school."


class NotFound(CoreError):
    """The thing is absent, or hidden from this caller; the two look identical."""

    status = 404
    code = "not_found"
    sentence = "Nothing is here under this address."


class NotAcceptable(CoreError):
    """`Accept` names a kind of file that this answer does not come as."""

    status = 406
    code = "not_acceptable"
    sentence = "This does not come as such a file. Leave Accept out, or send application/json."


class Conflict(CoreError):
    """The write contradicts what is stored: uniqueness or state."""

    status = 409
    code = "conflict"
    sentence = "This contradicts what is stored. Read it again and decide anew."


def together(conflicts: list[tuple[CoreError, Existing | None]]) -> CoreError:
    """Conflicts of one write about several members as one, with the records that are there already."""
    problems = dict.fromkeys(problem for conflict, _ in conflicts for problem in conflict.problems)
    told = conflicts[0][0] if len(problems) == 1 else Conflict(problems=[*problems])
    told.existing = [existing for _, existing in conflicts if existing is not None]
    return told


class PreconditionFailed(CoreError):
    """`If-Match` names a version that is no longer the current one."""

    status = 412
    code = "stale"
    sentence = "Somebody changed this meanwhile. Read it again and repeat your change."


class PayloadTooLarge(CoreError):
    """The body is larger than the operation takes."""

    status = 413
    code = "too_large"
    sentence = "The body is too large."


class UnsupportedMediaType(CoreError):
    """The body is not of a content type that the operation takes."""

    status = 415
    code = "unsupported_media_type"
    sentence = "Send the body as application/json."


class Impossible(CoreError):
    """The request is well-formed, and what it asks for can't be done."""

    status = 422
    code = "impossible"
    sentence = "This can't be done. Change the request."


class TooManyRequests(CoreError):
    """Too many attempts; `Retry-After` says when to come back."""

    status = 429
    code = "too_many_requests"
    sentence = "Too many attempts. Wait before you try again."

    def __init__(self, seconds: int, message: str | None = None) -> None:
        super().__init__(message, headers={"Retry-After": str(seconds)})


class Unavailable(CoreError):
    """A dependency is down or throttling. Nothing was lost: the same request can be sent again."""

    status = 503
    code = "unavailable"
    sentence = "A service we depend on is busy. Nothing was lost: send the same request again shortly."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message, headers={"Retry-After": "2"})
