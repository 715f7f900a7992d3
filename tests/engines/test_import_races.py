"""Acceptance D8 with real concurrency: however many workers have the same rows at once, each row is there once."""

import pytest
from core.imports import work
from core.imports.decisions import Rules
from core.imports.models import ImportItem, imports_of
from core.imports.rows import rows_of_json
from core.kernel import clock
from core.kernel.records import count
from core.kernel.table import create, get, query, transact
from core.people.kinds import STUDENTS
from core.people.models import people_of
from core.sessions.service import caller_behind
from core.users import service as users

from tests.engines.race import race

ROWS = [
    {"name": f"Murid {number}", "email": f"m{number}@x.test", "nisn": f"{number:010d}", "nipd": str(number)}
    for number in range(1, 41)
]


@pytest.fixture(autouse=True)
def threads(monkeypatch):
    monkeypatch.setattr(work, "THREADS", 4)


@pytest.fixture
def actor(school):
    return caller_behind(school.people["administrator"])


def begin(actor):
    job = ImportItem(imports_of(actor.organization_id), clock.new_id(), kind="students", actor_id=actor.user_id)
    job.actor_organization_id = actor.organization_id
    job.source, job.created_at, job.total, job.chunk_size = job.id, clock.to_wire(clock.now()), len(ROWS), len(ROWS)
    transact(create(job))
    return job


def run(actor, job):
    rows = rows_of_json(STUDENTS, ROWS).rows
    work.run(work.Work(actor, Rules(job, STUDENTS, "")), 0, rows)


def stored(school):
    return [item["profile"]["S"] for item in query(people_of(school.id, "students")).items]


def test_four_workers_with_one_chunk_make_every_row_once(school, actor):
    job = begin(actor)
    assert race(4, lambda _: run(actor, job)) == [None] * 4
    job = get(ImportItem, job.partition, job.sort)
    assert (job.processed, job.created, job.failed) == (40, 40, 0)
    assert len(stored(school)) == count(people_of(school.id, "students")) == 40
    assert users.count(school.id) == 40 + 6


def test_two_imports_of_one_file_at_once_make_every_person_once(school, actor):
    jobs = [begin(actor), begin(actor)]
    assert race(2, lambda lane: run(actor, jobs[lane])) == [None, None]
    jobs = [get(ImportItem, job.partition, job.sort) for job in jobs]
    assert sum(job.created for job in jobs) == 40
    assert sum(job.unchanged for job in jobs) == 40
    assert len(stored(school)) == count(people_of(school.id, "students")) == 40
