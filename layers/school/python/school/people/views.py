"""The audit of who saw what is sensitive (acceptance A5)."""

from school import clock
from school.audit.models import entry
from school.people.kinds import PersonKind
from school.policy import Caller
from school.table import transact


def record_view(actor: Caller, kind: PersonKind, person_ids: list[str], way: str = "view") -> None:
    """Records that the actor saw sensitive members of these people, or took them away in an export."""
    at = clock.now()
    record = entry(
        actor.organization_id,
        action=f"{kind.name}.sensitive.{way}",
        actor_id=actor.user_id,
        target_id=person_ids[0] if len(person_ids) == 1 else kind.name,
        at=clock.to_wire(at),
        entry_id=clock.new_id(at),
        details={"ids": " ".join(person_ids)},
    )
    transact(record)
