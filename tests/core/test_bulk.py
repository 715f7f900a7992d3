"""Many at once: who is done, who is left and why, whatever happens on the way."""

from threading import Event

import pytest
from core.kernel import bulk as engine
from core.kernel import clock
from core.kernel.bulk import AllRefused, Bulk
from core.kernel.deadlines import NEVER, Deadline, OutOfTime
from core.kernel.errors import Conflict, Forbidden, PreconditionFailed, Unavailable
from core.kernel.outcomes import Outcome, summary
from core.kernel.records import Overtaken
from core.kernel.table import Write

from tests.waiting import HANGING_SECONDS


class Table:
    """A table that takes transactions, and refuses them as a test wants."""

    def __init__(self, monkeypatch):
        self.transactions, self.refusals = [], {}
        monkeypatch.setattr(engine, "transact", self._transact)
        # No bytes cross a wire here.
        monkeypatch.setattr(engine, "summed", lambda writes: writes)

    def _transact(self, *writes):
        keys = [each.add for each in writes]
        for key in keys:
            if errors := self.refusals.get(key):
                raise errors.pop()
        self.transactions.append(keys)


@pytest.fixture
def table(monkeypatch):
    return Table(monkeypatch)


class Work(Bulk):
    """Writes each key, but says of some something else."""

    at_once = 3

    def __init__(self, **decisions):
        self.decisions, self.begun, self.readings = decisions, [], []

    def read(self, keys):
        self.readings.append(list(keys))
        return [Outcome(key) for key in keys]

    def unread(self, key):
        return Outcome(key)

    def decide(self, row):
        self.begun.append(row.id)
        wanted = self.decisions.get(row.id)
        if isinstance(wanted, list):
            wanted = wanted.pop(0) if wanted else ()
        if isinstance(wanted, Exception):
            raise wanted
        return None if wanted == "nothing" else [Write(0, row.id)]


def codes(report):
    return {row.id: row.errors[0].code for row in report.rows if row.errors}


def statuses(report):
    return "".join({"updated": "+", "unchanged": "=", "failed": "-"}[row.status] for row in report.rows)


def test_some_share_a_transaction_and_who_can_not_is_left_with_the_reason(table):
    report = Work(b="nothing", c=Forbidden()).run("abcdefg", NEVER)
    assert statuses(report) == "+=-++++"
    assert codes(report) == {"c": "forbidden"}
    assert table.transactions == [["a"], ["d", "e", "f"], ["g"]]
    assert summary(report.rows) == {
        "total": 7, "created": 0, "updated": 5, "unchanged": 1, "skipped": 0, "failed": 1
    }  # fmt: skip
    assert report.require_whole() is report.rows


def test_one_who_is_refused_does_not_stop_those_of_the_same_transaction_and_they_are_not_read_again(table):
    table.refusals["b"] = [Conflict(code="taken"), Conflict(code="taken"), Conflict(code="taken")]
    work = Work()
    report = work.run("abc", NEVER)
    assert (statuses(report), codes(report)) == ("+-+", {"b": "taken"})
    assert table.transactions == [["a"], ["c"]]
    assert work.readings == [["a", "b", "c"], ["b"]]


def test_who_was_changed_meanwhile_is_read_and_decided_anew(table):
    table.refusals["b"] = [PreconditionFailed(), PreconditionFailed()]
    assert statuses(Work(b=[(), "nothing"]).run("abc", NEVER)) == "+=+"
    assert statuses(Work(b=[Overtaken(), Overtaken()]).run("abc", NEVER)) == "+++"


def test_who_is_changed_again_and_again_is_told_to_try_again(table):
    table.refusals["a"] = [PreconditionFailed() for _ in range(9)]
    assert codes(Work().run("a", NEVER)) == {"a": "busy"}
    assert codes(Work(a=[Overtaken() for _ in range(9)]).run("a", NEVER)) == {"a": "busy"}


def test_what_takes_more_than_a_transaction_is_written_one_by_one(table, monkeypatch):
    table.refusals["a"] = [Conflict(code="too_much_at_once")]
    assert statuses(Work().run("abc", NEVER)) == "+++"
    assert table.transactions == [["a"], ["b"], ["c"]]


