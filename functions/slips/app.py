"""New passwords, or invitations, for a class or a role: /api/users/password-resets and /api/users/invitations."""

from core.contract.operations import Outcomes, Parameter
from core.contract.values import BOOLEAN
from core.http.answers import Answer
from core.http.api import Api
from core.http.calls import first_accepted
from core.http.requests import Request
from core.kernel import clock
from core.kernel.policy import Permission
from core.organizations.service import find
from core.slips import invitations
from core.slips import service as one_time
from core.slips.schemas import INVITATION_ROW, PASSWORD_ROW, NamedPeople

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
def reset_passwords(request: Request, body: NamedPeople, dryRun: bool) -> list[one_time.Issued] | Answer:
    """Issues one-time passwords for a class, a role, or people named one by one.

    They hold for 72 hours and are to be changed at the first sign-in. `Accept: application/pdf` gets slips to print.
    A class takes `classes:read` besides, and a role `users:read`, because the answer names who is in it.
    """
    if dryRun:
        return one_time.plan(request.caller, body, request.deadline)
    if first_accepted(request) != PDF:
        return one_time.issue(request.caller, body, request.deadline)
    # What the sheet needs is there before the first password changes, or that password would reach nobody.
    from sheet import sheet_of  # noqa: PLC0415 - the PDF library costs a start more than all the rest

    school = find(request.caller.organization_id)
    rows = one_time.issue(request.caller, body, request.deadline, with_classes=True)
    name = f"one-time-passwords-{clock.now():%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(sheet_of(school, rows), content_type=PDF, headers=headers)


@api.operation(
    "POST",
    "/api/users/invitations",
    permission=Permission.USERS_WRITE,
    answers=Outcomes(INVITATION_ROW),
    errors={422: ("too_many",)},
)
def invite_people(request: Request, body: NamedPeople) -> list[invitations.Invited]:
    """Mails a class, a role, or people named one by one a link to choose the first password within three days.

    Who has a password is `skipped`; whose invitation opens still is `unchanged` and gets no second mail.
    A class takes `classes:read` besides, and a role `users:read`, because the answer names who is in it.
    """
    return invitations.invite_many(request.caller, body, request.deadline)
