"""Names beside ids: of a student's class, and of a class's homeroom teacher.

They are read when they are shown, so that the renaming of a class need not touch its hundred students.
"""

from collections.abc import Callable, Sequence
from typing import Any

from core.classes.models import ClassItem, classes_of
from core.contract.operations import Names
from core.kernel import records
from core.people.kinds import TEACHERS
from core.people.models import PersonItem, people_of


def _beside(member: str, attribute: str, model: type[records.Record], partition_of: Callable[[str], str]) -> Names:
    """Names of records whose ids stand in `<attribute>_id`; they are put into `<attribute>_name`."""
    id_attribute, name_attribute = f"{attribute}_id", f"{attribute}_name"

    def give(items: Sequence[Any], known: dict[str, str]) -> None:
        ids = [getattr(each, id_attribute) for each in items]
        if unknown := [each for each in ids if each and each not in known]:
            known |= records.names(model, partition_of(items[0].organization_id), unknown)
        for item, named in zip(items, ids, strict=True):
            setattr(item, name_attribute, known.get(named))

    return Names(member, name_attribute, give)


def _teachers_of(organization_id: str) -> str:
    return people_of(organization_id, TEACHERS.name)


CLASS_NAMES = _beside("className", "class", ClassItem, classes_of)
TEACHER_NAMES = _beside("homeroomTeacherName", "homeroom_teacher", PersonItem, _teachers_of)
