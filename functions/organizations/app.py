"""The schools that share the deployment: /api/organizations, for platform administrators."""

from school.api import Answer, Api, tagged
from school.listings import SORTS, asked, listed
from school.organizations import administration
from school.organizations.schemas import ORGANIZATION_MEMBERS, CreateOrganization, UpdateOrganization, to_wire
from school.policy import Permission
from school.requests import Request

api = Api("organizations")
handler = api


@api.route("GET", "/api/organizations", permission=Permission.ORGANIZATIONS_READ)
def list_organizations(request: Request) -> Answer:
    """The schools, page by page."""
    wanted = asked(request, "/api/organizations", SORTS, ORGANIZATION_MEMBERS)
    page = administration.listing(wanted)
    return listed(wanted, page, [to_wire(record) for record in page.items])


@api.route("POST", "/api/organizations", permission=Permission.ORGANIZATIONS_WRITE)
def create_organization(request: Request) -> Answer:
    """A new school, with its first administrator, who is invited by mail."""
    request.require_no_query()
    members = request.read(CreateOrganization).model_dump()
    administrator = members.pop("administrator")
    record, user = administration.create_organization(request.caller, members, administrator)
    answer = tagged(record.version, to_wire(record), request, 201, {"Location": f"/api/organizations/{record.id}"})
    answer.meta["administratorId"] = user.id
    return answer


@api.route("GET", "/api/organizations/<organization_id>", permission=Permission.ORGANIZATIONS_READ)
def get_organization(request: Request, organization_id: str) -> Answer:
    """One school."""
    request.require_no_query()
    record = administration.find(organization_id)
    return tagged(record.version, to_wire(record), request)


@api.route("PATCH", "/api/organizations/<organization_id>", permission=Permission.ORGANIZATIONS_WRITE)
def update_organization(request: Request, organization_id: str) -> Answer:
    """Changes a school."""
    request.require_no_query()
    changes = request.read(UpdateOrganization).changes()
    record = administration.update_organization(request.caller, organization_id, changes, request.expected_version)
    return tagged(record.version, to_wire(record), request)
