"""Homeroom teachers: a class names a teacher who is there, and a teacher who goes is named no longer."""

from core.classes.models import ClassItem, HomeroomItem, classes_of, homeroom_key
from core.kernel.errors import BadRequest, Conflict
from core.kernel.records import copy_of, replacement, searchable_anew
from core.kernel.table import Item, Write, check, delete, get, get_many, update
from core.people.models import PersonItem, people_of


def _busy() -> Conflict:
    return Conflict("The teacher's classes are being changed at the same moment. Try again.", code="busy")


def named(organization_id: str, class_id: str, before: str | None, after: str | None) -> list[Write]:
    """The writes that go along with another homeroom teacher of a class; none when it is the same."""
    if before == after:
        return []
    writes: list[Write] = []
    if before:
        _, partition, sort = homeroom_key(organization_id, before)
        actions = [HomeroomItem.class_ids.delete({class_id}), HomeroomItem.version.add(1)]
        writes.append(update(HomeroomItem(partition, sort), actions))
    if after:
        unknown = BadRequest("There is no such teacher.", code="unknown_teacher", field="homeroomTeacherId")
        living = Item.partition.exists() & PersonItem.deleted_at.does_not_exist()
        writes.append(check(PersonItem, people_of(organization_id, "teachers"), after, living, unknown))
        writes.append(taking_charge(organization_id, class_id, after))
    return writes


def taking_charge(organization_id: str, class_id: str, teacher_id: str) -> Write:
    """Notes that the teacher, whoever it is, is the homeroom teacher of a class."""
    _, partition, sort = homeroom_key(organization_id, teacher_id)
    return update(HomeroomItem(partition, sort), [HomeroomItem.class_ids.add({class_id}), HomeroomItem.version.add(1)])


def resigning(teacher: PersonItem) -> list[Write]:
    """The writes by which a teacher who is deleted stops being the homeroom teacher of any class."""
    model, partition, sort = homeroom_key(teacher.organization_id, teacher.id)
    item = get(model, partition, sort)
    if item is None:
        return [check(model, partition, sort, Item.partition.does_not_exist(), _busy())]
    ids = sorted(item.class_ids or ())
    writes = [delete(item, HomeroomItem.version == item.version, _busy())]
    found = get_many([(ClassItem, classes_of(teacher.organization_id), each) for each in ids])
    for each in found:
        if each and each.homeroom_teacher_id == teacher.id:
            before, version = copy_of(each), each.version
            each.homeroom_teacher_id = None
            writes += [replacement(each, version, _busy()), *searchable_anew(before, each)]
    return writes
