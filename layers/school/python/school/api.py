"""The one door of every function: who is it, may they, is it well formed, answer, log.

The order is fixed: authentication before anything that looks at the request, then the permission, then the
route's own work. Every failure becomes an answer here and nowhere else.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler import Response as GatewayResponse

from school.errors import CoreError, Forbidden, NotFound, Unauthenticated
from school.organizations import service as organizations
from school.policy import Caller, Permission, acting_in, require, require_own_password, require_session
from school.requests import Request, request_of
from school.sessions.service import caller_of, find
from school.settings import settings

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Answer:
    """What a route answers: a result in the envelope, or a whole body of another system's shape."""

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


@dataclass(frozen=True, slots=True)
class Declared:
    """What a route declares about who may call it."""

    #: Whether it needs no sign-in.
    public: bool
    #: What a role must grant; None for what everybody signed in may do, or what the route decides itself.
    permission: Permission | None


Handler = Callable[..., Answer]
ErrorBody = Callable[[CoreError, Request | None], tuple[Any, str]]
#: Who is behind an API token; None when it does not hold.
FindCaller = Callable[[str], Caller | None]


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


# What better-auth calls our codes, where the names differ.
_BETTER_AUTH_CODES = {"password_too_common": "PASSWORD_COMPROMISED", "required": "PASSWORD_TOO_SHORT"}


def better_auth_error(error: CoreError, request: Request | None) -> tuple[Any, str]:
    """The error of better-auth 1.7, so that its client library understands it."""
    code = error.problems[0].code
    return {"message": str(error), "code": _BETTER_AUTH_CODES.get(code, code.upper())}, JSON


