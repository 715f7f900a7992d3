"""Throttles: so many attempts in a time that begins with the first of them.

An attempt is counted by a conditional write before the thing is tried, so that no number of parallel attempts
gets past the limit.
"""

import math
from datetime import datetime
from typing import NamedTuple

from core.kernel import clock
from core.kernel.errors import Conflict, TooManyRequests, Unavailable
from core.kernel.table import Write, get_many, put, transact, update
from core.throttles.models import WindowItem, window_key

_ATTEMPTS = 5


class Limit(NamedTuple):
    """At most `most` attempts of what `key` names within `seconds` of the first."""

    key: str
    most: int
    seconds: int


class Overtaken(Conflict):
    """Others counted at the same moment and the window is not what was read. Never leaves this house: read again."""


def attempt(key: str, limit: int, seconds: int) -> None:
    """Counts one attempt of what `key` names.

    Args:
        key: says what is attempted by whom, for example `reset-mail/account/<address>`; the table keeps a hash of it.
        limit: so many are let through ...
        seconds: ... within this time of the first one.

    Raises:
        TooManyRequests: the limit is reached; the attempt is not counted.
    """
    attempt_all(Limit(key, limit, seconds))


def attempt_all(*limits: Limit) -> None:
    """Counts one attempt under each limit, or under none: two calls of the table however many limits.

    Raises:
        TooManyRequests: one of the limits is reached.
    """
    for _ in range(_ATTEMPTS):
        windows = get_many([window_key(limit.key) for limit in limits])
        at = clock.now()
        writes = [counted(limit, window, at) for limit, window in zip(limits, windows, strict=True)]
        try:
            return transact(*writes)
        except Overtaken:
            continue
    raise Unavailable()


def is_open(window: WindowItem | None, at: datetime) -> bool:
    """Whether the window's time is not over. DynamoDB's TTL may be days late, so it is checked here."""
    return window is not None and window.closes_at > at.timestamp()


def is_full(limit: Limit, window: WindowItem | None, at: datetime) -> bool:
    """Whether the limit is reached."""
    return window is not None and is_open(window, at) and window.number >= limit.most


def require_room(limit: Limit, window: WindowItem | None, at: datetime) -> None:
    """Refuses when the limit is reached.

    Raises:
        TooManyRequests: says when the window closes.
    """
    if window is not None and is_full(limit, window, at):
        raise TooManyRequests(max(1, math.ceil(window.closes_at - at.timestamp())))


def counted(limit: Limit, window: WindowItem | None, at: datetime) -> Write:
    """The write that counts one attempt, given the window as it was read. It fails with `Overtaken`.

    Raises:
        TooManyRequests: the limit is reached already.
    """
    require_room(limit, window, at)
    overtaken = Overtaken()
    if window is not None and is_open(window, at):
        unchanged = (WindowItem.closes_at == window.closes_at) & (WindowItem.number < limit.most)
        return update(window, [WindowItem.number.add(1)], unchanged, overtaken)
    model, partition, sort = window_key(limit.key)
    closes_at = int(at.timestamp()) + limit.seconds
    fresh = model(partition, sort, number=1, closes_at=closes_at, expires_at=closes_at)
    over = WindowItem.partition.does_not_exist() | (WindowItem.closes_at <= at.timestamp())
    return put(fresh, over, overtaken)
