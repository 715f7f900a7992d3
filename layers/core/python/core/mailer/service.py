"""Sending what the outbox orders: each address once, however often a queue brings the order."""

import contextlib
import logging
import time
from datetime import datetime, timedelta
from typing import Any

from core.kernel import clock
from core.kernel.errors import Conflict, CoreError
from core.kernel.settings import settings
from core.kernel.table import Write, get, get_many, put, transact, update
from core.links import models as links
from core.mailer import ses, texts
from core.organizations.models import OrganizationItem, organization_key
from core.outbox.models import DeliveryItem, DeliveryState, MailItem, MailKind, delivery_item, delivery_key
from core.throttles.quotas import DAY, Quota, is_spent, noted, quota_key
from core.users.claims import claim_key
from core.users.models import EmailItem
from core.users.schemas import normalize_email

#: The mails whose link opens for a while only.
_WITH_LINK = (MailKind.RESET_LINK, MailKind.INVITATION)
#: Mails to one address, whatever they say: no loop of requests that each may be made floods a mailbox (acceptance B12).
#: So many are of the account that has the address, and as many of all others together: anybody can enter the address as
#: a second one, and must not use up the notices and reset links of its owner.
TO_AN_ADDRESS_A_DAY = 20
#: How long a worker has an order to itself: longer than it runs, and not as long as until the queue brings it again.
TAKEN_SECONDS = 60
#: The workers of the lane of bulk operations, as the template has them, and what share of the mails that SES takes is
#: theirs: the rest is for whoever waits for a mail. SES counts both lanes together, and refuses what is too much.
BULK_WORKERS = 2
BULK_SHARE = 0.5
_log = logging.getLogger(__name__)


def send(partition: str, sort: str) -> None:
    """Sends the mail that stands ordered under this key, to each address that has not got it yet.

    Every address is marked right after its mail: a crash between the two sends one mail twice, where the other way
    round would lose one.

    Raises:
        Conflict: another worker has it.
        NotTaken: SES did not take a mail; what it took before is marked.
        Unavailable: the table stayed busy.
        ValueError: the order can't be understood.
    """
    order = _taken(partition, sort)
    if order is None or order.kind == MailKind.NOTHING:
        return
    try:
        _send_to_each(order)
    except Exception:
        _give_back(order)
        raise


def _taken(partition: str, sort: str) -> MailItem | None:
    """The order, for this worker alone; None when it is done or gone."""
    at = clock.now()
    is_free = MailItem.taken_until.does_not_exist() | (MailItem.taken_until <= clock.to_wire(at))
    condition = MailItem.partition.exists() & MailItem.sent_at.does_not_exist() & is_free
    until = MailItem.taken_until.set(clock.to_wire(at + timedelta(seconds=TAKEN_SECONDS)))
    try:
        transact(update(MailItem(partition, sort), [until], condition, Conflict("Another worker sends this mail.")))
    except Conflict:
        order = get(MailItem, partition, sort)
        if order is None or order.sent_at:
            return None
        raise
    # Read after it was taken: whoever had it before may have sent some of it.
    return get(MailItem, partition, sort)


def _give_back(order: MailItem) -> None:
    """Lets the next worker have the order at once. Without it that must wait until the time is over."""
    item = MailItem(order.partition, order.sort)
    with contextlib.suppress(CoreError):
        transact(update(item, [MailItem.taken_until.remove()], MailItem.partition.exists(), Conflict()))


