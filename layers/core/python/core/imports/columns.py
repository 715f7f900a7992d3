"""The columns of a file: which member each header names, and how its cells are read.

A header is a member's path (`birthDate`, `father.name`), Core's own name for it, or Dapodik's. A cell that can't be
read stays as it is, so that the member's own rule refuses it with its own words.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from core.contract.columns import cells_of
from core.imports.words import WORDS, folded
from core.kernel.formulas import original
from core.people.kinds import PersonKind

PASSWORD = "password"  # noqa: S105 - a column's name
#: What a spreadsheet made a number of can't be told from the digits that it dropped.
MOST_DIGITS = 15
#: What nearly every school has stands first in the template.
_FIRST = ("name", "email", PASSWORD, "nisn", "nipd", "nip", "nuptk", "gender", "religion")
_PASSWORD_HEADERS = ("Password", "Kata Sandi")
#: What the server gives, and what no cell can hold.
_NOT_IN_FILES = frozenset(
    {"id", "userId", "classId", "className", "active", "createdAt", "updatedAt", "educationHistory"}
)
_KILOMETRES = ("Jarak Rumah ke Sekolah (KM)", "Jarak Rumah ke Sekolah")

Reader = Callable[[str], Any]


def _number(text: str) -> Any:
    """A number with a decimal point or, as Indonesians write it, comma."""
    plain = text.replace(",", ".", 1)
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", plain):
        return text
    value = float(plain)
    return int(value) if value.is_integer() else value


def _metres(text: str) -> Any:
    value = _number(text)
    return value if isinstance(value, str) else round(value * 1000)


def _list(text: str) -> Any:
    if folded(text) in ("tidak ada", "tidak", "-"):
        return []
    if text.startswith("["):
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return [each.strip() for each in re.split(r"[;,|]", text) if each.strip()]


def list_cell(values: list[str]) -> str:
    """The cell that is read as this list: as people write one, or as JSON where a text holds what parts them."""
    text = "; ".join(values)
    return text if _list(text) == values else json.dumps(values, ensure_ascii=False)


def _padded(text: str) -> str:
    """RT and RW are numbers to people, and `5` is `005`."""
    return text.zfill(3) if text.isascii() and text.isdigit() else text


def _text(text: str) -> str:
    return text


def _word_of(member: str) -> Reader:
    words = WORDS[member]
    return lambda text: words.get(folded(text), text)


_READERS: dict[str, Reader] = {
    **{name: _word_of(name) for name in WORDS},
    **dict.fromkeys(("height", "weight", "headCircumference", "distance", "travelTime"), _number),
    **dict.fromkeys(("birthOrder", "siblings", "numberOfSiblings", "latitude", "longitude"), _number),
    **dict.fromkeys(("specialNeeds", "subjects"), _list),
    **dict.fromkeys(("rt", "rw"), _padded),
}


class Column(NamedTuple):
    """A column that Core knows."""

    path: str
    read: Reader

    @property
    def parts(self) -> list[str]:
        return self.path.split(".")


def _key(header: str) -> str:
    """What of a header is compared: letters and digits."""
    return re.sub(r"[^a-z0-9]+", "", header.casefold())


@cache
def _headers(kind: PersonKind) -> dict[str, tuple[str, ...]]:
    """What files call every member that a cell can hold, in the order of the shape."""
    cells = {each.path: each.headers for each in cells_of(kind.shape) if each.path not in _NOT_IN_FILES}
    return cells | {PASSWORD: _PASSWORD_HEADERS}


@cache
def columns_of(kind: PersonKind) -> dict[str, Column]:
    """The columns of a kind by what of their headers is compared."""
    known: dict[str, Column] = {}
    for path, headers in _headers(kind).items():
        column = Column(path, _READERS.get(path.rpartition(".")[2], _text))
        known |= {_key(header): column for header in (path, *headers)}
    if "distance" in _headers(kind):
        known |= {_key(header): Column("distance", _metres) for header in _KILOMETRES}
    return known


def column_named(kind: PersonKind, header: str) -> Column | None:
    """The column that a header names, or None when Core does not know it."""
    return columns_of(kind).get(_key(header))


def template_headers(kind: PersonKind) -> list[str]:
    """The headers of the file to fill in: what nearly every school has first, then the rest."""
    headers = _headers(kind)
    first = [path for path in _FIRST if path in headers]
    rest = [path for path in headers if path not in first]
    return [next(iter(headers[path]), path) for path in (*first, *rest)]


def cell_text(value: str | float) -> str:
    """A cell as text: a whole number without a fraction, and text without the apostrophes that only say it is text."""
    if isinstance(value, str):
        return original(value.strip())
    return str(int(value)) if float(value).is_integer() else repr(value)
