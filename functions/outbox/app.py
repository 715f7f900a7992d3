"""Hands mails that rules order to the queues of the mailer. The stream of the table calls it with what is new."""

from typing import Any

from core.outbox.lanes import hand_on


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Hands on every order that an event of the stream brings. What fails is brought again whole."""
    hand_on(event["Records"])
    return {"batchItemFailures": []}
