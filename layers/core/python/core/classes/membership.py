"""Who is in which class: the writes that put a student into a class and take one out.

Every change of a student's classes also puts the student's record on its version, so what was read of them with the
record still holds when it is written. A class counts its students by conditional additions and not by its version, so
that a hundred who are added at once need not wait for one another's reading.
"""

from collections.abc import Iterable, Mapping

from pynamodb.expressions.update import Action

from core.classes.homerooms import resigning
from core.classes.models import (
    MEMBERSHIP_PREFIX,
    ClassItem,
    MembershipItem,
    SeatItem,
    classes_of,
    roster_of,
    student_key,
)
from core.kernel import clock
from core.kernel.errors import Conflict, Existing, Problem
from core.kernel.lists import Source, attribute, entries
from core.kernel.records import Overtaken, copy_of, searchable_anew
from core.kernel.table import Item, Write, create, delete, get_many, put, update, update_judged
from core.people.models import PersonItem


def memberships_of(student: PersonItem) -> list[MembershipItem]:
    """The student's classes, one a year, the oldest first."""
    years = attribute("sk").startswith(MEMBERSHIP_PREFIX)
    source = Source(student_key(student.organization_id, student.id), range_condition=years)
    return [MembershipItem.from_raw_data(each) for each in entries(source, None)]


def student_ids_of(organization_id: str, class_id: str) -> list[str]:
    """The ids of those on a class's roster."""
    return [each["sk"]["S"] for each in entries(Source(roster_of(organization_id, class_id)), None)]


def _no_room(item: ClassItem | None, name: str) -> Conflict:
    """Why a class takes nobody: it is full, or there no longer."""
    if item is None or item.deleted_at:
        return Conflict(f"The class {name} was deleted meanwhile. Choose another.", code="class_deleted")
    return Conflict(f"The class {name} is full. Raise its capacity first.", code="class_full")


def seated(organization_id: str, class_id: str, number: int, name: str = "") -> Write:
    """Counts so many students into a class, or out of it when the number is negative.

    Args:
        organization_id: the school.
        class_id: the class.
        number: how many more.
        name: of the class, for the refusal that says that it is full or gone; without it what was decided is overtaken.
    """
    at = clock.to_wire(clock.now())
    item = ClassItem(classes_of(organization_id), class_id)
    actions: list[Action] = [
        ClassItem.student_count.add(number),
        ClassItem.free.add(-number),
        ClassItem.version.add(1),
        ClassItem.updated_at.set(at),
        Item.change_list_key.set(item.partition),
        Item.change_key.set(f"{at}#{class_id}"),
    ]
    living = ClassItem.deleted_at.does_not_exist() & Item.partition.exists()
    room = (living & (ClassItem.free >= number)) if number > 0 else (living & (ClassItem.student_count >= -number))
    if name:
        return update_judged(item, actions, room, lambda there: _no_room(there, name))
    return update(item, actions, room, Overtaken())


#: Why somebody is skipped whom a request excepts.
EXCEPTED = Problem("excepted", "The request leaves this student out.")


def already_there(year: str, there: ClassItem | None = None) -> Conflict:
    """The student has a class in that year: `there`, for who may see it."""
    name = f"the class {there.name}" if there else "a class"
    message = f"This student is in {name} of {year} already. Take the student out of that one first."
    refusal = Conflict(message, code="already_in_class", field="studentId")
    if there:
        refusal.existing = [Existing("studentId", "classes", there.id, there.organization_id)]
    return refusal


def require_active(student: PersonItem) -> None:
    """Refuses a student who is not at the school.

    Raises:
        Conflict: code `student_inactive`.
    """
    if not student.active:
        message = "This student's record is inactive. Activate it first."
        raise Conflict(message, code="student_inactive", field="studentId")


def _set_current(student: PersonItem, classes: dict[str, str]) -> list[Write]:
    """Makes the newest year's class the current one; the writes that lists and searches need for it."""
    before = copy_of(student)
    student.class_id = classes[max(classes)] if classes else None
    return [] if student.deleted_at else searchable_anew(before, student)


