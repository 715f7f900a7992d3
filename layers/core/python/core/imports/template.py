"""The file to fill in, as CSV or XLSX."""

from core.imports.columns import template_headers
from core.kernel.spreadsheets import CsvFile, XlsxFile
from core.people.kinds import PersonKind


def csv_template(kind: PersonKind) -> str:
    """Headers between semicolons, which Indonesian spreadsheets expect, after the mark that tells them UTF-8."""
    file = CsvFile(";", mark=True)
    file.add(template_headers(kind))
    return file.finish()


def xlsx_template(kind: PersonKind) -> bytes:
    """Headers over columns of text: a spreadsheet then keeps a NISN's zeros and all sixteen digits of a NIK."""
    headers = template_headers(kind)
    file = XlsxFile(text_columns=len(headers))
    file.add(headers)
    return file.finish()
