"""Examples of requests and answers: real ones, kept by the tests in docs/examples.json."""

import json
from functools import cache
from typing import Any

from tools.sam_template import ROOT

FILE = ROOT / "docs/examples.json"


@cache
def _all() -> dict[str, Any]:
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def examples_of(key: str) -> dict[str, Any]:
    """`request`, `success` and `errors` by status, as far as there are any."""
    return _all().get(key, {})
