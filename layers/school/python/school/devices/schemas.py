"""Devices as they cross the wire."""

from typing import Any

from school.devices.agents import describe
from school.devices.service import Device

DEVICE_MEMBERS = ("id", "type", "model", "os", "browser", "ipAddress", "lastSeenAt", "current", "sessions")


def to_wire(device: Device, current: str) -> dict[str, Any]:
    """A device. `lastSeenAt` is to the day: using a session renews it once a day.

    Args:
        device: the device.
        current: the handle of the session that asks.
    """
    return {
        "id": device.id,
        **describe(device.latest.user_agent),
        "ipAddress": device.latest.ip_address,
        "lastSeenAt": device.latest.updated_at,
        "current": any(session.handle == current for session in device.sessions),
        "sessions": len(device.sessions),
    }
