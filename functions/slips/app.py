"""New passwords for a class or a role, as JSON or as slips to cut out: /api/users/password-resets."""

from school import clock
from school.answers import Answer
from school.api import Api
from school.organizations.service import find
from school.passwords import one_time
from school.passwords.schemas import ResetPasswords
from school.policy import Permission
from school.requests import Request

PDF = "application/pdf"
api = Api("slips")
handler = api


@api.route("POST", "/api/users/password-resets", permission=Permission.USERS_PASSWORD)
def reset_passwords(request: Request) -> Answer:
    """Issues one-time passwords; with `dryRun=true` it only says what it would do, always as JSON."""
    dry_run = request.only_switch("dryRun")
    body = request.read(ResetPasswords)
    if dry_run:
        return _listed(one_time.plan(request.caller, body))
    if not _wants_pdf(request):
        return _listed(one_time.issue(request.caller, body))
    # What the sheet needs is there before the first password changes, or that password would reach nobody.
    from sheet import sheet_of  # noqa: PLC0415 - the PDF library costs a start more than all the rest

    school = find(request.caller.organization_id)
    rows = one_time.issue(request.caller, body)
    name = f"one-time-passwords-{clock.now():%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(sheet_of(school, rows), content_type=PDF, headers=headers)


def _listed(rows: list[one_time.Row]) -> Answer:
    return Answer([row.to_wire() for row in rows], meta={"summary": one_time.summary(rows)})


def _wants_pdf(request: Request) -> bool:
    """Whether `Accept` names PDF first: API Gateway looks at the first type only when it decides on bytes or text."""
    first = request.headers.get("accept", "").split(",", maxsplit=1)[0]
    return first.split(";", maxsplit=1)[0].strip().lower() == PDF
