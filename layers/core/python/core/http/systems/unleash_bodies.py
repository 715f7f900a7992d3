"""Bodies and answers of Unleash's operations on passwords.

Source: unleash-change-password and unleash-reset-password (seeds), contract section 4.
"""

from typing import NamedTuple

from pydantic import Field

from core.contract.shapes import Member, Shape
from core.contract.values import ADDRESS, EMAIL, ID, TEXT, one_of
from core.kernel.bodies import Body
from core.kernel.policy import SYSTEM_ROLES, SystemRole
from core.kernel.table import get
from core.links.use import OpenedLink
from core.users.models import UserItem, users_of
from core.users.schemas import Email


class UnleashChangePassword(Body):
    """POST /api/admin/user-admin/{id}/change-password; the last two are for owners who change their own."""

    password: str
    oldPassword: str | None = None
    confirmPassword: str | None = None


class UnleashResetPassword(Body):
    """POST /api/admin/user-admin/reset-password. The id is the user's address."""

    id: str = Field(max_length=1000)


class UnleashValidatePassword(Body):
    """POST /api/admin/user-admin/validate-password."""

    password: str


class UnleashUseLink(Body):
    """POST /auth/reset/password."""

    token: str = Field(max_length=200)
    password: str


class UnleashMailLink(Body):
    """POST /auth/reset/password-email."""

    email: Email


class ShownLink(NamedTuple):
    """A link and whose it is, as its token shows it."""

    token: str
    user: UserItem
    #: Who made it; None when the maker is gone.
    maker: UserItem | None


def shown_link(opened: OpenedLink, token: str) -> ShownLink:
    """The link that `token` opened, with its maker."""
    user, maker_id = opened.user, opened.item.created_by
    maker = user if maker_id == user.id else get(UserItem, users_of(user.organization_id), maker_id)
    return ShownLink(token, user, maker)


def _role(link: ShownLink) -> SystemRole:
    """The account's strongest role. Unleash gives every account exactly one."""
    roles = [role for role_id in link.user.roles if (role := SYSTEM_ROLES.get(role_id))]
    return max(roles, key=lambda each: len(each.permissions), default=SystemRole("", "none", frozenset()))


GIVEN_LINK = Shape(
    "UnleashResetLink",
    Member("resetPasswordUrl", ADDRESS, str),
    description="Unleash's resetPasswordSchema.",
)
_ROLE = Shape(
    "UnleashRole",
    Member("id", TEXT),
    Member("name", TEXT),
    Member("type", one_of(("root",)), lambda role: "root"),
    description="An account's strongest role. Unleash gives every account exactly one.",
)
TOKEN_USER = Shape(
    "UnleashTokenUser",
    Member("id", ID, "user.id"),
    Member("name", TEXT, "user.name"),
    Member("email", EMAIL, "user.email"),
    Member("token", TEXT),
    Member(
        "createdBy",
        EMAIL,
        lambda link: link.maker.email if link.maker else None,
        nullable=True,
        description="The address of who made the link; null when its maker is gone.",
    ),
    Member("role", _ROLE, _role),
    description="Unleash's tokenUserSchema: whose a link is.",
)
