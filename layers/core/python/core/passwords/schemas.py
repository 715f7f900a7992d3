"""What the operations of passwords take and answer."""

from collections.abc import Callable
from operator import attrgetter
from typing import Annotated, Any

from pydantic import Field, model_validator

from core.contract.outcomes import row
from core.contract.shapes import Member, Shape
from core.contract.values import BOOLEAN, EMAIL, INSTANT, TEXT
from core.kernel import clock
from core.kernel.bodies import Body, Id


class ResetPasswords(Body):
    """POST /api/users/password-resets: whose passwords, named in exactly one way."""

    classId: Id | None = None
    roleId: Id | None = None
    userIds: Annotated[list[Id], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "ResetPasswords":
        if sum(each is not None for each in (self.classId, self.roleId, self.userIds)) != 1:
            raise ValueError("Send exactly one of classId, roleId and userIds.")
        return self


def _of_user(name: str) -> Callable[[Any], Any]:
    """Reads what the row's user holds, null without one."""
    read = attrgetter(name)
    return lambda issued: read(issued.user) if issued.user else None


PASSWORD_ROW = row(
    "PasswordRow",
    Member("name", TEXT, _of_user("name"), nullable=True),
    Member("email", EMAIL, _of_user("email"), nullable=True, description="What they sign in with."),
    Member("password", TEXT, nullable=True, description="Shown now and never again."),
    Member(
        "validUntil",
        INSTANT,
        lambda issued: clock.to_wire(issued.valid_until) if issued.valid_until else None,
        nullable=True,
    ),
    description="What became of one person.",
)
_LINK_STATUS = Shape(
    "LinkStatus",
    Member("createdAt", INSTANT),
    Member("validUntil", INSTANT, nullable=True),
    Member("usedAt", INSTANT, nullable=True),
    Member("valid", BOOLEAN),
    description="A link that sets a password.",
)
PASSWORD_STATUS = Shape(
    "PasswordStatus",
    Member("changedAt", INSTANT, nullable=True, description="Null while there is no password."),
    Member("changeRequired", BOOLEAN, description="Whether the owner must change it after signing in."),
    Member("oneTimeUntil", INSTANT, nullable=True, description="Until when a one-time password signs in."),
    Member("link", _LINK_STATUS, nullable=True, description="The link that opens, else the newest one."),
    description="What an administrator may know of a password.",
)
