"""Putting students into a class by hand, one or many; with `move` also those who have another class of that year."""

from collections import defaultdict
from functools import cache

from core.classes.membership import already_there, require_active, seated, switching
from core.classes.models import ClassItem, MembershipItem, classes_of
from core.classes.moves import Into, Moved
from core.classes.service import audit, find
from core.kernel import records
from core.kernel.deadlines import NEVER, Deadline
from core.kernel.errors import BadRequest, NotFound
from core.kernel.outcomes import UNCHANGED, UPDATED
from core.kernel.policy import Caller, Permission
from core.kernel.table import Write, get
from core.people import service as people
from core.people.kinds import STUDENTS
from core.people.models import PersonItem

#: One who changes classes is at most 15 writes, and may come from a class of their own, which is 2 more.
_ADDED_AT_ONCE = 5


class Adding(Into):
    """The addition of students to a class. With `move` they leave the class of that year which they have."""

    at_once = _ADDED_AT_ONCE

    def __init__(self, actor: Caller, target: ClassItem, *, move: bool) -> None:
        super().__init__(target, lambda ids: [audit(actor, target.id, "students.add", ids)])
        self._actor, self._move = actor, move
        self._class = cache(self._read_class)

    def _read_class(self, class_id: str) -> ClassItem | None:
        return get(ClassItem, classes_of(self.organization_id), class_id)

    def gone(self) -> NotFound:
        return NotFound("There is no such student in your school.")

    def switch(self, row: Moved, student: PersonItem, held: list[MembershipItem], there: MembershipItem) -> list[Write]:
        if Permission.CLASSES_READ in self._actor.permissions:
            row.other = self._class(there.class_id)
        if not self._move:
            raise already_there(there.academic_year, row.other)
        require_active(student)
        row.left = there.class_id
        return switching(student, held, there, self.target.id)

    def together(self, rows: list[Moved]) -> list[Write]:
        """Counts them in, and out of the classes that they leave."""
        leaving: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if row.left:
                leaving[row.left].append(str(row.id))
        writes = super().together(rows)
        for class_id, ids in leaving.items():
            writes.append(seated(self.organization_id, class_id, -len(ids)))
            writes.append(audit(self._actor, class_id, "students.remove", ids))
        return writes


def add_students(
    actor: Caller, class_id: str, student_ids: list[str], *, move: bool = False, deadline: Deadline = NEVER
) -> list[Moved]:
    """Puts students into a class: each as a whole or not at all. Doing so again changes nothing.

    Raises:
        NotFound: there is no such class.
    """
    adding = Adding(actor, find(actor.organization_id, class_id), move=move)
    return adding.run(dict.fromkeys(student_ids), deadline).rows


def add_student(actor: Caller, class_id: str, student_id: str, *, move: bool = False) -> Moved:
    """Puts a student into a class; `unchanged` is who is to be moved there and is there already.

    Raises:
        NotFound: there is no such class.
        BadRequest: there is no such student.
        Conflict: the class is full (`class_full`) or was deleted meanwhile (`class_deleted`), the student has a class
            in that year (`already_in_class`), or is not active (`student_inactive`).
    """
    target = find(actor.organization_id, class_id)
    adding, row = Adding(actor, target, move=move), Moved(student_id, UPDATED)

    def read() -> PersonItem:
        try:
            return people.find(actor.organization_id, STUDENTS, student_id)
        except NotFound as error:
            raise BadRequest("There is no such student.", code="unknown_student", field="studentId") from error

    def decide(student: PersonItem) -> list[Write] | None:
        row.left = row.other = None
        writes = adding.alter(row, student)
        if writes is not None:
            return [*writes, *adding.together([row])]
        if not move:
            seen = target if Permission.CLASSES_READ in actor.permissions else None
            raise already_there(target.academic_year, seen)
        row.status = UNCHANGED
        return None

    row.student = records.change(read, None, decide)
    return row
