"""Every answer that a test gets is held against what its operation declares: status, codes, and the body's schema.

So the OpenAPI document can't say what is not so, and no operation answers what it does not declare.
"""

import json
from functools import cache
from typing import Any

import jsonschema_rs
from core.contract.operations import Many, One
from core.http.answers import JSON
from core.http.api import Api
from core.http.error_bodies import PROBLEM_JSON
from core.kernel.errors import CoreError

from tests import recording
from tools.openapi.document import document
from tools.openapi.failures import failures
from tools.openapi.operations import Declaration, by_key

#: The codes of the last refusal; the other systems' bodies do not show them.
_refused: list[str] = []
_refusal = Api._refusal


def _noted(api: Api, error: Exception) -> Any:
    _refused[:] = [each.code for each in error.problems] if isinstance(error, CoreError) else ["internal_error"]
    return _refusal(api, error)


Api._refusal = _noted  # type: ignore[method-assign]


def refused() -> tuple[str, ...]:
    """The codes of the last refusal."""
    return tuple(_refused)


def hold(api: Api, status: int, headers: dict[str, str], text: str) -> None:
    """Holds an answer against what its operation declares."""
    request = api._request
    assert request is not None
    key = f"{request.method} {request.route}"
    declaration = by_key().get(key)
    if declaration is None:
        return
    if status >= 400:
        _hold_refusal(declaration, status)
    else:
        _hold_success(declaration, status)
        _hold_promises(declaration, status, headers, text)
        if status == 200 and "fields" not in request.query:
            _hold_entries(declaration, headers, text)
    media_type = headers.get("content-type", "").partition(";")[0]
    if text and media_type != PROBLEM_JSON:
        _hold_body(key, status, media_type, text)
        recording.note(key, request, status, _refused if status >= 400 else [], media_type, text)


def _hold_refusal(declaration: Declaration, status: int) -> None:
    declared = failures(declaration).get(status, [])
    unknown = sorted(set(_refused) - set(declared))
    assert not unknown, (
        f"{declaration.key} answers {status} with {', '.join(unknown)}: add it to `errors` of "
        f"`{declaration.operation.handler.__name__}` in functions/{declaration.folder}/app.py"
    )


def _hold_success(declaration: Declaration, status: int) -> None:
    assert str(status) in _responses(declaration.key), (
        f"{declaration.key} answers {status}: add it to `answers` or `further` of "
        f"`{declaration.operation.handler.__name__}` in functions/{declaration.folder}/app.py"
    )


def _hold_promises(declaration: Declaration, status: int, headers: dict[str, str], text: str) -> None:
    """What the contract promises of all answers of a kind: the tag of a single resource, where in a list a page is."""
    operation = declaration.operation
    if operation.method != "GET" or status != 200:
        return
    if isinstance(operation.answers, One) or operation.has_hash:
        assert headers.get("etag"), f"{declaration.key} is a single resource and has no ETag"
    is_list = isinstance(operation.answers, Many) or operation.is_whole_list
    if is_list and headers["content-type"] == JSON:
        meta = json.loads(text)["meta"]
        assert meta.keys() >= {"page", "limit", "total", "next"}, f"{declaration.key} does not say where its page is"
        assert ("link" in headers) == (meta["next"] is not None), f"{declaration.key} has no Link where more follows"


def _hold_entries(declaration: Declaration, headers: dict[str, str], text: str) -> None:
    """Where no fields are chosen, an entry of a list is whole, or the tombstone of a deleted one."""
    answers = declaration.operation.answers
    if not isinstance(answers, Many) or headers["content-type"] != JSON:
        return
    validator = _whole(answers.shape.name)
    for entry in json.loads(text)["result"]:
        whole = entry.keys() == {"id", "deletedAt"} or validator.is_valid(entry)
        assert whole, f"{declaration.key} leaves members out of an entry: {sorted(entry)}"


@cache
def _whole(name: str) -> Any:
    schema = {"$ref": f"#/components/schemas/{name}", "components": _document()["components"]}
    return jsonschema_rs.Draft202012Validator(schema)


@cache
def _document() -> dict[str, Any]:
    return document()


def _responses(key: str) -> dict[str, Any]:
    method, path = key.split()
    return _document()["paths"][path][method.lower()]["responses"]


@cache
def _validator(key: str, status: int, media_type: str) -> Any:
    content = _responses(key)[str(status)].get("content", {})
    assert media_type in content, f"{key} answers {status} with {media_type}, which it does not declare"
    schema, schemas = content[media_type]["schema"], _document()["components"]["schemas"]
    return jsonschema_rs.Draft202012Validator({**schema, "components": {"schemas": schemas}})


def _hold_body(key: str, status: int, media_type: str, text: str) -> None:
    validator = _validator(key, status, media_type)
    errors = validator.iter_errors(json.loads(text) if media_type == JSON else text)
    problems = [f"{'/'.join(map(str, each.instance_path))}: {each.message}" for each in errors]
    assert not problems, f"{key} answers {status} otherwise than its shape says: {'; '.join(problems[:3])}"
