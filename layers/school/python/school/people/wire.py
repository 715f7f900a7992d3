"""A person as an answer shows it, and what it leaves out for whom."""

from typing import Any

from school.people.kinds import SENSITIVE, PersonKind
from school.people.models import PersonItem
from school.people.schemas import empty_of


def to_wire(kind: PersonKind, person: PersonItem, *, sensitive: bool) -> dict[str, Any]:
    """The contract's Student, Teacher or Staff. A deleted one is only its tombstone.

    Args:
        kind: which.
        person: as stored.
        sensitive: whether the caller may see NIK, religion, family card, birth certificate and parents; else these
            are null, whether they hold something or not.
    """
    if person.deleted_at:
        return {"id": person.id, "deletedAt": person.deleted_at}
    shown: dict[str, Any] = {"id": person.id, "userId": person.user_id}
    for name in kind.schema.model_fields:
        hidden = not sensitive and name in SENSITIVE
        shown[name] = None if hidden else person.profile.get(name, empty_of(kind.schema, name))
    if "classId" in kind.members:
        shown["classId"] = person.class_id
    return shown | {"active": person.active, "createdAt": person.created_at, "updatedAt": person.updated_at}


def shows_sensitive(documents: list[dict[str, Any]]) -> list[str]:
    """The ids of those documents in which something sensitive stands, so that its viewing is audited."""
    return [each["id"] for each in documents if "id" in each and any(each.get(name) for name in SENSITIVE)]
