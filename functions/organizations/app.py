"""The schools that share the deployment: /api/organizations, for platform administrators."""

from core.contract.operations import Listing, Many, One
from core.http.answers import With
from core.http.api import Api
from core.http.requests import Request
from core.kernel.cursors import Page, PageRequest
from core.kernel.policy import Permission
from core.organizations.models import OrganizationRecord
from core.organizations.schemas import ORGANIZATION, CreateOrganization, UpdateOrganization
from core.platform import schools as administration

api = Api("organizations")
handler = api


@api.operation(
    "GET",
    "/api/organizations",
    permission=Permission.ORGANIZATIONS_READ,
    query=Listing(),
    answers=Many(ORGANIZATION),
)
def list_organizations(request: Request, wanted: PageRequest) -> Page:
    """Lists the schools, page by page."""
    return administration.listing(wanted)


@api.operation(
    "POST",
    "/api/organizations",
    permission=Permission.ORGANIZATIONS_WRITE,
    answers=One(ORGANIZATION, 201),
    errors={403: ("grant_ceiling",), 409: ("email_taken", "npsn_taken", "busy")},
)
def create_organization(request: Request, body: CreateOrganization) -> With:
    """Creates a school with its first administrator, who is invited by mail."""
    members = body.model_dump()
    administrator = members.pop("administrator")
    record, user = administration.create_organization(request.caller, members, administrator)
    return With(record, meta={"administratorId": user.id})


@api.operation(
    "GET",
    "/api/organizations/{organization_id}",
    permission=Permission.ORGANIZATIONS_READ,
    answers=One(ORGANIZATION),
)
def get_organization(request: Request, organization_id: str) -> OrganizationRecord:
    """Retrieves a school."""
    return administration.find(organization_id)


@api.operation(
    "PATCH",
    "/api/organizations/{organization_id}",
    permission=Permission.ORGANIZATIONS_WRITE,
    answers=One(ORGANIZATION),
    errors={409: ("host_taken", "npsn_taken")},
)
def update_organization(
    request: Request, organization_id: str, body: UpdateOrganization, expected: int | None
) -> OrganizationRecord:
    """Changes a school."""
    return administration.update_organization(request.caller, organization_id, body.changes(), expected)