def test_a_table_that_stops_answering_ends_the_work_and_nobody_else_is_begun_with(table):
    table.refusals["e"] = [Unavailable()]
    work = Work()
    report = work.run("abcdefghi", NEVER)
    assert (statuses(report), "".join(work.begun)) == ("+++------", "abcdef")
    assert codes(report) == dict.fromkeys("def", "unavailable") | dict.fromkeys("ghi", "not_done")
    assert [row.id for row in report.left] == list("defghi")
    with pytest.raises(Unavailable):
        report.require_whole()


def test_when_the_deadline_has_passed_nobody_else_is_begun_with(table, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(clock, "seconds", lambda: now[0])

    class Slow(Work):
        def decide(self, row):
            now[0] += 1.0
            return super().decide(row)

    report = Slow().run("abcdefghi", Deadline(6.0))
    assert (statuses(report), codes(report)) == ("+++------", dict.fromkeys("defghi", "not_done"))
    with pytest.raises(OutOfTime):
        report.require_whole()


def test_those_for_whose_reading_there_is_no_time_are_reported_too(table, monkeypatch):
    monkeypatch.setattr(engine, "READ_AT_ONCE", 2)
    table.refusals["a"] = [Unavailable()]
    work = Work()
    report = work.run("abcd", NEVER)
    assert codes(report) == {"a": "unavailable", "b": "unavailable", "c": "not_done", "d": "not_done"}
    assert work.readings == [["a", "b"]]


def test_when_what_all_rest_on_is_gone_nobody_is_tried_again(table):
    table.refusals["b"] = [AllRefused(code="role_changed")]
    work = Work()
    assert codes(work.run("abcdef", NEVER)) == dict.fromkeys("abcdef", "role_changed")
    assert work.begun == ["a", "b", "c"]


def test_an_error_that_nobody_foresaw_is_one_rows_and_stops_no_other(table):
    report = Work(b=RuntimeError("unforeseen")).run("abcde", NEVER)
    assert (statuses(report), codes(report)) == ("+-+++", {"b": "internal_error"})
    with pytest.raises(RuntimeError):
        report.require_whole()


def test_a_dry_run_says_the_same_and_writes_nothing(table):
    work = Work(b="nothing", c=Forbidden())
    work.dry_run = True
    assert statuses(work.run("abcd", NEVER)) == "+=-+"
    assert table.transactions == []


def test_what_is_written_once_goes_along_with_each_transaction_that_writes_somebody(table):
    class Counted(Work):
        def together(self, rows):
            return [Write(0, "".join(row.id for row in rows).upper())]

    Counted(a="nothing", b="nothing", c="nothing", e="nothing").run("abcdef", NEVER)
    assert table.transactions == [["d", "f", "DF"]]


def test_who_needs_no_write_of_an_own_is_done_without_a_transaction(table):
    class Empty(Work):
        def decide(self, row):
            return []

        def together(self, rows):
            return [Write(0, "AUDIT")]

    assert statuses(Empty().run("ab", NEVER)) == "++"
    assert table.transactions == []


def test_an_error_that_nobody_foresaw_does_not_set_going_again_what_has_ended(table):
    begun, ended, failed = Event(), Event(), Event()

    class Noting(Outcome):
        def fail(self, problems):
            super().fail(problems)
            if self.id == "a":
                ended.set()
                assert failed.wait(HANGING_SECONDS)
            elif self.id == "b":
                failed.set()

    class Parallel(Work):
        at_once, threads = 1, 2

        def read(self, keys):
            return [Noting(key) for key in keys]

        def decide(self, row):
            self.begun.append(row.id)
            if row.id == "a":
                assert begun.wait(HANGING_SECONDS)
                raise Unavailable
            begun.set()
            assert ended.wait(HANGING_SECONDS)
            raise RuntimeError("unforeseen")

    work = Parallel()
    report = work.run("abcd", NEVER)
    assert sorted(work.begun) == ["a", "b"]
    assert codes(report) == {"a": "unavailable", "b": "internal_error", "c": "not_done", "d": "not_done"}
