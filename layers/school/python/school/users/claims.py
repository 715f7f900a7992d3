"""What goes along with a user: the claim on the address, the search entries, the part of the count."""

from school.errors import Conflict
from school.table import Write, create, delete, put, update
from school.users.models import (
    CountItem,
    EmailItem,
    UserItem,
    count_item,
    email_key,
    search_item,
    search_terms,
)

CLAIM_SORT = "CLAIM"


def email_taken() -> Conflict:
    """The address belongs to another account, of this school or another."""
    return Conflict("Another account uses this email address. Choose another.", code="email_taken", field="email")


def claim_email(user: UserItem) -> Write:
    """Takes the address for this user, if nobody has it."""
    item = EmailItem(email_key(user.email), CLAIM_SORT, organization_id=user.organization_id, user_id=user.id)
    return create(item, email_taken())


def release_email(email: str) -> Write:
    """Gives an address back."""
    return delete(EmailItem(email_key(email), CLAIM_SORT))


def counted(user: UserItem, by: int) -> Write:
    """Counts the user in (1) or out (-1)."""
    return update(count_item(user), [CountItem.number.add(by)])


def searchable(user: UserItem) -> list[Write]:
    """Makes the user findable under every term."""
    return [put(search_item(user, term)) for term in sorted(search_terms(user))]


def unsearchable(user: UserItem, but: frozenset[str] = frozenset()) -> list[Write]:
    """Removes the search entries, `but` for some that stay."""
    return [delete(search_item(user, term)) for term in sorted(search_terms(user) - but)]
