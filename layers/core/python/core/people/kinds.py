"""What tells students, teachers and staff apart. Everything else they share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.contract.shapes import Shape
from core.contract.values import BOOLEAN, EMAIL, GRADE, ID, Value
from core.kernel.policy import STAFF, STUDENT, TEACHER, Permission, SystemRole
from core.people import shapes
from core.people.schemas import StaffBody, StudentBody, TeacherBody, UserProfile
from core.users.schemas import normalize_email

#: What a caller without `students:sensitive` does not see, and whose viewing is audited (acceptance A5).
SENSITIVE = shapes.STUDENT.sensitive | shapes.TEACHER.sensitive | shapes.STAFF.sensitive

#: In one file: as many as the function reads and writes well within its time.
MOST_PEOPLE = 5_000


def _readiness(text: str) -> bool:
    if text not in ("complete", "incomplete"):
        raise ValueError("Send complete or incomplete.")
    return text == "complete"


_EMPLOYED = ("nip", "nuptk", "employmentStatus", "maritalStatus")
_READINESS = Value({"type": "string", "enum": ["complete", "incomplete"]}, _readiness)


@dataclass(frozen=True, slots=True)
class PersonKind:
    """A kind of people of a school."""

    name: str
    #: What the contract calls the id in a path.
    parameter: str
    schema: type[UserProfile]
    #: What answers show.
    shape: Shape
    role: SystemRole
    read: Permission
    write: Permission
    #: The exact filters of its list.
    filters: Mapping[str, Value] = field(hash=False)

    @property
    def path(self) -> str:
        return f"/api/{self.name}"

    @property
    def words(self) -> dict[str, str]:
        """What sentences call one of them and all of them."""
        one = self.parameter.removesuffix("_id")
        return {"one": "member of staff" if one == "staff" else one, "many": self.name}

    @property
    def members(self) -> tuple[str, ...]:
        """The members of an answer."""
        return self.shape.names


#: What the lists of all kinds are filtered by.
_COMMON = ("gender", "religion", "bloodType", "birthDate", "nik")
_EMAIL = Value(EMAIL.schema, normalize_email)


def _filters(shape: Shape, *names: str, **more: Value) -> dict[str, Value]:
    """Filters on members, of the members' own kinds."""
    kinds = {member.name: member.value for member in shape.members}
    own = {name: value for name in (*_COMMON, *names) if isinstance(value := kinds[name], Value)}
    return {"active": BOOLEAN, "email": _EMAIL} | own | more


STUDENTS = PersonKind(
    "students",
    "student_id",
    StudentBody,
    shapes.STUDENT,
    STUDENT,
    Permission.STUDENTS_READ,
    Permission.STUDENTS_WRITE,
    _filters(
        shapes.STUDENT,
        "nisn",
        "nipd",
        "residenceType",
        "transportationMode",
        classId=ID,
        grade=GRADE,
        readiness=_READINESS,
    ),
)
TEACHERS = PersonKind(
    "teachers",
    "teacher_id",
    TeacherBody,
    shapes.TEACHER,
    TEACHER,
    Permission.TEACHERS_READ,
    Permission.TEACHERS_WRITE,
    _filters(shapes.TEACHER, *_EMPLOYED),
)
STAFF_MEMBERS = PersonKind(
    "staff",
    "staff_id",
    StaffBody,
    shapes.STAFF,
    STAFF,
    Permission.STAFF_READ,
    Permission.STAFF_WRITE,
    _filters(shapes.STAFF, *_EMPLOYED),
)
KINDS = {kind.name: kind for kind in (STUDENTS, TEACHERS, STAFF_MEMBERS)}
