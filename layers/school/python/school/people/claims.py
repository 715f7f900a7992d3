"""The claims of people on their identifiers: what makes a NISN or a NIK unique in a school."""

from school.errors import Conflict
from school.people.models import ClaimItem, PersonItem, claim_key
from school.table import Write, create, delete


def _taken(member: str) -> Conflict:
    message = f"Somebody else of the school has this {member}. Look for a record that is there twice."
    return Conflict(message, code=f"{member}_taken", field=member)


def _claim(person: PersonItem, member: str, value: str) -> Write:
    _, partition, sort = claim_key(person.organization_id, member, value)
    return create(ClaimItem(partition, sort, kind=person.kind, person_id=person.id), _taken(member))


def claims(before: dict[str, str], person: PersonItem | None, organization_id: str) -> list[Write]:
    """The writes from the identifiers `before` to those of `person`, who is None when all are given back."""
    after = person.unique_values() if person else {}
    writes: list[Write] = []
    for member in sorted(before.keys() | after.keys()):
        old, new = before.get(member), after.get(member)
        if old == new:
            continue
        if old:
            model, partition, sort = claim_key(organization_id, member, old)
            writes.append(delete(model(partition, sort)))
        if new and person:
            writes.append(_claim(person, member, new))
    return writes
