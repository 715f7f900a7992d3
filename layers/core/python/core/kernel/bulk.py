"""Doing something to many at once: read them, decide each, write some together, and end in time.

Whoever can't be done is left with the reason, without harm to the others; who was not begun with in time is `not_done`.
What is done already decides nothing, so a request that is repeated goes on where it was.

    class Closing(Bulk[str, Closed]):
        \"\"\"Closes accounts.\"\"\"

        at_once = 20

        def read(self, keys):
            # In the order of the keys, as the table has them now.
            found = get_many([(UserItem, users_of(self.organization_id), each) for each in keys])
            return [Closed(key, user=user) for key, user in zip(keys, found, strict=True)]

        def unread(self, key):
            return Closed(key)

        def decide(self, row):
            # Refuses, has nothing to do, or answers what is to be written.
            if row.user is None:
                raise NotFound("There is no such account in your school.")
            if not row.user.active:
                return None
            version, row.user.active = row.user.version, False
            return [replacement(row.user, version, PreconditionFailed()), *closed(row.user)]

    rows = Closing(actor).run(user_ids, deadline).rows

`Closed` is an `Outcome` with the account. An operation that declares `answers=Outcomes(SHAPE)` returns the rows.
"""

from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import batched

from core.kernel.deadlines import Deadline, OutOfTime
from core.kernel.errors import Conflict, CoreError, NotFound, PreconditionFailed, Problem, Unavailable
from core.kernel.failures import log_failure
from core.kernel.outcomes import UNCHANGED, UPDATED, Outcome
from core.kernel.records import Overtaken, summed
from core.kernel.table import READ_AT_ONCE, Write, connection, transact

#: Why somebody was not begun with: the deadline has passed, or the table has stopped answering.
NOT_DONE = Problem("not_done", "There was no time left for this one. Send those that are left once more.")
_ATTEMPTS = 5
#: What a transaction is refused with when something is not as it was read: another look may come to something else.
_REFUSALS = (Conflict, NotFound, PreconditionFailed)


class AllRefused(Conflict):
    """What all of them rest on is no longer so; nobody is tried again."""


#: After which nobody else is begun with.
_ENDS = (AllRefused, OutOfTime, Unavailable)


@dataclass(slots=True)
class Report[Row: Outcome]:
    """What became of all of them, in the order in which they were named."""

    rows: list[Row] = field(default_factory=list)
    written: list[Row] = field(default_factory=list)
    #: What kept it from doing all: OutOfTime, Unavailable, AllRefused, or an error that nobody foresaw.
    interruption: Exception | None = None
    #: Who was left because of it.
    left: list[Row] = field(default_factory=list)

    def require_whole(self) -> list[Row]:
        """The rows, for whoever would take those who were left for done. Raises the interruption."""
        if self.interruption:
            raise self.interruption
        return self.rows


class Bulk[Key, Row: Outcome]:
    """What is done to each of many. A subclass says how they are read and what is decided of each."""

    #: How many share a transaction. Those whose writes are more than one takes get transactions of their own.
    at_once = 1
    #: How many transactions are under way at the same time.
    threads = 1
    #: Whether everything is done but the writing.
    dry_run = False

    def read(self, keys: Sequence[Key]) -> list[Row]:
        """A row for each of up to a hundred, with what is decided by, as the table has it now."""
        raise NotImplementedError

    def decide(self, row: Row) -> list[Write] | None:
        """The writes for one of them, or None when there is nothing to do; may set the row's status and more.

        Raises:
            CoreError: it can't be done, for this reason; Overtaken, when it is to be read and decided anew.
        """
        raise NotImplementedError

    def together(self, rows: list[Row]) -> list[Write]:
        """What is written once for those who share a transaction."""
        return []

    def groups(self, rows: Sequence[Row]) -> Iterable[Sequence[int]]:
        """The places of those who are to share transactions."""
        return batched(range(len(rows)), self.at_once, strict=False)

    def unread(self, key: Key) -> Row:
        """The row of one for whose reading there was no time."""
        raise NotImplementedError

    def run(self, keys: Iterable[Key], deadline: Deadline) -> Report[Row]:
        """Does it to all of them. Raises what the first reading raises."""
        report: Report[Row] = Report()
        for some in batched(keys, READ_AT_ONCE, strict=False):
            _Batch(self, some, deadline, report).work()
        return report


