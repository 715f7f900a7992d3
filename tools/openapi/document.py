"""The OpenAPI 3.1 document, made of what the operations declare."""

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

from tools.openapi.errors import error_schema
from tools.openapi.examples import examples_of
from tools.openapi.failures import failures, sentence
from tools.openapi.operations import Declaration, declarations
from tools.openapi.parameters import form_schema, parameters_of
from tools.openapi.schemas import Components, any_of

_JSON = "application/json"
_OK = {200: "Done.", 201: "Created.", 202: "Accepted: the work goes on.", 204: "Done; there is nothing to say."}
_LOCATIONS = {201: "Where the new thing is.", 302: "Where it leads."}
_META = {
    "type": "object",
    "properties": {
        "page": {"type": ["integer", "null"]},
        "limit": {"type": "integer"},
        "total": {"type": ["integer", "null"]},
        "next": {"type": ["string", "null"], "description": "The cursor of the next page."},
    },
    "required": ["page", "limit", "total", "next"],
}
_SECURITY = {
    "session": {"type": "http", "scheme": "bearer", "description": "The token of a session, as signing in answers it."},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "core.session_token",
        "description": "The same in a cookie, `__Secure-` before its name on https. Writes need a trusted origin.",
    },
    "apiToken": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "An API token in Unleash's form, `<project>:<environment>.<secret>`.",
    },
}


def document() -> dict[str, Any]:
    """The whole document."""
    components = Components()
    paths: dict[str, dict[str, Any]] = {}
    for declaration in declarations():
        operation = declaration.operation
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(declaration, components)
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": "https://core.sch.id", "description": "The deployment's own address stands here."}],
        "tags": _tags(),
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {"schemas": dict(sorted(components.schemas.items())), "securitySchemes": _SECURITY},
    }


def _info() -> dict[str, Any]:
    return {
        "title": "Core",
        "version": "1.0.0",
        "summary": "The school information API",
        "description": "Accounts, roles, passwords, people and classes of schools, in one envelope.",
        "license": {"name": "Proprietary", "identifier": "LicenseRef-Proprietary"},
        "contact": {"name": "The maintainers of Core"},
    }


def _tags() -> list[dict[str, str]]:
    modules = {each.folder: each.operation.handler.__globals__["__doc__"] for each in declarations()}
    return [{"name": folder, "description": doc.split("\n", maxsplit=1)[0]} for folder, doc in modules.items()]


def _operation(declaration: Declaration, components: Components) -> dict[str, Any]:
    operation = declaration.operation
    described: dict[str, Any] = {
        "operationId": declaration.id,
        "tags": [declaration.folder],
        "summary": operation.summary.rstrip("."),
        "description": _description(operation),
        "security": _security(declaration),
        "parameters": parameters_of(declaration),
        "responses": _responses(declaration, components),
    }
    if operation.permission is not None:
        described["x-permission"] = str(operation.permission)
    if content := _taken(declaration, components):
        described["requestBody"] = {"required": True, "content": content}
    return described


def _taken(declaration: Declaration, components: Components) -> dict[str, Any]:
    """The body that the operation takes, by media type."""
    operation, found = declaration.operation, {}
    if operation.bodies:
        found[_JSON] = {"schema": any_of([components.body(each) for each in operation.bodies])}
        if example := examples_of(declaration.key).get("request"):
            found[_JSON]["example"] = example
    if operation.form:
        found[operation.form.media_type] = {"schema": form_schema(operation.form)}
    return found


def _description(operation: Operation) -> str:
    lines = [line.strip() for line in operation.sentences.splitlines()]
    text = "\n".join(lines)
    if operation.permission is not None:
        spared = ", which the owner of the account does not need" if operation.own else ""
        text += f"\n\nNeeds the permission `{operation.permission}`{spared}."
    elif not operation.public:
        text += "\n\nEverybody who is signed in may call it; what they meet depends on whom it is about."
    return text


def _security(declaration: Declaration) -> list[dict[str, list[str]]]:
    if declaration.operation.public:
        return []
    tokens: list[dict[str, list[str]]] = [{"session": []}, {"cookie": []}]
    return [*tokens, {"apiToken": []}] if declaration.operation.by_api_token else tokens


def _responses(declaration: Declaration, components: Components) -> dict[str, Any]:
    operation, examples = declaration.operation, examples_of(declaration.key)
    responses: dict[str, Any] = {}
    for status, answers in _successes(operation).items():
        example = None if responses else examples.get("success")
        responses[str(status)] = _success(operation, status, answers, components, example)
    if operation.has_not_modified:
        responses["304"] = {"description": "`If-None-Match` has the current version already."}
    for refused, codes in failures(declaration).items():
        responses[str(refused)] = _failure(declaration, refused, codes, components, examples)
    return responses


def _successes(operation: Operation) -> dict[int, list[Answers]]:
    """What may be answered with each status, the declared one first."""
    found: dict[int, list[Answers]] = {}
    for answers in (operation.answers, *operation.or_answers):
        found.setdefault(200 if isinstance(answers, Many) else answers.status, []).append(answers)
    for status in operation.further:
        found.setdefault(status, []).append(operation.answers)
    return found


def _success(
    operation: Operation, status: int, answers: list[Answers], components: Components, example: Any
) -> dict[str, Any]:
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
        content[_JSON] = {"schema": any_of(schemas)} | ({} if example is None else {"example": example})
    for each in _media_types(operation, answers):
        content[each] = {"schema": {"type": "string", "contentMediaType": each}}
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
            return _envelope({"type": "array", "items": components.part(many.shape)}, _META)
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


def _failure(
    declaration: Declaration, status: int, codes: list[str], components: Components, examples: dict[str, Any]
) -> dict[str, Any]:
    listed = ", ".join(f"`{code}`" for code in codes)
    if isinstance(declaration.operation.answers, Html):
        content: dict[str, Any] = {HTML: {"schema": {"type": "string", "contentMediaType": HTML}}}
    else:
        content = {_JSON: {"schema": error_schema(declaration.api.error_body, components)}}
        if example := examples.get("errors", {}).get(str(status)):
            content[_JSON]["example"] = example
    response: dict[str, Any] = {
        "description": f"{sentence(status)} Codes: {listed}.",
        "content": content,
        "x-codes": codes,
    }
    if status in (429, 503):
        response["headers"] = {"Retry-After": {"description": "In how many seconds.", "schema": {"type": "string"}}}
    return response
