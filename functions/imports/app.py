"""Imports of students, teachers and staff: /api/{kind}/import and /api/imports."""

import time

from core.contract.operations import PLAIN
from core.http.answers import Answer
from core.http.api import Api
from core.http.listings import asked, listed
from core.http.requests import Request
from core.imports import limits, service, template, uploads
from core.imports.listing import rows_page
from core.imports.models import STATUSES, ImportItem
from core.imports.reading import file_rows
from core.imports.rows import Sheet, rows_of_file, rows_of_json
from core.imports.wire import ROW_MEMBERS, file_name, path_of, row_to_wire, to_wire
from core.kernel.errors import Forbidden
from core.kernel.media_types import CSV, XLSX
from core.people.kinds import KINDS, PersonKind
from core.people.masks import hidden_from

api = Api("imports")
handler = api


def _register(kind: PersonKind) -> None:
    @api.route("POST", f"{kind.path}/import", permission=kind.write)
    def import_people(request: Request) -> Answer:
        """Creates or updates people by a file, or with `dryRun=true` says what it would do."""
        began = time.monotonic()
        dry_run = request.only_switch("dryRun")
        upload = _upload(request)
        options = service.Options(dry_run, upload.options.keeps_existing)
        job = service.begin(request.caller, kind, _sheet(kind, upload), options)
        return _answer(request, service.wait(job, began))

    @api.route("GET", f"{kind.path}/import/template", permission=kind.write)
    def get_template(request: Request) -> Answer:
        """The file to fill in."""
        request.require_no_query()
        first = request.headers.get("accept", "").split(",", maxsplit=1)[0]
        wants_xlsx = uploads.media_type(first) == XLSX
        ending, of = ("xlsx", XLSX) if wants_xlsx else ("csv", f"{CSV}; charset=utf-8")
        content = template.xlsx_template(kind) if wants_xlsx else template.csv_template(kind)
        name = file_name(kind.name, ending)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Vary": "Accept"}
        return Answer(content, content_type=of, headers=headers)


for _kind in KINDS.values():
    _register(_kind)


def _upload(request: Request) -> uploads.Upload:
    content_type = request.headers.get("content-type", "")
    match uploads.media_type(content_type):
        case "multipart/form-data":
            return uploads.from_form(request.body, content_type)
        case "application/json":
            return uploads.from_document(request.caller, request.document(limits.MOST_BYTES))
        case _:
            raise uploads.refuse_type()


def _sheet(kind: PersonKind, upload: uploads.Upload) -> Sheet:
    if upload.file is not None:
        return rows_of_file(kind, file_rows(upload.file))
    return rows_of_json(kind, upload.data or [])


def _answer(request: Request, job: ImportItem) -> Answer:
    headers = {"Location": path_of(job)}
    if not job.is_done:
        return Answer(to_wire(job), 202, headers=headers | {"Retry-After": "2"})
    return Answer(to_wire(job, service.results(job), _hidden(request, job)), headers=headers)


def _hidden(request: Request, job: ImportItem) -> frozenset[str]:
    return hidden_from(request.caller, KINDS[job.kind])


def _find(request: Request, import_id: str) -> ImportItem:
    if not service.may_import_anything(request.caller):
        raise Forbidden()
    return service.find(request.caller, import_id)


@api.route("GET", "/api/imports/<import_id>")
def get_import(request: Request, import_id: str) -> Answer:
    """How far an import is, and how many rows ended how."""
    request.require_no_query()
    return Answer(to_wire(_find(request, import_id)))


@api.route("GET", "/api/imports/<import_id>/rows")
def list_import_rows(request: Request, import_id: str) -> Answer:
    """What became of each row."""
    job = _find(request, import_id)
    wanted = asked(request, f"{path_of(job)}/rows", ("row",), ROW_MEMBERS, {"status": _status}, without=PLAIN)
    page = rows_page(job, wanted)
    return listed(wanted, page, [row_to_wire(job, each, _hidden(request, job)) for each in page.items])


def _status(text: str) -> str:
    if text not in STATUSES:
        raise ValueError(f"Send one of {', '.join(STATUSES)}.")
    return text


@api.route("POST", "/api/imports/<import_id>/apply")
def apply_import(request: Request, import_id: str) -> Answer:
    """Does what a dry run said it would, if nothing has changed since."""
    began = time.monotonic()
    request.require_no_query()
    job = service.apply(request.caller, _find(request, import_id))
    return _answer(request, service.wait(job, began))
