"""The audit trail: who did what to whom, when. Entries are only ever created."""

from typing import Any

from pynamodb.attributes import MapAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from core.kernel import clock
from core.kernel.policy import Caller
from core.kernel.table import Item, Write, create


class AuditItem(Item):
    """One entry. `partition` is the school's trail, `sort` the instant and an id."""

    action = UnicodeAttribute()
    actor_id = UnicodeAttribute()
    #: The school of the account that acted, where it is another one: a platform administrator's.
    actor_organization_id = UnicodeAttribute(null=True)
    target_id = UnicodeAttribute()
    at = UnicodeAttribute()
    details: Any = MapAttribute(null=True)


def trail_of(organization_id: str) -> str:
    """The partition of a school's trail."""
    return f"{organization_id}#AUDIT"


def concerns(subject_id: str) -> Condition:
    """An entry is about somebody: what was done to them alone, or to several, of whom lists and files show many."""
    return (AuditItem.target_id == subject_id) | Path(["details", "ids"]).contains(subject_id)


def entry(
    organization_id: str,
    actor_id: str,
    action: str,
    target_id: str,
    details: dict[str, Any] | None = None,
    *,
    actor_organization_id: str | None = None,
) -> Write:
    """The write that records an action now, to stand in the same transaction as the action itself.

    Args:
        organization_id: the school in whose trail it stands.
        actor_id: the account that acted.
        action: what was done, such as `users.create`.
        target_id: to whom or what.
        details: what else the trail should say: texts, or lists of them; never a secret, and nothing personal.
        actor_organization_id: the school of the account that acted, when it is not the trail's.
    """
    at = clock.now()
    stamp = clock.to_wire(at)
    item = AuditItem(
        trail_of(organization_id),
        f"{stamp}#{clock.new_id(at)}",
        action=action,
        actor_id=actor_id,
        actor_organization_id=actor_organization_id if actor_organization_id != organization_id else None,
        target_id=target_id,
        at=stamp,
        details=details,
    )
    return create(item)


def done_by(actor: Caller, action: str, target_id: str, details: dict[str, Any] | None = None) -> Write:
    """The write that records an action of the caller, in the school in which they act."""
    home = actor.home_organization_id
    return entry(actor.organization_id, actor.user_id, action, target_id, details, actor_organization_id=home)
