"""Dates in spreadsheets: numbers of days whose style says that they are dates."""

import math
import re
from datetime import date, timedelta
from typing import Any

#: Day 60 is 29 February 1900, which never was: Lotus 1-2-3 had it, and spreadsheets keep it.
_FIRST = date(1899, 12, 30)
_LAST_SERIAL = 2_958_465
_BUILT_IN = frozenset({14, 15, 16, 17, 22, 27, 30, 36, 50, 57})


def from_serial(number: float) -> str:
    """The day as `YYYY-MM-DD`; a number that is no day stays as it is, to be refused as a date."""
    if not math.isfinite(number) or not 61 <= number <= _LAST_SERIAL:
        return repr(number)
    return (_FIRST + timedelta(days=int(number))).isoformat()


def date_styles(book: Any, name: str) -> frozenset[int]:
    """The numbers of the cell styles that show dates."""
    formats: set[int] = set(_BUILT_IN)
    styles: list[int] = []
    inside = False

    def element(_: Any, tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            if _shows_a_date(attributes.get("formatCode", "")):
                formats.add(int(attributes["numFmtId"]))
        elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", "0")))

    book.parse(name, element)
    return frozenset(number for number, each in enumerate(styles) if each in formats)


def _shows_a_date(code: str) -> bool:
    """Whether a format has days or years outside of quotes, brackets and escapes."""
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code.lower())
    return "y" in plain or "d" in plain
