"""Bodies of the operations on many passwords at once."""

from typing import Annotated

from pydantic import Field, model_validator

from school.bodies import Body, Id


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
