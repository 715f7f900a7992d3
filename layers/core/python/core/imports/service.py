"""The rules of imports: how one begins, is worked off, is looked at, and how a plan is applied."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from core.audit.models import done_by
from core.imports import chunks, limits, work
from core.imports.decisions import Rules
from core.imports.lookup import look_up, match
from core.imports.models import KEPT_SECONDS, ImportItem, imports_of
from core.imports.rows import Row, Sheet
from core.kernel import aws, clock, table
from core.kernel.deadlines import NEVER, Deadline
from core.kernel.errors import Conflict, Forbidden, NotFound, Problem
from core.kernel.failures import log_failure
from core.kernel.policy import Caller, Permission, acting_in, require
from core.kernel.settings import settings
from core.kernel.table import create, get, transact
from core.passwords.service import school_name
from core.people.kinds import KINDS, PersonKind
from core.people.masks import hidden_from, masked
from core.sessions.service import caller_behind
from core.users.models import UserItem, users_of

_PAUSE_SECONDS = 0.4
#: So few rows are worked off by the request itself, unless there are passwords to hash.
MOST_INLINE = 200
_CHUNK = 100
#: Hashing takes a quarter of a second each, and a chunk must end well within a worker's 28 seconds, also where ten
#: workers share two processors.
_CHUNK_WITH_PASSWORDS = 8


class Options(NamedTuple):
    """How an import is to be done."""

    dry_run: bool = False
    #: Leaves people who are there already as they are.
    keeps_existing: bool = False
    #: Invites the owners of accounts that it makes without a password to choose one.
    invites: bool = False


def begin(actor: Caller, kind: PersonKind, sheet: Sheet, options: Options) -> ImportItem:
    """Begins an import: works it off at once when it is small, else hands it to the workers.

    Raises:
        TooManyRequests: the actor has imported too many rows within this hour.
        Unavailable: it could not be handed over; the same file can be sent again.
    """
    hashes = any(row.password is not None for row in sheet.rows)
    at = clock.now()
    job = ImportItem(imports_of(actor.organization_id), clock.new_id(at), **_began_by(actor, kind))
    job.source, job.created_at = job.id, clock.to_wire(at)
    job.expires_at = int(at.timestamp()) + KEPT_SECONDS
    job.dry_run, job.keeps_existing, job.invites = options.dry_run, options.keeps_existing, options.invites
    job.ignored, job.total = sheet.ignored, len(sheet.rows)
    job.chunk_size = _CHUNK_WITH_PASSWORDS if hashes else _CHUNK
    is_inline = len(sheet.rows) <= MOST_INLINE and (options.dry_run or not hashes)
    if options.dry_run or not is_inline:
        limits.require_rows_left(actor, len(sheet.rows))
        chunks.store(job, sheet.rows)
    planned = done_by(actor, f"{kind.name}.import.plan", job.id, {"rows": len(sheet.rows)})
    transact(create(job), limits.rows_counted(actor, len(sheet.rows)), *([planned] if options.dry_run else []))
    if is_inline:
        school = school_name(job.organization_id) if hashes else ""
        own = work.Work(actor, Rules(job, kind, school, hidden_from(actor, kind)))
        for number, part in enumerate(chunks.slices(job, sheet.rows)):
            work.run(own, number, part)
    else:
        _hand_over(job, range(job.chunks))
    return job


def _hand_over(job: ImportItem, numbers: Sequence[int]) -> None:
    """Tells the workers where the chunks are. A message holds ids and nothing of a person."""
    about = {"organization": job.organization_id, "import": job.id}
    bodies = [json.dumps(about | {"chunk": number}) for number in numbers]
    aws.send_messages(settings().import_queue_url, bodies, of=job.organization_id)


def work_off(
    organization_id: str, import_id: str, chunk: int, deadline: Deadline = NEVER, *, is_last: bool = False
) -> None:
    """Works off one chunk, as a message asks. A chunk that is done stays done.

    Raises:
        OutOfTime, Unavailable: it is to be brought again.
    """
    job = get(ImportItem, imports_of(organization_id), import_id)
    if job is None:
        return
    if not work.is_done(job, chunk):
        rows = chunks.load(job, chunk)
        try:
            own = _work(job, chunk, rows, deadline, is_last)
        except Forbidden as error:
            work.fail_all(job, chunk, rows, error.problems[0])
        else:
            if not _finishes(own, chunk, rows):
                return
    if not job.dry_run:
        chunks.forget(job, chunk)


def _work(job: ImportItem, chunk: int, rows: Sequence[Row], deadline: Deadline, is_last: bool) -> work.Work:
    kind = KINDS[job.kind]
    school = school_name(job.organization_id) if any(row.password is not None for row in rows) else ""
    expected = None if job.source == job.id else _expected(job, chunk)
    actor = _actor(job, kind)
    # Whoever began it blindly reads its report, so it stays blind, whatever has been granted since.
    hidden = hidden_from(actor, kind) if job.sees_all else masked(kind)
    return work.Work(actor, Rules(job, kind, school, hidden), deadline, is_last, expected)


def _finishes(own: work.Work, chunk: int, rows: Sequence[Row]) -> bool:
    """Works on the chunk; False when time or table did not suffice for all of it and the rest is for a new message.

    A message may be tried a few times only. A chunk that gets on is not one that fails, so it gets new tries.
    """
    try:
        work.run(own, chunk, rows)
    except Exception as error:
        if own.gets_on_after(error):
            _hand_over(own.job, [chunk])
            return False
        if not own.is_last:
            raise
        log_failure(error, f"{own.job.id} chunk {chunk}")
        work.fail_all(own.job, chunk, rows, work.GIVEN_UP)
    return True


def _began_by(actor: Caller, kind: PersonKind) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "actor_id": actor.user_id,
        "actor_organization_id": actor.home_organization_id,
        "sees_all": not hidden_from(actor, kind),
    }


def _actor(job: ImportItem, kind: PersonKind) -> Caller:
    """Whoever began the import, with the rights that they have now."""
    user = get(UserItem, users_of(job.actor_organization_id), job.actor_id)
    if user is None or user.deleted_at or not user.active:
        raise Forbidden("The account that began this import may import no longer.")
    caller = acting_in(caller_behind(user), job.organization_id)
    require(caller, kind.write)
    return caller


def _expected(job: ImportItem, chunk: int) -> dict[int, str]:
    plan = _plan_of(job)
    return {each["row"]: each["basis"] for _, rows in work.results_of(plan, [chunk]) for each in rows}


def _plan_of(job: ImportItem) -> ImportItem:
    plan = get(ImportItem, imports_of(job.organization_id), job.source)
    if plan is None:
        raise NotFound()
    return plan


def find(actor: Caller, import_id: str) -> ImportItem:
    """The import of the actor's school with this id, if the actor may do such imports.

    The outcomes of an import by somebody who sees what is sensitive tell what stood there (acceptance A8), so for those
    who may not see it there is no such import.

    Raises:
        NotFound: absent, of another school, of people whom the actor may not write, or of what the actor may not see.
    """
    found = table.find(ImportItem, imports_of(actor.organization_id), import_id)
    kind = KINDS[found.kind]
    if kind.write not in actor.permissions or (found.sees_all and hidden_from(actor, kind)):
        raise NotFound()
    return found


def may_import_anything(actor: Caller) -> bool:
    """Whether there is a kind of people that the actor may import."""
    return bool({Permission.STUDENTS_WRITE, Permission.TEACHERS_WRITE, Permission.STAFF_WRITE} & actor.permissions)


def wait(job: ImportItem, deadline: Deadline) -> ImportItem:
    """The import as it is when it is done, or when the caller has waited long enough."""
    while True:
        current = get(ImportItem, job.partition, job.sort) or job
        if current.is_done or deadline.seconds_left < _PAUSE_SECONDS:
            return current
        time.sleep(_PAUSE_SECONDS)


def results(job: ImportItem) -> list[dict[str, Any]]:
    """The results of all rows that have one, in the order of the file."""
    return [row for _, rows in work.results_of(job, range(job.chunks)) for row in rows]


def apply(actor: Caller, plan: ImportItem) -> ImportItem:
    """Applies a plan as an import of its own. Doing so again gives that import again.

    Raises:
        Conflict: it is no plan, is not ready, has expired, or the data has changed since it was made.
        TooManyRequests: the actor has imported too many rows within this hour.
    """
    if not plan.is_plan:
        raise Conflict("Only an import that was made with dryRun can be applied.", code="not_a_plan")
    if not plan.is_done:
        raise Conflict("This plan is not ready yet. Wait until it is processed.", code="plan_not_ready")
    kind = KINDS[plan.kind]
    job = _application_of(actor, plan)
    if found := get(ImportItem, job.partition, job.sort):
        # Whoever asks again may have been cut off before the workers were told.
        done = {number for number, _ in work.results_of(found, range(found.chunks))}
        _hand_over(found, [number for number in range(found.chunks) if number not in done])
        return found
    _require_unchanged(plan, kind)
    begun = Conflict(code="begun")
    try:
        transact(create(job, begun), limits.rows_counted(actor, int(job.total)))
    except Conflict as error:
        if error is not begun:
            raise
    if int(plan.total) <= MOST_INLINE and int(plan.chunk_size) == _CHUNK:
        for number in range(job.chunks):
            work_off(job.organization_id, job.id, number)
    else:
        _hand_over(job, range(job.chunks))
    return job


def _application_of(actor: Caller, plan: ImportItem) -> ImportItem:
    """The import that applies a plan. Its id is made of the plan's, so that there is one however often it is asked.

    A plan that was made blindly stays blind, whoever applies it: its maker wrote the rows, and reads the report.
    """
    at = clock.now()
    began = _began_by(actor, KINDS[plan.kind])
    job = ImportItem(plan.partition, f"{plan.id[:8]}{plan.id[:7:-1]}", **began)
    job.source, job.created_at, job.dry_run = plan.id, clock.to_wire(at), False
    job.sees_all = job.sees_all and plan.sees_all
    job.expires_at = int(at.timestamp()) + KEPT_SECONDS
    job.keeps_existing, job.invites, job.ignored = plan.keeps_existing, plan.invites, plan.ignored
    job.total, job.chunk_size = plan.total, plan.chunk_size
    return job


def _require_unchanged(plan: ImportItem, kind: PersonKind) -> None:
    """Refuses a plan when somebody whom it is about has changed, or somebody else has an identifier of it."""
    changed: list[int] = []
    with ThreadPoolExecutor(work.THREADS) as pool:
        for number, results in work.results_of(plan, range(plan.chunks)):
            rows = chunks.load(plan, number)
            known = look_up(plan.organization_id, kind, rows, pool)
            bases = {row.number: match(known, kind, row).basis for row in rows}
            changed += [each["row"] for each in results if bases.get(each["row"]) != each["basis"]]
    if changed:
        message = "The data has changed since this plan was made. Make a new one."
        shown = [Problem("changed_since_plan", message, f"row {number}") for number in changed[:100]]
        raise Conflict(problems=shown)
