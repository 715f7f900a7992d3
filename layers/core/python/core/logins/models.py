"""Sign-ins as items: the history of an account, and the sources that it is familiar with."""

from enum import StrEnum

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from core.kernel.table import Item
from core.throttles.models import hashed
from core.users.models import EmailItem, belongings_of, email_key, user_id_of

HISTORY_SECONDS = 365 * 24 * 3600
#: Of an address that is nobody's.
NOBODYS_SECONDS = 24 * 3600
FAMILIAR_SECONDS = 30 * 24 * 3600
LOGIN_PREFIX = "LOGIN#"
SOURCE_PREFIX = "SOURCE#"
_NOBODY = "0" * 24


class Reason(StrEnum):
    """Why a sign-in failed. Only the account's history tells it; the answer is the same for all but the last."""

    INACTIVE = "inactive"
    NO_PASSWORD = "no_password"  # noqa: S105 - a reason, not a secret
    PASSWORD_EXPIRED = "password_expired"  # noqa: S105 - a reason, not a secret
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a reason, not a secret
    THROTTLED = "throttled"


class LoginItem(Item):
    """One sign-in, or one that failed."""

    id = UnicodeAttribute()
    at = UnicodeAttribute()
    success = BooleanAttribute()
    reason = UnicodeAttribute(null=True)
    ip_address = UnicodeAttribute(null=True)
    user_agent = UnicodeAttribute(null=True)

    @property
    def user_id(self) -> str:
        """Whose sign-in it is."""
        return user_id_of(self.partition)


def login_sort(at: str, login_id: str = "") -> str:
    """The sort key of a sign-in: they stand in the order of time."""
    return f"{LOGIN_PREFIX}{at}#{login_id}"


def owner_of_history(claim: EmailItem | None, email: str) -> str:
    """The partition of the history that a sign-in belongs to.

    An unknown address has one too, that nobody reads: its failure is then written as a known one's is, and takes
    as long.
    """
    if claim is None:
        return belongings_of(_NOBODY, hashed(email)[:24])
    return belongings_of(claim.organization_id, claim.user_id)


class FamiliarItem(Item):
    """A source from which an account signed in. It stands beside the claim on the address, which is known first."""

    user_id = UnicodeAttribute()


def familiar_key(email: str, source: str) -> tuple[type[FamiliarItem], str, str]:
    """Where it stands that the account with this address is familiar with this source."""
    return FamiliarItem, email_key(email), f"{SOURCE_PREFIX}{hashed(source)}"
