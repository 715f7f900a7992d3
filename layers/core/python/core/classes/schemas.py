"""What the operations of classes take and answer."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from core.contract.outcomes import SUMMARY, row
from core.contract.shapes import Member, Shape, record
from core.contract.values import BOOLEAN, GRADE, ID, INTEGER, OBJECT, TEXT, Value, one_of
from core.kernel.bodies import Body, Id, clean_line, clean_name
from core.kernel.outcomes import summary
from core.people.enumerations import GENDER
from core.people.fields import YEARS

#: So that a roster is one query and one BatchGetItem.
LARGEST_CLASS = 100
_YEAR = re.compile(r"([0-9]{4})/([0-9]{4})")


def academic_year(text: str) -> str:
    """An academic year such as 2026/2027.

    Raises:
        ValueError: it is none.
    """
    match = _YEAR.fullmatch(text)
    if not match or int(match[2]) != int(match[1]) + 1 or int(match[1]) not in YEARS:
        raise ValueError("This must be an academic year such as 2026/2027: two years in a row.")
    return text


AcademicYear = Annotated[str, AfterValidator(academic_year)]
ClassName = Annotated[str, Field(max_length=50), AfterValidator(clean_name)]
Major = Annotated[str, Field(max_length=100), AfterValidator(clean_line)]
Grade = Annotated[int, Field(ge=1, le=13)]
Capacity = Annotated[int, Field(ge=1, le=LARGEST_CLASS)]
#: More than a school has, and within a body's size.
Ids = Annotated[list[Id], Field(max_length=5000)]


class CreateClass(Body):
    """POST /api/classes."""

    name: ClassName
    grade: Grade
    academicYear: AcademicYear
    major: Major | None = None
    homeroomTeacherId: Id | None = None
    capacity: Capacity


class UpdateClass(Body):
    """PATCH /api/classes/{class_id}: what is sent is changed, null clears what may be absent."""

    name: ClassName = ""
    grade: Grade = 1
    academicYear: AcademicYear = ""
    major: Major | None = None
    homeroomTeacherId: Id | None = None
    capacity: Capacity = 1


class AddStudents(Body):
    """POST /api/classes/{class_id}/students: one student, or many."""

    studentId: Id | None = None
    studentIds: Annotated[list[Id], Field(min_length=1, max_length=LARGEST_CLASS)] | None = None
    move: bool = False

    @model_validator(mode="after")
    def _one_or_many(self) -> "AddStudents":
        if (self.studentId is None) == (self.studentIds is None):
            raise ValueError("Send exactly one of studentId and studentIds.")
        return self


class CopyClass(Body):
    """POST /api/classes/{class_id}/copy."""

    academicYear: AcademicYear
    name: ClassName | None = None
    grade: Grade | None = None
    includeStudents: bool = False
    exceptStudentIds: Ids = Field(default_factory=list)
    dryRun: bool = False


ACADEMIC_YEAR = Value({"type": "string", "pattern": "^[0-9]{4}/[0-9]{4}$"}, academic_year)
CLASS = record(
    "Class",
    Member("id", ID),
    Member("name", TEXT),
    Member("grade", GRADE, lambda item: int(item.grade)),
    Member("academicYear", ACADEMIC_YEAR),
    Member("major", TEXT, nullable=True),
    Member("homeroomTeacherId", ID, nullable=True),
    Member("homeroomTeacherName", TEXT, nullable=True),
    Member("capacity", INTEGER, lambda item: int(item.capacity)),
    Member("studentCount", INTEGER, lambda item: int(item.student_count)),
    description="A class of one academic year.",
)


def _of_profile(name: str) -> Callable[[Any], Any]:
    return lambda student: student.profile.get(name)


def _is_there(student: Any) -> bool:
    return student is not None and not student.deleted_at


ROSTER_ENTRY = Shape(
    "RosterEntry",
    Member("id", ID),
    Member("userId", ID, nullable=True),
    Member("name", TEXT),
    Member("nisn", TEXT, _of_profile("nisn"), nullable=True),
    Member("nipd", TEXT, _of_profile("nipd"), nullable=True),
    Member("gender", one_of(GENDER, dapodik=GENDER), _of_profile("gender"), nullable=True),
    Member("active", BOOLEAN),
    description="A student as a roster shows one: enough to call the names, and nothing sensitive.",
)
ADDED = row(
    "AddedStudent",
    Member("name", TEXT, lambda row: row.student.name if _is_there(row.student) else None, nullable=True),
    Member(
        "otherClassId",
        ID,
        lambda row: row.other.id if row.other else None,
        nullable=True,
        description="The other class of that year, which the student has left or, if that failed, still has; "
        "null also for who may not see classes.",
    ),
    Member("otherClassName", TEXT, lambda row: row.other.name if row.other else None, nullable=True),
    description="A student: `updated` is in the class now, `unchanged` was there already.",
)
_COPIED = row(
    "CopiedStudent",
    Member("name", TEXT, "student.name"),
    description="A student: `updated` goes along, `unchanged` is in the new class already, `skipped` is excepted.",
)
CLASS_COPY = Shape(
    "ClassCopy",
    Member(
        "class",
        OBJECT,
        lambda copy: CLASS.document(copy.made) if copy.made else copy.planned,
        description="The class as it was made; of a dry run the members that it would get.",
    ),
    Member("summary", SUMMARY, lambda copy: summary(copy.rows)),
    Member("rows", _COPIED, is_list=True, description="The students by name; none where none are to go along."),
    description="The copy of a class.",
)
