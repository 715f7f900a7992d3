"""Acceptance D1: many who put students into one class at once, and take them out."""

from collections import Counter

import pytest
from core.classes import additions
from core.classes import service as classes
from core.classes.membership import memberships_of, student_ids_of
from core.classes.moves import Moved
from core.departures.service import delete_person
from core.kernel.errors import Conflict, CoreError
from core.people import service as people
from core.people.kinds import STUDENTS
from core.sessions.service import caller_behind as caller

from tests.engines.race import race

STUDENTS_THERE = 100


@pytest.fixture
def actor(school):
    return caller(school.people["administrator"])


@pytest.fixture
def students(actor):
    """The ids of many students without a class."""
    made = race(STUDENTS_THERE, lambda lane: people.create_person(actor, STUDENTS, {"name": f"Murid {lane:03}"}).id)
    assert all(isinstance(each, str) for each in made), made
    return made


def a_class(actor, capacity, name="X-1"):
    members = {"name": name, "grade": 10, "academicYear": "2026/2027", "capacity": capacity}
    return classes.create_class(actor, members).id


def require_consistent(actor, class_id, students):
    """The count, the roster, the students' records and their memberships tell the same."""
    item = classes.find(actor.organization_id, class_id)
    seated = set(student_ids_of(actor.organization_id, class_id))
    records = [people.find(actor.organization_id, STUDENTS, each) for each in students]
    assert item.student_count == len(seated) == item.capacity - item.free
    assert {each.id for each in records if each.class_id == class_id} == seated
    assert {each.id for each in records if memberships_of(each)} == seated
    return len(seated)


def test_of_100_parallel_additions_to_a_class_of_36_exactly_36_succeed(actor, students):
    class_id = a_class(actor, 36)
    outcomes = race(STUDENTS_THERE, lambda lane: additions.add_student(actor, class_id, students[lane]))
    assert sum(isinstance(each, Moved) for each in outcomes) == 36
    refused = [each for each in outcomes if not isinstance(each, Moved)]
    assert Counter(each.problems[0].code for each in refused) == {"class_full": 64}
    assert require_consistent(actor, class_id, students) == 36


def test_after_200_parallel_additions_and_removals_the_count_is_the_roster(actor, students):
    class_id = a_class(actor, 100)
    for each in students[:50]:
        additions.add_student(actor, class_id, each)

    def run(lane):
        student_id = students[lane % STUDENTS_THERE]
        if lane % 3:
            return additions.add_student(actor, class_id, student_id)
        return classes.remove_student(actor, class_id, student_id)

    outcomes = race(200, run)
    assert all(each is None or isinstance(each, (Moved, CoreError)) for each in outcomes), outcomes
    assert 0 < require_consistent(actor, class_id, students) <= STUDENTS_THERE


def test_of_20_who_put_one_student_into_different_classes_one_wins(actor, students):
    rooms = [a_class(actor, 5, f"X-{number}") for number in range(20)]
    outcomes = race(20, lambda lane: additions.add_student(actor, rooms[lane], students[0]))
    assert sum(isinstance(each, Moved) for each in outcomes) == 1
    assert all(isinstance(each, (Moved, Conflict)) for each in outcomes)
    assert sum(require_consistent_count(actor, each) for each in rooms) == 1


def test_who_is_moved_by_many_at_once_is_in_one_class_and_all_counts_are_right(actor, students):
    rooms, few = [a_class(actor, 8, f"X-{number}") for number in range(3)], students[:12]
    additions.add_students(actor, rooms[0], few[:8])

    def run(lane):
        ids = few[lane % 4 :: 2]
        return additions.add_students(actor, rooms[lane % 3], ids, move=True)

    outcomes = race(12, run)
    assert all(isinstance(each, list) for each in outcomes), outcomes
    codes = {row.errors[0].code for rows in outcomes for row in rows if row.errors}
    assert codes <= {"class_full", "busy"}
    held = {each: memberships_of(people.find(actor.organization_id, STUDENTS, each)) for each in few}
    for class_id in rooms:
        seated = set(student_ids_of(actor.organization_id, class_id))
        assert seated == {one for one, own in held.items() for each in own if each.class_id == class_id}
        assert require_consistent_count(actor, class_id) == len(seated) <= 8


def require_consistent_count(actor, class_id):
    item = classes.find(actor.organization_id, class_id)
    assert item.student_count == len(student_ids_of(actor.organization_id, class_id))
    return int(item.student_count)


def test_a_student_who_is_deleted_while_being_added_is_on_no_roster(actor, students):
    class_id = a_class(actor, 100)

    def run(lane):
        if lane % 2:
            return delete_person(actor, STUDENTS, students[lane // 2], None)
        return additions.add_student(actor, class_id, students[lane // 2])

    race(40, run)
    item = classes.find(actor.organization_id, class_id)
    seated = student_ids_of(actor.organization_id, class_id)
    assert item.student_count == len(seated) == len(classes.roster(actor.organization_id, class_id))
