"""Kinds of values: how JSON Schema describes each, and how the text of a query parameter is read as one.

Plain data, so that a function's start stays cheap: the OpenAPI document is built from them on a developer's machine.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from core.kernel import clock
from core.kernel.bodies import identifier


class Value(NamedTuple):
    """A kind of value."""

    #: JSON Schema 2020-12.
    schema: Mapping[str, Any]
    #: Reads the text of a query parameter; raises ValueError with a sentence that says what to send.
    read: Callable[[str], Any] = str


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("Send true or false.")
    return text == "true"


def _instant(text: str) -> str:
    return clock.to_wire(clock.from_query(text))


def _date(text: str) -> str:
    try:
        written = date.fromisoformat(text).isoformat()
    except ValueError:
        written = None
    # ISO 8601 writes a day in other ways too, such as 2026-W01-1.
    if text != written:
        raise ValueError("Send a date such as 2010-12-31: year, month, day.")
    return text


TEXT = Value({"type": "string"})
BOOLEAN = Value({"type": "boolean"}, _boolean)
TRUE = Value({"const": True})
ID = Value({"type": "string", "pattern": "^[0-9a-f]{24}$"}, identifier)
INSTANT = Value({"type": "string", "format": "date-time"}, _instant)
DATE = Value({"type": "string", "format": "date"}, _date)
ADDRESS = Value({"type": "string", "format": "uri"})
EMAIL = Value({"type": "string", "format": "email"})
NUMBER = Value({"type": "number"})
INTEGER = Value({"type": "integer"})
#: The bytes of a file in a form.
FILE = Value({"type": "string", "contentMediaType": "application/octet-stream"})
#: A document whose members the operation's description tells.
OBJECT = Value({"type": "object"})


def whole(least: int, most: int) -> Value:
    """A whole number between two bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise ValueError(f"Send a whole number from {least} to {most}.")
        return int(text)

    return Value({"type": "integer", "minimum": least, "maximum": most}, read)


#: Of a class: the years of Indonesian schools, kindergarten's last to vocational school's fourth.
GRADE = whole(1, 13)


def digits(number: int) -> Value:
    """An identifier of so many digits."""
    pattern = re.compile(f"[0-9]{{{number}}}")

    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"Send exactly {number} digits.")
        return text

    return Value({"type": "string", "pattern": f"^[0-9]{{{number}}}$"}, read)


def line(longest: int) -> Value:
    """A line of text, not empty."""

    def read(text: str) -> str:
        if not 1 <= len(text.strip()) <= longest:
            raise ValueError(f"Send 1 to {longest} characters.")
        return text.strip()

    return Value({"type": "string", "minLength": 1, "maxLength": longest}, read)


def one_of(words: Iterable[str], *, dapodik: Mapping[str, str] | None = None) -> Value:
    """A word of an enumeration.

    Args:
        words: the enumeration.
        dapodik: each word's code in Dapodik, the national school data, which the OpenAPI document shows.
    """
    listed = [*words]

    def read(text: str) -> str:
        if text not in listed:
            raise ValueError(f"Send one of {', '.join(listed)}.")
        return text

    codes = {"x-dapodik": dict(dapodik)} if dapodik else {}
    return Value({"type": "string", "enum": listed, **codes}, read)


def array(item: Value) -> Value:
    """An array of values."""
    return Value({"type": "array", "items": item.schema})
