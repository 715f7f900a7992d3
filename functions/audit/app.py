"""The audit trail: /api/audit."""

from core.audit import schemas, service
from core.contract.operations import PLAIN, Listing, Many
from core.http.api import Api
from core.http.requests import Request
from core.kernel.cursors import Page, PageRequest
from core.kernel.policy import Permission

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
    """Lists who did what to whom, newest first, by cursor only: the trail is not counted.

    Where few of many entries are asked for, a page may show fewer than `limit`, or none: `next` leads on to the rest.
    """
    return service.listing(request.caller.organization_id, wanted)
