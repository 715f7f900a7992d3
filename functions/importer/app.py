"""Works off imports. The queue of imports calls it with the chunks of rows that are to be worked off."""

import json
from typing import Any

from core.imports.service import work_off
from core.kernel.queues import handle_each

#: So much of a run is left for the results of a chunk, and for the writes that are under way.
_RESERVE_SECONDS = 8.0


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Works off each chunk that a message names; answers which messages must be brought again."""

    def left() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000 - _RESERVE_SECONDS

    def handle(body: str, is_last: bool) -> None:
        about = json.loads(body)
        work_off(about["organization"], about["import"], about["chunk"], left, is_last=is_last)

    return handle_each(event, handle)
