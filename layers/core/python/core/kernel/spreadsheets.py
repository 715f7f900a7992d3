"""Files for spreadsheets, written row by row: CSV (RFC 4180) and XLSX (ECMA-376).

Every cell of text says that it is text, so that a NISN keeps its zeros and a NIK its sixteen digits. What a spreadsheet
would take for a formula gets an apostrophe in front, see `core.kernel.formulas`: a name must not run anything at a
clerk's desk. In XLSX too, whose texts are no formulas, because people save one as the other.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from core.kernel.formulas import harmless
from core.kernel.media_types import CSV, XLSX

Cell = str | int | float | None
#: What XML 1.0 can't hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="'
    f'application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_OFFICE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_OFFICE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
    f'<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
    f'Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    # Style 1 is text: what somebody types over such a cell stays text too.
    # The two fills are those that every file must begin with; a fill without a pattern opens nowhere but in Excel.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>'
    f'</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    f'</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    f'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2">'
    f'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" '
    f'borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" '
    f'builtinId="0"/></cellStyles></styleSheet>',
}
_PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class CsvFile:
    """A CSV file in the making.

    Args:
        delimiter: what stands between cells. Indonesian spreadsheets expect semicolons, programs commas.
        mark: whether to begin with the byte order mark, by which spreadsheets know UTF-8.
    """

    content_type = CSV
    extension = "csv"

    def __init__(self, delimiter: str = ",", *, mark: bool = False) -> None:
        self._lines = ["\ufeff"] if mark else []
        self._line = io.StringIO(newline="")
        self._writer = csv.writer(self._line, delimiter=delimiter)
        #: How many bytes the file takes as a string in JSON, in which a function answers.
        self.size = 0

    def add(self, row: Sequence[Cell]) -> None:
        """Adds a row."""
        self._writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        line = self._line.getvalue()
        self._lines.append(line)
        self._line.seek(0)
        self._line.truncate()
        self.size += len(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace"))

    def finish(self) -> str:
        """The whole file."""
        return "".join(self._lines)


class XlsxFile:
    """An XLSX file with one sheet in the making. Rows are compressed as they come.

    Args:
        text_columns: how many columns are text all the way down, for what somebody types into them.
    """

    content_type = XLSX
    extension = "xlsx"

    def __init__(self, *, text_columns: int = 0) -> None:
        self._file = io.BytesIO()
        self._zip = zipfile.ZipFile(self._file, "w")
        for name, text in _PARTS.items():
            self._zip.writestr(_part(name), _PROLOGUE + text)
        self._sheet = self._zip.open(_part("xl/worksheets/sheet1.xml"), "w")
        wide = f'<col min="1" max="{text_columns}" width="22" style="1" customWidth="1"/>'
        columns = f"<cols>{wide}</cols>" if text_columns else ""
        self._sheet.write(f'{_PROLOGUE}<worksheet xmlns="{_MAIN}">{columns}<sheetData>'.encode())

    def add(self, row: Sequence[Cell]) -> None:
        """Adds a row."""
        self._sheet.write(f"<row>{''.join(map(_xlsx_cell, row))}</row>".encode())

    @property
    def size(self) -> int:
        """How many bytes there are so far, but for some that are still being compressed."""
        return self._file.tell()

    def finish(self) -> bytes:
        """The whole file."""
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._zip.close()
        return self._file.getvalue()


def _part(name: str) -> zipfile.ZipInfo:
    """A compressed part on zip's own first day, so that the same rows make the same bytes."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _xlsx_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, str):
        text = escape(harmless(_NO_XML.sub("", cell)))
        return f'<c t="inlineStr" s="1"><is><t xml:space="preserve">{text}</t></is></c>'
    return f"<c><v>{cell}</v></c>"
