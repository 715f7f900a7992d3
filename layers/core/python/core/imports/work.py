"""The work on one chunk of rows: look up, decide, write, report. A dry run does the same but for the writing.

Exactly once, wherever a worker is stopped: a person, the account and the identifiers are one transaction, and the
person carries the mark of the row that wrote it; so a row that is brought again finds its own work. The results of a
chunk and the import's counters are one transaction too, which can't be made twice.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from core.audit.models import done_by
from core.imports.decisions import Decision, Rules, decide
from core.imports.lookup import look_up
from core.imports.models import ImportItem, ResultItem, result_item, result_key
from core.imports.rows import Row
from core.kernel.errors import (
    Conflict,
    CoreError,
    Forbidden,
    NotFound,
    PreconditionFailed,
    Problem,
    TooManyRequests,
    Unavailable,
)
from core.kernel.outcomes import STATUSES
from core.kernel.policy import Caller
from core.kernel.records import copy_of, replacement, summed
from core.kernel.streams import log_failure
from core.kernel.table import MOST_WRITES, Write, connection, create, get, get_many, transact, update
from core.passwords.models import FirstPassword
from core.passwords.service import first_password
from core.people import service as people

#: Threads of a worker: they wait for the table, and hashing leaves the interpreter to the others.
THREADS = 8
_MOST_PEOPLE_AT_ONCE = 4
_ATTEMPTS = 4
#: One hash for each processor at a time: side by side they would all be ready at the very end, or too late together.
_HASHING = threading.Semaphore(os.cpu_count() or 1)


#: Why a row failed at the last of all tries.
NOT_DONE = Problem("unavailable", "A service that we depend on stayed busy. Import this row again.")


class OutOfTime(Exception):
    """The rest of the chunk is for the next worker; what is written is written."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a chunk is worked on with."""

    actor: Caller
    rules: Rules
    #: How many seconds are left.
    left: Callable[[], float]
    #: Whether nobody will try again, so that what fails for a moment fails for good.
    is_last: bool = False
    #: What each row's decision rested on in the plan that is applied.
    expected: dict[int, str] | None = None
    #: The rows that were written, so that who runs out of time knows whether trying again leads anywhere.
    written: list[int] = field(default_factory=list)

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
    # Made before the threads race to make one each.
    assert connection().connection.client
    with ThreadPoolExecutor(THREADS) as pool:
        known = look_up(work.actor.organization_id, work.rules.kind, rows, pool)
        decisions = _one_for_each_person([_checked(work, decide(work.rules, known, row)) for row in rows])
        list(pool.map(lambda group: _write_group(work, group, pool), _groups(decisions)))
    _finish(work.job, chunk, decisions)


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
        if decision.person is None or decision.is_done or decision.status == "failed":
            continue
        earlier = seen.setdefault(decision.person.id, decision.row.number)
        if earlier != decision.row.number:
            message = f"Row {earlier} is about the same person. Only that row was imported."
            decision.fail([Problem("duplicate_in_file", message)])
    return decisions


def _groups(decisions: Sequence[Decision]) -> list[list[Decision]]:
    """What is written together: a few new people share a transaction, which saves calls; a changed one has its own."""
    groups: list[list[Decision]] = []
    for decision in decisions:
        if not decision.writes:
            continue
        last = groups[-1] if groups else []
        fits = last and decision.status == last[0].status == "created" and len(last) < _MOST_PEOPLE_AT_ONCE
        if fits and decision.password is None and last[0].row.number // 4 == decision.row.number // 4:
            last.append(decision)
        else:
            groups.append([decision])
    return groups


def _write_group(work: Work, group: list[Decision], pool: Executor) -> None:
    try:
        if len(group) == 1 or not _commit_together(work, group):
            for decision in group:
                _write_one(work, decision)
    except OutOfTime:
        raise
    except Exception as error:
        if not work.is_last:
            raise
        log_failure(error, f"{work.job.id} row {group[0].row.number}")
        for decision in group:
            decision.fail([NOT_DONE])
    else:
        work.written.extend(decision.row.number for decision in group)


def _commit_together(work: Work, group: list[Decision]) -> bool:
    """Writes several new people in one transaction; False when one of them stands in the way of all."""
    audit = _audit(work, [decision.id for decision in group if decision.id])
    try:
        writes = summed([write for decision in group for write in _writes_of(work, decision)])
        if len(writes) + 1 > MOST_WRITES:
            return False
        _commit(work, [*writes, audit])
    except (Conflict, Forbidden, PreconditionFailed, TooManyRequests):
        return False
    return True


def _write_one(work: Work, decision: Decision) -> None:
    """Writes one person; looks again when others were faster, and then decides anew."""
    for _ in range(_ATTEMPTS):
        try:
            writes = _writes_of(work, decision)
            if decision.status == "created" and decision.id:
                writes.append(_audit(work, [decision.id]))
            _commit(work, writes)
        except (Conflict, PreconditionFailed, NotFound) as error:
            again = _decide_again(work, decision)
            decision.status, decision.id, decision.basis = again.status, again.id, again.basis
            decision.errors, decision.warnings = again.errors, again.warnings
            decision.person, decision.profile, decision.password = again.person, again.profile, again.password
            decision.contested = again.contested
            if not decision.writes:
                return
            failure = error
        except Unavailable:
            raise
        except CoreError as error:
            decision.fail(error.problems)
            return
        else:
            return
    decision.fail(failure.problems)


def _decide_again(work: Work, decision: Decision) -> Decision:
    origin = work.rules.origin(decision.row)
    with ThreadPoolExecutor(1) as own:
        known = look_up(work.actor.organization_id, work.rules.kind, [decision.row], own, more=[origin.person_id])
    return _checked(work, decide(work.rules, known, decision.row))


def _writes_of(work: Work, decision: Decision) -> list[Write]:
    """Everything that a row writes, in a dry run too: whatever refuses it refuses it there already."""
    kind, actor, row = work.rules.kind, work.actor, decision.row
    password = None
    if work.left() <= 0:
        raise OutOfTime
    if decision.password is not None and not work.job.dry_run:
        password = _hashed(work, decision.password)
    sent = decision.sent(work.rules)
    if decision.person is None:
        origin = work.rules.origin(row)
        return summed(people.creation(actor, kind, sent, password, origin)[1])
    # A copy, because what is read is looked at again when this does not succeed.
    person = copy_of(decision.person)
    version = person.version
    further = people.alteration(actor, kind, person, sent, password)
    person.imported = f"{work.rules.mark(row.number)}updated"
    return [replacement(person, version, PreconditionFailed()), *further]


def _hashed(work: Work, password: str) -> FirstPassword:
    with _HASHING:
        if work.left() <= 0:
            raise OutOfTime
        return first_password(password)


def _commit(work: Work, writes: list[Write]) -> None:
    """The one difference between a plan and its application."""
    if not work.job.dry_run:
        transact(*writes)


def _audit(work: Work, ids: list[str]) -> Write:
    target_id = work.job.id if len(ids) > 1 else ids[0]
    details = {"ids": " ".join(ids), "import": work.job.id}
    return done_by(work.actor, f"{work.rules.kind.name}.import", target_id, details)


def fail_all(job: ImportItem, chunk: int, rows: Sequence[Row], problem: Problem) -> None:
    """Reports every row of a chunk as failed, for one reason."""
    _finish(job, chunk, [Decision(row, "failed", errors=[problem]) for row in rows])


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
