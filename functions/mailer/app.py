"""Sends the mails that rules order. The stream of the table calls it with what is new in the outboxes."""

from typing import Any

from school.mail import service
from school.streams import handle_each


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Sends each mail that an event of the stream brings; answers which it must bring again."""
    return handle_each(event, context, service.send)
