"""The audit trail: /api/audit."""

from school import pages
from school.answers import Answer
from school.api import Api
from school.audit import schemas, service
from school.bodies import identifier
from school.contract.operations import PLAIN
from school.contract.values import INSTANT
from school.listings import asked
from school.policy import Permission
from school.requests import Request

api = Api("audit")
handler = api


@api.route("GET", "/api/audit", permission=Permission.AUDIT_READ)
def list_entries(request: Request) -> Answer:
    """Who did what to whom, newest first, by cursor."""
    filters = {
        "actor": identifier,
        "target": identifier,
        "action": schemas.action,
        "from": INSTANT.read,
        "to": INSTANT.read,
    }
    wanted = asked(request, "/api/audit", ("-at",), schemas.ENTRY_MEMBERS, filters, without=PLAIN | {"page"})
    trail = service.listing(request.caller.organization_id, wanted)
    documents = [schemas.to_wire(item, trail) for item in trail.page.items]
    meta = {"limit": wanted.limit, "next": wanted.next_cursor(trail.page.next)}
    return Answer([pages.sparse(document, wanted.fields) for document in documents], meta=meta)
