"""How much an import takes: exactly as much as each limit says, in every form, and not one more."""

import pytest
from core.imports import limits
from core.imports.reading import file_rows
from core.imports.rows import rows_of_json
from core.kernel.errors import PayloadTooLarge
from core.people.kinds import STUDENTS

from tests.imports import csv_file, xlsx_file


def spreadsheet(rows):
    cells = ("".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) for row in rows)
    return xlsx_file("".join(f"<row>{each}</row>" for each in cells))


def sheet(number, of):
    """Headers and rows that hold just so many of what is limited."""
    return {
        "MOST_ROWS": [["NISN"], *([["1"]] * number)],
        "MOST_CELLS": [["NISN"], *([["1"]] * (number - 1))],
        "MOST_COLUMNS": [[f"x{each}" for each in range(number)], ["1"]],
        "LONGEST_CELL": [["NISN"], ["1" * number]],
    }[of]


CODES = {
    "MOST_ROWS": "too_many_rows",
    "MOST_CELLS": "too_many_cells",
    "MOST_COLUMNS": "too_many_columns",
    "LONGEST_CELL": "cell_too_large",
}


@pytest.mark.parametrize("make", [lambda rows: csv_file(rows[0], rows[1:]), spreadsheet], ids=["csv", "xlsx"])
@pytest.mark.parametrize("limit", CODES)
def test_a_file_may_hold_as_much_as_the_limit_says_and_no_more(monkeypatch, limit, make):
    monkeypatch.setattr(limits, limit, 6)
    assert list(file_rows(make(sheet(6, limit))))
    with pytest.raises(PayloadTooLarge) as refused:
        list(file_rows(make(sheet(7, limit))))
    assert [each.code for each in refused.value.problems] == [CODES[limit]]


def test_a_file_may_have_as_many_bytes_as_the_limit_says_and_no_more(monkeypatch):
    file = csv_file(["NISN"], [["1"]])
    monkeypatch.setattr(limits, "MOST_BYTES", len(file))
    assert list(file_rows(file))
    with pytest.raises(PayloadTooLarge):
        list(file_rows(file + b"\n"))


@pytest.mark.parametrize("limit", ["MOST_ROWS", "MOST_CELLS"])
def test_a_document_may_hold_as_much_as_the_limit_says_and_no_more(monkeypatch, limit):
    monkeypatch.setattr(limits, limit, 6)
    assert len(rows_of_json(STUDENTS, [{"nisn": "1"}] * 6).rows) == 6
    with pytest.raises(PayloadTooLarge) as refused:
        rows_of_json(STUDENTS, [{"nisn": "1"}] * 7)
    assert [each.code for each in refused.value.problems] == [CODES[limit]]
