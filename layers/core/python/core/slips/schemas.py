"""What the operations take and answer that give many people the way to a password."""

from collections.abc import Callable
from operator import attrgetter
from typing import Annotated, Any

from pydantic import Field, model_validator

from core.contract.outcomes import row
from core.contract.shapes import Member
from core.contract.values import EMAIL, INSTANT, TEXT
from core.kernel import clock
from core.kernel.bodies import Body, Id


class NamedPeople(Body):
    """Whom an operation is for, named in exactly one way."""

    classId: Id | None = None
    roleId: Id | None = None
    userIds: Annotated[list[Id], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "NamedPeople":
        if sum(each is not None for each in (self.classId, self.roleId, self.userIds)) != 1:
            raise ValueError("Send exactly one of classId, roleId and userIds.")
        return self


def _of_user(name: str) -> Callable[[Any], Any]:
    """Reads what the row's user holds, null without one."""
    read = attrgetter(name)
    return lambda each: read(each.user) if each.user else None


_WHO = (
    Member("name", TEXT, _of_user("name"), nullable=True),
    Member("email", EMAIL, _of_user("email"), nullable=True, description="What they sign in with."),
)
PASSWORD_ROW = row(
    "PasswordRow",
    *_WHO,
    Member("password", TEXT, nullable=True, description="Shown now and never again."),
    Member(
        "validUntil",
        INSTANT,
        lambda issued: clock.to_wire(issued.valid_until) if issued.valid_until else None,
        nullable=True,
    ),
    description="What became of one person.",
)
INVITATION_ROW = row("InvitationRow", *_WHO, description="Whether one person was invited.")
