"""Reading a file row by row. Whatever it is, nothing of it is kept but the row that is being read.

What is read is bounded before it grows: a line before csv sees it, a row before the next one, all of them together.
Formulas are text like any other; nothing is ever evaluated.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from core.imports import limits
from core.imports.xlsx import MAGIC, sheet_rows

#: A row's number as a spreadsheet shows it, and its cells: text, or numbers where the file knows the difference.
FileRow = tuple[int, Sequence[str | float]]
#: What one row may hold altogether, line breaks included.
_LONGEST_ROW = 256 * 1024


def file_rows(file: bytes) -> Iterator[FileRow]:
    """The rows of a CSV or XLSX file that hold something, the headers first.

    Raises:
        PayloadTooLarge: the file, its rows, columns or a cell are too many or too large.
        Impossible: it can't be read; code and sentence say why.
    """
    if len(file) > limits.MOST_BYTES:
        raise limits.too_large()
    rows = sheet_rows(file) if file.startswith(MAGIC) else _csv_rows(file)
    return _bounded(rows)


def _bounded(rows: Iterator[FileRow]) -> Iterator[FileRow]:
    count = cells = 0
    for number, row in rows:
        filled = 0
        for cell in row:
            if isinstance(cell, str):
                if len(cell) > limits.LONGEST_CELL:
                    raise limits.cell_too_large(number)
                filled += bool(cell) and not cell.isspace()
            else:
                filled += 1
        if not filled:
            continue
        cells += filled
        count += 1
        if len(row) > limits.MOST_COLUMNS:
            raise limits.too_many_columns()
        if count > limits.MOST_ROWS + 1:
            raise limits.too_many_rows()
        if cells > limits.MOST_CELLS:
            raise limits.too_many_cells()
        yield number, row


def _csv_rows(file: bytes) -> Iterator[FileRow]:
    text = io.TextIOWrapper(io.BytesIO(file), encoding="utf-8-sig", newline="")
    lines = _Lines(text)
    try:
        delimiter = _delimiter(lines.peek())
        reader = csv.reader(lines, delimiter=delimiter, strict=False)
        # A cell may hold line breaks, so a row's number is not that of its line.
        for number, row in enumerate(reader, 1):
            lines.row_is_read(number)
            yield number, row
    except UnicodeDecodeError as error:
        message = "The file is not text in UTF-8. Save it as CSV UTF-8, or send it as XLSX."
        raise limits.unreadable(message, "not_utf8") from error
    except csv.Error as error:
        if "field limit" in str(error) or "field larger" in str(error):
            raise limits.cell_too_large(lines.row + 1) from error
        raise limits.unreadable("The file is neither CSV nor XLSX.") from error


class _Lines:
    """The lines of a text, none of which nor any run that makes one row is longer than a row may be."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._first: str | None = None
        self._since_row = 0
        self.row = 0

    def peek(self) -> str:
        """The first line, which is read again."""
        self._first = self._text.readline(_LONGEST_ROW + 1)
        return self._first

    def row_is_read(self, row: int) -> None:
        """Forgets what the row took."""
        self.row, self._since_row = row, 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._first if self._first is not None else self._text.readline(_LONGEST_ROW + 1)
        self._first = None
        if not line:
            raise StopIteration
        self._since_row += len(line)
        if self._since_row > _LONGEST_ROW:
            raise limits.cell_too_large(self.row + 1)
        return line


def _delimiter(headers: str) -> str:
    """Whichever of the two the headers have more of. Indonesian spreadsheets write semicolons."""
    outside = headers.split('"')[::2]
    found = {each: sum(part.count(each) for part in outside) for each in (";", ",")}
    return ";" if found[";"] >= found[","] else ","
