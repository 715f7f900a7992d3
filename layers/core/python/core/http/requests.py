"""A request as a route sees it: headers, token, body and preconditions, read on demand."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from core.kernel import bodies, clock
from core.kernel.deadlines import NEVER, Deadline
from core.kernel.errors import BadRequest, Forbidden, PreconditionFailed, Unauthenticated
from core.kernel.policy import Caller
from core.kernel.settings import settings
from core.sessions.service import SignedIn

COOKIE = "core.session_token"
_TAG = re.compile(r'"[^"]*"')
#: A version, and behind it the sum of a name that changes without it and that no write rests on.
_OWN_TAG = re.compile(r'"?([0-9]{1,15})(?:-[0-9a-f]{1,8})?"?')


def cookie_name() -> str:
    """The session cookie's name; on https the prefix makes browsers insist on `Secure`."""
    return f"__Secure-{COOKIE}" if settings().secure else COOKIE


@dataclass(slots=True)
class Request:
    """One request as a route sees it."""

    event: dict[str, Any]
    id: str
    headers: dict[str, str]
    parameters: dict[str, str]
    route: str
    #: Until when work on many is begun.
    deadline: Deadline = NEVER
    signed_in: SignedIn | None = None
    caller_or_none: Caller | None = None

    @property
    def caller(self) -> Caller:
        """Who asks.

        Raises:
            Unauthenticated: nobody is signed in.
        """
        if self.caller_or_none is None:
            raise Unauthenticated()
        return self.caller_or_none

    @property
    def session(self) -> SignedIn:
        """The session and account behind the request, as the table had them when the request arrived.

        Raises:
            Unauthenticated: nobody is signed in.
        """
        if self.signed_in is None:
            raise Unauthenticated()
        return self.signed_in

    @property
    def method(self) -> str:
        return str(self.event["httpMethod"])

    @property
    def query(self) -> dict[str, list[str]]:
        """Every query parameter with all its values.

        Raises:
            BadRequest: one of them is no text in UTF-8.
        """
        many = self.event.get("multiValueQueryStringParameters")
        if not many:
            many = {name: [value] for name, value in (self.event.get("queryStringParameters") or {}).items()}
        for name, values in many.items():
            if bodies.SURROGATE.search(f"{name}{''.join(values)}"):
                raise BadRequest("The query is not text in UTF-8.", code="malformed_query")
        return {name: list(values) for name, values in many.items()}

    @property
    def body(self) -> bytes:
        text = self.event.get("body") or ""
        if self.event.get("isBase64Encoded"):
            return base64.b64decode(text)
        # A lone surrogate reaches us as such when the gateway passed broken UTF-8 on; it is refused as JSON.
        return str(text).encode("utf-8", "surrogatepass")

    @property
    def source_ip(self) -> str | None:
        """The address that API Gateway saw. A header like X-Forwarded-For could say anything."""
        return (self.event.get("requestContext") or {}).get("identity", {}).get("sourceIp")

    @property
    def token(self) -> str | None:
        """The session token: of the Authorization header, else of the cookie."""
        return self._bearer or self._cookie

    @property
    def is_by_cookie(self) -> bool:
        """Whether the session token is the cookie's."""
        return self._bearer is None and self._cookie is not None

    def require_trusted_origin(self) -> None:
        """Refuses what does not come from a page of ours or of one that the deployment trusts.

        Raises:
            Forbidden: it comes from another page, or does not say from which.
        """
        if self.headers.get("origin") not in settings().trusted_origins:
            raise Forbidden("This request comes from a page that is not trusted.", code="invalid_origin")

    @property
    def _bearer(self) -> str | None:
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        return value.strip() or None if scheme.lower() == "bearer" else None

    @property
    def api_token(self) -> str | None:
        """The API token of the Authorization header, `Bearer ` or not. Only an API token has a colon and a point."""
        text = self.headers.get("authorization", "").strip()
        scheme, _, value = text.partition(" ")
        text = value.strip() if scheme.lower() == "bearer" else text
        return text if ":" in text and "." in text else None

    @property
    def _cookie(self) -> str | None:
        for part in self.headers.get("cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == cookie_name() and value:
                return value
        return None

    def document(self, largest: int = bodies.LARGEST_BODY) -> dict[str, Any]:
        """The JSON body of at most so many bytes. Raises the errors of `bodies.parse`."""
        return bodies.parse(self.body, self.headers.get("content-type", ""), largest)

    def read[Schema: BaseModel](self, schema: type[Schema]) -> Schema:
        """The JSON body as `schema`. Raises the errors of `bodies.parse` and `bodies.validate`."""
        return bodies.validate(schema, self.document())

    def has_already(self, tag: str) -> bool:
        """Whether `If-None-Match` names this tag among others, weak or not, or is `*` (RFC 9110, section 13.1.2)."""
        named = self.headers.get("if-none-match", "")
        return named.strip() == "*" or tag in _TAG.findall(named)

    @property
    def expected_version(self) -> int | None:
        """The version that `If-Match` names; None without the header or with `*`.

        Raises:
            PreconditionFailed: the header holds no tag of ours, so it can't be the current one.
        """
        tag = self.headers.get("if-match")
        if tag is None or tag.strip() == "*":
            return None
        found = _OWN_TAG.fullmatch(tag.strip())
        if found is None:
            raise PreconditionFailed()
        return int(found[1])


def require_no_more(names: Iterable[str]) -> None:
    """Refuses the first of the query parameters that an operation does not take."""
    for name in sorted(names):
        raise BadRequest(f"This operation does not take {name!r}.", code="unknown_parameter", field=name)


def request_of(event: dict[str, Any], context: Any) -> Request:
    """The request inside an API Gateway proxy event."""
    many = event.get("multiValueHeaders") or {}
    headers = {name.lower(): values[-1] for name, values in many.items() if values}
    headers |= {name.lower(): value for name, value in (event.get("headers") or {}).items() if value is not None}
    event["headers"] = headers
    identity = (event.get("requestContext") or {}).get("requestId")
    request_id = identity or getattr(context, "aws_request_id", None) or clock.new_id()
    deadline = Deadline.of(context) if context else NEVER
    return Request(event=event, id=str(request_id), headers=headers, parameters={}, route="", deadline=deadline)
