"""The file to fill in, as CSV or XLSX."""

from school.imports.columns import template_headers
from school.people.kinds import PersonKind
from school.spreadsheets import CsvFile, XlsxFile


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
