"""Sends the mails that rules order. The stream of the table calls it with what is new in the outboxes."""

from typing import Any

from core.kernel.streams import handle_each
from core.mailer import service


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Sends each mail that an event of the stream brings; answers which it must bring again."""
    return handle_each(event, context, service.send)
