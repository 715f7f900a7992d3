"""What tests of mails need: SES as moto has it, stream and queues as Lambda brings them, and what was sent."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from boto3 import client
from core.mailer import ses
from core.outbox.models import MailItem
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from tests.gateway import function
from tests.schools import everything

LANES = {"urgent": "URGENT_MAILS_URL", "bulk": "BULK_MAILS_URL"}
Key = tuple[str, str]


@dataclass
class Outbox:
    """SES beside the table of a test: what functions ordered, and what was handed over."""

    table: Any
    #: Every call of SES as the client was asked for it.
    calls: list[dict[str, Any]] = field(default_factory=list)
    #: Raises what a broken SES would, before it takes a mail.
    breaks: Callable[[dict[str, Any]], None] = lambda _: None

    def records(self) -> list[dict[str, Any]]:
        """The records with which the stream brings every order, oldest first."""
        items = [each for each in everything(self.table) if each["pk"]["S"].endswith("#OUTBOX")]
        return [record(each, number) for number, each in enumerate(sorted(items, key=lambda each: each["sk"]["S"]))]

    def waiting(self, records: list[dict[str, Any]] | None = None) -> dict[str, list[Key]]:
        """Lets the stream bring the records, all that there are by default; returns what each lane got."""
        assert function("outbox").handler({"Records": self.records() if records is None else records}, None)
        queues = {lane: received(os.environ[name]) for lane, name in LANES.items()}
        return {lane: [(each["partition"], each["sort"]) for each in queue] for lane, queue in queues.items()}

    def deliver(self, records: list[dict[str, Any]] | None = None) -> list[str]:
        """The same, and lets both queues bring it to the mailer; returns the records that must be brought again."""
        waiting = self.waiting(records)
        order = sorted(waiting["urgent"]) + sorted(waiting["bulk"])
        messages = [message(partition, sort) for partition, sort in order]
        failed = [each for each in messages if function("mailer").handler({"Records": [each]}, None) != WENT]
        keys = sorted(each["sk"]["S"] for each in everything(self.table) if each["pk"]["S"].endswith("#OUTBOX"))
        return [str(keys.index(json.loads(each["body"])["sort"])) for each in failed]

    @property
    def addresses(self) -> list[str]:
        """To whom mails went, in order."""
        return [each["Destination"]["ToAddresses"][0] for each in self.calls]

    def text(self, number: int = -1) -> str:
        return self.calls[number]["Content"]["Simple"]["Body"]["Text"]["Data"]

    def html(self, number: int = -1) -> str:
        return self.calls[number]["Content"]["Simple"]["Body"]["Html"]["Data"]

    def stored(self) -> list[MailItem]:
        """Every order as the table has it now."""
        items = [each for each in everything(self.table) if each["pk"]["S"].endswith("#OUTBOX")]
        return [MailItem.from_raw_data(each) for each in sorted(items, key=lambda each: each["sk"]["S"])]


WENT: dict[str, Any] = {"batchItemFailures": []}


def message(partition: str, sort: str) -> dict[str, Any]:
    """A queue's message about a mail."""
    body = json.dumps({"partition": partition, "sort": sort})
    return {"messageId": sort, "body": body, "attributes": {"ApproximateReceiveCount": "1"}}


def received(queue_url: str) -> list[dict[str, Any]]:
    """Everything that waits in a queue, taken out of it."""
    queue = client("sqs")
    found = []
    while got := queue.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        for each in got:
            queue.delete_message(QueueUrl=queue_url, ReceiptHandle=each["ReceiptHandle"])
        found += [json.loads(each["Body"]) for each in got]
    return found


def record(item: dict[str, Any], number: int) -> dict[str, Any]:
    """The stream's record of an item that was put."""
    keys = {name: item[name] for name in ("pk", "sk")}
    change = {"Keys": keys, "NewImage": item, "SequenceNumber": str(number), "StreamViewType": "NEW_AND_OLD_IMAGES"}
    return {"eventID": str(number), "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": change}


@contextmanager
def outbox(table: Any) -> Iterator[Outbox]:
    """The outbox of a test, with an SES that sends from the configured address. Needs moto to be on."""
    client("ses").verify_email_identity(EmailAddress=os.environ["MAIL_SENDER"])
    ses._client.cache_clear()
    found = Outbox(table)
    sesv2 = ses._client()
    send = sesv2.send_email

    def watched(**arguments: Any) -> Any:
        found.breaks(arguments)
        answer = send(**arguments)
        found.calls.append(arguments)
        return answer

    sesv2.send_email = watched
    try:
        yield found
    finally:
        ses._client.cache_clear()
        ses_backends[DEFAULT_ACCOUNT_ID]["ap-southeast-3"].reset()
