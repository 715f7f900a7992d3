"""Proving that a mail address is its account's: by a link in a mail to it."""

from school.passwords.links import addresses_proved, owner
from school.table import Write, get
from school.users.models import UserItem, users_of
from school.users.service import change


def verify(token: str) -> bool:
    """Marks the address that `token` proves as verified; doing so again changes nothing.

    Returns:
        whether the token proves an address that the account still has.
    """
    claimed = owner(token)
    user = get(UserItem, users_of(claimed[0]), claimed[1]) if claimed else None
    if user is None or user.deleted_at or not addresses_proved(token, user):
        return False

    def decide(user: UserItem) -> list[Write]:
        proved = addresses_proved(token, user)
        user.email_verified = user.email_verified or user.email in proved
        user.secondary_email_verified = user.secondary_email_verified or user.secondary_email in proved
        return []

    change(user.organization_id, user.id, None, decide)
    return True