class _Batch[Key, Row: Outcome]:
    """The work on those who are read together."""

    def __init__(self, bulk: Bulk[Key, Row], keys: Sequence[Key], deadline: Deadline, report: Report[Row]) -> None:
        self._bulk, self._keys, self._deadline, self._report = bulk, keys, deadline, report
        self._rows: list[Row] = []

    def work(self) -> None:
        """Reads, decides and writes them, and adds their rows to the report."""
        self._read()
        groups = list(self._bulk.groups(self._rows))
        if self._bulk.threads > 1 and len(groups) > 1:
            # Made before the threads race to make one each.
            assert connection().connection.client
            with ThreadPoolExecutor(self._bulk.threads) as pool:
                list(pool.map(self._group, groups))
        else:
            for group in groups:
                self._group(group)
        self._report.rows += self._rows

    def _read(self) -> None:
        is_first = not self._report.rows
        try:
            if not is_first:
                self._require_going_on()
            self._rows = self._bulk.read(self._keys)
        except Exception as error:
            if is_first:
                raise
            self._rows = [self._bulk.unread(key) for key in self._keys]
            self._leave(range(len(self._rows)), error)

    def _group(self, places: Sequence[int]) -> None:
        """Decides those of a group and writes them together or, where that is refused, each alone."""
        decided: dict[int, list[Write] | None] = {}
        for place in places:
            try:
                if (writes := self._decided(place)) is not None:
                    decided[place] = writes
            except Overtaken:
                decided[place] = None
        known = {place: writes for place, writes in decided.items() if writes is not None}
        if len(known) > 1 and self._refusal(known) is None:
            known.clear()
        for place, writes in decided.items():
            if writes is None or place in known:
                self._alone(place, writes)

    def _alone(self, place: int, writes: list[Write] | None) -> None:
        """Writes one; looks again when others were faster, and then decides anew."""
        refusal: CoreError = Overtaken()
        for _ in range(_ATTEMPTS):
            if writes is not None:
                before, again = refusal, self._refusal({place: writes})
                if again is None:
                    return
                refusal = again
                if not isinstance(refusal, _REFUSALS) or _says_the_same(before, refusal):
                    break
            try:
                writes = self._decided(place, again=True)
            except Overtaken as error:
                writes, refusal = None, error
            else:
                if writes is None:
                    return
        self._rows[place].fail((Overtaken() if isinstance(refusal, PreconditionFailed) else refusal).problems)

    def _decided(self, place: int, *, again: bool = False) -> list[Write] | None:
        """The writes for one; None when there are none, and the row says why. Raises Overtaken."""
        try:
            self._require_going_on()
            if again:
                [self._rows[place]] = self._bulk.read([self._keys[place]])
            row = self._rows[place]
            writes = self._bulk.decide(row)
        except Overtaken:
            raise
        except _ENDS as error:
            self._leave([place], error)
        except CoreError as error:
            self._rows[place].fail(error.problems)
        except Exception as error:  # noqa: BLE001 - the others' rows would be lost with this one's failure
            self._leave([place], error)
        else:
            row.status = row.status or (UNCHANGED if writes is None else UPDATED)
            return writes
        return None

    def _refusal(self, decided: dict[int, list[Write]]) -> CoreError | None:
        """Writes some in one transaction; why that was refused, or None when they are written or were left."""
        try:
            self._require_going_on()
            self._write(decided)
        except _ENDS as error:
            self._leave(decided, error)
        except CoreError as error:
            return error
        except Exception as error:  # noqa: BLE001 - as above
            self._leave(decided, error)
        return None

    def _write(self, decided: dict[int, list[Write]]) -> None:
        rows = [self._rows[place] for place in decided]
        each_own = [write for writes in decided.values() for write in writes]
        if each_own and not self._bulk.dry_run:
            for write in each_own:
                write.among_many()
            transact(*summed([*each_own, *self._bulk.together(rows)]))
        self._report.written += rows

    def _require_going_on(self) -> None:
        """Raises what keeps anybody else from being begun with. An error that nobody foresaw stops no other row."""
        if isinstance(self._report.interruption, _ENDS):
            raise self._report.interruption
        self._deadline.require_time()

    def _leave(self, places: Collection[int], error: Exception) -> None:
        """Leaves some, because of what keeps them from being done."""
        earlier, problems = self._report.interruption, [NOT_DONE]
        if not isinstance(earlier, _ENDS):
            self._report.interruption = error
        if isinstance(error, AllRefused) or (error is not earlier and isinstance(error, CoreError)):
            problems = error.problems
        elif not isinstance(error, _ENDS):
            problems = CoreError().problems
            for place in places:
                log_failure(error, str(self._rows[place].id))
        for place in places:
            self._rows[place].fail(problems)
            self._report.left.append(self._rows[place])


def _says_the_same(before: CoreError, refusal: CoreError) -> bool:
    """Whether a refusal that is no matter of time came again, so that trying once more would lead nowhere."""
    passing = isinstance(refusal, Overtaken | PreconditionFailed)
    return not passing and before.problems[0].code == refusal.problems[0].code
