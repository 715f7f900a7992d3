"""The kinds of values that a person's record holds, each with the sentence that refuses what it is not.

Identifiers are strings of digits: leading zeros count. Source: contract section 3.
"""

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from core.kernel import clock
from core.kernel.bodies import clean_line

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,24}")
_EARLIEST = date(1900, 1, 1)


def one_of(values: Mapping[str, str]) -> Any:
    """A word of an enumeration; the OpenAPI document shows its Dapodik codes."""

    def check(text: str) -> str:
        if text not in values:
            raise ValueError(f"This must be one of {', '.join(values)}.")
        return text

    return Annotated[
        str, AfterValidator(check), Field(json_schema_extra={"enum": [*values], "x-dapodik": dict(values)})
    ]


def digits(number: int, what: str) -> Any:
    """An identifier of so many digits."""
    pattern = re.compile(f"[0-9]{{{number}}}")

    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"{what} has exactly {number} digits.")
        return text

    return Annotated[str, AfterValidator(check), Field(json_schema_extra={"pattern": f"^[0-9]{{{number}}}$"})]


def line(longest: int = 200) -> Any:
    """A line of text: not empty, without control characters."""
    return Annotated[str, Field(max_length=longest), AfterValidator(clean_line)]


def _date(text: str) -> str:
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("This must be a date such as 2010-12-31: year, month, day.")
    if not _EARLIEST <= day <= clock.now().date():
        raise ValueError("This date lies in the future or before 1900.")
    return text


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise ValueError("This must be a telephone number.")
    return text


PastDate = Annotated[str, AfterValidator(_date), Field(json_schema_extra={"format": "date"})]
Phone = Annotated[str, AfterValidator(_phone)]
Line = line()
Text = line(2000)
#: The years of schooling that somebody may have.
YEARS = range(1900, 2201)
Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[-1])]
Needs = Annotated[list[line(100)], Field(max_length=20)]


def number(least: float, most: float) -> Any:
    """A measure between two bounds. A whole number or one with a fraction; never a string."""
    return Annotated[float, Field(ge=least, le=most)]


def whole(least: int, most: int) -> Any:
    """A whole number between two bounds; `161.0` is one, as JSON Schema has it."""
    return Annotated[int, Field(ge=least, le=most), BeforeValidator(_whole)]


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


#: Measures of a body, in whole centimetres and kilograms: Core's mobile client decodes nothing else.
MEASURES = ("height", "weight", "headCircumference")


def rounded(measure: float) -> int:
    """The nearest whole number; a half goes up, as people round."""
    return math.floor(measure + 0.5)
