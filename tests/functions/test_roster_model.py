"""Classes and their students against a model, in whatever order things happen to them."""

from dataclasses import dataclass, field

from core.classes import additions
from core.classes import service as classes
from core.classes.membership import student_ids_of
from core.departures import service as people
from core.kernel import clock
from core.kernel.errors import CoreError
from core.kernel.policy import Caller, Permission
from core.people.kinds import STUDENTS
from core.people.service import create_person, find
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

YEARS = ("2025/2026", "2026/2027")
PICK = st.integers(0, 3)


@dataclass
class Room:
    """A class as the model knows it."""

    year: str
    capacity: int
    students: set = field(default_factory=set)
    deleted: bool = False


@dataclass
class Pupil:
    """A student as the model knows one."""

    deleted: bool = False
    left: list = field(default_factory=list)


class Rosters(RuleBasedStateMachine):
    """Four students, and four classes of two years."""

    @initialize()
    def begin(self):
        organization_id = clock.new_id()
        everything = frozenset(Permission)
        school, nobody = (organization_id, organization_id), (clock.new_id(), "", "", "")
        self.actor = Caller(*school, *nobody, frozenset(), everything, False, 0)
        self.rooms, self.pupils = {}, {}
        for number in range(4):
            made = create_person(self.actor, STUDENTS, {"name": f"Murid {number}"})
            self.pupils[made.id] = Pupil()
            members = {"name": f"X-{number}", "grade": 10, "academicYear": YEARS[number % 2], "capacity": 2}
            room = classes.create_class(self.actor, members)
            self.rooms[room.id] = Room(YEARS[number % 2], 2)

    def expect(self, allowed, operate, *arguments, **options):
        """The operation succeeds exactly when the model allows it."""
        try:
            operate(self.actor, *arguments, **options)
            done = True
        except CoreError:
            done = False
        assert done == allowed
        return done

    def chosen(self, room, pupil):
        return list(self.rooms.items())[room], list(self.pupils.items())[pupil]

    def years_of(self, pupil_id):
        return {each.year for each in self.rooms.values() if pupil_id in each.students}

    @rule(room=PICK, pupil=PICK)
    def add(self, room, pupil):
        (room_id, room), (pupil_id, pupil) = self.chosen(room, pupil)
        free = len(room.students) < room.capacity and room.year not in self.years_of(pupil_id)
        if self.expect(free and not room.deleted and not pupil.deleted, additions.add_student, room_id, pupil_id):
            room.students.add(pupil_id)

    @rule(room=PICK, pupil=PICK)
    def remove(self, room, pupil):
        (room_id, room), (pupil_id, _) = self.chosen(room, pupil)
        if self.expect(pupil_id in room.students, classes.remove_student, room_id, pupil_id):
            room.students.remove(pupil_id)

    @rule(room=PICK, capacity=st.integers(1, 3))
    def resize(self, room, capacity):
        (room_id, room), _ = self.chosen(room, 0)
        allowed = not room.deleted and capacity >= len(room.students)
        if self.expect(allowed, classes.update_class, room_id, {"capacity": capacity}, None):
            room.capacity = capacity

    @rule(room=PICK, force=st.booleans())
    def delete_room(self, room, force):
        (room_id, room), _ = self.chosen(room, 0)
        allowed = not room.deleted and (force or not room.students)
        if self.expect(allowed, classes.delete_class, room_id, None, force=force):
            room.deleted, room.students = True, set()

    @rule(pupil=PICK)
    def delete_pupil(self, pupil):
        _, (pupil_id, pupil) = self.chosen(0, pupil)
        if self.expect(not pupil.deleted, people.delete_person, STUDENTS, pupil_id, None):
            pupil.deleted = True
            pupil.left = [each for each in self.rooms.values() if pupil_id in each.students]
            for each in pupil.left:
                each.students.remove(pupil_id)

    @rule(pupil=PICK)
    def restore_pupil(self, pupil):
        _, (pupil_id, pupil) = self.chosen(0, pupil)
        if self.expect(pupil.deleted, people.restore_person, STUDENTS, pupil_id):
            pupil.deleted = False
            for each in pupil.left:
                if not each.deleted and len(each.students) < each.capacity:
                    each.students.add(pupil_id)

    @invariant()
    def the_table_tells_what_the_model_does(self):
        for room_id, room in getattr(self, "rooms", {}).items():
            assert set(student_ids_of(self.actor.organization_id, room_id)) == room.students
            if not room.deleted:
                item = classes.find(self.actor.organization_id, room_id)
                assert (item.student_count, item.free) == (len(room.students), room.capacity - len(room.students))
        for pupil_id, pupil in getattr(self, "pupils", {}).items():
            if not pupil.deleted:
                current = {each.year: room_id for room_id, each in self.rooms.items() if pupil_id in each.students}
                student = find(self.actor.organization_id, STUDENTS, pupil_id)
                assert student.class_id == (current[max(current)] if current else None)


def test_rosters_are_what_a_model_says_whatever_happens(table):
    chosen = settings(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(Rosters, settings=chosen)
