"""A row as an import keeps it: a patch of a person, what was wrong with reading it, and the password apart.

Pure: nothing here knows the table. A row of a file and a row of JSON come out the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.imports import limits
from core.imports.columns import MOST_DIGITS, PASSWORD, Column, cell_text, column_named
from core.imports.reading import FileRow
from core.kernel.errors import Problem
from core.people.fields import MEASURES, rounded
from core.people.kinds import PersonKind
from core.people.models import UNIQUE

#: By what an import finds a person again, in this order; then by email.
_KEYS = {"students": ("nisn", "nipd"), "teachers": ("nuptk", "nip"), "staff": ("nuptk", "nip")}
_LONGEST_KEY = 254
_IDENTIFIERS = frozenset({*UNIQUE, "familyCardNumber"})


def keys_of(kind: PersonKind) -> tuple[str, ...]:
    """The identifiers by which an import finds a person, before the email."""
    return _KEYS[kind.name]


@dataclass(slots=True)
class Row:
    """One row: its number, what it says of a person, and what is wrong with it already."""

    number: int
    patch: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: What was read otherwise than it stands there.
    warnings: list[Problem] = field(default_factory=list)
    #: Sealed, outside of the moment in which it is hashed.
    password: str | None = None

    def identifiers(self) -> dict[str, str]:
        """What may be looked up: identifiers and the email, as far as they have a form that can be a key."""
        found = {}
        for member in (*UNIQUE, "email"):
            value = self.patch.get(member)
            if not isinstance(value, str):
                continue
            value = value.lower() if member == "email" else value.strip()
            if value.isascii() and value.isprintable() and 0 < len(value) <= _LONGEST_KEY:
                found[member] = value
        return found

    def to_document(self) -> dict[str, Any]:
        """The row as a chunk keeps it."""
        problems, warnings = (
            [[each.code, each.message, each.field] for each in told] for told in (self.problems, self.warnings)
        )
        kept = {"problems": problems, "warnings": warnings, "password": self.password}
        return {"row": self.number, "patch": self.patch, **kept}


def from_document(document: dict[str, Any]) -> Row:
    """The row that a chunk kept."""
    problems, warnings = ([Problem(*each) for each in document.get(told, [])] for told in ("problems", "warnings"))
    return Row(document["row"], document["patch"], problems, warnings, document["password"])


@dataclass(slots=True)
class Sheet:
    """The rows of an import, and the headers that Core does not know."""

    rows: list[Row]
    ignored: list[str] = field(default_factory=list)


def rows_of_file(kind: PersonKind, file: Iterator[FileRow]) -> Sheet:
    """The rows of a file, whose first row has the headers.

    Raises:
        Impossible: there are no headers, none that Core knows, or two for one member.
    """
    first = next(file, None)
    if first is None:
        raise limits.unreadable("The file is empty.", "empty_file")
    headers = [cell_text(each) for each in first[1]]
    columns = [column_named(kind, header) if header else None for header in headers]
    known = [column.path for column in columns if column]
    if not known:
        message = "The first row has none of the headers that Core knows. GET the template to see them."
        raise limits.unreadable(message, "no_known_header")
    if twice := sorted({path for path in known if known.count(path) > 1}):
        raise limits.unreadable(f"Two columns are about {', '.join(twice)}. Keep one of them.", "repeated_column")
    ignored = [header[:100] for header, column in zip(headers, columns, strict=True) if header and not column]
    rows = [_row_of_cells(number, columns, cells) for number, cells in file]
    return Sheet(_require_some(rows), ignored)


def _require_some(rows: list[Row]) -> list[Row]:
    if not rows:
        raise limits.unreadable("There are no rows to import.", "no_rows")
    return mark_doubles(rows)


def _row_of_cells(number: int, columns: Sequence[Column | None], cells: Sequence[str | float]) -> Row:
    row = Row(number)
    # A cell beyond the headers belongs to no column, and is more often a comma inside an address than nothing.
    if any(each != "" for each in cells[len(columns) :]):
        row.problems.append(Problem("too_many_cells", "This row has more cells than there are headers."))
    for column, cell in zip(columns, cells, strict=False):
        if column and cell != "":
            _take(row, column, cell)
    return _finished(row)


def _take(row: Row, column: Column, cell: str | float) -> None:
    """Reads one cell into the row's patch."""
    text = cell_text(cell)
    if not text:
        return
    if column.path == PASSWORD:
        row.password = cell if isinstance(cell, str) else text
        return
    member = column.parts[-1]
    if not isinstance(cell, str) and member in _IDENTIFIERS and len(text) > MOST_DIGITS:
        message = "A spreadsheet keeps 15 digits of a number. Make the column text and type it again."
        row.problems.append(Problem("digits_lost", message, column.path))
        return
    place = row.patch
    for part in column.parts[:-1]:
        deeper = place.setdefault(part, {})
        if not isinstance(deeper, dict):
            return
        place = deeper
    place[member] = column.read(text)


