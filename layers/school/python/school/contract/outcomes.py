"""What became of each of many: one word for each outcome, wherever many are worked at in one request."""

from collections.abc import Iterable

from school.contract.shapes import Member, Shape
from school.contract.values import TEXT, one_of

CREATED = "created"
UPDATED = "updated"
UNCHANGED = "unchanged"
SKIPPED = "skipped"
FAILED = "failed"
OUTCOMES = (CREATED, UPDATED, UNCHANGED, SKIPPED, FAILED)
OUTCOME = one_of(OUTCOMES)

#: The contract's Error: what is wrong, with which member, and what to do.
ERROR = Shape("Error", Member("code", TEXT), Member("field", TEXT, nullable=True), Member("message", TEXT))


def summary(statuses: Iterable[str]) -> dict[str, int]:
    """How many there are in all and of each outcome, as `meta.summary` has it."""
    counted = [*statuses]
    return {"total": len(counted)} | {each: counted.count(each) for each in OUTCOMES}
