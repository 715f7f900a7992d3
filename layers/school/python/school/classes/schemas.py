"""What the operations of classes take and answer."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from school.bodies import Body, Id, clean_line

CLASS_MEMBERS = (
    "id",
    "name",
    "grade",
    "academicYear",
    "major",
    "homeroomTeacherId",
    "capacity",
    "studentCount",
    "createdAt",
    "updatedAt",
)
STUDENT_MEMBERS = ("id", "userId", "name", "nisn", "nipd", "gender", "active")
#: So that a roster is one query and one BatchGetItem.
LARGEST_CLASS = 100
_YEAR = re.compile(r"([0-9]{4})/([0-9]{4})")


def academic_year(text: str) -> str:
    """An academic year such as 2026/2027.

    Raises:
        ValueError: it is none.
    """
    match = _YEAR.fullmatch(text)
    if not match or int(match[2]) != int(match[1]) + 1:
        raise ValueError("This must be an academic year such as 2026/2027: two years in a row.")
    return text


AcademicYear = Annotated[str, AfterValidator(academic_year)]
ClassName = Annotated[str, Field(max_length=50), AfterValidator(clean_line)]
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


class AddStudent(Body):
    """POST /api/classes/{class_id}/students."""

    studentId: Id


class CopyClass(Body):
    """POST /api/classes/{class_id}/copy."""

    academicYear: AcademicYear
    name: ClassName | None = None
    grade: Grade | None = None
    includeStudents: bool = False
    exceptStudentIds: Ids = Field(default_factory=list)
    dryRun: bool = False


def read_grade(text: str) -> int:
    """Reads the filter `grade`.

    Raises:
        ValueError: it is no grade.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= 13):
        raise ValueError("grade is a whole number from 1 to 13.")
    return int(text)


def to_wire(item: Any) -> dict[str, Any]:
    """The contract's Class. A deleted one is only its tombstone."""
    if item.deleted_at:
        return {"id": item.id, "deletedAt": item.deleted_at}
    return {
        "id": item.id,
        "name": item.name,
        "grade": int(item.grade),
        "academicYear": item.academic_year,
        "major": item.major,
        "homeroomTeacherId": item.homeroom_teacher_id,
        "capacity": int(item.capacity),
        "studentCount": int(item.student_count),
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
    }


def student_to_wire(student: Any) -> dict[str, Any]:
    """A student as a roster shows one: enough to call the names, and nothing sensitive."""
    return {
        "id": student.id,
        "userId": student.user_id,
        "name": student.name,
        "nisn": student.profile.get("nisn"),
        "nipd": student.profile.get("nipd"),
        "gender": student.profile.get("gender"),
        "active": student.active,
    }
