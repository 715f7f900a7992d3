"""The answers of an operation: what it shows, what it refuses with, and an example of each."""

from typing import Any

from core.contract.operations import (
    Answers,
    Bare,
    Html,
    Listing,
    Many,
    Nothing,
    One,
    Operation,
    Outcomes,
    Plain,
)
from core.contract.outcomes import SUMMARY
from core.kernel.media_types import HTML

from tools.openapi.errors import error_schema, system_of
from tools.openapi.examples import error_of, shared_error_of, success_of
from tools.openapi.failures import derived, failures, sentence
from tools.openapi.operations import Declaration
from tools.openapi.schemas import Components, any_of

_JSON = "application/json"
_OK = {200: "Done.", 201: "Created.", 202: "Accepted: the work goes on.", 204: "Done; there is nothing to say."}
_LOCATIONS = {201: "Where the new thing is.", 302: "Where it leads."}


def responses_of(declaration: Declaration, components: Components) -> dict[str, Any]:
    """The answers of an operation by status, each with what it may look like."""
    operation = declaration.operation
    responses: dict[str, Any] = {}
    for status, answers in _successes(operation).items():
        responses[str(status)] = _success(declaration, status, answers, components)
    if operation.has_not_modified:
        responses["304"] = {"description": "`If-None-Match` has the current version already."}
    for refused, codes in failures(declaration).items():
        responses[str(refused)] = _failure(declaration, refused, codes, components)
    return responses


def _successes(operation: Operation) -> dict[int, list[Answers]]:
    """What may be answered with each status, the declared one first."""
    found: dict[int, list[Answers]] = {}
    for answers in (operation.answers, *operation.or_answers):
        found.setdefault(200 if isinstance(answers, Many) else answers.status, []).append(answers)
    for status in operation.further:
        found.setdefault(status, []).append(operation.answers)
    return found


def _success(declaration: Declaration, status: int, answers: list[Answers], components: Components) -> dict[str, Any]:
    response: dict[str, Any] = {"description": _OK.get(status, "Leads on.")}
    schemas = [schema for each in answers if (schema := _body(each, components)) is not None]
    headers = {}
    if any(isinstance(each, One) for each in answers):
        headers["ETag"] = {"description": "The version of what is answered.", "schema": {"type": "string"}}
    if status in _LOCATIONS:
        headers["Location"] = {"description": _LOCATIONS[status], "schema": {"type": "string"}}
    if headers:
        response["headers"] = headers
    content: dict[str, Any] = {}
    if schemas:
        content[_JSON] = {"schema": any_of(schemas)}
    for each in _media_types(declaration.operation, answers):
        content[each] = {"schema": _page(each)}
    for media_type, each in content.items():
        if (example := success_of(declaration.key, status, media_type)) is not None:
            each["example"] = example
    if content:
        response["content"] = content
    return response


def _media_types(operation: Operation, answers: list[Answers]) -> tuple[str, ...]:
    if any(isinstance(each, Html) for each in answers):
        return (HTML,)
    files = operation.query.files if isinstance(operation.query, Listing) else None
    return files.types if files else operation.media_types


def _body(answers: Answers, components: Components) -> dict[str, Any] | None:
    match answers:
        case Nothing() | Html() | Bare(of=None):
            return None
        case Bare() as bare:
            schema = components.of(bare.of)
            schema = {"type": "array", "items": schema} if bare.is_list else schema
            return {"anyOf": [schema, {"type": "null"}]} if bare.nullable else schema
        case One() as one:
            envelope = _envelope(components.shape(one.shape))
            if one.without_errors:
                del envelope["properties"]["errors"]
            return envelope
        case Many() as many:
            page = {"$ref": "#/components/schemas/Meta"}
            return _envelope({"type": "array", "items": components.part(many.shape)}, page)
        case Outcomes() as outcomes:
            rows = {"type": "array", "items": components.shape(outcomes.shape)}
            return _envelope(rows, _report_meta(components))
        case Plain() as plain:
            schema = components.of(plain.of)
            return _envelope({"type": "array", "items": schema} if plain.is_list else schema)


def _report_meta(components: Components) -> dict[str, Any]:
    return {"type": "object", "properties": {"summary": components.shape(SUMMARY)}, "required": ["summary"]}


def _envelope(result: dict[str, Any], meta: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "success": {"const": True},
            "message": {"type": "string"},
            "meta": meta or {"type": "object"},
            "errors": {"type": "array", "maxItems": 0, "items": {}},
            "result": result,
        },
        "required": ["success", "message", "meta", "result"],
    }


def _failure(declaration: Declaration, status: int, codes: list[str], components: Components) -> dict[str, Any]:
    listed = ", ".join(f"`{code}`" for code in codes)
    is_page = isinstance(declaration.operation.answers, Html)
    schema = _page(HTML) if is_page else error_schema(declaration.api.error_body, components)
    examples = {code: each for code in codes if (each := _refusal(declaration, status, code, components))}
    response: dict[str, Any] = {
        "description": f"{sentence(status)} Codes: {listed}.",
        "content": {HTML if is_page else _JSON: {"schema": schema, **({"examples": examples} if examples else {})}},
        "x-codes": codes,
    }
    if status in (429, 503):
        response["headers"] = {"Retry-After": {"description": "In how many seconds.", "schema": {"type": "string"}}}
    return response


def _refusal(declaration: Declaration, status: int, code: str, components: Components) -> dict[str, Any] | None:
    """The example of a refusal: the operation's own, or a reference to that which others of its kind have too."""
    own = None if code in derived(declaration).get(status, ()) else error_of(declaration, status, code)
    if own is not None:
        return {"value": own}
    shared = shared_error_of(declaration, status, code)
    return None if shared is None else components.example(f"{system_of(declaration)}.{status}.{code}", shared)


def _page(media_type: str) -> dict[str, Any]:
    return {"type": "string", "contentMediaType": media_type}
