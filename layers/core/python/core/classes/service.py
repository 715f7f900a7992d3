"""The rules of classes and their rosters."""

from typing import Any

from core.audit.models import done_by
from core.audit.updates import updated
from core.classes import homerooms
from core.classes.membership import leaving, memberships_of, seated, student_ids_of
from core.classes.models import ClassItem, NameItem, classes_of, name_key
from core.kernel import clock, listings, records
from core.kernel.cursors import Page, PageRequest
from core.kernel.errors import Conflict, Existing, NotFound, PreconditionFailed
from core.kernel.folding import fold, is_met
from core.kernel.lists import Arranged
from core.kernel.policy import Caller
from core.kernel.records import bury, copy_of, counted, created, searchable_anew, unsearchable
from core.kernel.table import Write, create, delete, get, get_many, transact
from core.people import service as people
from core.people.kinds import STUDENTS
from core.people.models import PersonItem, people_of

_MEMBERS = {
    "name": "name",
    "grade": "grade",
    "academicYear": "academic_year",
    "major": "major",
    "homeroomTeacherId": "homeroom_teacher_id",
    "capacity": "capacity",
}


def find(organization_id: str, class_id: str) -> ClassItem:
    """The class of this school with this id.

    Raises:
        NotFound: absent, deleted, of another school, or not an id at all.
    """
    return records.find(ClassItem, classes_of(organization_id), class_id)


def listing(organization_id: str, request: PageRequest) -> Page:
    """A page of the school's classes."""
    return listings.listing(ClassItem, classes_of(organization_id), request)


def audit(actor: Caller, target_id: str, action: str, student_ids: list[str] | None = None) -> Write:
    """The write that records what was done to a class, and to whom of its students."""
    return done_by(actor, f"classes.{action}", target_id, {"ids": " ".join(student_ids)} if student_ids else None)


def claimed(item: ClassItem) -> Write:
    """Takes the name of a class in its year, if no other class has it."""
    _, partition, sort = name_key(item.organization_id, item.academic_year, item.name)
    return create(NameItem(partition, sort, class_id=item.id), _name_taken(item.name, item.academic_year))


def _name_taken(name: str, year: str) -> Conflict:
    return Conflict(f"There is a class {name} in {year} already.", code="name_taken", field="name")


def name_taken(there: ClassItem, name: str, year: str) -> Conflict:
    """Another class has the name in that year: `there`, for who may see it."""
    refusal = _name_taken(name, year)
    refusal.existing = [Existing("name", "classes", there.id, there.organization_id)]
    return refusal


def _released(item: ClassItem) -> Write:
    _, partition, sort = name_key(item.organization_id, item.academic_year, item.name)
    return delete(NameItem(partition, sort))


def named(organization_id: str, academic_year: str, name: str) -> str | None:
    """The id of the class that has this name in this year."""
    claim: NameItem | None = get(*name_key(organization_id, academic_year, name))
    return claim.class_id if claim else None


def create_class(
    actor: Caller, members: dict[str, Any], class_id: str | None = None, made_from: str | None = None
) -> ClassItem:
    """A new class without students.

    Args:
        actor: who makes it, in whose school.
        members: a valid body.
        class_id: the id that it gets, where it is known before.
        made_from: of which class it is a copy, or by which promotion it is made.

    Raises:
        BadRequest: the homeroom teacher is nobody of the school.
        Conflict: another class of the year has the name.
    """
    at = clock.now()
    class_id = class_id or clock.new_id(at)
    item = ClassItem(classes_of(actor.organization_id), class_id)
    for name, value in members.items():
        setattr(item, _MEMBERS[name], value)
    item.free, item.made_from = item.capacity, made_from
    # A list in the order of ids is one in the order of creation.
    item.created_at, item.updated_at = clock.to_wire(clock.instant_of(class_id)), clock.to_wire(at)
    transact(
        claimed(item),
        *created(item, Conflict("This class is there already.", code="already_there")),
        *homerooms.named(item.organization_id, item.id, None, item.homeroom_teacher_id),
        audit(actor, item.id, "create"),
    )
    return item


