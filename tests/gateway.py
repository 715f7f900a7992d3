"""Calling a function the way API Gateway does."""

import base64
import importlib.util
import json
import sys
from dataclasses import dataclass
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

from tests.rights import guarded
from tools.sam_template import ROOT


@cache
def function(name: str) -> ModuleType:
    """The module of functions/<name>/app.py, its handler within the rights that the template gives it.

    What lies beside it can be imported, as on Lambda.
    """
    sys.path.append(str(ROOT / "functions" / name))
    spec = importlib.util.spec_from_file_location(f"functions_{name}", ROOT / "functions" / name / "app.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.handler = guarded(name, module.handler)
    return module


@dataclass
class Reply:
    """An answer, read."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    text: str
    in_base64: bool = False

    @property
    def content(self) -> bytes:
        """The body as API Gateway hands it out, if its type is one of the binary ones."""
        return base64.b64decode(self.text) if self.in_base64 else self.text.encode()

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def result(self) -> Any:
        return self.body["result"]

    @property
    def codes(self) -> list[tuple[str | None, str]]:
        """The field and code of every error."""
        return [(each["field"], each["code"]) for each in self.body["errors"]]


def event(
    method: str,
    path: str,
    *,
    token: str | None = None,
    json_body: Any = None,
    body: str | None = None,
    raw: bytes | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, list[str]] | None = None,
    source_ip: str = "127.0.0.1",
) -> dict[str, Any]:
    """A REST API proxy event. `raw` is a body of a type that the template names in `BinaryMediaTypes`."""
    text = json.dumps(json_body) if json_body is not None else body
    sent = {"Content-Type": "application/json", **(headers or {})}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} if query else None,
        "multiValueQueryStringParameters": query,
        "pathParameters": None,
        "requestContext": {"requestId": "test-request", "identity": {"sourceIp": source_ip}, "stage": "test"},
        "body": base64.b64encode(raw).decode() if raw is not None else text,
        "isBase64Encoded": raw is not None,
    }


def call(name: str, method: str, path: str, **options: Any) -> Reply:
    """The answer of the function `name`."""
    return answer(name, event(method, path, **options))


def answer(name: str, asked: dict[str, Any]) -> Reply:
    """What the function `name` answers to an event, held against what the operation declares."""
    context = SimpleNamespace(
        aws_request_id="test",
        function_name=name,
        memory_limit_in_mb=512,
        invoked_function_arn="",
        get_remaining_time_in_millis=lambda: 28_000,
    )
    module = function(name)
    raw = module.handler(asked, context)
    many = raw.get("multiValueHeaders") or {}
    headers = {key.lower(): values[0] for key, values in many.items()}
    cookies = many.get("Set-Cookie", [])
    # What an answer is held against is made of the functions that this module loads.
    from tests.contract import hold  # noqa: PLC0415

    hold(module.api, raw["statusCode"], headers, raw.get("body") or "")
    return Reply(raw["statusCode"], headers, cookies, raw.get("body") or "", raw["isBase64Encoded"])
