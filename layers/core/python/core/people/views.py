"""The audit of who saw what is sensitive (acceptance A5)."""

from core.audit.models import done_by
from core.kernel.policy import Caller
from core.kernel.table import transact
from core.people.kinds import PersonKind


def record_view(actor: Caller, kind: PersonKind, person_ids: list[str], way: str = "view") -> None:
    """Records that the actor saw sensitive members of these people, or took them away in an export."""
    target_id = person_ids[0] if len(person_ids) == 1 else kind.name
    transact(done_by(actor, f"{kind.name}.sensitive.{way}", target_id, {"ids": " ".join(person_ids)}))