def update_class(actor: Caller, class_id: str, changes: dict[str, Any], expected: int | None) -> ClassItem:
    """Changes the members in `changes`. What changes nothing writes nothing.

    Raises:
        BadRequest: the homeroom teacher is nobody of the school.
        Conflict: another class of the year has the name; there are more students than the capacity; or the year of a
            class with students would change.
    """

    def decide(item: ClassItem) -> list[Write] | None:
        before = copy_of(item)
        for name, value in changes.items():
            setattr(item, _MEMBERS[name], value)
        entry = updated(actor, "classes.update", item.id, _members_of(before), _members_of(item))
        if not entry:
            return None
        _require_room(before, item)
        item.free = item.capacity - item.student_count
        writes = [*entry, *searchable_anew(before, item)]
        if (before.academic_year, fold(before.name)) != (item.academic_year, fold(item.name)):
            writes += [_released(before), claimed(item)]
        teachers = before.homeroom_teacher_id, item.homeroom_teacher_id
        return [*writes, *homerooms.named(item.organization_id, item.id, *teachers)]

    return records.change(lambda: find(actor.organization_id, class_id), expected, decide)


def _members_of(item: ClassItem) -> dict[str, Any]:
    return {name: getattr(item, stored) for name, stored in _MEMBERS.items()}


def _require_room(before: ClassItem, item: ClassItem) -> None:
    if item.capacity < item.student_count:
        message = f"There are {int(item.student_count)} students in the class. Take some out first."
        raise Conflict(message, code="capacity_below_students", field="capacity")
    if item.student_count and item.academic_year != before.academic_year:
        message = "There are students in the class, each of whom has one class a year. Copy the class instead."
        raise Conflict(message, code="class_has_students", field="academicYear")


def delete_class(actor: Caller, class_id: str, expected: int | None, *, force: bool) -> None:
    """Deletes a class. With `force` its students leave it first, a few at a time; whoever was stopped asks again.

    Raises:
        Conflict: it has students; code `class_has_students`.
    """
    item = find(actor.organization_id, class_id)
    if expected is not None and item.version != expected:
        raise PreconditionFailed()
    if force and item.student_count:
        _empty(actor, item)
        expected = None

    def decide(current: ClassItem) -> list[Write]:
        if current.student_count:
            message = "There are students in the class. Take them out first, or send force=true."
            raise Conflict(message, code="class_has_students")
        writes = [_released(current), counted(current, -1), *unsearchable(current), audit(actor, current.id, "delete")]
        writes += homerooms.named(current.organization_id, current.id, current.homeroom_teacher_id, None)
        current.homeroom_teacher_id = None
        bury(current)
        return writes

    records.change(lambda: find(actor.organization_id, class_id), expected, decide)


def _empty(actor: Caller, item: ClassItem) -> None:
    for student_id in student_ids_of(item.organization_id, item.id):
        try:
            remove_student(actor, item.id, student_id)
        except NotFound:
            continue


def roster(organization_id: str, class_id: str) -> list[PersonItem]:
    """The students of a class by name."""
    ids = student_ids_of(organization_id, class_id)
    found = get_many([(PersonItem, people_of(organization_id, STUDENTS.name), each) for each in ids])
    living = [each for each in found if each and not each.deleted_at]
    return sorted(living, key=lambda each: (fold(each.name), each.id))


def roster_page(organization_id: str, class_id: str, request: PageRequest) -> Page:
    """A page of a class's students by name. A class is small, so it is read whole.

    Raises:
        NotFound: there is no such class.
    """
    students = roster(organization_id, find(organization_id, class_id).id)
    if request.search:
        students = [each for each in students if is_met(each.terms(), request.search)]
    return Arranged(students, lambda each: (fold(each.name), each.id), request.sort.startswith("-")).page(request)


def remove_student(actor: Caller, class_id: str, student_id: str) -> None:
    """Takes a student out of a class.

    Raises:
        NotFound: there is no such class, or the student is not in it.
    """
    item = find(actor.organization_id, class_id)

    def decide(student: PersonItem) -> list[Write]:
        held = memberships_of(student)
        left = next((each for each in held if each.class_id == item.id), None)
        if left is None:
            raise NotFound()
        return [
            *leaving(student, held, left),
            seated(item.organization_id, item.id, -1),
            audit(actor, item.id, "students.remove", [student.id]),
        ]

    records.change(lambda: people.find(actor.organization_id, STUDENTS, student_id), None, decide)
