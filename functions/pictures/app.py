"""Draws pictures anew. Only the function of pictures of accounts invokes it.

Files of strangers run through a decoder here, so this function has nothing that a broken decoder could reach: no table,
no bucket, no secret. What it works on comes with the event, and what it made goes back with the answer.
"""

from base64 import b64decode, b64encode
from typing import Any

from core.kernel.errors import Impossible
from drawing import redrawn


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Draws the picture `{"content", "ending"}`, its bytes in base64.

    Returns:
        `{"picture"}`, the JPEG in base64, or `{"refused": {"code", "message"}}`.
    """
    try:
        drawn = redrawn(b64decode(event["content"]), event["ending"])
    except Impossible as error:
        [problem] = error.problems
        return {"refused": {"code": problem.code, "message": problem.message}}
    return {"picture": b64encode(drawn).decode()}
