"""What a route answers, before the door makes a response of it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from zlib import crc32

from core.contract.operations import Answers, Names
from core.http.requests import Request

JSON = "application/json"


@dataclass(slots=True)
class Answer:
    """A result in the envelope, or a whole body of another system's shape."""

    result: Any = None
    status: int = 200
    #: With any other than JSON the result is the body itself: text, or the bytes of a type that the template names in
    #: `BinaryMediaTypes`.
    content_type: str = JSON
    meta: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    bare: bool = False
    #: Leaves the empty `errors` out, for an operation whose seed shows the envelope without it.
    without_errors: bool = False


@dataclass(slots=True)
class With:
    """What a handler returns when the answer carries more than its declared result."""

    result: Any
    meta: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    #: Another status than the declared one, such as 202 for a job that goes on.
    status: int | None = None
    cookies: list[str] = field(default_factory=list)
    #: Which of the declared answers it is, if not the first.
    answers: Answers | None = None


def link_to_next(request: Request, cursor: str | None) -> dict[str, str]:
    """The header that leads to the next part of a list or file: the same question, from the cursor on (RFC 8288)."""
    if cursor is None:
        return {}
    path = request.route.format(**{name: quote(value, safe="") for name, value in request.parameters.items()})
    asked = {name: value for name, [value] in request.query.items() if name not in ("page", "cursor")}
    return {"Link": f'<{path}?{urlencode({**asked, "cursor": cursor}, quote_via=quote)}>; rel="next"'}


def tag_of(item: Any, names: Names | None) -> str:
    """The `ETag` of a resource: its version and, as another record's name may change without it, a sum of that name."""
    name = getattr(item, names.attribute) if names else None
    return f'"{int(item.version)}{f"-{crc32(name.encode()):x}" if name else ""}"'


def tagged(tag: str, result: Any, request: Request, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """A single resource with its `ETag`; 304 when `If-None-Match` already has it."""
    if request.method == "GET" and request.has_already(tag):
        return Answer(status=304, headers={"ETag": tag})
    return Answer(result, status, headers={"ETag": tag, **(headers or {})})
