"""Hears from SES which addresses mails bounce from, and whose owners complained. A topic calls it."""

import json
from typing import Any

from core.mailer.reports import take


def handler(event: dict[str, Any], context: Any) -> None:
    """Takes each report; what fails makes the whole call fail, so that Lambda calls again and then keeps the event."""
    for record in event["Records"]:
        take(json.loads(record["Sns"]["Message"]))
