"""Whether an account may be touched by another: compared by what both may do now, through roles of every kind."""

from collections.abc import Iterable

from core.kernel import policy
from core.kernel.policy import Caller
from core.kernel.records import unchanged
from core.kernel.table import Write, get_all
from core.roles.models import RoleItem, granted_by, own_role_keys
from core.users.models import UserItem

#: A school's own roles as they were read, by their ids.
OwnRoles = dict[str, RoleItem]


def own_roles(organization_id: str, users: Iterable[UserItem]) -> OwnRoles:
    """The school's own roles that these accounts have; those that are deleted or absent are left out."""
    keys = own_role_keys(organization_id, [each for user in users for each in user.roles])
    return {role.id: role for role in get_all(keys) if role and not role.deleted_at}


def require_strength(actor: Caller, user: UserItem, known: OwnRoles | None = None) -> list[Write]:
    """Refuses to touch an account that may do something the actor may not (acceptance A6).

    Args:
        actor: who touches it.
        user: the account as it was read.
        known: its roles of the school, when they were read for many accounts; else they are read here.

    Returns:
        the checks that hold a transaction to what was compared: a role of the school may be given more at the same
        moment. The account's own version is held by whoever puts it, or by `unchanged`.

    Raises:
        Forbidden: the account is stronger than the actor.
    """
    role_ids = list(user.roles)
    roles = own_roles(user.organization_id, [user]) if known is None else known
    # A role that is deleted never comes back, so only the living ones are to be held.
    own = [roles[each] for each in dict.fromkeys(role_ids) if each in roles]
    policy.require_strength(actor, granted_by(role_ids, own))
    return [unchanged(role) for role in own]
