"""Sessions as they cross the wire: the shapes of better-auth 1.7."""

from typing import Annotated, Any, NamedTuple

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from core.contract.shapes import Member, Shape
from core.contract.values import ADDRESS, BOOLEAN, EMAIL, ID, INSTANT, TEXT, TRUE
from core.users.models import UserItem
from core.users.schemas import image_address


def _tolerant_boolean(value: Any) -> Any:
    """Some clients send rememberMe as a string; the contract tolerates that."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


class _Tolerant(BaseModel):
    """A body of better-auth's client: unknown members are ignored, as better-auth does."""

    model_config = ConfigDict(strict=True, defer_build=True)


class SignIn(_Tolerant):
    """POST /api/auth/sign-in/email."""

    email: str
    password: str
    rememberMe: Annotated[bool, BeforeValidator(_tolerant_boolean)] = True
    callbackURL: str | None = Field(
        default=None, max_length=2000, validation_alias=AliasChoices("callbackURL", "callbackUrl")
    )


class RevokeSession(_Tolerant):
    """POST /api/auth/revoke-session."""

    token: str = Field(max_length=200)


class RequestReset(_Tolerant):
    """POST /api/auth/request-password-reset."""

    email: str
    redirectTo: str | None = Field(default=None, max_length=2000)


class ResetPassword(_Tolerant):
    """POST /api/auth/reset-password."""

    newPassword: str
    token: str = Field(max_length=200)


class ChangePassword(_Tolerant):
    """POST /api/auth/change-password."""

    currentPassword: str
    newPassword: str
    revokeOtherSessions: Annotated[bool, BeforeValidator(_tolerant_boolean)] = True


class NewToken(NamedTuple):
    """What a client gets that has just proved who it is."""

    #: None where the session goes on under its old token.
    token: str | None
    user: UserItem
    #: Where to go on, if the client named a place.
    url: str | None = None


SESSION_USER = Shape(
    "SessionUser",
    Member("id", ID),
    Member("name", TEXT),
    Member("email", EMAIL),
    Member("emailVerified", BOOLEAN),
    Member("image", ADDRESS, image_address, nullable=True),
    Member("createdAt", INSTANT),
    Member("updatedAt", INSTANT),
    description="The user of a session, as better-auth shows one.",
)
SESSION = Shape(
    "Session",
    Member("id", ID, "session.id"),
    Member(
        "token",
        TEXT,
        description="Of the session that asks. Of others it is a handle that ends them and signs nobody in.",
    ),
    Member("userId", ID, "user.id"),
    Member("expiresAt", INSTANT, "session.ends_at"),
    Member("createdAt", INSTANT, "session.created_at"),
    Member("updatedAt", INSTANT, "session.updated_at"),
    Member("ipAddress", TEXT, "session.ip_address", nullable=True),
    Member("userAgent", TEXT, "session.user_agent", nullable=True),
    description="A signed-in client.",
)
CURRENT_SESSION = Shape(
    "CurrentSession",
    Member("session", SESSION, lambda signed_in: signed_in),
    Member("user", SESSION_USER),
    description="The session of the one who asks, and its user.",
)
SIGN_IN = Shape(
    "SignedIn",
    Member("redirect", BOOLEAN, lambda new: new.url is not None, description="Whether to go on to `url`."),
    Member("token", TEXT),
    Member("url", TEXT, optional=True),
    Member("user", SESSION_USER),
    description="A new session.",
)
PASSWORD_CHANGE = Shape(
    "PasswordChange",
    Member("token", TEXT, nullable=True, description="The session's new token; null while it keeps the old one."),
    Member("user", SESSION_USER),
    description="A changed password.",
)
SIGN_OUT = Shape("SignedOut", Member("success", TRUE, bool), description="Nobody is signed in any more.")
OK = Shape("Ok", Member("ok", TRUE, bool), description="The function answers.")
STATUS = Shape("Status", Member("status", TRUE, bool), description="It is done.")
RESET_REQUEST = Shape(
    "ResetRequest",
    Member("status", TRUE, bool),
    Member("message", TEXT, str),
    description="The same whether there is such an account or not.",
)
