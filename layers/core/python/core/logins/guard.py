"""How often a sign-in may fail, so that passwords can't be guessed and no stranger locks an owner out.

Three limits within five minutes. The narrow one counts an account's attempts from one source before the password
is looked at, so that parallel guesses don't slip past; a success clears it. The wide ones count failures of one
source and of one account; a source from which the account signed in lately is exempt from them. So a stranger can
only exhaust the stranger's own attempts, and whoever has many sources at most keeps the account from new places.
"""

from datetime import datetime
from typing import NamedTuple

from core.kernel import clock
from core.kernel.errors import Unavailable
from core.kernel.table import Write, delete, get_many, put, transact
from core.logins.models import FAMILIAR_SECONDS, FamiliarItem, familiar_key
from core.throttles.models import WindowItem, source_of, window_key
from core.throttles.service import Limit, Overtaken, counted, is_full, require_room
from core.users.claims import claim_key
from core.users.models import EmailItem

SECONDS = 5 * 60
NARROW = 10
#: A whole school may share one address.
WIDE = 100
#: Failures that an account's history takes in a day: a flood of them would bury what its owner looks for.
RECORDED_A_DAY = 100
_ATTEMPTS = 5


class Approach(NamedTuple):
    """What is known of a sign-in before its password is looked at."""

    email: str
    source: str
    at: datetime
    claim: EmailItem | None
    familiar: bool
    windows: dict[Limit, WindowItem | None]

    @property
    def narrow(self) -> Limit:
        """The attempts at this account from this source."""
        return _limits(self.email, self.source)[0]

    @property
    def wide(self) -> list[Limit]:
        """The failures of the source and those of the account. Neither holds up a source that the account knows."""
        return [] if self.familiar else _limits(self.email, self.source)[1:3]

    @property
    def recorded(self) -> Limit:
        """The failures that the account's history took today."""
        return _limits(self.email, self.source)[3]

    def has_room(self, limit: Limit) -> bool:
        """Whether another attempt fits under the limit."""
        return not is_full(limit, self.windows[limit], self.at)

    @property
    def reached(self) -> Limit | None:
        """A limit that refuses this sign-in, if there is one."""
        return next((limit for limit in [self.narrow, *self.wide] if not self.has_room(limit)), None)

    def refuse(self, limit: Limit) -> None:
        """Raises TooManyRequests for a limit that is reached."""
        require_room(limit, self.windows[limit], self.at)

    def counted(self, limit: Limit) -> Write:
        """The write that counts an attempt under the limit."""
        return counted(limit, self.windows[limit], self.at)


def _limits(email: str, source: str) -> list[Limit]:
    return [
        Limit(f"sign-in/{email}/{source}", NARROW, SECONDS),
        Limit(f"sign-in/source/{source}", WIDE, SECONDS),
        Limit(f"sign-in/account/{email}", WIDE, SECONDS),
        Limit(f"sign-in/recorded/{email}", RECORDED_A_DAY, 24 * 3600),
    ]


def look(email: str, ip_address: str | None) -> Approach:
    """Reads what the limits say, whose the address is, and whether it knows the source: one BatchGetItem."""
    source = source_of(ip_address)
    limits = _limits(email, source)
    claim, familiar, *windows = get_many(
        [
            claim_key(email),
            familiar_key(email, source),
            *(window_key(limit.key) for limit in limits),
        ]
    )
    at = clock.now()
    return Approach(email, source, at, claim, is_familiar(familiar, claim, at), dict(zip(limits, windows, strict=True)))


def is_familiar(item: FamiliarItem | None, claim: EmailItem | None, at: datetime) -> bool:
    """Whether the account knows the source. An address that changed hands knows none of its former owner's."""
    if item is None or claim is None:
        return False
    return item.user_id == claim.user_id and item.expires_at > at.timestamp()


def enter(email: str, ip_address: str | None) -> Approach:
    """Counts an attempt before its password is looked at. When a limit is reached, it counts nothing and says so."""
    for _ in range(_ATTEMPTS):
        approach = look(email, ip_address)
        if approach.reached:
            return approach
        try:
            transact(approach.counted(approach.narrow))
        except Overtaken:
            continue
        return approach
    raise Unavailable()


def passed(approach: Approach, user_id: str) -> list[Write]:
    """The writes of a success: the narrow counter goes, the source becomes familiar."""
    model, partition, sort = window_key(approach.narrow.key)
    familiar, beside, named = familiar_key(approach.email, approach.source)
    known = familiar(beside, named, user_id=user_id, expires_at=int(approach.at.timestamp()) + FAMILIAR_SECONDS)
    return [delete(model(partition, sort)), put(known)]


def failed(approach: Approach) -> list[Write]:
    """The writes that count a failure under the wide limits. One that is reached meanwhile counts no further."""
    return [approach.counted(limit) for limit in approach.wide if approach.has_room(limit)]
