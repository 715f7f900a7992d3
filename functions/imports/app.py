"""Imports of students, teachers and staff: /api/{kind}/import and /api/imports."""

from core.contract.operations import PLAIN, Bare, Form, Listing, Many, Parameter, Plain
from core.contract.outcomes import STATUS
from core.contract.values import BOOLEAN, FILE, one_of
from core.http.answers import Answer, With
from core.http.api import Api
from core.http.calls import first_accepted
from core.http.requests import Request
from core.imports import limits, service, template, uploads
from core.imports.listing import rows_page
from core.imports.models import ImportItem
from core.imports.reading import file_rows
from core.imports.rows import Sheet, rows_of_file, rows_of_json
from core.imports.schemas import IMPORT, ROW, Report, file_name, path_of, report_of
from core.kernel.cursors import Page, PageRequest
from core.kernel.errors import Forbidden
from core.kernel.media_types import CSV, XLSX
from core.people.kinds import KINDS, PersonKind

_FORM = Form(
    "multipart/form-data",
    (
        Parameter("file", FILE, "CSV or XLSX, of at most 10 MB; the first row holds the headers.", required=True),
        Parameter("existing", one_of(uploads.EXISTING), "What becomes of who is there already.", default="update"),
    ),
)
_REFUSED_FILES = {
    400: ("malformed_form", "repeated_member"),
    413: ("cell_too_large", "too_many_cells", "too_many_columns", "too_many_parts", "too_many_rows"),
    422: (
        "empty_file",
        "forbidden_xml",
        "no_known_header",
        "no_rows",
        "not_utf8",
        "repeated_column",
        "unreadable_file",
    ),
}
api = Api("imports")
handler = api


def _register(kind: PersonKind) -> None:
    @api.operation(
        "POST",
        f"{kind.path}/import",
        name=f"import_{kind.name}",
        words=kind.words,
        permission=kind.write,
        query=(
            Parameter("dryRun", BOOLEAN, "Whether to say only what it would do.", default=False),
            Parameter("invite", BOOLEAN, "Whether to invite owners of new accounts without a password.", default=False),
        ),
        takes=uploads.ImportDocument,
        form=_FORM,
        answers=Plain(IMPORT),
        further=(202,),
        errors=_REFUSED_FILES,
    )
    def import_people(request: Request, dryRun: bool, invite: bool) -> With:
        """Creates or updates {many} by a file, or says what it would do.

        Whom a row is about is told by the numbers of the kind, then by the address. One bad row never stops the others.
        After 20 seconds the answer is 202, and `Location` says where to see how far it is. `invite=true` mails whoever
        gets an account without a password a link to choose one; a plan does so when it is applied.
        """
        upload = _upload(request)
        options = service.Options(dryRun, upload.options.keeps_existing, invite)
        job = service.begin(request.caller, kind, _sheet(kind, upload), options)
        return _report(service.wait(job, request.deadline))

    @api.operation(
        "GET",
        f"{kind.path}/import/template",
        name=f"get_template_of_{kind.name}",
        words=kind.words,
        permission=kind.write,
        answers=Bare(None),
        media_types=(CSV, XLSX),
    )
    def get_template(request: Request) -> Answer:
        """Gives the file to fill in with {many}, as CSV, or as XLSX when `Accept` names that first."""
        wants_xlsx = first_accepted(request) == XLSX
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


def _report(job: ImportItem) -> With:
    headers = {"Location": path_of(job)}
    if not job.is_done:
        return With(Report(job), status=202, headers=headers | {"Retry-After": "2"})
    return With(report_of(job, service.results(job)), headers=headers)


def _find(request: Request, import_id: str) -> ImportItem:
    if not service.may_import_anything(request.caller):
        raise Forbidden()
    return service.find(request.caller, import_id)


@api.operation("GET", "/api/imports/{import_id}", answers=Plain(IMPORT), errors={403: ("forbidden",)})
def get_import(request: Request, import_id: str) -> Report:
    """Retrieves an import: how far it is, and how many rows ended how.

    Needs the permission to write people of the import's kind.
    """
    return Report(_find(request, import_id))


@api.operation(
    "GET",
    "/api/imports/{import_id}/rows",
    query=Listing(("row",), {"status": STATUS}, without=PLAIN),
    answers=Many(ROW),
    errors={403: ("forbidden",)},
)
def list_import_rows(request: Request, import_id: str, wanted: PageRequest) -> Page:
    """Lists what became of each row of an import.

    Needs the permission to write people of the import's kind.
    """
    return rows_page(_find(request, import_id), wanted)


@api.operation(
    "POST",
    "/api/imports/{import_id}/apply",
    answers=Plain(IMPORT),
    further=(202,),
    errors={403: ("forbidden",), 409: ("changed_since_plan", "not_a_plan", "plan_expired", "plan_not_ready")},
)
def apply_import(request: Request, import_id: str) -> With:
    """Applies the plan that a dry run made, if nothing has changed since.

    Needs the permission to write people of the import's kind. Sent again it answers the same import. After 20
    seconds the answer is 202, and `Location` says where to see how far it is.
    """
    job = service.apply(request.caller, _find(request, import_id))
    return _report(service.wait(job, request.deadline))
