"""Waiting for what another process does: the only place that looks at a clock, and only against hanging."""

import time
from collections.abc import Callable

#: Long enough for any machine; a test that is right never waits so long.
HANGING_SECONDS = 600


def wait_for[Answer](ask: Callable[[], Answer]) -> Answer:
    """Asks until the answer is true, and returns that.

    Raises:
        TimeoutError: it never was. What `ask` raises ends the waiting at once.
    """
    end = time.monotonic() + HANGING_SECONDS
    while not (answer := ask()):
        if time.monotonic() > end:
            raise TimeoutError(f"still {answer!r} after {HANGING_SECONDS} seconds")
        time.sleep(0.2)
    return answer
