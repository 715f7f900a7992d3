"""Asking whoever reads the mails to an address whether it is this account's: seldom, because it may be a stranger's."""

from collections.abc import Iterable

from core.kernel.policy import Caller
from core.kernel.table import Write
from core.outbox.models import MailKind, order
from core.throttles.models import source_of
from core.throttles.quotas import DAY, HOUR, Quota, spent
from core.users.models import UserItem

#: Mails to an address that it has not confirmed, over all accounts and schools; children share their parents' address.
TO_AN_ADDRESS_A_DAY = 5
#: Other addresses of an account.
OF_AN_ACCOUNT_A_DAY = 5
#: By an owner: a whole school may share one source.
FROM_A_SOURCE_AN_HOUR = 300
#: By whoever manages accounts: as many as an import has rows.
BY_A_CALLER_AN_HOUR = 10_000


def mailed(address: str) -> Write:
    """Counts a mail to an address that may be a stranger's (acceptance B12)."""
    message = "This address has had enough mails for today. Ask its owner to look for them, or try again tomorrow."
    return spent(Quota(f"unconfirmed/address/{address}", TO_AN_ADDRESS_A_DAY, DAY), message)


def readdressed(user: UserItem) -> Write:
    """Counts another address of an account."""
    message = "This account has had enough other addresses for today. Try again tomorrow."
    return spent(Quota(f"unconfirmed/account/{user.id}", OF_AN_ACCOUNT_A_DAY, DAY), message)


def asked_by(actor: Caller, user: UserItem) -> Write:
    """Counts somebody's request that makes mails go to an address that may be a stranger's."""
    message = "Too many addresses were entered. Wait before you enter more."
    if user.id == actor.user_id:
        return spent(Quota(f"unconfirmed/source/{source_of(actor.source)}", FROM_A_SOURCE_AN_HOUR, HOUR), message)
    return spent(Quota(f"unconfirmed/caller/{actor.user_id}", BY_A_CALLER_AN_HOUR, HOUR), message)


def verification(user: UserItem, addresses: Iterable[str | None]) -> list[Write]:
    """The writes that mail each of the addresses a link to confirm it. An address that is there twice gets one."""
    writes: list[Write] = []
    for address in dict.fromkeys(filter(None, addresses)):
        kind = MailKind.VERIFY_ADDRESS
        writes.append(order(user.organization_id, kind, user_id=user.id, name=user.name, to=[address]))
        writes.append(mailed(address))
    return writes
