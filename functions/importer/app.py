"""Works off imports. The queue of imports calls it with the chunks of rows that are to be worked off."""

import json
from typing import Any

from core.imports.service import work_off
from core.kernel.deadlines import Deadline
from core.kernel.queues import handle_each


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Works off each chunk that a message names; answers which messages must be brought again."""
    deadline = Deadline.of(context)

    def handle(body: str, is_last: bool) -> None:
        about = json.loads(body)
        work_off(about["organization"], about["import"], about["chunk"], deadline, is_last=is_last)

    return handle_each(event, handle)
