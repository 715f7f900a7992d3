"""Quotas: so many of something in each hour or day, counted in the transaction that does it.

A throttle's window begins with the first attempt, so it is read and counted beforehand. A quota's windows are those of
the clock (UTC), so nothing is read: one conditional update counts, and refuses the whole transaction when it is full.
"""

from typing import NamedTuple

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from core.kernel import clock
from core.kernel.errors import CoreError, TooManyRequests
from core.kernel.table import Write, update
from core.throttles.models import WindowItem, window_key

HOUR = 3600
DAY = 24 * HOUR


class Quota(NamedTuple):
    """At most `most` of what `key` names in each window of `seconds`."""

    key: str
    most: int
    seconds: int


def _closing(quota: Quota) -> tuple[int, int]:
    """The number of the window that is open now, and the epoch second at which it closes."""
    window = int(clock.now().timestamp() // quota.seconds)
    return window, (window + 1) * quota.seconds


def quota_key(quota: Quota) -> tuple[type[WindowItem], str, str]:
    """Where the count of the window that is open now stands."""
    return window_key(f"{quota.key}/{_closing(quota)[0]}")


def is_spent(quota: Quota, window: WindowItem | None, number: int = 1) -> bool:
    """Whether so many are no longer left, by the count as it was read."""
    return window is not None and window.number > quota.most - number


def _count(quota: Quota, number: int = 1, room: Condition | None = None, otherwise: CoreError | None = None) -> Write:
    model, partition, sort = quota_key(quota)
    closes_at = _closing(quota)[1]
    actions: list[Action] = [
        WindowItem.number.add(number),
        WindowItem.closes_at.set(closes_at),
        WindowItem.expires_at.set(closes_at),
    ]
    return update(model(partition, sort), actions, room, otherwise)


def refusal(quota: Quota, message: str) -> TooManyRequests:
    """That too few are left; says when the window closes."""
    return TooManyRequests(max(1, int(_closing(quota)[1] - clock.now().timestamp())), message)


def spent(quota: Quota, message: str, number: int = 1) -> Write:
    """The write that counts so many, at most `most`. The transaction fails with this refusal when fewer are left."""
    room = WindowItem.number.does_not_exist() | (WindowItem.number <= quota.most - number)
    return _count(quota, number, room, refusal(quota, message))


def noted(quota: Quota) -> Write:
    """The write that counts one that was done already, whether any was left or not."""
    return _count(quota)
