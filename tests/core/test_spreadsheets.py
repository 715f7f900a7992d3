"""core.kernel.spreadsheets: whatever stands in a cell arrives as text, and nothing in it runs (acceptance C4, C7)."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from core.imports.columns import cell_text
from core.imports.reading import file_rows
from core.kernel.formulas import harmless, original
from core.kernel.spreadsheets import CsvFile, XlsxFile
from hypothesis import given, settings
from hypothesis import strategies as st

NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


#: What makes trouble, far more often than chance would.
TROUBLE = st.text(st.sampled_from("=+-@\uff1d\uff0b\uff0d\uff20,;\t\r\n\"' \u00a0ab01"), max_size=12)
TEXTS = TROUBLE | st.text(max_size=40)
STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r")
SEPARATORS = (",", ";", "\t")
#: How spreadsheets take quotes and blanks.
READINGS = (
    {},
    {"skipinitialspace": True},
    {"doublequote": False},
    {"doublequote": False, "skipinitialspace": True},
    {"quoting": csv.QUOTE_NONE},
    {"quoting": csv.QUOTE_NONE, "skipinitialspace": True},
)


def written(file, *rows):
    for row in rows:
        file.add(row)
    return file.finish()


@given(st.lists(TEXTS | st.integers() | st.none(), min_size=1, max_size=6), st.sampled_from(",;"))
def test_a_csv_is_read_as_it_was_written_and_no_text_begins_a_formula(row, delimiter):
    file = CsvFile(delimiter)
    ((*read,),) = csv.reader(io.StringIO(written(file, row), newline=""), delimiter=delimiter)
    texts = [text for text, cell in zip(read, row, strict=True) if isinstance(cell, str)]
    assert not any(text.startswith(STARTS) for text in texts)
    numbers = ["" if cell is None else str(cell) for cell in row if not isinstance(cell, str)]
    assert numbers == [text for text, cell in zip(read, row, strict=True) if not isinstance(cell, str)]
    assert [original(text) for text in texts] == [cell for cell in row if isinstance(cell, str)]
    assert file.size >= len(json.dumps(file.finish(), ensure_ascii=False).encode()) - 2


@pytest.mark.parametrize("reading", READINGS, ids=str)
@pytest.mark.parametrize("separator", SEPARATORS)
@settings(deadline=None)
@given(st.lists(st.lists(TROUBLE, min_size=1, max_size=4), min_size=1, max_size=3), st.sampled_from(",;"))
def test_c7_whatever_a_spreadsheet_splits_at_no_cell_is_a_formula(separator, reading, rows, delimiter):
    lines = io.StringIO(written(CsvFile(delimiter), *rows), newline="")
    for row in csv.reader(lines, delimiter=separator, **reading):
        for cell in row:
            # To some spreadsheets blanks, quotes and line breaks before a formula are nothing.
            assert not cell.strip('" \u00a0\t\r\n').startswith(STARTS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Budi;=1+1;x", "Budi;'=1+1;x"),
        ('Budi; "=1+1"', 'Budi; "\'=1+1"'),
        ("Budi,@x\t-1\n+2", "Budi,'@x\t'-1\n'+2"),
        ("\uff1dSUM(A1)", "'\uff1dSUM(A1)"),
        ("=1;'=2", "'=1;''=2"),
        ("'007", "''007"),
        ("007", "007"),
        ("Jl. Ma'ruf 5-7 = a, b; c", "Jl. Ma'ruf 5-7 = a, b; c"),
        ("+62 812-3456", "'+62 812-3456"),
    ],
)
def test_one_apostrophe_more_stands_before_what_would_be_a_formula_and_nowhere_else(text, shown):
    assert harmless(text) == shown
    assert original(shown) == text


@settings(deadline=None)
@given(st.lists(TEXTS.map(str.strip), min_size=1, max_size=4), st.sampled_from(",;"))
def test_our_own_import_reads_every_text_of_our_own_files_as_it_was(row, delimiter):
    headers = ["name"] * (len(row) + 2)
    csv_file = written(CsvFile(delimiter), headers, ["x", *row, "z"]).encode("utf-8", "replace")
    printable = [cell for cell in row if cell.isprintable()]
    xlsx_file = written(XlsxFile(), headers, ["x", *printable, "z"])
    for file, cells in ((csv_file, row), (xlsx_file, printable)):
        (_, _), (_, read) = file_rows(file)
        assert [cell_text(each) for each in read[1:-1]] == [each.encode("utf-8", "replace").decode() for each in cells]


@given(st.lists(PRINTABLE, min_size=1, max_size=6))
def test_an_xlsx_is_well_formed_whatever_stands_in_it(row):
    sheet = zipfile.ZipFile(io.BytesIO(written(XlsxFile(), row))).read("xl/worksheets/sheet1.xml")
    cells = ElementTree.fromstring(sheet).iter(f"{NAME}c")
    noncharacters = str.maketrans("", "", "\ufffe\uffff")
    assert ["".join(cell.itertext()) for cell in cells] == [harmless(cell.translate(noncharacters)) for cell in row]


def test_the_same_rows_make_the_same_file_whenever_it_is_written(monkeypatch):
    first = written(XlsxFile(text_columns=2), ["Nama", "NISN"])
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert written(XlsxFile(text_columns=2), ["Nama", "NISN"]) == first
    assert all(each.compress_type == zipfile.ZIP_DEFLATED for each in zipfile.ZipFile(io.BytesIO(first)).infolist())


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\ud800", "a\x1fb"])
def test_what_xml_cannot_hold_is_left_out(text):
    file = XlsxFile()
    file.add([text])
    ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(file.finish())).read("xl/worksheets/sheet1.xml"))


def test_numbers_stay_numbers_below_zero_too():
    file = XlsxFile()
    file.add([-0.5, 3])
    assert b"<c><v>-0.5</v></c><c><v>3</v></c>" in zipfile.ZipFile(io.BytesIO(file.finish())).read(
        "xl/worksheets/sheet1.xml"
    )
    assert written(CsvFile(), [-0.5, 3]) == "-0.5,3\r\n"
