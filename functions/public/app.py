"""The public directory: /api/public."""

from core.contract.operations import Listing, Many, Parameter, Plain
from core.contract.values import ID
from core.http.api import Api
from core.http.requests import Request
from core.kernel.cursors import Page, PageRequest
from core.organizations.service import public_school
from core.people import directory
from core.people.kinds import STAFF_MEMBERS, TEACHERS, PersonKind
from core.people.models import PersonItem

_CACHED_SECONDS = 300
_SCHOOL = Parameter(
    "organizationId", ID, "The school, by its id; else the one that the host belongs to, else the deployment's own."
)
api = Api("public")
handler = api


def _school(request: Request, organization_id: str | None) -> str:
    return public_school(organization_id, request.headers.get("host", ""))


def _register(kind: PersonKind) -> None:
    @api.operation(
        "GET",
        f"/api/public/{kind.name}",
        name=f"list_{kind.name}",
        sessionless=True,
        query=Listing(
            ("name",),
            without=directory.WITHOUT,
            longest=directory.LONGEST_PAGE,
            cursor_key=directory.CURSOR_KEY,
            parameters=(_SCHOOL,),
        ),
        answers=Many(directory.ENTRY),
        cached_seconds=_CACHED_SECONDS,
    )
    def list_directory(request: Request, wanted: PageRequest, organizationId: str | None) -> Page:
        """Who works at the school, page by page."""
        return directory.listing(_school(request, organizationId), kind, wanted)

    @api.operation(
        "GET",
        f"/api/public/{kind.name}/{{id}}",
        name=f"get_one_of_{kind.name}",
        sessionless=True,
        query=(_SCHOOL,),
        answers=Plain(directory.WHOLE_ENTRY),
        cached_seconds=_CACHED_SECONDS,
    )
    def get_entry(request: Request, id: str, organizationId: str | None) -> PersonItem:
        """One of them, with the address to write to."""
        return directory.find(_school(request, organizationId), kind, id)


_register(TEACHERS)
_register(STAFF_MEMBERS)
