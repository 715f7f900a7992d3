"""The audit trail: who did what to whom, when. Entries are only ever created."""

from typing import Any

from pynamodb.attributes import MapAttribute, UnicodeAttribute

from school.table import Item, Write, create


class AuditItem(Item):
    """One entry. `partition` is the school's trail, `sort` the instant and an id."""

    action = UnicodeAttribute()
    actor_id = UnicodeAttribute()
    target_id = UnicodeAttribute()
    at = UnicodeAttribute()
    details: Any = MapAttribute(null=True)


def trail_of(organization_id: str) -> str:
    """The partition of a school's trail."""
    return f"{organization_id}#AUDIT"


def entry(
    organization_id: str,
    *,
    action: str,
    actor_id: str,
    target_id: str,
    at: str,
    entry_id: str,
    details: dict[str, str] | None = None,
) -> Write:
    """The write that records an action, to stand in the same transaction as the action itself."""
    item = AuditItem(
        trail_of(organization_id),
        f"{at}#{entry_id}",
        action=action,
        actor_id=actor_id,
        target_id=target_id,
        at=at,
        details=details,
    )
    return create(item)