class Api:
    """The routes of one function and the handler that AWS Lambda calls.

    Args:
        service: the function's name in the logs.
        error_body: the shape of its failures.
        api_tokens: finds the caller behind an API token, for the functions that take them besides sessions.
        headers: what every answer of this function carries besides the usual headers, refusals too.
        organization_header: names the school in which a platform administrator acts; None where nobody acts in
            another school than the own.
    """

    def __init__(
        self,
        service: str,
        error_body: ErrorBody = envelope_error,
        *,
        api_tokens: FindCaller | None = None,
        headers: dict[str, str] | None = None,
        organization_header: str | None = "x-organization-id",
    ) -> None:
        self.resolver = APIGatewayRestResolver()
        self.resolver.not_found(lambda _: self._refusal(NotFound()))
        self.logger = Logger(service=service)
        self.error_body = error_body
        self.headers = headers or {}
        self.api_tokens = api_tokens
        self.organization_header = organization_header
        #: Every route by method and path, for the tests of routes and the authorization matrix.
        self.declared: dict[tuple[str, str], Declared] = {}
        self._request: Request | None = None

    def route(
        self,
        method: str,
        path: str,
        *,
        permission: Permission | None = None,
        public: bool = False,
        sessionless: bool = False,
        while_password_is_due: bool = False,
        by_api_token: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declares a route.

        Args:
            method: the HTTP method.
            path: with `<name>` for each path parameter.
            permission: what a role must grant; None for what everybody signed in may do.
            public: whether it needs no sign-in.
            sessionless: whether it is public and never looks for a session, so that a cookie changes nothing: a form
                of a page that sends no referrer comes with the origin `null`.
            while_password_is_due: whether somebody who must change the password may call it.
            by_api_token: whether an API token may call it, in a function that takes them.
        """

        def register(function: Handler) -> Handler:
            self.declared[method, path] = Declared(public or sessionless, permission)

            def handle(**parameters: str) -> Answer:
                request = self._begin(path, parameters)
                if not sessionless:
                    self._authenticate(request, public, by_api_token)
                # Whatever is said of the school, `me` is the account that is signed in.
                if request.caller_or_none is not None and "me" not in path.split("/"):
                    self._enter_organization(request)
                if request.caller_or_none is not None and not while_password_is_due:
                    require_own_password(request.caller)
                if permission is not None:
                    require(request.caller, permission)
                return function(request, **parameters)

            def answer(**parameters: str) -> GatewayResponse[str]:
                # The resolver logs what passes through it as an error of its own, so nothing does.
                try:
                    return self._response(handle(**parameters))
                except Exception as error:  # noqa: BLE001 - the last door: it logs what it does not know
                    return self._refusal(error)

            self.resolver.route(path, method=method)(answer)
            return function

        return register

    def _begin(self, route: str, parameters: dict[str, str]) -> Request:
        assert self._request is not None
        self._request.route, self._request.parameters = route, parameters
        return self._request

    def _authenticate(self, request: Request, public: bool, by_api_token: bool) -> None:
        if self.api_tokens and request.api_token and not public:
            request.caller_or_none = self.api_tokens(request.api_token)
            if not by_api_token:
                require_session(request.caller)
            return
        # What counts is where the token comes from: browsers add the cookie to requests of any page.
        if (
            request.is_by_cookie
            and request.method not in _SAFE_METHODS
            and request.headers.get("origin") not in settings().trusted_origins
        ):
            raise Forbidden("This request comes from a page that is not ours.", code="invalid_origin")
        if public:
            return
        token = request.token
        request.signed_in = find(token) if token else None
        if request.signed_in is None:
            raise Unauthenticated()
        request.caller_or_none = replace(caller_of(request.signed_in), source=request.source_ip or "")

    def _enter_organization(self, request: Request) -> None:
        """Lets a platform administrator act in the school that the request names."""
        named = request.headers.get(self.organization_header or "", "").strip()
        if named:
            request.caller_or_none = acting_in(request.caller, named)
            if request.caller.organization_id != request.caller.home_organization_id:
                organizations.find(request.caller.organization_id)

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answers one API Gateway proxy event."""
        began = time.perf_counter()
        request = self._request = request_of(event, context)
        if _CONTROL.search(event["path"]):
            # A route's pattern would overlook a line break at the end of a path; no route begins with two slashes.
            event = {**event, "path": "//"}
        answer: dict[str, Any] = self.resolver.resolve(event, context)
        self._log(request, answer["statusCode"], began)
        return answer

    def _refusal(self, error: Exception) -> GatewayResponse[str]:
        request = self._request
        assert request is not None
        if not isinstance(error, CoreError):
            # The alarm on 5XX answers sees this; the trace stays in the log.
            self.logger.exception("unhandled", request_id=request.id, exc_info=error)
            error = CoreError()
        body, content_type = self.error_body(error, request)
        headers = _headers(request, self.headers | error.headers)
        return GatewayResponse(error.status, content_type, body if isinstance(body, str) else _dump(body), headers)

    def _response(self, answer: Answer) -> GatewayResponse[str]:
        request = self._request
        assert request is not None
        headers = _headers(request, self.headers | answer.headers)
        if answer.cookies:
            headers["Set-Cookie"] = answer.cookies
        if answer.status in (204, 302, 304):
            return GatewayResponse(answer.status, None, "", headers)
        body = _dump(_document(answer)) if answer.content_type == JSON else answer.result
        return GatewayResponse(answer.status, answer.content_type, body, headers)

    def _log(self, request: Request, status: int, began: float) -> None:
        caller = request.caller_or_none
        self.logger.info(
            "answered",
            request_id=request.id,
            method=request.method,
            route=request.route,
            status=status,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
            caller=caller.user_id if caller else None,
            organization=caller.organization_id if caller else None,
        )


def _document(answer: Answer) -> Any:
    if answer.bare:
        return answer.result
    errors: dict[str, Any] = {} if answer.without_errors else {"errors": []}
    return {"success": True, "message": "OK.", "meta": answer.meta, **errors, "result": answer.result}


def _dump(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _headers(request: Request, more: dict[str, str]) -> dict[str, Any]:
    headers: dict[str, Any] = {
        "x-request-id": request.id,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        **more,
    }
    origin = request.headers.get("origin")
    if origin in settings().trusted_origins:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Allow-Credentials"] = "true"
        headers["Vary"] = "Origin"
    return headers


def tagged(
    version: float, result: Any, request: Request, status: int = 200, headers: dict[str, str] | None = None
) -> Answer:
    """A single resource with its `ETag`; 304 when `If-None-Match` already has it."""
    tag = f'"{int(version)}"'
    if request.method == "GET" and request.headers.get("if-none-match") == tag:
        return Answer(status=304, headers={"ETag": tag})
    return Answer(result, status, headers={"ETag": tag, **(headers or {})})
