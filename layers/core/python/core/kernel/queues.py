"""The door of functions that a queue calls: each message on its own, so that one that fails stops no other."""

from collections.abc import Callable
from typing import Any

from core.kernel.failures import log_failure

#: The template's `maxReceiveCount`: after so many tries a message goes to the queue of failures.
MOST_RECEIVES = 5


def handle_each(event: dict[str, Any], handle: Callable[[str, bool], None]) -> dict[str, Any]:
    """Handles the body of every message in an event of a queue.

    Args:
        event: as SQS sends it.
        handle: takes the body, and whether nobody will be asked again when it fails.

    Returns:
        What `ReportBatchItemFailures` takes: the messages that failed, to be brought again.
    """
    failures = []
    for message in event["Records"]:
        receives = int(message["attributes"]["ApproximateReceiveCount"])
        try:
            handle(message["body"], receives >= MOST_RECEIVES)
        except Exception as error:  # noqa: BLE001 - the last door: the queue brings the message again
            log_failure(error, message["messageId"])
            failures.append(message["messageId"])
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failures]}
