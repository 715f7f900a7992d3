"""Acceptance D1 for people: many who change one record at once, and many who create one identifier at once."""

import pytest
from core.kernel.errors import Conflict, PreconditionFailed
from core.kernel.records import count
from core.kernel.table import query
from core.people import service
from core.people.kinds import STUDENTS
from core.people.models import PersonItem, people_of
from core.sessions.service import caller_behind
from core.users import service as users

from tests.engines.race import race
from tests.schools import everything

NISN = "0098765432"


@pytest.fixture
def actor(school):
    return caller_behind(school.people["administrator"])


def test_d1_of_100_parallel_patches_of_one_version_one_wins_and_99_are_stale(school, actor):
    student = service.create_person(actor, STUDENTS, {"name": "Budi", "email": "budi@x.test", "nisn": NISN})
    outcomes = race(100, lambda lane: service.update_person(actor, STUDENTS, student.id, {"name": f"Budi {lane}"}, 1))
    (winner,) = [each for each in outcomes if isinstance(each, PersonItem)]
    assert sum(isinstance(each, PreconditionFailed) for each in outcomes) == 99
    kept = service.find(school.id, STUDENTS, student.id)
    assert (kept.name, kept.version) == (winner.name, 2)
    assert users.find(school.id, student.user_id).name == winner.name


def test_d1_no_change_is_lost_when_10_read_change_and_try_again(school, actor):
    student = service.create_person(actor, STUDENTS, {"name": "Budi", "hobby": "-"})

    def add(lane):
        while True:
            person = service.find(school.id, STUDENTS, student.id)
            patch = {"hobby": f"{person.profile['hobby']} {lane}"}
            try:
                return service.update_person(actor, STUDENTS, person.id, patch, int(person.version))
            except PreconditionFailed:
                continue

    assert all(isinstance(each, PersonItem) for each in race(10, add))
    person = service.find(school.id, STUDENTS, student.id)
    assert sorted(person.profile["hobby"].split()) == sorted(["-", *map(str, range(10))])
    assert person.version == 11


def test_d1_of_200_parallel_creations_of_one_nisn_one_wins_and_leaves_no_orphan(table, school, actor):
    before = users.count(school.id)

    def enrol(lane):
        return service.create_person(actor, STUDENTS, {"name": "Budi", "email": f"budi{lane}@x.test", "nisn": NISN})

    outcomes = race(200, enrol)
    (winner,) = [each for each in outcomes if isinstance(each, PersonItem)]
    lost = [each for each in outcomes if isinstance(each, Conflict)]
    assert len(lost) == 199
    assert {each.problems[0].code for each in lost} == {"nisn_taken"}
    assert [each["sk"]["S"] for each in query(people_of(school.id, "students")).items] == [winner.id]
    assert count(people_of(school.id, "students")) == 1
    assert users.count(school.id) == before + 1
    addresses = {word for item in everything(table) for word in str(item).split("'") if word.endswith("@x.test")}
    assert addresses == {winner.email}
