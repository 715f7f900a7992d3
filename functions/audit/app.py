"""The audit trail: /api/audit."""

from school.api import Api
from school.audit import schemas, service
from school.contract.operations import PLAIN, Listing, Many
from school.pages import Page, PageRequest
from school.policy import Permission
from school.requests import Request

api = Api("audit")
handler = api


@api.operation(
    "GET",
    "/api/audit",
    permission=Permission.AUDIT_READ,
    query=Listing(("-at",), filters=schemas.FILTERS, without=PLAIN | {"page"}),
    answers=Many(schemas.ENTRY),
)
def list_entries(request: Request, wanted: PageRequest) -> Page:
    """Who did what to whom, newest first, by cursor only: the trail is not counted."""
    return service.listing(request.caller.organization_id, wanted)
