"""What tells students, teachers and staff apart. Everything else they share."""

from dataclasses import dataclass

from school.people.schemas import StaffBody, StudentBody, TeacherBody, UserProfile, members_of
from school.policy import STAFF, STUDENT, TEACHER, Permission, SystemRole

#: What a caller without `students:sensitive` does not see, and whose viewing is audited (acceptance A5).
SENSITIVE = frozenset({"nik", "religion", "familyCardNumber", "birthCertificateNumber", "father", "mother", "guardian"})


@dataclass(frozen=True, slots=True)
class PersonKind:
    """A kind of people of a school."""

    name: str
    #: What the contract calls the id in a path.
    parameter: str
    schema: type[UserProfile]
    role: SystemRole
    read: Permission
    write: Permission
    #: The exact filters of its list, besides `active`: member and whether it is an enumeration.
    filters: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"/api/{self.name}"

    @property
    def members(self) -> tuple[str, ...]:
        """The members of an answer."""
        return members_of(self.schema)


STUDENTS = PersonKind(
    "students",
    "student_id",
    StudentBody,
    STUDENT,
    Permission.STUDENTS_READ,
    Permission.STUDENTS_WRITE,
    ("gender", "classId", "residenceType", "transportationMode", "readiness"),
)
TEACHERS = PersonKind(
    "teachers",
    "teacher_id",
    TeacherBody,
    TEACHER,
    Permission.TEACHERS_READ,
    Permission.TEACHERS_WRITE,
    ("gender", "employmentStatus", "maritalStatus"),
)
STAFF_MEMBERS = PersonKind(
    "staff",
    "staff_id",
    StaffBody,
    STAFF,
    Permission.STAFF_READ,
    Permission.STAFF_WRITE,
    ("gender", "employmentStatus", "maritalStatus"),
)
KINDS = {kind.name: kind for kind in (STUDENTS, TEACHERS, STAFF_MEMBERS)}
