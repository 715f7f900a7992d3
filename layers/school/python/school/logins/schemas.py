"""The history of sign-ins as it crosses the wire."""

from typing import Any

from school.devices.agents import describe
from school.logins.models import LoginItem

LOGIN_MEMBERS = ("id", "userId", "at", "success", "reason", "ipAddress", "userAgent", "device", "country")


def to_wire(login: LoginItem, user_id: str) -> dict[str, Any]:
    """The contract's LoginHistory. `country` is null: Core asks nobody where an address lies."""
    return {
        "id": login.id,
        "userId": user_id,
        "at": login.at,
        "success": login.success,
        "reason": login.reason,
        "ipAddress": login.ip_address,
        "userAgent": login.user_agent,
        "device": describe(login.user_agent),
        "country": None,
    }
