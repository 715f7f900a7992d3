"""Examples of requests and answers: real ones, kept by the tests in docs/examples.json.

What an operation refuses as all of its kind do is shown by one example for each system, wherever it was met; what was
never met is rendered as the function would.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from core.kernel.errors import CoreError

from tools.openapi.errors import system_of
from tools.openapi.failures import failures
from tools.openapi.operations import Declaration, declarations
from tools.sam_template import ROOT

FILE = ROOT / "docs/examples.json"
Body = Any


@cache
def _all() -> dict[str, Any]:
    kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    return {"operations": {}, "errors": {}, "problems": {}, **kept}


def _of(key: str) -> dict[str, Any]:
    return _all()["operations"].get(key, {})


def request_of(key: str) -> Body | None:
    """The body that got the first example of success."""
    return _of(key).get("request")


def success_of(key: str, status: int, media_type: str) -> Body | None:
    """A body with which the operation answered."""
    return _of(key).get("success", {}).get(str(status), {}).get(media_type)


def error_of(declaration: Declaration, status: int, code: str) -> Body | None:
    """A body with which the operation refused, if it alone refuses so."""
    return _of(declaration.key).get("errors", {}).get(f"{status} {code}")


def shared_error_of(declaration: Declaration, status: int, code: str) -> Body | None:
    """A body with which some operation of the system refused; else one that is rendered as it would be."""
    found = _all()["errors"].get(system_of(declaration), {}).get(f"{status} {code}")
    return found if found is not None else _rendered(declaration, status, code)


def _rendered(declaration: Declaration, status: int, code: str) -> Body | None:
    """A refusal in the function's own form, with a sentence that was met elsewhere, or that of the code's class."""
    problem = _all()["problems"].get(f"{status} {code}")
    own = {each.code: each.sentence for each in _classes(CoreError) if each.status == status}
    if problem is None and code not in own:
        return None
    told = problem or {"message": own[code], "field": None}
    error = CoreError(told["message"], code=code, field=told["field"])
    error.status = status
    body, _ = declaration.api.error_body(error, None)
    return {**body, "id": "00000000-0000-4000-8000-000000000000"} if isinstance(body, dict) and "id" in body else body


def _classes(base: type[CoreError]) -> Iterator[type[CoreError]]:
    yield base
    for each in base.__subclasses__():
        yield from _classes(each)


def missing() -> list[str]:
    """The refusals that have no example."""
    return [
        f"{each.key} {status} {code}"
        for each in declarations()
        for status, codes in failures(each).items()
        for code in codes
        if error_of(each, status, code) is None and shared_error_of(each, status, code) is None
    ]
