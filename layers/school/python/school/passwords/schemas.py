"""Bodies of the operations on many passwords at once."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from school.clock import is_id


def _id(text: str) -> str:
    if not is_id(text):
        raise ValueError("This is not an id: 24 hexadecimal characters.")
    return text.lower()


Id = Annotated[str, AfterValidator(_id)]


class ResetPasswords(BaseModel):
    """POST /api/users/password-resets: whose passwords, named in exactly one way."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)

    classId: Id | None = None
    roleId: Id | None = None
    userIds: Annotated[list[Id], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "ResetPasswords":
        if sum(each is not None for each in (self.classId, self.roleId, self.userIds)) != 1:
            raise ValueError("Send exactly one of classId, roleId and userIds.")
        return self
