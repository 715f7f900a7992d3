"""Moving many students, a few in each transaction, so that whoever is stopped can be repeated.

Each student's move is decided on the record and classes as they are, and written on the condition that they still are.
A move that is done already decides nothing, so a repetition moves everybody exactly once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import batched

from core.accounts import service as accounts
from core.classes.membership import already_there, joining, leaving, memberships_of, seated
from core.classes.models import ClassItem
from core.classes.service import require_active
from core.kernel.errors import Conflict, CoreError, NotFound, PreconditionFailed, Problem, Unavailable
from core.kernel.policy import STUDENT
from core.kernel.records import copy_of, replacement, searchable_anew, summed
from core.kernel.table import Write, get, get_many, transact
from core.people.kinds import STUDENTS
from core.people.models import PersonItem, people_of
from core.people.service import put_account
from core.users.models import UserItem, users_of

#: A student who gets another class is at most 14 writes, one whose account closes 25; a transaction takes 100.
_MOVED_AT_ONCE = 6
_CLOSED_AT_ONCE = 3
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Refusal:
    """A student who was left where they are, and why."""

    student_id: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Move:
    """What is done to each of many students."""

    organization_id: str
    #: Alters a student and returns the writes that go along with putting the record; None when there is nothing to do.
    decide: Callable[[PersonItem], list[Write] | None]
    #: What is written once for those who are moved in one transaction.
    together: Callable[[list[PersonItem]], list[Write]]
    #: Called before each transaction; raises when it is not to be begun.
    go_on: Callable[[], None] = field(default=lambda: None)
    at_once: int = _MOVED_AT_ONCE


def run(move: Move, student_ids: Iterable[str]) -> list[Refusal]:
    """Moves the students; answers who could not be moved.

    Raises:
        Stopped: what the moves rest on is no longer so.
        Unavailable: the table stayed busy; asking again goes on.
    """
    refusals: list[Refusal] = []
    for some in batched(student_ids, move.at_once, strict=False):
        move.go_on()
        refusals += _attempt(move, list(some))
    return refusals


class Stopped(Conflict):
    """What all moves rest on is no longer so; none is to be tried again."""


def _attempt(move: Move, ids: list[str]) -> list[Refusal]:
    failure = CoreError()
    for _ in range(_ATTEMPTS):
        moved, writes, refusals = _decided(move, ids)
        if not moved:
            return refusals
        try:
            transact(*summed([*writes, *move.together(moved)]))
        except Stopped:
            raise
        except (Conflict, PreconditionFailed) as error:
            # One of them is not as was read; the others need not suffer for it.
            if len(ids) > 1:
                return [refusal for each in ids for refusal in _attempt(move, [each])]
            failure = error
        else:
            return refusals
    return [Refusal(ids[0], failure.problems[0])]


def _decided(move: Move, ids: list[str]) -> tuple[list[PersonItem], list[Write], list[Refusal]]:
    partition = people_of(move.organization_id, STUDENTS.name)
    moved: list[PersonItem] = []
    writes: list[Write] = []
    refusals: list[Refusal] = []
    for student_id, student in zip(ids, get_many([(PersonItem, partition, each) for each in ids]), strict=True):
        try:
            if student is None or student.deleted_at:
                raise NotFound("This student is not there any more.", code="student_gone")
            version = student.version
            further = move.decide(student)
        except Unavailable:
            raise
        except CoreError as error:
            refusals.append(Refusal(student_id, error.problems[0]))
            continue
        if further is not None:
            writes += [replacement(student, version, PreconditionFailed()), *further]
            moved.append(student)
    return moved, writes, refusals


def into(
    target: ClassItem,
    together: Callable[[list[PersonItem]], list[Write]],
    go_on: Callable[[], None] = lambda: None,
    promotion: str | None = None,
) -> Move:
    """The move into a class of a year in which the students have none yet."""

    def decide(student: PersonItem) -> list[Write] | None:
        held = memberships_of(student)
        there = next((each for each in held if each.academic_year == target.academic_year), None)
        if there and there.class_id == target.id:
            return None
        if there:
            raise already_there(target.academic_year)
        require_active(student)
        return joining(student, held, target.id, target.academic_year, promotion)

    def counted(students: list[PersonItem]) -> list[Write]:
        seats = seated(target.organization_id, target.id, len(students), target.name)
        return [seats, *together(students)]

    return Move(target.organization_id, decide, counted, go_on)


def out_of(
    organization_id: str,
    class_id: str,
    promotion: str,
    together: Callable[[list[PersonItem]], list[Write]],
    go_on: Callable[[], None],
) -> Move:
    """The move by which a promotion takes those out of a class whom it put there, and nobody else."""

    def decide(student: PersonItem) -> list[Write] | None:
        held = memberships_of(student)
        own = next((each for each in held if each.class_id == class_id and each.promotion == promotion), None)
        return leaving(student, held, own) if own else None

    def counted(students: list[PersonItem]) -> list[Write]:
        return [seated(organization_id, class_id, -len(students)), *together(students)]

    return Move(organization_id, decide, counted, go_on)


def graduating(
    organization_id: str,
    promotion: str,
    *,
    back: bool,
    together: Callable[[list[PersonItem]], list[Write]],
    go_on: Callable[[], None],
) -> Move:
    """The move by which students leave the school with their accounts closed, or `back`."""

    def decide(student: PersonItem) -> list[Write] | None:
        if (student.graduated_by == promotion) != back:
            return None
        if not back:
            require_active(student)
        before = copy_of(student)
        student.active, student.graduated_by = back, None if back else promotion
        return [*searchable_anew(before, student), *_account(student, active=back)]

    return Move(organization_id, decide, together, go_on, _CLOSED_AT_ONCE)


def _account(student: PersonItem, *, active: bool) -> list[Write]:
    user = get(UserItem, users_of(student.organization_id), student.user_id) if student.user_id else None
    if user is None or user.deleted_at or user.active == active:
        return []
    if set(user.roles) - {STUDENT.id}:
        message = "The account has other roles than a student's. Look after this person by hand."
        raise Conflict(message, code="other_roles")
    version = user.version
    return [*accounts.activation(user, active), put_account(user, version)]
