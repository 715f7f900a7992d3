"""Many at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.waiting import HANGING_SECONDS


def race(number: int, runner: Callable[[int], Any]) -> list[Any]:
    """What each of `number` runners, started at the same moment, returned or raised, in their order."""
    gate = threading.Barrier(number)

    def run(lane: int) -> Any:
        gate.wait(HANGING_SECONDS)
        try:
            return runner(lane)
        except Exception as error:  # noqa: BLE001 - the outcome is what the test looks at
            return error

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))
