"""The one door of every function: who is it, may they, is it well formed, answer, log.

The order is fixed: authentication before anything that looks at the request, then the permission, then the
route's own work. Every failure becomes an answer here and nowhere else.
"""

import json
import re
import time
from collections.abc import Callable
from copy import replace
from typing import Any, Unpack

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler.api_gateway import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.api_gateway import Response as GatewayResponse

from core.contract.operations import Answers, Declaration, Operation
from core.http.answers import JSON, Answer
from core.http.calls import ReadBody, arguments_of, rendered
from core.http.error_bodies import ErrorBody, envelope_error
from core.http.requests import Request, request_of
from core.kernel.clock import is_id
from core.kernel.errors import CoreError, NotFound, Unauthenticated
from core.kernel.policy import Caller, acting_in, require, require_own_password, require_session
from core.kernel.settings import settings
from core.organizations import service as organizations
from core.sessions.service import caller_of, find

#: Browsers come over https only for a year from the last answer on.
STRICT_TRANSPORT_SECURITY = "max-age=31536000"
#: What pages on trusted origins may read of an answer besides its body.
EXPOSED = "Content-Disposition, Deprecation, ETag, Link, Location, Retry-After, set-auth-token, x-request-id"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


Handler = Callable[..., Any]
#: Who is behind an API token; None when it does not hold.
FindCaller = Callable[[str], Caller | None]


class Api:
    """The routes of one function and the handler that AWS Lambda calls.

    Args:
        service: the function's name in the logs.
        error_body: the shape of its failures.
        api_tokens: finds the caller behind an API token, for the functions that take them besides sessions.
        headers: what every answer of this function carries besides the usual headers, refusals too.
        organization_header: names the school in which a platform administrator acts; None where nobody acts in
            another school than the own.
        read_body: reads a body as a schema, and refuses it in this function's words.
    """

    def __init__(
        self,
        service: str,
        error_body: ErrorBody = envelope_error,
        *,
        api_tokens: FindCaller | None = None,
        headers: dict[str, str] | None = None,
        organization_header: str | None = "x-organization-id",
        read_body: ReadBody = Request.read,
    ) -> None:
        self.resolver = APIGatewayRestResolver()
        self.resolver.not_found(lambda _: self._refusal(NotFound()))
        self.logger = Logger(service=service)
        self.error_body = error_body
        self.headers = headers or {}
        self.api_tokens = api_tokens
        self.organization_header = organization_header
        #: What is declared of every operation, for the OpenAPI document, the authorization matrix and the tests.
        self.operations: list[Operation] = []
        self.read_body = read_body
        self._request: Request | None = None

    def operation(
        self, method: str, path: str, *, answers: Answers, **declared: Unpack[Declaration]
    ) -> Callable[[Handler], Handler]:
        """Declares an operation; `Operation` says what each argument means.

        The handler takes by name what it needs of the request: the path's ids; `body`, annotated with its schema, or
        `document` for the object as it is; `wanted`, the page that is asked for; the query's parameters; `expected`,
        the version that `If-Match` names. It returns what `answers` shows, or `With` more.
        """

        def register(handler: Handler) -> Handler:
            operation = Operation(method, path, handler, answers, **declared)
            self.operations.append(operation)
            self._serve(operation)
            return handler

        return register

    def _call(self, operation: Operation, request: Request, parameters: dict[str, str]) -> Answer:
        arguments = arguments_of(operation, request, parameters, self.read_body)
        taken = {name: value for name, value in arguments.items() if name in operation.arguments}
        return rendered(operation, request, arguments, operation.handler(request, **taken))

    def _serve(self, operation: Operation) -> None:
        def handle(parameters: dict[str, str]) -> Answer:
            request = self._begin(operation.path, parameters)
            if not operation.sessionless:
                self._authenticate(request, operation)
            # Whatever is said of the school, `me` is the account that is signed in.
            if request.caller_or_none is not None and "me" not in operation.path.split("/"):
                self._enter_organization(request)
            if request.caller_or_none is not None:
                _require_allowed(request.caller, operation, parameters)
            return self._call(operation, request, parameters)

        def answer(**parameters: str) -> GatewayResponse[str]:
            # The resolver logs what passes through it as an error of its own, so nothing does.
            try:
                return self._response(handle(parameters))
            except Exception as error:  # noqa: BLE001 - the last door: it logs what it does not know
                return self._refusal(error)

        pattern = operation.path.replace("{", "<").replace("}", ">")
        self.resolver.route(pattern, method=operation.method)(answer)

    def _begin(self, route: str, parameters: dict[str, str]) -> Request:
        assert self._request is not None
        self._request.route, self._request.parameters = route, parameters
        return self._request

    def _authenticate(self, request: Request, operation: Operation) -> None:
        if self.api_tokens and request.api_token and not operation.public:
            request.caller_or_none = self.api_tokens(request.api_token)
            if not operation.by_api_token:
                require_session(request.caller)
            return
        # What counts is where the token comes from: browsers add the cookie to requests of any page.
        if request.is_by_cookie and request.method not in _SAFE_METHODS:
            request.require_trusted_origin()
        if operation.public:
            return
        token = request.token
        request.signed_in = find(token, with_organization=operation.with_organization) if token else None
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


def _require_allowed(caller: Caller, operation: Operation, parameters: dict[str, str]) -> None:
    named = parameters.get(operation.own, "")
    if operation.own and not is_id(named):
        raise NotFound()
    is_own = named.lower() == caller.user_id
    if not operation.while_password_is_due or (operation.own and not is_own):
        require_own_password(caller)
    if operation.permission is not None and not is_own:
        require(caller, operation.permission)


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
    if settings().secure:
        headers["Strict-Transport-Security"] = STRICT_TRANSPORT_SECURITY
    # Without an origin too: a cache that keeps that answer would else give it to a page of an origin that is trusted.
    headers["Vary"] = ", ".join(filter(None, (more.get("Vary"), "Origin")))
    origin = request.headers.get("origin")
    if origin in settings().trusted_origins:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Allow-Credentials"] = "true"
        headers["Access-Control-Expose-Headers"] = EXPOSED
    return headers
