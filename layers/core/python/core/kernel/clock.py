"""Time and identity: what a test freezes.

Every module asks this one for the current instant, for the seconds that pass and for a new id, so that a test replaces
three functions and nothing else in the house depends on when it runs.
"""

import re
import secrets
import time
from datetime import UTC, datetime

_DICE = secrets.SystemRandom()
_LONGEST_BLUR_SECONDS = 0.02
_ID = re.compile(r"[a-fA-F0-9]{24}")


def now() -> datetime:
    """The current instant in UTC, cut to the milliseconds that the contract shows."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def seconds() -> float:
    """Seconds since some instant, which never go back. Their differences are how long something takes."""
    return time.monotonic()


def new_id(at: datetime | None = None) -> str:
    """A new identifier: 24 lower-case hex characters, four bytes of seconds, then milliseconds and 52 random bits.

    Ids sort by creation time, so that a list in key order is a list in creation order, to the millisecond.
    Source: contract section 1, "Ids".
    """
    at = at or now()
    return f"{int(at.timestamp()):08x}{at.microsecond // 1000:03x}{secrets.token_hex(7)[:13]}"


def instant_of(made_id: str) -> datetime:
    """The instant at which an id was made."""
    milliseconds = min(int(made_id[8:11], 16), 999)
    return datetime.fromtimestamp(int(made_id[:8], 16), UTC).replace(microsecond=milliseconds * 1000)


def is_id(text: str) -> bool:
    """Whether `text` has the form of an id (`^[a-fA-F0-9]{24}$`, seeds)."""
    return bool(_ID.fullmatch(text))


def to_wire(instant: datetime) -> str:
    """An instant as ISO 8601 UTC with milliseconds and `Z`, e.g. `2026-01-19T05:54:38.817Z`."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def from_wire(text: str) -> datetime:
    """The instant that `text` names, in UTC.

    Raises:
        ValueError: when `text` is not an ISO 8601 date-time with an offset or `Z`, or names an instant before the year
            1 or after 9999 in UTC.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("a time needs an offset or Z")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("this time lies beyond the calendar") from error


def from_query(text: str) -> datetime:
    """The instant that a query parameter names, in UTC.

    Raises:
        ValueError: with a sentence, when it is none, as `from_wire` has it.
    """
    try:
        # An unescaped plus sign in a query arrives as a blank.
        return from_wire(text.replace(" ", "+"))
    except ValueError as error:
        raise ValueError("Send an ISO 8601 time such as 2026-01-19T05:54:38.817Z.") from error


def blur() -> None:
    """Waits a random while, up to 20 ms.

    Where a known and an unknown thing cost the same calls of the table, what is left of a difference is some hundredths
    of a millisecond of reading the answers. Behind this it takes ten thousands of attempts to see, which the throttles
    do not grant (acceptance B1).
    """
    time.sleep(_DICE.uniform(0, _LONGEST_BLUR_SECONDS))
