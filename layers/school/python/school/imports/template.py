"""The file to fill in, as CSV or XLSX."""

import csv
import io
import zipfile
from xml.sax.saxutils import escape

from school.imports.columns import template_headers
from school.people.kinds import PersonKind

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
#: Zip's own first day, so that the same template has the same bytes.
_DAY = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def csv_template(kind: PersonKind) -> str:
    """Headers between semicolons, which Indonesian spreadsheets expect, after the mark that tells them UTF-8."""
    text = io.StringIO(newline="")
    text.write("\ufeff")
    csv.writer(text, delimiter=";").writerow(template_headers(kind))
    return text.getvalue()


def xlsx_template(kind: PersonKind) -> bytes:
    """Headers over columns of text: a spreadsheet then keeps a NISN's zeros and all sixteen digits of a NIK."""
    headers = template_headers(kind)
    cells = "".join(f'<c t="inlineStr" s="1"><is><t>{escape(each)}</t></is></c>' for each in headers)
    sheet = (
        f'<worksheet xmlns="{_MAIN}"><cols><col min="1" max="{len(headers)}" width="22" style="1" customWidth="1"/>'
        f'</cols><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    )
    formats = '<xf numFmtId="0"/><xf numFmtId="49" applyNumberFormat="1"/>'
    styles = (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        f'<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="2">{formats}</cellXfs></styleSheet>'
    )
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        f'<sheet name="Import" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            {"rId1": ("worksheet", "worksheets/sheet1.xml"), "rId2": ("styles", "styles.xml")}
        ),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": styles,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            document = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'
            packed.writestr(zipfile.ZipInfo(name, _DAY), document, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _content_types() -> str:
    types = {"/xl/workbook.xml": "sheet.main", "/xl/worksheets/sheet1.xml": "worksheet", "/xl/styles.xml": "styles"}
    overrides = "".join(f'<Override PartName="{name}" ContentType="{_TYPE}.{of}+xml"/>' for name, of in types.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{of}" Target="{target}"/>'
        for name, (of, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'
