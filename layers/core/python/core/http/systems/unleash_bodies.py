"""Bodies and answers of Unleash's operations on passwords.

Source: unleash-change-password and unleash-reset-password (seeds), contract section 4.
"""

from typing import Any

from pydantic import Field

from core.kernel.bodies import Body
from core.kernel.policy import SYSTEM_ROLES, SystemRole
from core.kernel.table import get
from core.links.use import OpenedLink
from core.users.models import UserItem, users_of
from core.users.schemas import Email


class ChangePassword(Body):
    """POST /api/admin/user-admin/{id}/change-password; the last two are for owners who change their own."""

    password: str
    oldPassword: str | None = None
    confirmPassword: str | None = None


class ResetPassword(Body):
    """POST /api/admin/user-admin/reset-password. The id is the user's address."""

    id: str = Field(max_length=1000)


class ValidatePassword(Body):
    """POST /api/admin/user-admin/validate-password."""

    password: str


class UseLink(Body):
    """POST /auth/reset/password."""

    token: str = Field(max_length=200)
    password: str


class MailLink(Body):
    """POST /auth/reset/password-email."""

    email: Email


def link_to_wire(opened: OpenedLink, token: str) -> dict[str, Any]:
    """Unleash's tokenUserSchema: whose the link is. `createdBy` is its maker's address, null when the maker is gone."""
    user, maker_id = opened.user, opened.item.created_by
    maker = user if maker_id == user.id else get(UserItem, users_of(user.organization_id), maker_id)
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "token": token,
        "createdBy": maker.email if maker else None,
        "role": _role(user),
    }


def _role(user: UserItem) -> dict[str, Any]:
    """The account's strongest role. Unleash gives every account exactly one."""
    roles = [role for role_id in user.roles if (role := SYSTEM_ROLES.get(role_id))]
    role = max(roles, key=lambda each: len(each.permissions), default=SystemRole("", "none", frozenset()))
    return {"id": role.id, "name": role.name, "type": "root"}
