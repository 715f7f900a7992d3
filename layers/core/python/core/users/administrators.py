"""A school is never without an administrator (acceptance A7).

The number of a school's administrators is an item of its own. Whoever takes one away takes one from it, on the
condition that another is left: of two who do so at once, one is refused.
"""

from pynamodb.attributes import NumberAttribute

from core.kernel.errors import Conflict
from core.kernel.policy import ADMINISTRATOR, PLATFORM_ADMINISTRATOR
from core.kernel.table import Item, Write, update
from core.users.models import UserItem

ADMINISTRATORS_SORT = "ADMINISTRATORS"
#: Who has one of these runs a school.
ADMINISTRATORS_ROLES = frozenset({ADMINISTRATOR.id, PLATFORM_ADMINISTRATOR.id})


class AdministratorsItem(Item):
    """How many active administrators a school has."""

    number = NumberAttribute(default=0)


def is_administrator(user: UserItem | None) -> bool:
    """Whether the account can run its school: active, not deleted, and with an administrator's role."""
    return (
        user is not None and bool(user.active) and not user.deleted_at and bool(ADMINISTRATORS_ROLES & set(user.roles))
    )


def administrators_counted(before: UserItem | None, after: UserItem | None) -> list[Write]:
    """The write that keeps the number right when an account goes from one state to the next; often none.

    The transaction fails with `last_administrator` when nobody would be left.
    """
    change = is_administrator(after) - is_administrator(before)
    user = after or before
    if not change or user is None:
        return []
    item = AdministratorsItem(user.organization_id, ADMINISTRATORS_SORT)
    message = "This is the school's last administrator. Make somebody else an administrator first."
    last = Conflict(message, code="last_administrator")
    condition = AdministratorsItem.number > 1 if change < 0 else None
    return [update(item, [AdministratorsItem.number.add(change)], condition, last)]
