"""Functions that invoke one another: the invoked one runs here, within its own rights."""

import io
import json
from types import SimpleNamespace
from typing import Any

from tests.gateway import function


def run_here(client: Any) -> None:
    """Has a client of Lambda run `functions/pictures`, the one function that another one invokes."""
    client.meta.events.register("before-call.lambda.Invoke", _run)


def _run(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
    """What stands for the call: the status on the wire, and the answer as the client reads it."""
    answer = function("pictures").handler(json.loads(params["body"]), None)
    return SimpleNamespace(status_code=200), {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(answer).encode())}
