"""Keeps real answers as examples for the OpenAPI document, while `make examples` runs the tests.

Each process writes the best that it met into a file of its own; tools/openapi/recorded.py makes one of them. Which is
the best depends on the tests' names and not on their order, so that the same code gives the same examples.
"""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from core.http.answers import JSON
from core.http.requests import Request
from core.kernel.errors import CoreError

FOLDER = os.environ.get("WRITE_EXAMPLES")
#: What people still read; of longer answers another one is looked for.
LONGEST = 4000
_best: dict[tuple[str, str, str], dict[str, Any]] = {}
_calls: Counter[str] = Counter()
_make = CoreError.__init__


def note(key: str, request: Request, status: int, codes: list[str], media_type: str, text: str) -> None:
    """Keeps an answer if it is a better example than those before it."""
    if FOLDER is None or (media_type != JSON and not media_type.startswith("text/")):
        return
    body = json.loads(text) if media_type == JSON else text
    rank = [*_weaknesses(body, codes, text), *_place()]
    for code in codes or [media_type]:
        _keep((key, str(status), code), rank, {"answer": body, "request": None if codes else _sent(request)})


def _noted(error: CoreError, *arguments: Any, **named: Any) -> None:
    """Makes a refusal, and keeps what it says: some are met below the functions only."""
    _make(error, *arguments, **named)
    for each in error.problems:
        _keep(("", str(error.status), each.code), _place(), {"message": each.message, "field": each.field})


if FOLDER is not None:
    CoreError.__init__ = _noted  # type: ignore[method-assign]


def _keep(name: tuple[str, str, str], rank: list[Any], found: dict[str, Any]) -> None:
    if name not in _best or rank < _best[name]["rank"]:
        _best[name] = {"rank": rank, **found}


def _place() -> list[Any]:
    """Where it was met: in the demo school first, and by the test's name, whatever the order of tests."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
    _calls[test] += 1
    return [not test.startswith("tests/events/"), test, _calls[test]]


def _weaknesses(body: Any, codes: list[str], text: str) -> list[Any]:
    """What makes an example a worse one: several refusals at once, nothing to see, too much to read."""
    result = body.get("result", body) if isinstance(body, dict) else body
    return [len(codes), not codes and not result, len(text) > LONGEST]


def _sent(request: Request) -> Any:
    """The JSON body of the request, None for any other."""
    try:
        return json.loads(request.body) if request.body else None
    except ValueError:
        return None


def pytest_sessionfinish() -> None:
    """Writes what this process kept."""
    if FOLDER is not None and _best:
        entries = [{"key": [*name], **found} for name, found in _best.items()]
        folder = Path(FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{os.getpid()}.json").write_text(json.dumps(entries))
