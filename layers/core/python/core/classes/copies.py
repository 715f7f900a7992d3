"""The copy of a class for another year, with or without its students."""

from dataclasses import dataclass, field
from typing import Any

from core.classes import moves
from core.classes.beside import TEACHER_NAMES
from core.classes.membership import EXCEPTED, already_there, require_active
from core.classes.models import MEMBERSHIP_PREFIX, ClassItem, MembershipItem, classes_of, student_key
from core.classes.names import renamed
from core.classes.schemas import CopyClass
from core.classes.service import audit, create_class, find, name_taken, named, roster
from core.kernel import clock
from core.kernel.deadlines import NEVER, Deadline
from core.kernel.errors import BadRequest, CoreError, NotFound, Problem
from core.kernel.outcomes import FAILED, SKIPPED, UNCHANGED, UPDATED
from core.kernel.policy import Caller
from core.kernel.table import get, get_many
from core.people import service as people
from core.people.kinds import TEACHERS
from core.people.models import PersonItem

_HIGHEST_GRADE = 13


@dataclass(slots=True)
class Copy:
    """A copy as it is planned, and as it was made."""

    members: dict[str, Any]
    #: What becomes of each student.
    rows: list[moves.Moved] = field(default_factory=list)
    made: ClassItem | None = None
    #: The homeroom teacher who goes along.
    teacher: PersonItem | None = None

    @property
    def planned(self) -> dict[str, Any]:
        """The members that the class would get, as they are shown."""
        return self.members | {"homeroomTeacherName": self.teacher.name if self.teacher else None}


def copy_class(actor: Caller, class_id: str, asked: CopyClass, deadline: Deadline = NEVER) -> Copy:
    """Plans the copy of a class and, unless it is a dry run, makes it. If interrupted, repeat it; it resumes.

    Raises:
        NotFound: there is no such class.
        BadRequest: there is no next grade.
        Conflict: another class of that year has the name.
    """
    source = find(actor.organization_id, class_id)
    plan = _planned(source, asked)
    there = named(source.organization_id, asked.academicYear, plan.members["name"])
    target = get(ClassItem, classes_of(source.organization_id), there) if there else None
    if target and target.made_from != source.id:
        raise name_taken(target, plan.members["name"], asked.academicYear)
    if asked.includeStudents:
        _choose(plan, source, asked, target)
    if asked.dryRun:
        return plan
    made = target or create_class(actor, plan.members, clock.new_id(), made_from=source.id)
    move = moves.Into(made, lambda ids: [audit(actor, made.id, "students.copy", ids)])
    moved = move.run([str(each.id) for each in plan.rows if each.status == UPDATED], deadline).rows
    outcomes = {each.id: each for each in moved}
    for row in plan.rows:
        if outcome := outcomes.get(row.id):
            row.status, row.errors = outcome.status, outcome.errors
    plan.made = find(actor.organization_id, made.id)
    TEACHER_NAMES.give([plan.made], {})
    return plan


def _planned(source: ClassItem, asked: CopyClass) -> Copy:
    grade = int(source.grade)
    following = asked.grade or (grade + 1 if asked.includeStudents else grade)
    if following > _HIGHEST_GRADE:
        raise BadRequest("There is no grade after this one. Name the grade.", code="no_next_grade", field="grade")
    teacher = _teacher(source)
    return Copy(
        {
            "name": asked.name or renamed(source.name, grade, following),
            "grade": following,
            "academicYear": asked.academicYear,
            "major": source.major,
            "homeroomTeacherId": teacher.id if teacher else None,
            "capacity": int(source.capacity),
        },
        teacher=teacher,
    )


def _teacher(source: ClassItem) -> PersonItem | None:
    """The homeroom teacher, who goes along if still there."""
    if source.homeroom_teacher_id is None:
        return None
    try:
        return people.find(source.organization_id, TEACHERS, source.homeroom_teacher_id)
    except NotFound:
        return None


def _choose(plan: Copy, source: ClassItem, asked: CopyClass, target: ClassItem | None) -> None:
    students, year = roster(source.organization_id, source.id), asked.academicYear
    keys = [student_key(source.organization_id, each.id) for each in students]
    held = get_many([(MembershipItem, key, f"{MEMBERSHIP_PREFIX}{year}") for key in keys])
    excepted = set(asked.exceptStudentIds)
    for student, membership in zip(students, held, strict=True):
        problem = None
        if student.id in excepted:
            problem = EXCEPTED
        elif membership and not (target and membership.class_id == target.id):
            problem = already_there(year).problems[0]
        else:
            problem = _inactive(student)
        status = (SKIPPED if problem is EXCEPTED else FAILED) if problem else UPDATED
        if membership and status == UPDATED:
            status = UNCHANGED
        plan.rows.append(moves.Moved(student.id, status, [problem] if problem else [], student=student))


def _inactive(student: PersonItem) -> Problem | None:
    try:
        require_active(student)
    except CoreError as error:
        return error.problems[0]
    return None
