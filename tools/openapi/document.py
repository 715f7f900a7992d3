"""The OpenAPI 3.1 document, made of what the operations declare."""

from typing import Any

from core.contract.operations import Operation

from tools.openapi.enumerations import referred
from tools.openapi.enumerations import schemas as enumerations
from tools.openapi.examples import request_of
from tools.openapi.operations import Declaration, declarations
from tools.openapi.parameters import form_schema, parameters_of
from tools.openapi.responses import responses_of
from tools.openapi.schemas import Components, any_of

_JSON = "application/json"
_META = {
    "type": "object",
    "description": "Where a page of a list stands. Walking by cursor leaves `page` and `total` null.",
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
    schemas = {**referred(components.schemas), **enumerations(), "Meta": _META}
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": "https://core.sch.id", "description": "The deployment's own address stands here."}],
        "tags": _tags(),
        "paths": {path: referred(paths[path]) for path in sorted(paths)},
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "examples": dict(sorted(components.examples.items())),
            "securitySchemes": _SECURITY,
        },
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
        "responses": responses_of(declaration, components),
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
        merges = operation.method == "PATCH" and "document" in operation.arguments
        schema = components.changes if merges else components.body
        found[_JSON] = {"schema": any_of([schema(each) for each in operation.bodies])}
        if example := request_of(declaration.key):
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
