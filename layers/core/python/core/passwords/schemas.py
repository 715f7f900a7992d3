"""What the operations of passwords answer."""

from core.contract.shapes import Member, Shape
from core.contract.values import BOOLEAN, INSTANT

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
