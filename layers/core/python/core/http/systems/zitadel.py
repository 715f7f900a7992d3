"""Zitadel's words: bodies, answers and errors of its management API v1 and user API v2.

Source: zitadel-set-user-password (seed), contract section 4. A failure is a google.rpc.Status, whose details are
Zitadel's ErrorDetail.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from core.contract.shapes import Member, Shape
from core.contract.values import ID, INSTANT, TEXT
from core.http.requests import Request
from core.kernel.errors import CoreError

_JSON = "application/json"
_DETAIL = "type.googleapis.com/zitadel.v1.ErrorDetail"
#: The codes of gRPC for HTTP's statuses, as grpc-gateway maps them.
_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 412: 9, 413: 3, 415: 3, 429: 8, 500: 13, 503: 14}

Password = Annotated[str, Field(min_length=1, max_length=72)]


class _Message(BaseModel):
    """A protobuf message in JSON: members that it does not know are ignored, null is a member's default."""

    model_config = ConfigDict(strict=True, defer_build=True)


class ZitadelSetPasswordV1(_Message):
    """POST /management/v1/users/{userId}/password. Clients write the member in either of protobuf's two ways."""

    password: Password
    noChangeRequired: bool | None = None
    no_change_required: bool | None = None

    @property
    def due(self) -> bool:
        """Whether the owner must change it at the next sign-in: Zitadel's default."""
        return not (self.noChangeRequired or self.no_change_required)


class ZitadelNewPassword(_Message):
    """The new password in ZitadelSetPasswordV2."""

    password: Password
    changeRequired: bool | None = None


class ZitadelSetPasswordV2(_Message):
    """POST /v2/users/{userId}/password."""

    newPassword: ZitadelNewPassword
    currentPassword: Annotated[str, Field(max_length=200)] | None = None
    verificationCode: str | None = None


def _answer(name: str, *members: Member) -> Shape:
    """Zitadel's ObjectDetails of a changed user, in the answer of an operation."""
    details = Shape(
        f"{name}Details",
        Member(
            "sequence",
            TEXT,
            lambda user: str(int(user.version)),
            description="Grows with every change of the user.",
        ),
        *members,
        Member("changeDate", INSTANT, "updated_at"),
        Member("resourceOwner", ID, "organization_id", description="The user's organization."),
    )
    return Shape(name, Member("details", details, lambda user: user))


PASSWORD_SET_V1 = _answer("ZitadelPasswordSetV1", Member("creationDate", INSTANT, "created_at"))
#: The user API v2 leaves the creation out.
PASSWORD_SET_V2 = _answer("ZitadelPasswordSetV2")


def error_body(error: CoreError, request: Request | None) -> tuple[Any, str]:
    """A failure as google.rpc.Status. Every broken rule is a detail; its id is our stable code."""
    details = [{"@type": _DETAIL, "id": each.code, "message": _sentence(each)} for each in error.problems]
    first = details[0]
    message = f"{first['message']} ({first['id']})"
    return {"code": _CODES.get(error.status, 13), "message": message, "details": details}, _JSON


def _sentence(problem: Any) -> str:
    named = problem.field and problem.code in ("invalid", "required", "unknown_member", "wrong_type")
    return f"{problem.field}: {problem.message}" if named else problem.message
