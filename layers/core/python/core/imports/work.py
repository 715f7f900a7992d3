"""The work on one chunk of rows: look up, decide, write, report. A dry run does the same but for the writing.

Exactly once, wherever a worker is stopped: a person, the account and the identifiers are one transaction, and the
person carries the mark of the row that wrote it; so a row that is brought again finds its own work. The results of a
chunk and the import's counters are one transaction too, which can't be made twice.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from core.audit.models import done_by
from core.imports.decisions import Decision, Rules, decide
from core.imports.lookup import look_up
from core.imports.models import ImportItem, ResultItem, result_item, result_key
from core.imports.rows import Row
from core.kernel.bulk import Bulk
from core.kernel.deadlines import NEVER, Deadline, OutOfTime
from core.kernel.errors import Conflict, NotFound, PreconditionFailed, Problem, Unavailable
from core.kernel.outcomes import CREATED, FAILED, STATUSES
from core.kernel.policy import Caller
from core.kernel.records import Overtaken, copy_of, replacement
from core.kernel.table import Write, create, get, get_many, transact, update
from core.passwords.models import FirstPassword
from core.passwords.service import first_password
from core.people import service as people

#: Threads of a worker: they wait for the table, and hashing leaves the interpreter to the others.
THREADS = 8
_MOST_PEOPLE_AT_ONCE = 4
#: One hash for each processor at a time: side by side they would all be ready at the very end, or too late together.
_HASHING = threading.Semaphore(os.cpu_count() or 1)


#: Why a row failed at the last of all tries.
GIVEN_UP = Problem("unavailable", "A service that we depend on stayed busy. Import this row again.")


@dataclass(frozen=True, slots=True)
class Work:
    """What a chunk is worked on with."""

    actor: Caller
    rules: Rules
    #: Until when rows are begun; what is left is for the next worker.
    deadline: Deadline = NEVER
    #: Whether nobody will try again, so that what fails for a moment fails for good.
    is_last: bool = False
    #: What each row's decision rested on in the plan that is applied.
    expected: dict[int, str] | None = None
    #: What was written, so that who runs out of time knows whether trying again leads anywhere.
    written: list[Decision] = field(default_factory=list)

    def gets_on_after(self, interruption: Exception) -> bool:
        """Whether something was written before time or table ended the work, so that another try leads further."""
        return bool(self.written) and isinstance(interruption, OutOfTime | Unavailable)

    @property
    def job(self) -> ImportItem:
        return self.rules.job


def is_done(job: ImportItem, chunk: int) -> bool:
    """Whether the chunk has its results."""
    return get(*result_key(job.organization_id, job.id, chunk)) is not None


def run(work: Work, chunk: int, rows: Sequence[Row]) -> None:
    """Works on a chunk and keeps its results.

    Raises:
        OutOfTime, Unavailable: it is to be brought again.
    """
    report = _Import(work).run(rows, work.deadline)
    work.written.extend(report.written)
    if report.interruption:
        if not work.is_last or work.gets_on_after(report.interruption):
            raise report.interruption
        for decision in report.left:
            decision.fail([GIVEN_UP])
    _finish(work.job, chunk, report.rows)


class _Import(Bulk[Row, Decision]):
    """The rows of a chunk: decided together, because two of them may be about one person."""

    def __init__(self, work: Work) -> None:
        self._work, self.threads, self.dry_run = work, THREADS, bool(work.job.dry_run)
        self._is_read = False

    def read(self, keys: Sequence[Row]) -> list[Decision]:
        work, rules = self._work, self._work.rules
        # Whoever was overtaken may have been so by this row's own work.
        more = [rules.origin(row).person_id for row in keys] if self._is_read else ()
        with ThreadPoolExecutor(1 if self._is_read else THREADS) as pool:
            known = look_up(work.actor.organization_id, rules.kind, keys, pool, more=more)
        self._is_read = True
        return _one_for_each_person([_checked(work, decide(rules, known, row)) for row in keys])

    def unread(self, key: Row) -> Decision:
        return Decision(None, row=key)

    def groups(self, rows: Sequence[Decision]) -> list[list[int]]:
        """A few new people share a transaction, which saves calls; somebody who is changed has one alone."""
        groups: list[list[int]] = []
        for place, decision in enumerate(rows):
            if not decision.writes:
                continue
            first = rows[groups[-1][0]] if groups else None
            if first and len(groups[-1]) < _MOST_PEOPLE_AT_ONCE and _fit(first, decision):
                groups[-1].append(place)
            else:
                groups.append([place])
        return groups

    def decide(self, row: Decision) -> list[Write] | None:
        """Everything that a row writes, in a dry run too: whatever refuses it refuses it there already."""
        if not row.writes:
            return None
        try:
            return _writes_of(self._work, row)
        except NotFound as error:
            raise Overtaken from error

    def together(self, rows: list[Decision]) -> list[Write]:
        made = [str(each.id) for each in rows if each.status == CREATED]
        return [_audit(self._work, made)] if made else []


def _fit(first: Decision, decision: Decision) -> bool:
    """Whether two share a transaction: two new people, with a number of the school's counts in common."""
    are_new = first.status == decision.status == CREATED
    return are_new and decision.password is None and first.row.number // 4 == decision.row.number // 4


