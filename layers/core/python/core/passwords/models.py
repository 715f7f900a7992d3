"""A password as an item: kept apart from its user, so that reading a user never loads a hash."""

from typing import Any, NamedTuple

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute

from core.kernel.table import Item
from core.users.models import belongings_of

PASSWORD_SORT = "PASSWORD"  # noqa: S105 - a key, not a secret


class FirstPassword(NamedTuple):
    """The password of an account that is being made, as it is kept."""

    hashed: str
    #: Whether it has fewer characters than school staff need.
    is_short: bool


class PasswordItem(Item):
    """The current hash of an account and the ones before it."""

    hashed = UnicodeAttribute()
    history: Any = ListAttribute(of=UnicodeAttribute, default=list)
    changed_at = UnicodeAttribute()
    sequence = NumberAttribute(default=1)
    #: Epoch seconds until which a one-time password signs in; None for one without end.
    valid_until = NumberAttribute(null=True)


def password_key(organization_id: str, user_id: str) -> tuple[type[PasswordItem], str, str]:
    """Where the password of an account stands."""
    return PasswordItem, belongings_of(organization_id, user_id), PASSWORD_SORT


def password_item(organization_id: str, user_id: str, hashed: str, changed_at: str) -> PasswordItem:
    """The first password of an account."""
    _, partition, sort = password_key(organization_id, user_id)
    return PasswordItem(partition, sort, hashed=hashed, changed_at=changed_at)