def _finished(row: Row) -> Row:
    """Rounds measures, and puts together what two columns say of one member."""
    for name in MEASURES:
        value = row.patch.get(name)
        if isinstance(value, float) and not value.is_integer():
            row.patch[name] = rounded(value)
            row.warnings.append(Problem("rounded", f"This is kept as the whole number {row.patch[name]}.", name))
    address = row.patch.get("address")
    if not isinstance(address, dict):
        return row
    location = address.get("location")
    if isinstance(location, dict) and location.keys() <= {"latitude", "longitude"}:
        address["location"] = {
            "type": "Point",
            "coordinates": [location[name] for name in ("longitude", "latitude") if name in location],
        }
    return row


def rows_of_json(kind: PersonKind, data: Iterable[Any]) -> Sheet:
    """The rows of a JSON array: members by name as a body has them, or strings under headers as a file has them.

    Raises:
        PayloadTooLarge: more rows or members than an import takes.
        Impossible: there are no rows.
    """
    rows: list[Row] = []
    cells = 0
    for number, document in enumerate(data, 1):
        if number > limits.MOST_ROWS:
            raise limits.too_many_rows()
        cells += len(document) if isinstance(document, dict) else 1
        if cells > limits.MOST_CELLS:
            raise limits.too_many_cells()
        rows.append(_row_of_members(kind, number, document))
    return Sheet(_require_some(rows))


def _row_of_members(kind: PersonKind, number: int, document: Any) -> Row:
    row = Row(number)
    if not isinstance(document, dict):
        row.problems.append(Problem("wrong_type", "A row must be an object."))
        return row
    for name, value in document.items():
        column = column_named(kind, name)
        if column and isinstance(value, str):
            if not value.strip() and name in kind.schema.model_fields:
                row.patch[name] = value
            _take(row, column, value)
        elif name in kind.schema.model_fields:
            row.patch[name] = value
        elif column and column.path != PASSWORD and (value is None or isinstance(value, int | float)):
            _put(row, column, value)
        elif name == PASSWORD and value is None:
            continue
        else:
            message = "This member does not exist or can't be set here."
            row.problems.append(Problem("unknown_member", message, name[:100]))
    return _finished(row)


def _put(row: Row, column: Column, value: Any) -> None:
    """Puts a value that JSON has typed already under the member that a header names."""
    place = row.patch
    for part in column.parts[:-1]:
        place = place.setdefault(part, {})
        if not isinstance(place, dict):
            return
    place[column.parts[-1]] = value


def mark_doubles(rows: list[Row]) -> list[Row]:
    """Notes on each row which of its identifiers an earlier row has already: only the earlier one is imported."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        for member, value in row.identifiers().items():
            earlier = seen.setdefault((member, value), row.number)
            if earlier != row.number:
                message = f"Row {earlier} has this {member} too. Only that row was imported."
                row.problems.append(Problem("duplicate_in_file", message, member))
    return rows
