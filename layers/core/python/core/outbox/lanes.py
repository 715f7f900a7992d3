"""The two lanes of mails, each a queue: one for mails that somebody waits for, one for those of bulk operations.

A thousand confirmations of an import hold up nobody's reset link and nobody's notice, because they stand in another
queue. Within a lane no mail waits for another that fails: a stream stops at what fails, a queue goes on.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from core.kernel import aws
from core.kernel.settings import settings
from core.outbox.models import MailItem


def hand_on(records: Iterable[dict[str, Any]]) -> None:
    """Hands the orders that a stream brings to their lanes. A message holds a key and nothing of a person.

    Raises:
        Unavailable: a queue did not take them all. Brought again, some stand in it twice, and are sent once.
    """
    waiting: defaultdict[tuple[bool, str, str], list[str]] = defaultdict(list)
    for record in records:
        order = MailItem.from_raw_data(record["dynamodb"]["NewImage"])
        message = json.dumps({"partition": order.partition, "sort": order.sort})
        waiting[bool(order.in_bulk), order.organization_id, order.kind].append(message)
    for (in_bulk, organization_id, kind), messages in sorted(waiting.items()):
        queue_url = settings().bulk_mails_url if in_bulk else settings().urgent_mails_url
        # Among those of many, a school's few notices do not stand behind its thousand confirmations.
        aws.send_messages(queue_url, messages, of=f"{organization_id}/{kind}")
