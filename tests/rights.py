"""What the template allows each function to do with the table: moto and the local cloud allow everything."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from tests.wire import Arguments, Send, intercepted
from tools.sam_template import resources

_OF_TRANSACTIONS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}


#: What the functions that run now asked for beyond their rights, the innermost last.
_running: list[set[str]] = []


@cache
def allowed(folder: str) -> frozenset[str]:
    """The actions that a function's policies allow: `PutItem`, and `Query names` for the index of that name."""
    [function] = [
        each
        for name, each in resources("AWS::Serverless::Function").items()
        if name.removesuffix("Function").lower() == folder
    ]
    policies = function["Properties"].get("Policies", [])
    return frozenset(
        f"{action.removeprefix('dynamodb:')} {_index(place)}".strip()
        for policy in policies
        for statement in policy["Statement"]
        if statement["Effect"] == "Allow"
        for action in _listed(statement["Action"])
        for place in _listed(statement["Resource"])
        if str(action).startswith("dynamodb:")
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _index(place: Any) -> str:
    """The index that a statement's resource names; nothing for the table itself."""
    return str(place.get("Fn::Sub", "")).rpartition("/index/")[2] if "/index/" in str(place) else ""


def _needed(operation: str, arguments: Arguments) -> set[str]:
    if operation == "TransactWriteItems":
        return {_OF_TRANSACTIONS[kind] for entry in arguments["TransactItems"] for kind in entry}
    return {f"{operation} {arguments.get('IndexName', '')}".strip()}


@contextmanager
def within_rights(folder: str) -> Iterator[None]:
    """Fails when what runs inside asks the table for what the template does not allow the function."""
    beyond: set[str] = set()

    def watch(send: Send, operation: str, arguments: Arguments) -> Any:
        # A test may let another function run while this one waits; that one has its own rights.
        if _running[-1] is beyond:
            beyond.update(_needed(operation, arguments) - allowed(folder))
        return send(operation, arguments)

    _running.append(beyond)
    try:
        with intercepted(watch):
            yield
    finally:
        _running.remove(beyond)
    assert not beyond, f"template.yaml does not allow {folder}: {sorted(beyond)}"


def guarded(folder: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler of a function, within its rights."""

    def handle(event: dict[str, Any], context: Any) -> Any:
        with within_rights(folder):
            return handler(event, context)

    return handle
