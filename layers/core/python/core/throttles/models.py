"""Counters of attempts as items. Their keys are hashed: a dump of the table tells neither addresses nor sources."""

import hmac
import ipaddress

from pynamodb.attributes import BooleanAttribute, NumberAttribute

from core.kernel.settings import settings
from core.kernel.table import Item

WINDOW_SORT = "WINDOW"


class WindowItem(Item):
    """How often something was attempted since the first time, until the window closes."""

    number = NumberAttribute()
    #: Epoch seconds. Readers check it, TTL only cleans up.
    closes_at = NumberAttribute()
    #: Whether a refusal in this window was noted already, so that a flood of them is noted once.
    noted = BooleanAttribute(default=False)


def hashed(key: str) -> str:
    """What the table keeps of a key. It is keyed, because addresses and sources could be tried one by one."""
    return hmac.digest(settings().throttle_key, key.encode(), "sha256").hex()


def window_key(key: str) -> tuple[type[WindowItem], str, str]:
    """Where the counter of `key` stands."""
    return WindowItem, f"THROTTLE#{hashed(key)}", WINDOW_SORT


def source_of(ip_address: str | None) -> str:
    """The source that an address counts for: a whole /64 in IPv6, because every household gets one to vary in."""
    try:
        address = ipaddress.ip_address(ip_address or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
