"""school.spreadsheets: whatever stands in a cell arrives as text, and nothing in it runs (acceptance C4)."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from school.spreadsheets import CsvFile, XlsxFile, harmless

NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(st.lists(st.text(max_size=40) | st.integers() | st.none(), min_size=1, max_size=6), st.sampled_from(",;"))
def test_a_csv_is_read_as_it_was_written_and_no_text_begins_a_formula(row, delimiter):
    file = CsvFile(delimiter)
    file.add(row)
    ((*read,),) = csv.reader(io.StringIO(file.finish(), newline=""), delimiter=delimiter)
    assert read == ["" if cell is None else str(harmless(cell)) for cell in row]
    texts = [text for text, cell in zip(read, row, strict=True) if isinstance(cell, str)]
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in texts)
    assert file.size >= len(json.dumps(file.finish(), ensure_ascii=False).encode()) - 2


@given(st.lists(PRINTABLE, min_size=1, max_size=6))
def test_an_xlsx_is_well_formed_whatever_stands_in_it(row):
    file = XlsxFile()
    file.add(row)
    sheet = zipfile.ZipFile(io.BytesIO(file.finish())).read("xl/worksheets/sheet1.xml")
    cells = ElementTree.fromstring(sheet).iter(f"{NAME}c")
    noncharacters = str.maketrans("", "", "\ufffe\uffff")
    assert ["".join(cell.itertext()) for cell in cells] == [
        str(harmless(cell)).translate(noncharacters) for cell in row
    ]


def test_the_same_rows_make_the_same_file_whenever_it_is_written(monkeypatch):
    def written():
        file = XlsxFile(text_columns=2)
        file.add(["Nama", "NISN"])
        return file.finish()

    first = written()
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert written() == first
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
    assert harmless(-0.5) == -0.5
