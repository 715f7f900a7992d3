"""Devices as they cross the wire."""

from collections.abc import Callable

from core.contract.shapes import Member, Shape
from core.contract.values import BOOLEAN, ID, INSTANT, INTEGER, TEXT, one_of
from core.devices.service import Device
from core.logins.agents import TYPES, describe


def _told(name: str) -> Callable[[Device], str | None]:
    """What the device's user agent tells of it."""
    return lambda device: describe(device.latest.user_agent)[name]


_TYPE = one_of(TYPES)
DEVICE = Shape(
    "Device",
    Member("id", ID),
    Member("type", _TYPE, _told("type")),
    Member("model", TEXT, _told("model"), nullable=True),
    Member("os", TEXT, _told("os"), nullable=True),
    Member("browser", TEXT, _told("browser"), nullable=True),
    Member("ipAddress", TEXT, "latest.ip_address", nullable=True),
    Member("lastSeenAt", INSTANT, "latest.updated_at", description="To the day: a session is renewed once a day."),
    Member("current", BOOLEAN, "is_current", description="Whether the request comes from it."),
    Member("sessions", INTEGER, lambda device: len(device.sessions), description="How many sessions it has."),
    description="A device on which an account is signed in.",
)
