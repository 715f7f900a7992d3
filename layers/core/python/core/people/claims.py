"""The claims of people on their identifiers: what makes a NISN or a NIK unique in a school."""

from core.kernel.errors import Conflict, CoreError
from core.kernel.records import Overtaken
from core.kernel.table import Write, create, delete
from core.people.models import ClaimItem, PersonItem, claim_key


def _taken(member: str) -> Conflict:
    message = f"Somebody else of the school has this {member}. Look for a record that is there twice."
    return Conflict(message, code=f"{member}_taken", field=member)


def _claim(person: PersonItem, member: str, value: str, otherwise: CoreError) -> Write:
    _, partition, sort = claim_key(person.organization_id, member, value)
    return create(ClaimItem(partition, sort, kind=person.kind, person_id=person.id), otherwise)


def claims(
    before: dict[str, str], person: PersonItem | None, organization_id: str, hidden: frozenset[str] = frozenset()
) -> list[Write]:
    """The writes from the identifiers `before` to those of `person`, who is None when all are given back.

    Whoever may not see the members in `hidden` is not told that somebody else has a number of them: that the claim
    fails then means that others were faster, and that it is to be looked at anew.
    """
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
            writes.append(_claim(person, member, new, Overtaken() if member in hidden else _taken(member)))
    return writes
