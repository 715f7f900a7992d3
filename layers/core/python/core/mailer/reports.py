"""SES's reports of bounces and complaints, as the event destination of a configuration set publishes them.

Source: Amazon SES developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS".
"""

import logging
from email.utils import parseaddr
from typing import Any

from core.kernel import clock
from core.mailer.service import suppress
from core.outbox.models import DeliveryState

_log = logging.getLogger(__name__)


def take(report: dict[str, Any]) -> None:
    """Stops mails to the addresses of a lasting bounce or a complaint; a full mailbox or a holiday changes nothing."""
    match report:
        case {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bouncedRecipients": recipients}}:
            state = DeliveryState.BOUNCED
        case {"eventType": "Complaint", "complaint": {"complainedRecipients": recipients}}:
            state = DeliveryState.COMPLAINED
        case _:
            _log.info("nothing to do", extra={"event": str(report.get("eventType"))})
            return
    for recipient in recipients:
        # SES repeats the address as it was given, and may put it in angle brackets.
        address = parseaddr(recipient["emailAddress"])[1].lower()
        if address:
            suppress(address, state, clock.now())
    _log.info("suppressed", extra={"state": state.value, "number": len(recipients)})
