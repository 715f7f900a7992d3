"""What becomes of each of many, and of a job: one vocabulary for all operations that do something to many at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.kernel.errors import Problem

#: What became of one of many, or what would: a dry run uses the same words.
CREATED, UPDATED, UNCHANGED, SKIPPED, FAILED = "created", "updated", "unchanged", "skipped", "failed"
STATUSES = (CREATED, UPDATED, UNCHANGED, SKIPPED, FAILED)
#: How far a job is that takes longer than a request: planned, under way, done, being taken back, taken back.
PLANNED, PROCESSING, COMPLETED, UNDOING, UNDONE = "PLANNED", "PROCESSING", "COMPLETED", "UNDOING", "UNDONE"
JOB_STATUSES = (PLANNED, PROCESSING, COMPLETED, UNDOING, UNDONE)


@dataclass(slots=True)
class Outcome:
    """What became of one of many: a row of a report.

    An operation that shows more of each makes a subclass of it.
    """

    #: Whom or what it is about; None for what there is not.
    id: str | None
    #: One of `STATUSES`; empty while nothing is decided.
    status: str = ""
    #: Why it failed, or was skipped.
    errors: list[Problem] = field(default_factory=list)
    #: What was done all the same, and is worth a look.
    warnings: list[Problem] = field(default_factory=list)

    def fail(self, problems: list[Problem]) -> None:
        """Nothing was done, for these reasons."""
        self.status, self.errors = FAILED, problems


def summary(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many there are in all, and of each status."""
    statuses = [each.status for each in outcomes]
    return {"total": len(statuses)} | {each: statuses.count(each) for each in STATUSES}
