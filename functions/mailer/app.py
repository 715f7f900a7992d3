"""Sends the mails that rules order. The queues of the two lanes call it."""

import json
from typing import Any

from core.kernel.queues import handle_each
from core.mailer import service


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Sends each mail that a message names; answers which messages must be brought again."""
    return handle_each(event, lambda body, _: service.send(**json.loads(body)))
