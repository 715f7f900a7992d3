"""Moving many students, a few in each transaction, so that whoever is stopped can be repeated.

Each student's move is decided on the record and classes as they are, and written on the condition that they still are.
A move that is done already decides nothing, so a repetition moves everybody exactly once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.accounts import service as accounts
from core.classes.membership import already_there, joining, leaving, memberships_of, require_active, seated
from core.classes.models import ClassItem, MembershipItem
from core.kernel.bulk import Bulk
from core.kernel.errors import Conflict, NotFound, PreconditionFailed
from core.kernel.outcomes import Outcome
from core.kernel.policy import STUDENT
from core.kernel.records import copy_of, replacement, searchable_anew
from core.kernel.table import Write, get, get_many
from core.people.kinds import STUDENTS
from core.people.models import PersonItem, people_of
from core.people.service import put_account
from core.users.models import UserItem, users_of

#: A student who gets another class is at most 14 writes, one whose account closes 25; a transaction takes 100.
_MOVED_AT_ONCE = 6
_CLOSED_AT_ONCE = 3

#: What is written once for those who are moved in one transaction, by their ids.
Together = Callable[[list[str]], list[Write]]


@dataclass(slots=True)
class Moved(Outcome):
    """What became of one student."""

    student: PersonItem | None = None
    #: The class that the student has left by it.
    left: str | None = None
    #: The other class of that year that the student had, for who may see it.
    other: ClassItem | None = None


class Move(Bulk[str, Moved]):
    """What is done to each of many students."""

    at_once = _MOVED_AT_ONCE

    def __init__(self, organization_id: str, along: Together) -> None:
        self.organization_id, self._along = organization_id, along

    def alter(self, row: Moved, student: PersonItem) -> list[Write] | None:
        """Alters a student; the writes that go along with putting the record, or None when there is nothing to do."""
        raise NotImplementedError

    def gone(self) -> NotFound:
        """The student is not there."""
        return NotFound("This student is not there any more.", code="student_gone")

    def read(self, keys: Sequence[str]) -> list[Moved]:
        """The students' records."""
        partition = people_of(self.organization_id, STUDENTS.name)
        found = get_many([(PersonItem, partition, each) for each in keys])
        return [Moved(key, student=student) for key, student in zip(keys, found, strict=True)]

    def unread(self, key: str) -> Moved:
        """A student who was not read."""
        return Moved(key)

    def decide(self, row: Moved) -> list[Write] | None:
        """The writes that move a student. Raises NotFound, and what `alter` raises."""
        student = row.student
        if student is None or student.deleted_at:
            raise self.gone()
        version = student.version
        further = self.alter(row, student)
        return None if further is None else [replacement(student, version, PreconditionFailed()), *further]

    def together(self, rows: list[Moved]) -> list[Write]:
        """What goes along with those who are moved in one transaction."""
        return self._along([str(row.id) for row in rows])


class Into(Move):
    """The move into a class of a year in which the students have none yet."""

    def __init__(self, target: ClassItem, along: Together, promotion: str | None = None) -> None:
        super().__init__(target.organization_id, along)
        self.target, self._promotion = target, promotion

    def alter(self, row: Moved, student: PersonItem) -> list[Write] | None:
        """Puts the student into the class. Raises Conflict for one who has another or is inactive."""
        target, held = self.target, memberships_of(student)
        there = next((each for each in held if each.academic_year == target.academic_year), None)
        if there and there.class_id == target.id:
            return None
        if there:
            return self.switch(row, student, held, there)
        require_active(student)
        return joining(student, held, target.id, target.academic_year, self._promotion)

    def switch(self, row: Moved, student: PersonItem, held: list[MembershipItem], there: MembershipItem) -> list[Write]:
        """What is done with a student who has another class of that year, `there`."""
        raise already_there(there.academic_year)

    def together(self, rows: list[Moved]) -> list[Write]:
        """Counts them in."""
        return [seated(self.organization_id, self.target.id, len(rows), self.target.name), *super().together(rows)]


class OutOf(Move):
    """The move by which a promotion takes those out of a class whom it put there, and nobody else."""

    def __init__(self, organization_id: str, class_id: str, promotion: str, along: Together) -> None:
        super().__init__(organization_id, along)
        self._class_id, self._promotion = class_id, promotion

    def alter(self, row: Moved, student: PersonItem) -> list[Write] | None:
        """Takes the student out of the class."""
        held, key = memberships_of(student), (self._class_id, self._promotion)
        own = next((each for each in held if (each.class_id, each.promotion) == key), None)
        return leaving(student, held, own) if own else None

    def together(self, rows: list[Moved]) -> list[Write]:
        """Counts them out."""
        return [seated(self.organization_id, self._class_id, -len(rows)), *super().together(rows)]


class Graduating(Move):
    """The move by which students leave the school with their accounts closed, or come `back`."""

    at_once = _CLOSED_AT_ONCE

    def __init__(self, organization_id: str, promotion: str, along: Together, *, back: bool) -> None:
        super().__init__(organization_id, along)
        self._promotion, self._back = promotion, back

    def alter(self, row: Moved, student: PersonItem) -> list[Write] | None:
        """Closes the student's record and account, or opens them. Raises Conflict for an account with other roles."""
        back = self._back
        if (student.graduated_by == self._promotion) != back:
            return None
        if not back:
            require_active(student)
        before = copy_of(student)
        student.active, student.graduated_by = back, None if back else self._promotion
        return [*searchable_anew(before, student), *_account(student, active=back)]


def _account(student: PersonItem, *, active: bool) -> list[Write]:
    user = get(UserItem, users_of(student.organization_id), student.user_id) if student.user_id else None
    if user is None or user.deleted_at or user.active == active:
        return []
    if set(user.roles) - {STUDENT.id}:
        message = "The account has other roles than a student's. Change this person's record by hand."
        raise Conflict(message, code="other_roles")
    version = user.version
    return [*accounts.activation(user, active), put_account(user, version)]
