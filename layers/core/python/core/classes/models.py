"""Classes, and who sits in them, as items of the table. Their keys are spelled here and nowhere else."""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from core.kernel.folding import fold_key
from core.kernel.records import Record
from core.kernel.table import Item


class ClassItem(Record):
    """A class of one academic year. Its roster changes it too, so that its version stands for both."""

    grade = NumberAttribute()
    academic_year = UnicodeAttribute()
    major = UnicodeAttribute(null=True)
    homeroom_teacher_id = UnicodeAttribute(null=True)
    #: Not stored: read when the class is shown.
    homeroom_teacher_name: str | None = None
    capacity = NumberAttribute()
    student_count = NumberAttribute(default=0)
    #: Capacity less students: a condition can compare one member with a number, and not the sum of two.
    free = NumberAttribute()
    #: The class of which it is a copy, or the promotion that made it: a repeated call finds its own work by it.
    made_from = UnicodeAttribute(null=True)

    def filter_values(self) -> dict[str, Any]:
        return {
            "academicYear": self.academic_year,
            "grade": int(self.grade),
            "homeroomTeacherId": self.homeroom_teacher_id,
        }


def classes_of(organization_id: str) -> str:
    """The partition of a school's classes."""
    return f"{organization_id}#CLASSES"


class NameItem(Item):
    """The claim of a class on its name in an academic year."""

    class_id = UnicodeAttribute()

    @property
    def holder(self) -> tuple[str, str]:
        return "classes", self.class_id


def name_key(organization_id: str, academic_year: str, name: str) -> tuple[type[NameItem], str, str]:
    """Where the claim on a class's name stands."""
    year = f"{academic_year}#"
    return NameItem, f"{organization_id}#CLASSES#NAME", year + fold_key(name, beside=len(year))


class MembershipItem(Item):
    """In which class a student is in one academic year: there can be only one."""

    class_id = UnicodeAttribute()
    #: The promotion that put the student there, so that it can take back what is its own.
    promotion = UnicodeAttribute(null=True)

    @property
    def academic_year(self) -> str:
        return self.sort.partition("#")[2]


MEMBERSHIP_PREFIX = "CLASS#"


def student_key(organization_id: str, student_id: str) -> str:
    """The partition of what a student has besides the record."""
    return f"{organization_id}#STUDENT#{student_id}"


class SeatItem(Item):
    """That a student is on the roster of a class. The names are read from the students, who may change them."""


def roster_of(organization_id: str, class_id: str) -> str:
    """The partition of a class's roster."""
    return f"{organization_id}#CLASS#{class_id}"


class HomeroomItem(Item):
    """Of which classes a teacher is the homeroom teacher. Its version is what a teacher's deletion rests on."""

    class_ids: Any = UnicodeSetAttribute(null=True)
    version = NumberAttribute(default=0)


def homeroom_key(organization_id: str, teacher_id: str) -> tuple[type[HomeroomItem], str, str]:
    """Where a teacher's homerooms stand."""
    return HomeroomItem, f"{organization_id}#TEACHER#{teacher_id}", "HOMEROOM"
