"""Roles, and who has them: /api/roles; and what a role can grant: /api/permissions."""

from typing import Any

from school.api import Answer, Api, tagged
from school.listings import PLAIN, SORTS, asked, listed
from school.policy import Permission
from school.requests import Request
from school.roles import members, schemas, service
from school.users.schemas import USER_MEMBERS, to_wire

api = Api("roles")
handler = api


@api.route("GET", "/api/permissions")
def list_permissions(request: Request) -> Answer:
    """Everything that a role can grant."""
    request.require_no_query()
    return Answer([{"id": str(each), "description": schemas.SENTENCES[each]} for each in Permission])


@api.route("GET", "/api/roles", permission=Permission.ROLES_READ)
def list_roles(request: Request) -> Answer:
    """The system roles and the school's own."""
    wanted = asked(request, "/api/roles", SORTS, schemas.ROLE_MEMBERS)
    shown, page = service.listing(request.caller.organization_id, wanted)
    return listed(wanted, page, shown)


@api.route("POST", "/api/roles", permission=Permission.ROLES_WRITE)
def create_role(request: Request) -> Answer:
    """A new role of the school."""
    request.require_no_query()
    role = service.create_role(request.caller, request.read(schemas.CreateRole).model_dump())
    return tagged(role.version, role.to_wire(), request, 201, {"Location": f"/api/roles/{role.id}"})


@api.route("GET", "/api/roles/<role_id>", permission=Permission.ROLES_READ)
def get_role(request: Request, role_id: str) -> Answer:
    """One role. Its number of members changes without its version, so the answer has no 304."""
    request.require_no_query()
    role = service.with_count(request.caller.organization_id, role_id)
    return Answer(role.to_wire(), headers={"ETag": f'"{int(role.version)}"'})


@api.route("PATCH", "/api/roles/<role_id>", permission=Permission.ROLES_WRITE)
def update_role(request: Request, role_id: str) -> Answer:
    """Changes a role of the school."""
    request.require_no_query()
    changes = request.read(schemas.UpdateRole).changes()
    role = service.update_role(request.caller, role_id, changes, request.expected_version)
    return tagged(role.version, role.to_wire(), request)


@api.route("DELETE", "/api/roles/<role_id>", permission=Permission.ROLES_WRITE)
def delete_role(request: Request, role_id: str) -> Answer:
    """Deletes a role that nobody has."""
    request.require_no_query()
    service.delete_role(request.caller, role_id, request.expected_version)
    return Answer(status=204)


@api.route("GET", "/api/roles/<role_id>/eligible-users", permission=Permission.ROLES_READ)
def list_eligible_users(request: Request, role_id: str) -> Answer:
    """Who could get the role from the caller. By cursor only: how many they are is not counted."""
    route, without = f"/api/roles/{role_id}/eligible-users", frozenset({"page", "updatedSince"})
    wanted = asked(request, route, SORTS, USER_MEMBERS, without=without)
    page = members.eligible(request.caller, role_id, wanted)
    return listed(wanted, page, [to_wire(user) for user in page.items])


@api.route("GET", "/api/roles/<role_id>/members", permission=Permission.ROLES_READ)
def list_members(request: Request, role_id: str) -> Answer:
    """Who has the role."""
    wanted = asked(request, f"/api/roles/{role_id}/members", ("createdAt", "-createdAt"), USER_MEMBERS, without=PLAIN)
    page = members.listing(request.caller.organization_id, role_id, wanted)
    return listed(wanted, page, [to_wire(user) for user in page.items])


@api.route("POST", "/api/roles/<role_id>/members", permission=Permission.ROLES_WRITE)
def add_members(request: Request, role_id: str) -> Answer:
    """Gives the role to up to 1,000 accounts."""
    return _many(request, members.add, role_id)


@api.route("DELETE", "/api/roles/<role_id>/members", permission=Permission.ROLES_WRITE)
def remove_members(request: Request, role_id: str) -> Answer:
    """Takes the role from up to 1,000 accounts."""
    return _many(request, members.remove, role_id)


def _many(request: Request, work: Any, role_id: str) -> Answer:
    request.require_no_query()
    rows = work(request.caller, role_id, request.read(schemas.Members).userIds)
    return Answer([row.to_wire() for row in rows], meta={"summary": members.summary(rows)})
