"""Sending files to be imported, and the workers that work them off."""

import csv
import io
import zipfile
from types import SimpleNamespace

from core.imports import service
from core.kernel.settings import settings

from tests.bucket import client, remove
from tests.gateway import call, function

CORE = ("Nama Lengkap", "Email Sekolah", "Password", "NISN", "NIPD", "Jenis Kelamin", "Agama")
BOUNDARY = "----a-boundary-of-the-tests"


def csv_file(headers, rows, delimiter=";", encoding="utf-8"):
    """A CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([headers, *rows])
    return text.getvalue().encode(encoding)


def xlsx_file(sheet, shared=None, styles=None, **more):
    """An XLSX file with this XML as its sheet's data; `more` replaces whole parts by name."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId7"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="x"><Relationship Id="rId7" Target="worksheets/s.xml"/>'
        "</Relationships>",
        "xl/worksheets/s.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    if shared is not None:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{shared}</sst>'
    if styles is not None:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{main}">{styles}</styleSheet>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in {**parts, **more}.items():
            packed.writestr(name, text)
    return file.getvalue()


def table_file(headers, rows):
    """An XLSX file with these texts."""
    lines = [
        "".join(f'<c r="{chr(65 + place)}{row}" t="inlineStr"><is><t>{cell}</t></is></c>' for place, cell in line)
        for row, line in enumerate((enumerate(each) for each in [headers, *rows]), 1)
    ]
    return xlsx_file("".join(f'<row r="{row}">{line}</row>' for row, line in enumerate(lines, 1)))


def form(file, **fields):
    """The options of a call that sends a file as a browser does."""
    parts = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="siswa.csv"\r\n\r\n'.encode()
    raw = parts + head + file + f"\r\n--{BOUNDARY}--\r\n".encode()
    return {"raw": raw, "headers": {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}}


def send(kind, token, *, dry_run=False, invite=False, **options):
    """POST /api/{kind}/import."""
    asked = {"dryRun": dry_run, "invite": invite}
    query = {name: ["true"] for name, value in asked.items() if value} or None
    return call("imports", "POST", f"/api/{kind}/import", token=token, query=query, **options)


def messages():
    """What waits in the queue of imports."""
    queue = client("sqs")
    found = []
    while got := queue.receive_message(QueueUrl=settings().import_queue_url, MaxNumberOfMessages=10).get("Messages"):
        for each in got:
            queue.delete_message(QueueUrl=settings().import_queue_url, ReceiptHandle=each["ReceiptHandle"])
        found += [each["Body"] for each in got]
    return found


def bring(bodies, receives=1, milliseconds=28_000):
    """Brings messages to the worker as SQS does; returns those that it wants to have brought again."""
    attributes = {"ApproximateReceiveCount": str(receives)}
    records = [{"messageId": str(number), "body": body, "attributes": attributes} for number, body in enumerate(bodies)]
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: milliseconds)
    answer = function("importer").handler({"Records": records}, context)
    return [bodies[int(each["itemIdentifier"])] for each in answer["batchItemFailures"]]


def clear():
    """Empties queue and bucket, which no test empties after itself."""
    messages()
    remove()


def report(token, import_id):
    """The job as it is now."""
    return call("imports", "GET", f"/api/imports/{import_id}", token=token)


def wait_for_nobody(monkeypatch) -> None:
    """A caller who does not wait, because no worker runs by itself here; an empty queue and an empty bucket."""
    monkeypatch.setattr(service, "_PAUSE_SECONDS", 3600)
    clear()


def hand_over_everything(monkeypatch) -> None:
    """Hands even the smallest import to the workers, two rows at a time."""
    monkeypatch.setattr(service, "MOST_INLINE", 0)
    monkeypatch.setattr(service, "_CHUNK", 2)
