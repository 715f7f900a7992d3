"""Roles that schools make, and who has a role, as items of the table. Their keys are spelled here and nowhere else."""

from collections.abc import Iterator, Sequence
from typing import Any

from pynamodb.attributes import ListAttribute, UnicodeAttribute

from core.kernel.folding import fold_key
from core.kernel.lists import Source, entries
from core.kernel.policy import SYSTEM_ROLES, Permission, SystemRole, permissions_of
from core.kernel.records import Record, counting
from core.kernel.table import Item, Write, delete, get_many, put, query
from core.users.models import UserItem

#: Of one account, so that what somebody may do takes one BatchGetItem at each request.
MOST_ROLES = 10


class RoleItem(Record):
    """A role of one school. The system roles stand in `policy` and not in the table."""

    description = UnicodeAttribute(null=True)
    permissions: Any = ListAttribute(of=UnicodeAttribute, default=list)


def roles_of(organization_id: str) -> str:
    """The partition of a school's own roles."""
    return f"{organization_id}#ROLES"


class RoleNameItem(Item):
    """The claim of a role on its name in a school."""

    role_id = UnicodeAttribute()

    @property
    def holder(self) -> tuple[str, str]:
        return "roles", self.role_id


def name_key(organization_id: str, name: str) -> tuple[str, str]:
    """Where the claim on a role's name stands."""
    return f"{organization_id}#ROLES#NAME", fold_key(name)


class RoleMemberItem(Item):
    """That an account has a role. The account's own `roles` decide; this one is for lists."""


def members_of(organization_id: str, role_id: str) -> str:
    """The partition of the accounts that have a role."""
    return f"{organization_id}#ROLE#{role_id}"


def member_ids(organization_id: str, role_id: str) -> Iterator[str]:
    """The ids of the accounts that have a role; of none for a role that is not there."""
    return (each["sk"]["S"] for each in entries(Source(members_of(organization_id, role_id)), None))


def _counts_of(organization_id: str) -> str:
    return f"{organization_id}#ROLES#MEMBERS"


def _counted(user: UserItem, role_id: str, by: int) -> Write:
    # Sixteen parts, so that an import of a thousand students does not wait for one item.
    return counting((_counts_of(user.organization_id), f"{role_id}#{user.id[-1]}"), by)


def joined(user: UserItem, role_ids: list[str]) -> list[Write]:
    """The writes that list an account under roles which it did not have, and count it."""
    members = [put(RoleMemberItem(members_of(user.organization_id, each), user.id)) for each in role_ids]
    return [*members, *(_counted(user, each, 1) for each in role_ids)]


def left(user: UserItem, role_ids: list[str]) -> list[Write]:
    """The writes that take an account off the lists of roles which it had."""
    members = [delete(RoleMemberItem(members_of(user.organization_id, each), user.id)) for each in role_ids]
    return [*members, *(_counted(user, each, -1) for each in role_ids)]


def roles_held(user: UserItem) -> list[str]:
    """The account's roles, each once."""
    return list(dict.fromkeys(user.roles))


def member_counts(organization_id: str) -> dict[str, int]:
    """How many accounts have each role: one query for all roles of the school."""
    counts: dict[str, int] = {}
    start = None
    while True:
        run = query(_counts_of(organization_id), start=start)
        for part in run.items:
            role_id = part["sk"]["S"].partition("#")[0]
            counts[role_id] = counts.get(role_id, 0) + int(part["number"]["N"])
        if run.last_key is None:
            return counts
        start = run.last_key


def own_role_keys(organization_id: str, role_ids: list[str]) -> list[tuple[type[RoleItem], str, str]]:
    """Where the school's own among these roles stand. A system role has no item."""
    own = [each for each in dict.fromkeys(role_ids) if each not in SYSTEM_ROLES]
    return [(RoleItem, roles_of(organization_id), each) for each in own]


def granted_by(role_ids: list[str], own: Sequence[RoleItem | None]) -> frozenset[Permission]:
    """What roles grant together, the school's own as they were read. One that is deleted or absent grants nothing."""
    named = {name for role in own if role and not role.deleted_at for name in role.permissions}
    return permissions_of(role_ids) | {each for each in Permission if each in named}


def granted(organization_id: str, role_ids: list[str]) -> frozenset[Permission]:
    """What roles grant together now. Only a school's own roles are read."""
    return held_with(organization_id, role_ids)[0]


def held_with(organization_id: str, role_ids: list[str]) -> tuple[frozenset[Permission], tuple[str, ...]]:
    """What roles grant together now, and what they are called. Only a school's own roles are read."""
    own = get_many(own_role_keys(organization_id, role_ids))
    living: list[SystemRole | RoleItem] = [role for role in own if role and not role.deleted_at]
    names = {role.id: role.name for role in (*SYSTEM_ROLES.values(), *living)}
    return granted_by(role_ids, own), tuple(names[each] for each in dict.fromkeys(role_ids) if each in names)
