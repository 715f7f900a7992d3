"""The address people use on this machine: the contract's paths, without the stage that API Gateway puts before them.

On AWS a custom domain name does this. It also gives the answers that API Gateway itself gives and the local cloud
does not, taken from the template.
"""

import http.client
import re
import uuid
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from tools.sam_template import gateway_responses, preflight_headers, routes

#: API Gateway's own limit on a payload, in bytes.
LARGEST_PAYLOAD = 10 * 1024 * 1024
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
#: API Gateway takes a request's source from its connection; the local cloud would take the sender's word for it.
_NOT_PASSED_ON = _HOP_BY_HOP | {"x-forwarded-for"}
#: What only an address with https may say.
_SECURE_ONLY = {"strict-transport-security"}


@cache
def _patterns() -> list[re.Pattern[str]]:
    """What paths of operations look like."""
    return [re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))) for _, path in routes()]


class Handler(BaseHTTPRequestHandler):
    """Passes a request on to the local cloud."""

    protocol_version = "HTTP/1.1"
    cloud_port: ClassVar[int]
    prefix: ClassVar[str]
    #: Where pages are that may call from another origin.
    origins: ClassVar[frozenset[str]]

    def _refuse(self, kind: str) -> None:
        response = gateway_responses()[kind]
        templates = response["ResponseTemplates"]
        accepted = self.headers.get("Accept", "")
        media_type = next((each for each in templates if each in accepted), "application/json")
        body = templates[media_type].encode()
        self.send_response(response["StatusCode"])
        for name, value in response["ResponseParameters"]["Headers"].items():
            constant = value.strip("'")
            if name.lower() in _SECURE_ONLY:
                continue
            if constant == "method.request.header.Origin":
                if "Origin" in self.headers:
                    self.send_header(name, self.headers["Origin"])
                continue
            self.send_header(name, str(uuid.uuid4()) if constant == "context.requestId" else constant)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _pass_on(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_PAYLOAD:
            self.close_connection = True
            return self._refuse("REQUEST_TOO_LARGE")
        body = self.rfile.read(length)
        upstream = http.client.HTTPConnection("127.0.0.1", self.cloud_port, timeout=30)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_PASSED_ON}
            headers["X-Forwarded-For"] = self.client_address[0]
            upstream.request(self.command, self.prefix + self.path, body, headers)
            answer = upstream.getresponse()
            payload = answer.read()
        except OSError:
            return self._refuse("INTEGRATION_TIMEOUT")
        finally:
            upstream.close()
        if answer.status == 403 and answer.headers.get("x-amzn-errortype") == "MissingAuthenticationTokenException":
            return self._refuse("MISSING_AUTHENTICATION_TOKEN")
        self._answer(answer.status, answer.headers.items(), payload)
        return None

    def _answer(self, status: int, headers: Any, payload: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP and not name.lower().startswith("x-am"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _preflight(self) -> None:
        """Says what a page on a trusted origin may send, which API Gateway does by the template's own words."""
        path = self.path.partition("?")[0]
        if not any(pattern.fullmatch(path) for pattern in _patterns()):
            return self._refuse("MISSING_AUTHENTICATION_TOKEN")
        self.send_response(204)
        for name, value in preflight_headers().items():
            self.send_header(name, value)
        if self.headers["Origin"] in self.origins:
            self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
        self.end_headers()
        return None

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _pass_on
    do_OPTIONS = _preflight

    def log_message(self, format: str, *values: Any) -> None:
        """Says nothing for each request: the functions log theirs."""


class Server(ThreadingHTTPServer):
    """Takes many connections at once."""

    daemon_threads = True
    request_queue_size = 256


def serve(port: int, cloud_port: int, api_id: str, stage: str, origins: frozenset[str]) -> Server:
    """A server on `port` that is ready to serve the API, to pages on these origins too."""
    prefix = f"/restapis/{api_id}/{stage}/_user_request_"
    members = {"cloud_port": cloud_port, "prefix": prefix, "origins": origins}
    return Server(("127.0.0.1", port), type("CoreHandler", (Handler,), members))
