"""The audit of who saw what is sensitive (acceptance A5)."""

from school.audit.models import done_by
from school.people.kinds import PersonKind
from school.policy import Caller
from school.table import transact


def record_view(actor: Caller, kind: PersonKind, person_ids: list[str], way: str = "view") -> None:
    """Records that the actor saw sensitive members of these people, or took them away in an export."""
    target_id = person_ids[0] if len(person_ids) == 1 else kind.name
    transact(done_by(actor, f"{kind.name}.sensitive.{way}", target_id, {"ids": " ".join(person_ids)}))
