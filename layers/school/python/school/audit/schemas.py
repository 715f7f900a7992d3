"""The audit trail as it crosses the wire."""

from typing import Any

from school.audit.models import AuditItem
from school.audit.service import Trail
from school.policy import SYSTEM_ROLES
from school.users.models import UserItem


def action(text: str) -> str:
    """An action such as `users.create`, or the beginning of some such as `users.`.

    Raises:
        ValueError: it is neither.
    """
    if not 1 <= len(text) <= 100:
        raise ValueError("Send an action such as users.create, or a beginning that ends with a point.")
    return text


ENTRY_MEMBERS = ("id", "at", "action", "actor", "targetId", "details")


def to_wire(item: AuditItem, trail: Trail) -> dict[str, Any]:
    """The entry with who acted, null when the table knows them no more.

    `details` is `{}` or what the action has to tell: of an update `members`, the names of those that changed, and of
    an address among them its old and new value as `{"from", "to"}` under the member's name, until an erasure takes it.
    """
    actor = trail.actors.get(item.actor_id)
    details = item.details.as_dict() if item.details else {}
    addresses = trail.addresses.get(details.pop("addresses", ""))
    if addresses:
        details |= addresses.changes
    return {
        "id": item.sort.rpartition("#")[2],
        "at": item.at,
        "action": item.action,
        "actor": actor_to_wire(actor) if actor and not actor.deleted_at else None,
        "targetId": item.target_id,
        "details": details,
    }


def actor_to_wire(user: UserItem) -> dict[str, Any]:
    """The contract's Actor. Its role is the name of a system role; a school's own roles are not looked up."""
    named = [SYSTEM_ROLES[each].name for each in user.roles if each in SYSTEM_ROLES]
    return {"id": user.id, "name": user.name, "email": user.email, "role": named[0] if named else None}
