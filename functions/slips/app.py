"""New passwords for a class or a role, as JSON or as slips to cut out: /api/users/password-resets."""

from core.contract.operations import Outcomes, Parameter
from core.contract.values import BOOLEAN
from core.http.answers import Answer
from core.http.api import Api
from core.http.calls import first_accepted
from core.http.requests import Request
from core.kernel import clock
from core.kernel.policy import Permission
from core.organizations.service import find
from core.passwords.schemas import PASSWORD_ROW, ResetPasswords
from core.slips import service as one_time

PDF = "application/pdf"
api = Api("slips")
handler = api


@api.operation(
    "POST",
    "/api/users/password-resets",
    permission=Permission.USERS_PASSWORD,
    query=(Parameter("dryRun", BOOLEAN, "Only says what would be done, always as JSON.", default=False),),
    answers=Outcomes(PASSWORD_ROW),
    media_types=(PDF,),
    errors={422: ("too_many",)},
)
def reset_passwords(request: Request, body: ResetPasswords, dryRun: bool) -> list[one_time.Issued] | Answer:
    """Issues one-time passwords for a class, a role, or people named one by one.

    They hold for 72 hours and are to be changed at the first sign-in. `Accept: application/pdf` gets slips to print.
    """
    if dryRun:
        return one_time.plan(request.caller, body, request.deadline)
    if first_accepted(request) != PDF:
        return one_time.issue(request.caller, body, request.deadline)
    # What the sheet needs is there before the first password changes, or that password would reach nobody.
    from sheet import sheet_of  # noqa: PLC0415 - the PDF library costs a start more than all the rest

    school = find(request.caller.organization_id)
    rows = one_time.issue(request.caller, body, request.deadline)
    name = f"one-time-passwords-{clock.now():%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(sheet_of(school, rows), content_type=PDF, headers=headers)
