"""The rules of roles. Nobody grants what they don't hold (acceptance A6), and system roles stay as they are."""

from copy import replace
from typing import Any, NamedTuple

from core.audit.models import done_by
from core.audit.updates import updated
from core.kernel import clock, listings, records
from core.kernel.cursors import Page, PageRequest
from core.kernel.errors import Conflict
from core.kernel.folding import fold, is_met
from core.kernel.lists import Arranged, Source, entries
from core.kernel.policy import SYSTEM_ROLES, Caller, Permission, require_ceiling
from core.kernel.records import bury, copy_of, counted, created, searchable_anew, unsearchable
from core.kernel.table import Write, create, delete, transact
from core.roles.models import RoleItem, RoleNameItem, member_counts, name_key, roles_of


class Role(NamedTuple):
    """A role of either kind. A system role has no item."""

    id: str
    name: str
    description: str | None
    permissions: frozenset[Permission]
    item: RoleItem | None
    member_count: int = 0

    @property
    def system(self) -> bool:
        return self.item is None

    @property
    def version(self) -> float:
        return self.item.version if self.item else 0

    @property
    def created_at(self) -> str | None:
        return self.item.created_at if self.item else None

    @property
    def updated_at(self) -> str | None:
        return self.item.updated_at if self.item else None

    @property
    def deleted_at(self) -> str | None:
        return self.item.deleted_at if self.item else None


def _of_item(item: RoleItem, count: int = 0) -> Role:
    permissions = frozenset(each for each in Permission if each in item.permissions)
    return Role(item.id, item.name, item.description, permissions, item, count)


def _system(role_id: str, count: int = 0) -> Role:
    role = SYSTEM_ROLES[role_id]
    return Role(role.id, role.name, None, role.permissions, None, count)


def find(organization_id: str, role_id: str) -> Role:
    """The role of this school, or the system role, with this id; its members are not counted.

    Raises:
        NotFound: absent, deleted, of another school, or not an id at all.
    """
    if role_id in SYSTEM_ROLES:
        return _system(role_id)
    return _of_item(_item(organization_id, role_id))


def _item(organization_id: str, role_id: str) -> RoleItem:
    if role_id in SYSTEM_ROLES:
        raise Conflict("This is a system role, the same in every school. Create your own role.", code="system_role")
    return records.find(RoleItem, roles_of(organization_id), role_id)


def with_count(organization_id: str, role_id: str) -> Role:
    """The same with the number of its members. Raises NotFound."""
    if role_id in SYSTEM_ROLES:
        return _system(role_id, member_counts(organization_id).get(role_id, 0))
    item = _item(organization_id, role_id)
    return _of_item(item, member_counts(organization_id).get(item.id, 0))


def listing(organization_id: str, request: PageRequest) -> Page:
    """A page of the school's own roles and the system roles, which were there before all others.

    A school has few roles, so they are read whole. Of changes there are those of its own only.
    """
    counts = member_counts(organization_id)
    if request.updated_since is not None:
        page = listings.listing(RoleItem, roles_of(organization_id), request)
        return replace(page, items=[_of_item(each, counts.get(each.id, 0)) for each in page.items])
    living = Source(roles_of(organization_id), filter_condition=RoleItem.deleted_at.does_not_exist())
    own = [RoleItem.from_raw_data(each) for each in entries(living, None)]
    roles = [_of_item(each, counts.get(each.id, 0)) for each in own]
    roles += [_system(each, counts.get(each, 0)) for each in SYSTEM_ROLES]
    found = (each for each in roles if not request.search or _is_found(each, request.search))
    place = _by_creation if request.sort.endswith("createdAt") else _by_name
    return Arranged(found, place, request.sort.startswith("-")).page(request)


def _is_found(role: Role, sought: str) -> bool:
    return is_met(role.item.terms() if role.item else (role.name, *role.name.split()), sought)


def _by_name(role: Role) -> tuple[str, str]:
    return fold(role.name), role.id


def _by_creation(role: Role) -> tuple[str, str]:
    return role.created_at or "", role.id


def create_role(actor: Caller, members: dict[str, Any]) -> Role:
    """A new role without members.

    Raises:
        Forbidden: it would grant what the actor does not hold.
        Conflict: another role has the name.
    """
    require_ceiling(actor, frozenset(members["permissions"]))
    at = clock.now()
    item = RoleItem(roles_of(actor.organization_id), clock.new_id(at), **_stored(members))
    item.created_at = item.updated_at = clock.to_wire(at)
    transact(*created(item), _claimed(item), done_by(actor, "roles.create", item.id))
    return _of_item(item)


def _stored(members: dict[str, Any]) -> dict[str, Any]:
    return {name: [str(each) for each in value] if name == "permissions" else value for name, value in members.items()}


def _name_taken() -> Conflict:
    return Conflict("Another role has this name. Choose another.", code="name_taken", field="name")


def _claimed(item: RoleItem) -> Write:
    if fold(item.name) in {role.name for role in SYSTEM_ROLES.values()}:
        raise _name_taken()
    return create(RoleNameItem(*name_key(item.organization_id, item.name), role_id=item.id), _name_taken())


def update_role(actor: Caller, role_id: str, changes: dict[str, Any], expected: int | None) -> Role:
    """Changes the members in `changes`; what its members may do changes with their next request.

    Raises:
        Forbidden: the role grants what the actor does not hold, before or after.
        Conflict: a system role, or another role has the name.
    """

    def decide(item: RoleItem) -> list[Write] | None:
        require_ceiling(actor, _of_item(item).permissions)
        require_ceiling(actor, frozenset(changes.get("permissions", ())))
        before = copy_of(item)
        for name, value in _stored(changes).items():
            setattr(item, name, value)
        audit = updated(actor, "roles.update", item.id, _members_of(before), _members_of(item))
        if not audit:
            return None
        writes = [*audit, *searchable_anew(before, item)]
        if fold(before.name) != fold(item.name):
            writes += [_released(before), _claimed(item)]
        return writes

    changed = records.change(lambda: _item(actor.organization_id, role_id), expected, decide)
    return _of_item(changed, member_counts(actor.organization_id).get(changed.id, 0))


def _members_of(item: RoleItem) -> dict[str, Any]:
    permissions = sorted(item.permissions)
    return {"name": item.name, "description": item.description, "permissions": permissions}


def _released(item: RoleItem) -> Write:
    return delete(RoleNameItem(*name_key(item.organization_id, item.name)))


def delete_role(actor: Caller, role_id: str, expected: int | None) -> None:
    """Deletes a role that nobody has.

    Raises:
        Forbidden: it grants what the actor does not hold.
        Conflict: a system role; or somebody has it, code `role_has_members`.
    """

    def decide(item: RoleItem) -> list[Write]:
        require_ceiling(actor, _of_item(item).permissions)
        if member_counts(item.organization_id).get(item.id, 0):
            raise Conflict("People have this role. Take it from them first.", code="role_has_members")
        writes = [_released(item), counted(item, -1), *unsearchable(item), done_by(actor, "roles.delete", item.id)]
        bury(item)
        return writes

    records.change(lambda: _item(actor.organization_id, role_id), expected, decide)
