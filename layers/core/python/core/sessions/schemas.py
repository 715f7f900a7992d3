"""Sessions as they cross the wire: the shapes of better-auth 1.7."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.kernel.clock import to_wire as instant_to_wire
from core.sessions.models import SessionItem
from core.sessions.service import SignedIn
from core.users.models import UserItem
from core.users.schemas import image_address


def _tolerant_boolean(value: Any) -> Any:
    """Some clients send rememberMe as a string; the contract tolerates that."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


class SignIn(BaseModel):
    """POST /api/auth/sign-in/email. Unknown members are ignored, as better-auth does."""

    model_config = ConfigDict(strict=True, defer_build=True)

    email: str
    password: str
    rememberMe: Annotated[bool, BeforeValidator(_tolerant_boolean)] = True
    callbackURL: str | None = Field(default=None, max_length=2000)


def user_to_wire(user: UserItem) -> dict[str, Any]:
    """The user of a session."""
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "emailVerified": user.email_verified,
        "image": image_address(user),
        "createdAt": user.created_at,
        "updatedAt": user.updated_at,
    }


def session_to_wire(session: SessionItem, user: UserItem, token: str) -> dict[str, Any]:
    """A session. Only its own client's token is known; for others `token` is the handle that ends them."""
    return {
        "id": session.id,
        "token": token,
        "userId": user.id,
        "expiresAt": instant_to_wire(datetime.fromtimestamp(int(session.expires_at), UTC)),
        "createdAt": session.created_at,
        "updatedAt": session.updated_at,
        "ipAddress": session.ip_address,
        "userAgent": session.user_agent,
    }


def signed_in_to_wire(signed_in: SignedIn) -> dict[str, Any]:
    """The session of the one who asks, and its user."""
    session = session_to_wire(signed_in.session, signed_in.user, signed_in.token)
    return {"session": session, "user": user_to_wire(signed_in.user)}


class _Tolerant(BaseModel):
    """A body of better-auth's client: unknown members are ignored, as better-auth does."""

    model_config = ConfigDict(strict=True, defer_build=True)


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