def _checked(work: Work, decision: Decision) -> Decision:
    """Fails a row of a plan that no longer rests on what it did. The row's own work is no such change."""
    if work.expected is not None and not decision.is_done and work.expected.get(decision.row.number) != decision.basis:
        message = "This person, or who has the identifiers, has changed since the plan was made. Plan anew."
        decision.fail([Problem("changed_since_plan", message)])
    return decision


def _one_for_each_person(decisions: list[Decision]) -> list[Decision]:
    """Fails the later of two rows that found the same person, one by its NISN and one by its email for instance."""
    seen: dict[str, int] = {}
    for decision in decisions:
        if decision.person is None or decision.is_done or decision.status == FAILED:
            continue
        earlier = seen.setdefault(decision.person.id, decision.row.number)
        if earlier != decision.row.number:
            message = f"Row {earlier} is about the same person. Only that row was imported."
            decision.fail([Problem("duplicate_in_file", message)])
    return decisions


def _writes_of(work: Work, decision: Decision) -> list[Write]:
    kind, actor, row = work.rules.kind, work.actor, decision.row
    password = None
    if decision.password is not None and not work.job.dry_run:
        password = _hashed(work, decision.password)
    sent, invites = decision.sent(work.rules), bool(work.job.invites)
    if decision.person is None:
        origin = work.rules.origin(row)
        return people.creation(actor, kind, sent, password, origin, invites=invites)[1]
    # A copy, because what is read is looked at again when this does not succeed.
    person = copy_of(decision.person)
    version = person.version
    further = people.alteration(actor, kind, person, sent, password, invites=invites)
    person.imported = f"{work.rules.mark(row.number)}updated"
    return [replacement(person, version, PreconditionFailed()), *further]


def _hashed(work: Work, password: str) -> FirstPassword:
    with _HASHING:
        work.deadline.require_time()
        return first_password(password)


def _audit(work: Work, ids: list[str]) -> Write:
    target_id = work.job.id if len(ids) > 1 else ids[0]
    details = {"ids": " ".join(ids), "import": work.job.id}
    return done_by(work.actor, f"{work.rules.kind.name}.import", target_id, details)


def fail_all(job: ImportItem, chunk: int, rows: Sequence[Row], problem: Problem) -> None:
    """Reports every row of a chunk as failed, for one reason."""
    _finish(job, chunk, [Decision(None, FAILED, [problem], row=row) for row in rows])


def _finish(job: ImportItem, chunk: int, decisions: Sequence[Decision]) -> None:
    """Keeps the results and counts them, once."""
    results = [decision.to_result() for decision in decisions]
    counts = {status: sum(each["status"] == status for each in results) for status in STATUSES}
    actions = [getattr(ImportItem, status).add(number) for status, number in counts.items() if number]
    actions.append(ImportItem.processed.add(len(results)))
    known = Conflict(code="known")
    there = ImportItem.partition.exists()
    try:
        transact(
            create(result_item(job, chunk, results), known),
            update(ImportItem(job.partition, job.sort), actions, there, NotFound()),
        )
    except Conflict as error:
        # Another worker had the same chunk, and was as far.
        if error is not known:
            raise


def results_of(job: ImportItem, chunks: Sequence[int]) -> list[tuple[int, list[dict[str, Any]]]]:
    """The results of those chunks that have some, in order, a hundred chunks at a time."""
    found: list[tuple[int, list[dict[str, Any]]]] = []
    for start in range(0, len(chunks), 100):
        part = chunks[start : start + 100]
        items: list[ResultItem | None] = get_many([result_key(job.organization_id, job.id, each) for each in part])
        found += [(number, item.rows) for number, item in zip(part, items, strict=True) if item]
    return found
