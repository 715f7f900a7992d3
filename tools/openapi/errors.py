"""The schemas of failures: Core's envelope, and the shapes of the other systems."""

from typing import Any

from core.contract.outcomes import ERROR
from core.http.error_bodies import ErrorBody, better_auth_error, envelope_error
from core.http.systems import applivery, unleash, zitadel

from tools.openapi.operations import Declaration
from tools.openapi.schemas import Components

_TEXT = {"type": "string"}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties]}


ENVELOPE = "Failure"
#: The system whose refusals are pages.
_PAGES = "Page"
_ERRORS = {"type": "array", "items": {"$ref": "#/components/schemas/Error"}, "minItems": 1}
_SCHEMAS: dict[ErrorBody, tuple[str, dict[str, Any]]] = {
    envelope_error: (
        ENVELOPE,
        _object(
            success={"const": False},
            message=_TEXT,
            meta={"type": "object"},
            errors=_ERRORS,
            result={"type": "null"},
        ),
    ),
    better_auth_error: ("BetterAuthFailure", _object(message=_TEXT, code=_TEXT)),
    zitadel.error_body: (
        "ZitadelFailure",
        _object(
            code={"type": "integer", "description": "A code of gRPC."},
            message=_TEXT,
            details={"type": "array", "items": _object(**{"@type": _TEXT, "id": _TEXT, "message": _TEXT})},
        ),
    ),
    unleash.error_body: (
        "UnleashFailure",
        {
            "type": "object",
            "properties": {
                "id": _TEXT,
                "name": _TEXT,
                "message": _TEXT,
                "details": {"type": "array", "items": {"type": "object"}},
            },
            "required": ["id", "name", "message"],
        },
    ),
    applivery.error_body: (
        "AppliveryFailure",
        _object(status={"const": False}, error=_object(code={"type": "integer"}, message=_TEXT)),
    ),
}


def system_of(declaration: Declaration) -> str:
    """The name of the system in whose form an operation refuses: that of the schema, where there is one."""
    name, _ = _SCHEMAS.get(declaration.api.error_body, (_PAGES, {}))
    return name


def error_schema(error_body: ErrorBody, components: Components) -> dict[str, Any]:
    """A reference to the schema of a function's failures."""
    name, schema = _SCHEMAS[error_body]
    components.shape(ERROR)
    components.schemas[name] = schema
    return {"$ref": f"#/components/schemas/{name}"}
