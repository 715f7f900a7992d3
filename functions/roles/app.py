"""Roles, and who has them: /api/roles; and what a role can grant: /api/permissions."""

from core.accounts import members
from core.contract.operations import PLAIN, Listing, Many, Nothing, One, Outcomes, Plain
from core.http.api import Api
from core.http.requests import Request
from core.kernel.cursors import Page, PageRequest
from core.kernel.policy import Permission
from core.roles import schemas, service
from core.roles.service import Role
from core.users.schemas import USER

api = Api("roles")
handler = api


@api.operation("GET", "/api/permissions", answers=Plain(schemas.PERMISSION, is_list=True))
def list_permissions(request: Request) -> list[Permission]:
    """Lists everything that a role can grant."""
    return [*Permission]


@api.operation(
    "GET",
    "/api/roles",
    permission=Permission.ROLES_READ,
    query=Listing(),
    answers=Many(schemas.ROLE),
)
def list_roles(request: Request, wanted: PageRequest) -> Page:
    """Lists the system roles and the school's own."""
    return service.listing(request.caller.organization_id, wanted)


@api.operation(
    "POST",
    "/api/roles",
    permission=Permission.ROLES_WRITE,
    answers=One(schemas.ROLE, 201),
    errors={403: ("grant_ceiling",), 409: ("name_taken",)},
)
def create_role(request: Request, body: schemas.CreateRole) -> Role:
    """Creates a role of the school."""
    return service.create_role(request.caller, body.model_dump())


@api.operation(
    "GET",
    "/api/roles/{role_id}",
    permission=Permission.ROLES_READ,
    answers=One(schemas.ROLE, has_not_modified=False),
)
def get_role(request: Request, role_id: str) -> Role:
    """Retrieves a role. Its number of members changes without its version, so the answer has no 304."""
    return service.with_count(request.caller.organization_id, role_id)


@api.operation(
    "PATCH",
    "/api/roles/{role_id}",
    permission=Permission.ROLES_WRITE,
    answers=One(schemas.ROLE),
    errors={403: ("grant_ceiling",), 409: ("name_taken", "system_role")},
)
def update_role(request: Request, role_id: str, body: schemas.UpdateRole, expected: int | None) -> Role:
    """Changes a role of the school."""
    return service.update_role(request.caller, role_id, body.changes(), expected)


@api.operation(
    "DELETE",
    "/api/roles/{role_id}",
    permission=Permission.ROLES_WRITE,
    answers=Nothing(),
    errors={403: ("grant_ceiling",), 409: ("role_has_members", "system_role")},
)
def delete_role(request: Request, role_id: str, expected: int | None) -> None:
    """Deletes a role that nobody has."""
    service.delete_role(request.caller, role_id, expected)


@api.operation(
    "GET",
    "/api/roles/{role_id}/eligible-users",
    permission=Permission.ROLES_READ,
    query=Listing(without=frozenset({"page", "updatedSince"})),
    answers=Many(USER),
    errors={403: ("grant_ceiling",)},
)
def list_eligible_users(request: Request, role_id: str, wanted: PageRequest) -> Page:
    """Lists the accounts that could get the role from the caller. By cursor only: they are not counted."""
    return members.eligible(request.caller, role_id, wanted)


@api.operation(
    "GET",
    "/api/roles/{role_id}/members",
    permission=Permission.ROLES_READ,
    query=Listing(("createdAt", "-createdAt"), without=PLAIN),
    answers=Many(USER),
)
def list_members(request: Request, role_id: str, wanted: PageRequest) -> Page:
    """Lists the accounts that have the role."""
    return members.listing(request.caller.organization_id, role_id, wanted)


@api.operation(
    "POST",
    "/api/roles/{role_id}/members",
    permission=Permission.ROLES_WRITE,
    answers=Outcomes(schemas.MEMBER_ROW),
    errors={403: ("grant_ceiling",)},
)
def add_members(request: Request, role_id: str, body: schemas.Members) -> list[members.Member]:
    """Gives the role to up to 1,000 accounts."""
    return members.add(request.caller, role_id, body.userIds, request.deadline)


@api.operation(
    "DELETE",
    "/api/roles/{role_id}/members",
    permission=Permission.ROLES_WRITE,
    answers=Outcomes(schemas.MEMBER_ROW),
    errors={403: ("grant_ceiling",)},
)
def remove_members(request: Request, role_id: str, body: schemas.Members) -> list[members.Member]:
    """Takes the role from up to 1,000 accounts."""
    return members.remove(request.caller, role_id, body.userIds, request.deadline)
