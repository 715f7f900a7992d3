"""The claim of an account on its address, across all schools."""

from core.kernel.errors import Conflict
from core.kernel.table import Write, create, delete
from core.users.models import EmailItem, UserItem, email_key

_CLAIM_SORT = "CLAIM"


def email_taken() -> Conflict:
    """The address belongs to another account, of this school or another."""
    return Conflict("Another account uses this email address. Choose another.", code="email_taken", field="email")


def claim_key(email: str) -> tuple[type[EmailItem], str, str]:
    """Where the claim on an address stands."""
    return EmailItem, email_key(email), _CLAIM_SORT


def claim_email(user: UserItem) -> Write:
    """Takes the address for this user, if nobody has it."""
    item = EmailItem(email_key(user.email), _CLAIM_SORT, organization_id=user.organization_id, user_id=user.id)
    return create(item, email_taken())


def release_email(email: str) -> Write:
    """Gives an address back."""
    return delete(EmailItem(email_key(email), _CLAIM_SORT))
