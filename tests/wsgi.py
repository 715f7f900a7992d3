"""The functions behind one WSGI application, as API Gateway puts them behind one address."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from tests.gateway import answer, event
from tools.sam_template import gateway_responses, routes, template

_NOTHING_HERE = gateway_responses()["MISSING_AUTHENTICATION_TOKEN"]


@cache
def _patterns() -> list[tuple[str, re.Pattern[str], str]]:
    """Method, path and function of every route; those with fewer parameters first, as API Gateway chooses."""
    ordered = sorted(routes().items(), key=lambda route: route[0][1].count("{"))
    return [
        (method, re.compile(re.sub(r"\{\w+\}", "[^/]+", path), re.DOTALL), folder) for (method, path), folder in ordered
    ]


def _folder(method: str, path: str) -> str | None:
    found = (folder for known, pattern, folder in _patterns() if known == method and pattern.fullmatch(path))
    return next(found, None)


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    sent = {name[5:].replace("_", "-").title(): value for name, value in environ.items() if name.startswith("HTTP_")}
    return sent | {"Content-Type": environ.get("CONTENT_TYPE", "")}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers a request with what the function of its route answers."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    folder = _folder(method, path)
    if folder is None:
        start_response("404 Not Found", [("Content-Type", "application/json")])
        return [_NOTHING_HERE["ResponseTemplates"]["application/json"].encode()]
    headers = _headers(environ)
    sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    binary = template()["Resources"]["Api"]["Properties"]["BinaryMediaTypes"]
    is_binary = headers["Content-Type"].partition(";")[0].strip().lower() in binary
    body = {"raw": sent} if is_binary else {"body": sent.decode("utf-8", "replace") or None}
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True) or None
    reply = answer(folder, event(method, path, headers=headers, query=query, **body))
    told = [(name, value) for name, value in reply.headers.items() if name != "set-cookie"]
    start_response(
        f"{reply.status} {HTTPStatus(reply.status).phrase}", [*told, *(("Set-Cookie", each) for each in reply.cookies)]
    )
    return [reply.content]
