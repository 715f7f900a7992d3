"""The parameters of an operation: path, query and headers."""

from typing import Any

from core.contract.operations import Form, Listing, Many, Operation, Parameter

from tools.openapi.operations import Declaration

_ID = {"type": "string", "pattern": "^[a-fA-F0-9]{24}$"}
_LIST = {
    "page": ({"type": "integer", "minimum": 1}, "The number of the page, from 1."),
    "cursor": ({"type": "string"}, "`meta.next` of the page before; instead of `page`, at constant cost."),
    "search": (
        {"type": "string", "minLength": 1, "maxLength": 100},
        "The beginnings of words of a name, an address, or an identifier; whatever the case and accents.",
    ),
    "updatedSince": (
        {"type": "string", "format": "date-time"},
        "Only what has changed since, in the order of change, deletions included.",
    ),
}


def parameters_of(declaration: Declaration) -> list[dict[str, Any]]:
    """The parameters, path first."""
    operation = declaration.operation
    path = [
        _parameter(name, "path", {"type": "string"} if name in operation.texts else _ID, required=True)
        for name in operation.path_parameters
    ]
    return [*path, *_query(operation), *_headers(declaration)]


def _parameter(
    name: str, where: str, schema: dict[str, Any], description: str = "", *, required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "in": where,
        "required": required,
        **({"description": description} if description else {}),
        "schema": schema,
    }


def _query(operation: Operation) -> list[dict[str, Any]]:
    if not isinstance(operation.query, Listing):
        return _named(operation.query)
    listing = operation.query
    assert isinstance(operation.answers, Many)
    limit = {"type": "integer", "minimum": 1, "maximum": listing.longest, "default": min(20, listing.longest)}
    members = f"Only these members, separated by commas: {', '.join(operation.answers.shape.names)}."
    found = [_parameter(name, "query", *described) for name, described in _LIST.items() if name not in listing.without]
    for each in found:
        if each["name"] == "search" and listing.searched:
            numbers = ", ".join(listing.searched)
            each["description"] += f" Six digits or more of {numbers} too, for who has `students:sensitive`."
    found.append(_parameter("limit", "query", limit, "How many a page has at most."))
    if "sort" not in listing.without:
        sorts = {"type": "string", "enum": [*listing.sorts], "default": listing.sorts[0]}
        found.append(_parameter("sort", "query", sorts, "The order; `-` turns it around."))
    if "fields" not in listing.without:
        found.append(_parameter("fields", "query", {"type": "string"}, members))
    for name, value in listing.filters.items():
        schema = dict(value.schema)
        sentence = schema.pop("description", f"Only those with this {name}.")
        found.append(_parameter(name, "query", schema, sentence))
    return [*found, *_named(listing.parameters), *_named(listing.files.parameters if listing.files else ())]


def _named(parameters: tuple[Parameter, ...]) -> list[dict[str, Any]]:
    return [
        _parameter(each.name, "query", dict(each.value.schema), each.sentence, required=each.required)
        for each in parameters
    ]


def form_schema(form: Form) -> dict[str, Any]:
    """The schema of a form."""
    properties = {each.name: {**each.value.schema, "description": each.sentence} for each in form.fields}
    return {
        "type": "object",
        "properties": properties,
        "required": [each.name for each in form.fields if each.required],
        "additionalProperties": False,
    }


def _headers(declaration: Declaration) -> list[dict[str, Any]]:
    operation, found = declaration.operation, []
    if operation.is_conditional:
        sentence = "The `ETag` that was read: a change by somebody else meanwhile is 412."
        found.append(_parameter("If-Match", "header", {"type": "string"}, sentence))
    if operation.has_not_modified:
        sentence = "The `ETag` that was read: 304 while it is the current one."
        found.append(_parameter("If-None-Match", "header", {"type": "string"}, sentence))
    header = declaration.api.organization_header
    if header and not operation.public and "me" not in operation.path.split("/"):
        sentence = "The school in which a platform administrator acts; the own one unless sent."
        found.append(_parameter(header, "header", _ID, sentence))
    return found
