"""Mails to be sent, as items: the outbox.

A rule writes a mail's order in the same transaction as what the mail is about; the stream of the table brings it to
the queue of its lane, and that to the function that sends. So no mail goes out for what did not happen, none is lost,
and no answer waits for SES.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, MapAttribute, UnicodeAttribute

from core.kernel import clock
from core.kernel.table import Item, Write, create

KEPT_SECONDS = 7 * 24 * 3600


class MailKind(StrEnum):
    """What a mail says."""

    #: Sent to nobody: written for an unknown address, so that the answer takes as long as for a known one.
    NOTHING = "nothing"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of mail, not a secret
    RESET_LINK = "reset_link"
    INVITATION = "invitation"
    VERIFY_ADDRESS = "verify_address"
    ADDRESS_CHANGED = "address_changed"


class MailItem(Item):
    """One mail to be sent. It holds no token: links are derived from ids when the mail is written."""

    kind = UnicodeAttribute()
    user_id = UnicodeAttribute()
    name = UnicodeAttribute()
    to: Any = ListAttribute(of=UnicodeAttribute, default=list)
    details: Any = MapAttribute(null=True)
    created_at = UnicodeAttribute()
    #: Whether it is one of the mails of an operation that does something to many: nobody's own waits for those.
    in_bulk = BooleanAttribute(default=False)
    #: Until when one worker has it: queues may bring an order to two at once.
    taken_until = UnicodeAttribute(null=True)
    #: The addresses that SES has taken the mail for: an order may be brought again, and none is mailed twice.
    sent_to: Any = ListAttribute(of=UnicodeAttribute, default=list)
    #: When nothing was left to send.
    sent_at = UnicodeAttribute(null=True)


@dataclass(slots=True)
class Ordered(Write):
    """The write that orders a mail. Among many it orders it for the lane of those."""

    item: MailItem | None = None

    def among_many(self) -> None:
        """Sends the mail behind those of others who wait for theirs."""
        assert self.item is not None
        self.item.in_bulk = True


def outbox_of(organization_id: str) -> str:
    """The partition of a school's mails."""
    return f"{organization_id}#OUTBOX"


def order(
    organization_id: str,
    kind: MailKind,
    *,
    user_id: str,
    name: str,
    to: list[str],
    details: dict[str, str] | None = None,
) -> Write:
    """The write that orders a mail, to stand in the transaction of what the mail is about.

    Args:
        organization_id: the school.
        kind: what it says.
        user_id: whom it is about.
        name: how it greets.
        to: the addresses; each gets a mail of its own, so that none sees the other.
        details: what the text needs besides; never a secret.
    """
    at = clock.now()
    item = MailItem(
        outbox_of(organization_id),
        f"{clock.to_wire(at)}#{clock.new_id(at)}",
        kind=kind,
        user_id=user_id,
        name=name,
        to=to,
        details=details,
        created_at=clock.to_wire(at),
        expires_at=int(at.timestamp()) + KEPT_SECONDS,
    )
    write = create(item)
    return Ordered(write.order, write.add, item=item)


class DeliveryState(StrEnum):
    """Why nothing is sent to an address."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"


class DeliveryItem(Item):
    """What SES reported of an address: mails to it bounce, or its owner complained. Nothing is sent to it then."""

    state = UnicodeAttribute()
    at = UnicodeAttribute()


DELIVERY_SORT = "DELIVERY"
#: A mailbox that did not exist may exist later. A complaint is somebody's wish, and stays.
BOUNCE_SECONDS = 30 * 24 * 3600


def delivery_key(address: str) -> tuple[type[DeliveryItem], str, str]:
    """Where the state of an address stands: beside the claim on it."""
    return DeliveryItem, f"EMAIL#{hashlib.sha256(address.encode()).hexdigest()}", DELIVERY_SORT


def delivery_item(address: str, state: DeliveryState, at: datetime) -> DeliveryItem:
    """What stands under an address that nothing is sent to any more."""
    _, partition, sort = delivery_key(address)
    item = DeliveryItem(partition, sort, state=state, at=clock.to_wire(at))
    if state is DeliveryState.BOUNCED:
        item.expires_at = int(at.timestamp()) + BOUNCE_SECONDS
    return item
