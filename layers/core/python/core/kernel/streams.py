"""The door of functions that a stream calls: each record on its own, so that one that fails stops no other.

Nothing of a record is logged but its number, because records hold personal data, and so do the sentences of errors.
"""

import logging
import traceback
from collections.abc import Callable
from typing import Any

from core.kernel.deadlines import Deadline

#: Below this rest of a run no further record is begun: what is cut short is neither done nor reported.
_RESERVE_SECONDS = 12.0

_log = logging.getLogger(__name__)
logging.getLogger("core").setLevel(logging.INFO)


def handle_each(event: dict[str, Any], context: Any, handle: Callable[[str, str], None]) -> dict[str, Any]:
    """Handles the key of every item in an event of a table's stream.

    Returns:
        What `ReportBatchItemFailures` takes: the records that failed or were not begun, to be brought again.
    """
    failures, deadline = [], Deadline.of(context, _RESERVE_SECONDS)
    for record in event["Records"]:
        change = record["dynamodb"]
        number = change["SequenceNumber"]
        if deadline.has_passed:
            _log.warning("no time left", extra={"record": number})
            failures.append(number)
            continue
        try:
            handle(change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"])
        except Exception as error:  # noqa: BLE001 - the last door: the stream brings the record again
            log_failure(error, number)
            failures.append(number)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failures]}


def log_failure(error: Exception, number: str) -> None:
    """Logs what failed and where, without the error's sentence."""
    code = getattr(error, "code", None)
    frames = traceback.extract_tb(error.__traceback__)
    about = {
        "record": number,
        "error": type(error).__name__,
        "code": code if isinstance(code, str) else None,
        "where": [f"{each.filename.rpartition('/')[2]}:{each.lineno} {each.name}" for each in frames],
    }
    _log.error("failed", extra=about)
