"""What tests of mails need: SES as moto has it, the outbox's stream as Lambda brings it, and what was sent."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from boto3 import client
from core.mailer import ses
from core.outbox.models import MailItem
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from tests.gateway import function
from tests.schools import everything

CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 28_000)


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

    def deliver(self, records: list[dict[str, Any]] | None = None, context: Any = CONTEXT) -> list[str]:
        """Lets the stream bring the records, all that there are by default; returns those that it must bring again."""
        answer = function("mailer").handler({"Records": self.records() if records is None else records}, context)
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

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
