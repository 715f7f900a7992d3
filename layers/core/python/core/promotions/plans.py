"""The plan of a promotion: who goes where, who graduates, who is left and why, and what all of it rests on."""

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from core.classes.membership import EXCEPTED
from core.classes.models import ClassItem, classes_of
from core.classes.names import renamed
from core.classes.schemas import LARGEST_CLASS
from core.classes.service import roster
from core.kernel import clock
from core.kernel.errors import BadRequest, Problem
from core.kernel.folding import fold
from core.kernel.lists import Source, attribute, entries
from core.kernel.table import connection
from core.people.models import PersonItem
from core.promotions.schemas import Destination, PlanPromotion

#: Threads of one request; they wait for the table.
THREADS = 4


def in_parallel[Each, Result](work: Callable[[Each], Result], items: Sequence[Each]) -> list[Result]:
    """What `work` makes of each item, some at a time."""
    # Made before the threads race to make one each.
    assert connection().connection.client
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, items))


@dataclass(slots=True)
class Survey:
    """The classes of two years, with their students as they are."""

    before: list[ClassItem]
    after: list[ClassItem]
    students: dict[str, list[PersonItem]]

    @property
    def fingerprint(self) -> str:
        """What differs when a class, a roster, or whether a student is there and active has changed."""
        classes = sorted((each.id, int(each.version)) for each in (*self.before, *self.after))
        students = sorted((each.id, each.active) for some in self.students.values() for each in some)
        return hashlib.sha256(json.dumps([classes, students]).encode()).hexdigest()


def survey(organization_id: str, from_year: str, to_year: str) -> Survey:
    """Reads what a promotion rests on: the classes, a query for each roster and a BatchGetItem for its students."""
    years = attribute("academic_year").is_in(from_year, to_year) & ClassItem.deleted_at.does_not_exist()
    source = Source(classes_of(organization_id), filter_condition=years)
    found = [ClassItem.from_raw_data(each) for each in entries(source, None)]
    students = in_parallel(partial(roster, organization_id), [each.id for each in found])
    return Survey(
        sorted((each for each in found if each.academic_year == from_year), key=lambda each: (each.grade, each.name)),
        [each for each in found if each.academic_year == to_year],
        {each.id: some for each, some in zip(found, students, strict=True)},
    )


@dataclass(slots=True)
class Step:
    """What becomes of one class: its target, None for graduation; who goes; who is left and why."""

    source: ClassItem
    target: dict[str, Any] | None
    students: list[PersonItem] = field(default_factory=list)
    left: list[tuple[PersonItem, Problem]] = field(default_factory=list)


def planned(found: Survey, asked: PlanPromotion) -> list[Step]:
    """The steps of the promotion, one for each class.

    Raises:
        BadRequest: the year has no classes, a rule names a class that the year does not have, or two rules contradict.
    """
    if not found.before:
        message = f"There are no classes in {asked.fromAcademicYear}."
        raise BadRequest(message, code="no_classes", field="fromAcademicYear")
    targets = _Targets(found, asked)
    seated = {student.id for item in found.after for student in found.students[item.id]}
    excepted = set(asked.exceptStudentIds)
    steps = [Step(item, targets.of(item)) for item in found.before]
    for step in steps:
        for student in found.students[step.source.id]:
            problem = _problem(step, student, excepted, seated, asked.toAcademicYear) or targets.place(step.target)
            if problem:
                step.left.append((student, problem))
            else:
                step.students.append(student)
    return steps


def _problem(step: Step, student: PersonItem, excepted: set[str], seated: set[str], year: str) -> Problem | None:
    if student.id in excepted:
        return EXCEPTED
    if not student.active:
        return Problem("student_inactive", "This student's record is inactive.")
    if student.id in seated:
        return Problem("already_in_class", f"This student is in a class of {year} already.")
    return None


class _Targets:
    """The classes that the students go to: those that are there already, and new ones."""

    def __init__(self, found: Survey, asked: PlanPromotion) -> None:
        self._rules = {each.classId: each.to for each in asked.classes}
        known = {each.id for each in found.before}
        problems = [
            Problem("unknown_class", f"This is no class of {asked.fromAcademicYear}.", f"classes.{number}.classId")
            for number, each in enumerate(asked.classes)
            if each.classId not in known
        ]
        if len(self._rules) < len(asked.classes):
            problems.append(Problem("repeated", "Send one rule for each class.", "classes"))
        if problems:
            raise BadRequest(problems=problems)
        self._highest = max(int(each.grade) for each in found.before)
        self._year = asked.toAcademicYear
        self._by_name: dict[str, dict[str, Any]] = {}
        self._free: dict[str, int] = {}
        for each in found.after:
            self._add({"id": each.id, "name": each.name, "grade": int(each.grade)}, int(each.free))

    def _add(self, target: dict[str, Any], free: int) -> None:
        self._by_name[fold(target["name"])] = target
        self._free[target["id"]] = free

    def of(self, source: ClassItem) -> dict[str, Any] | None:
        """Where the students of a class go; None for graduation."""
        rule = self._rules.get(source.id)
        grade = int(source.grade)
        if rule == "graduate" or (rule is None and grade == self._highest):
            return None
        if isinstance(rule, Destination):
            name, following = rule.name, rule.grade
        else:
            name, following = renamed(source.name, grade, grade + 1), grade + 1
        if fold(name) not in self._by_name:
            capacity = min(int(source.capacity), LARGEST_CLASS)
            members = {"name": name, "grade": following, "academicYear": self._year, "major": source.major}
            self._add({"id": clock.new_id(), "capacity": capacity, **members}, capacity)
        target = self._by_name[fold(name)]
        if target["grade"] != following:
            message = f"The class {name} of {self._year} would be of grade {target['grade']} and {following}."
            raise BadRequest(message, code="contradicting_grades", field="classes")
        return target

    def place(self, target: dict[str, Any] | None) -> Problem | None:
        """Takes a place in the class; says so when there is none."""
        if target is None:
            return None
        if self._free[target["id"]] < 1:
            return Problem("class_full", f"The class {target['name']} has no place left.")
        self._free[target["id"]] -= 1
        return None