def joining(
    student: PersonItem, held: Iterable[MembershipItem], class_id: str, year: str, promotion: str | None = None
) -> list[Write]:
    """Puts a student into a class. The student, whose current class it may become, is not put; nor is the class.

    Args:
        student: as read before `held`; is altered.
        held: the classes that the student has.
        class_id: the class.
        year: the class's academic year.
        promotion: the promotion on whose behalf it is done.
    """
    classes = {each.academic_year: each.class_id for each in held}
    placed = _placed(student, class_id, year, promotion)
    return [*placed, *_set_current(student, classes | {year: class_id})]


def entering(student: PersonItem, classes: Mapping[str, str], promotion: str | None = None) -> list[Write]:
    """Puts a student who is made in the same transaction into classes. The newest is the current one.

    Args:
        student: stands in no list yet; is altered, and not put; nor are the classes.
        classes: the ids of the classes by academic year.
        promotion: the promotion that put the student into all but the first.
    """
    writes: list[Write] = []
    for place, year in enumerate(sorted(classes)):
        writes += _placed(student, classes[year], year, promotion if place else None)
        student.class_id = classes[year]
    return writes


def _placed(student: PersonItem, class_id: str, year: str, promotion: str | None = None) -> list[Write]:
    key = student_key(student.organization_id, student.id), f"{MEMBERSHIP_PREFIX}{year}"
    seat = SeatItem(roster_of(student.organization_id, class_id), student.id)
    return [
        create(MembershipItem(*key, class_id=class_id, promotion=promotion), already_there(year)),
        create(seat, already_there(year)),
    ]


def switching(student: PersonItem, held: Iterable[MembershipItem], left: MembershipItem, class_id: str) -> list[Write]:
    """Takes a student from one class of a year into another. Neither the student is put, nor are the classes counted.

    The student is there by hand from now on: the undoing of a promotion takes back what is the promotion's own.
    """
    classes = {each.academic_year: each.class_id for each in held} | {left.academic_year: class_id}
    organization_id = student.organization_id
    return [
        put(MembershipItem(left.partition, left.sort, class_id=class_id)),
        delete(SeatItem(roster_of(organization_id, left.class_id), student.id)),
        create(SeatItem(roster_of(organization_id, class_id), student.id), already_there(left.academic_year)),
        *_set_current(student, classes),
    ]


def _unplaced(student: PersonItem, membership: MembershipItem) -> list[Write]:
    seat = SeatItem(roster_of(student.organization_id, membership.class_id), student.id)
    return [delete(MembershipItem(membership.partition, membership.sort)), delete(seat)]


def leaving(student: PersonItem, held: Iterable[MembershipItem], *left: MembershipItem) -> list[Write]:
    """Takes a student out of the classes in `left`. Neither the student is put, nor are the classes counted."""
    classes = {each.academic_year: each.class_id for each in held}
    writes: list[Write] = []
    for each in left:
        classes.pop(each.academic_year, None)
        writes += _unplaced(student, each)
    return [*writes, *_set_current(student, classes)]


def parting(person: PersonItem) -> list[Write]:
    """The writes by which somebody who is deleted leaves the classes, as a student or as their homeroom teacher."""
    if person.kind == "students":
        return _leaving_for_good(person)
    return resigning(person) if person.kind == "teachers" else []


def _leaving_for_good(student: PersonItem) -> list[Write]:
    """Takes a student who is deleted out of all classes, and remembers them for a restoration."""
    held = memberships_of(student)
    student.classes_left = {each.academic_year: each.class_id for each in held} or None
    writes: list[Write] = []
    for each in held:
        writes += _unplaced(student, each)
        writes.append(seated(student.organization_id, each.class_id, -1))
    student.class_id = None
    return writes


def returning(student: PersonItem) -> list[Write]:
    """Puts a restored student back into those classes that are still there and have a place.

    Done before the student is made findable: the search entries then carry the class.
    """
    classes, student.classes_left = student.classes_left or {}, None
    keys = [(ClassItem, classes_of(student.organization_id), each) for each in classes.values()]
    found: list[ClassItem | None] = get_many(keys)
    taken = [each for each in found if each and not each.deleted_at and each.free > 0]
    writes: list[Write] = []
    for each in taken:
        # Whoever took the last place meanwhile is met by the next attempt.
        writes += _placed(student, each.id, each.academic_year)
        writes.append(seated(student.organization_id, each.id, 1))
    current = max(taken, key=lambda each: each.academic_year, default=None)
    student.class_id = current.id if current else None
    return writes
