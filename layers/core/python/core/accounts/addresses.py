"""Whose a mail address is, and how an account proves that one is its own: by a link in a mail to it."""

from core.kernel.errors import NotFound
from core.kernel.table import Write, get
from core.links.models import addresses_proved, owner
from core.users.claims import claim_key
from core.users.models import UserItem, users_of
from core.users.schemas import normalize_email
from core.users.service import change, find


def holder(organization_id: str, email: str) -> UserItem:
    """The account of this school with this address.

    Raises:
        NotFound: nobody has the address, or somebody of another school, or it is no address at all.
    """
    try:
        claim = get(*claim_key(normalize_email(email)))
    except ValueError as error:
        raise NotFound() from error
    if claim is None:
        raise NotFound()
    return find(organization_id, claim.user_id)


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