def _send_to_each(order: MailItem) -> None:
    organization, *read = get_many(
        [
            organization_key(order.organization_id),
            *(delivery_key(each) for each in order.to),
            *map(claim_key, order.to),
        ]
    )
    deliveries, claims = read[: len(order.to)], read[len(order.to) :]
    quotas = [_quota(*each, order.user_id) for each in zip(order.to, claims, strict=True)]
    windows = get_many([quota_key(each) for each in quotas])
    for address, quota, delivery, window in zip(order.to, quotas, deliveries, windows, strict=True):
        if address in order.sent_to or not _may_be_sent(order, delivery, is_spent(quota, window)):
            continue
        # Whatever a rule let through: no second recipient, no header of somebody's own.
        ses.send(normalize_email(address), _written(order, organization, address))
        order.sent_to.append(address)
        _mark(order, noted(quota))
        if order.in_bulk:
            time.sleep(BULK_WORKERS / (BULK_SHARE * settings().mails_per_second))
    order.sent_at = clock.to_wire(clock.now())
    _mark(order)


def _quota(address: str, claim: EmailItem | None, user_id: str) -> Quota:
    """What a mail of an account to an address counts for."""
    whose = "own" if claim is not None and claim.user_id == user_id else "others"
    return Quota(f"mail/{whose}/{address}", TO_AN_ADDRESS_A_DAY, DAY)


def _may_be_sent(order: MailItem, delivery: DeliveryItem | None, enough: bool) -> bool:
    now = clock.now()
    suppressed = delivery is not None and not (delivery.expires_at and delivery.expires_at <= now.timestamp())
    too_late = order.kind in _WITH_LINK and clock.from_wire(_details(order)["valid_until"]) <= now
    reasons = {"suppressed": suppressed, "too late": too_late, "too many today": enough}
    for reason in (name for name, holds in reasons.items() if holds):
        _log.info("not sent", extra={"mail": order.sort, "kind": order.kind, "reason": reason})
    return not any(reasons.values())


def _details(order: MailItem) -> dict[str, Any]:
    return order.details.as_dict() if order.details else {}


def _written(order: MailItem, organization: OrganizationItem | None, address: str) -> ses.Mail:
    """The mail's words for one of its addresses."""
    school, timezone = (organization.name, organization.timezone) if organization else ("", "")
    reader = texts.Reader(order.name, school, timezone)
    details = _details(order)
    match MailKind(order.kind):
        case MailKind.PASSWORD_CHANGED:
            at = details.get("at")
            return texts.password_changed(reader, details.get("by"), clock.from_wire(at) if at else None)
        case MailKind.ADDRESS_CHANGED:
            at = clock.from_wire(details["at"])
            return texts.address_changed(reader, details["by"], at, is_secondary=details["member"] != "email")
        case MailKind.RESET_LINK | MailKind.INVITATION as kind:
            token = links.token_of(order.organization_id, order.user_id, details["link_id"])
            url = links.page_url(token, details.get("redirect_to"))
            written = texts.reset_link if kind is MailKind.RESET_LINK else texts.invitation
            return written(reader, url, clock.from_wire(details["valid_until"]))
        case MailKind.VERIFY_ADDRESS:
            url = links.verification_url(order.organization_id, order.user_id, address)
            return texts.verify_address(reader, url)
        case _:
            raise ValueError("no mail says this")


def _mark(order: MailItem, *further: Write) -> None:
    """Writes down what was sent, unless another run has finished the order meanwhile."""
    actions = [MailItem.sent_to.set(list(order.sent_to))]
    if order.sent_at:
        actions.append(MailItem.sent_at.set(order.sent_at))
    item = MailItem(order.partition, order.sort)
    condition = MailItem.partition.exists() & MailItem.sent_at.does_not_exist()
    try:
        transact(update(item, actions, condition, Conflict()), *further)
    except Conflict:
        _log.warning("was sent meanwhile", extra={"mail": order.sort})


def suppress(address: str, state: DeliveryState, at: datetime) -> None:
    """Sends nothing to an address any more: for a while when mails to it bounce, for good when its owner complained."""
    item = delivery_item(address, state, at)
    if state is DeliveryState.COMPLAINED:
        transact(put(item))
        return
    condition = DeliveryItem.state.does_not_exist() | (DeliveryItem.state != DeliveryState.COMPLAINED.value)
    try:
        transact(put(item, condition, Conflict()))
    except Conflict:
        _log.info("a complaint stands already")
