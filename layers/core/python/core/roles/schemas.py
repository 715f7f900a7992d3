"""What the operations of roles take and answer."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from core.contract.outcomes import row
from core.contract.shapes import Member, Shape
from core.contract.values import BOOLEAN, ID, INSTANT, INTEGER, TEXT, one_of
from core.kernel.bodies import Body, Id, clean_line, clean_name
from core.kernel.policy import Permission

MOST_IDS = 1000

#: What each permission lets somebody do, for the page on which roles are made.
SENTENCES = {
    Permission.AUDIT_READ: "Read who did what to whom.",
    Permission.CLASSES_READ: "See classes and their rosters.",
    Permission.CLASSES_WRITE: "Make, change, copy and delete classes and their rosters.",
    Permission.LETTERS_READ: "Read everybody's letters.",
    Permission.LETTERS_REVIEW: "Decide about letters.",
    Permission.ORGANIZATIONS_READ: "See the schools of this deployment.",
    Permission.ORGANIZATIONS_WRITE: "Make and change schools, and act inside each of them.",
    Permission.ROLES_READ: "See roles and who has them.",
    Permission.ROLES_WRITE: "Make and change roles, and give and take them, up to the own permissions.",
    Permission.STAFF_READ: "See the records of staff.",
    Permission.STAFF_WRITE: "Make, change and delete the records of staff.",
    Permission.STATS_READ: "See statistics.",
    Permission.STUDENTS_READ: "See the records of students.",
    Permission.STUDENTS_SENSITIVE: "See the members of records that are nobody's business, such as identity numbers.",
    Permission.STUDENTS_WRITE: "Make, change and delete the records of students.",
    Permission.TEACHERS_READ: "See the records of teachers.",
    Permission.TEACHERS_WRITE: "Make, change and delete the records of teachers.",
    Permission.USERS_PASSWORD: "Reset passwords of accounts that may do no more than the own one.",
    Permission.USERS_READ: "See accounts, their devices and sign-ins.",
    Permission.USERS_WRITE: "Make, change and close accounts that may do no more than the own one.",
}


def _permission(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return Permission(value)
        except ValueError as error:
            raise ValueError("There is no such permission. GET /api/permissions lists them.") from error
    return value


def _in_order(permissions: list[Permission]) -> list[Permission]:
    return sorted(set(permissions))


Name = Annotated[str, Field(max_length=100), AfterValidator(clean_name)]
Description = Annotated[str, Field(max_length=500), AfterValidator(clean_line)]
Granted = Annotated[
    list[Annotated[Permission, BeforeValidator(_permission)]], Field(max_length=100), AfterValidator(_in_order)
]


class CreateRole(Body):
    """POST /api/roles."""

    name: Name
    description: Description | None = None
    permissions: Granted


class UpdateRole(Body):
    """PATCH /api/roles/{role_id}."""

    name: Name = ""
    description: Description | None = None
    permissions: Granted = Field(default_factory=list)

    def changes(self) -> dict[str, Any]:
        """The members that were sent, null included."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Members(Body):
    """POST and DELETE /api/roles/{role_id}/members."""

    userIds: Annotated[list[Id], Field(min_length=1, max_length=MOST_IDS)]


ROLE = Shape(
    "Role",
    Member("id", ID),
    Member("name", TEXT),
    Member("description", TEXT, nullable=True),
    Member("permissions", one_of(Permission), lambda role: sorted(role.permissions), is_list=True),
    Member("system", BOOLEAN),
    Member("memberCount", INTEGER),
    Member("createdAt", INSTANT, nullable=True),
    Member("updatedAt", INSTANT, nullable=True),
    description="What accounts may do. A system role is the same in every school and has no times.",
    has_tombstones=True,
)
PERMISSION = Shape(
    "Permission",
    Member("id", one_of(Permission), str),
    Member("description", TEXT, SENTENCES.__getitem__),
    description="Something that a role can grant.",
)
MEMBER_ROW = row("MemberRow", description="What became of one account.")
