"""What a queue, a stream or a bulk operation could not do, in the log.

Nothing of a record is logged but its number, because records hold personal data, and so do the sentences of errors.
"""

import logging
import traceback

_log = logging.getLogger(__name__)
logging.getLogger("core").setLevel(logging.INFO)


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
