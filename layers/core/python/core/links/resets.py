"""Resetting somebody's password without knowing it: by an administrator, at once or by a link to hand over."""

from typing import Any, NamedTuple

from core.audit.models import done_by
from core.kernel import clock
from core.kernel.lists import attribute
from core.kernel.policy import Caller, require_another
from core.kernel.records import unchanged
from core.kernel.table import Write, get_many, put, query, transact
from core.links.models import is_alive, link_keys, new_link, page_url, without_asked
from core.passwords.models import PasswordItem
from core.passwords.service import by_administrator, kept_password, set_password
from core.roles.strength import require_strength
from core.users.models import UserItem, belongings_of

ISSUED_SECONDS = 24 * 3600


class Receipt(NamedTuple):
    """What an administrator's reset did besides setting the password."""

    user: UserItem
    sessions_ended: int
    links_ended: int
    mailed_to: int
    change_due: bool

    def to_wire(self) -> dict[str, Any]:
        """The receipt as `meta.receipt` of the answer."""
        return {
            "sessionsEnded": self.sessions_ended,
            "tokensEnded": self.links_ended,
            "ownerMailed": self.mailed_to > 0,
            "changeRequired": self.change_due,
        }


def reset(actor: Caller, user_id: str, password: str, *, due: bool = False) -> Receipt:
    """Sets somebody's password without knowing the old one, and ends all their sessions, links and API tokens.

    The last five passwords may come back here, because an administrator does not know them (contract section 4).

    Args:
        actor: who resets; in the organization in which they act.
        user_id: whose password.
        password: the new one.
        due: whether the owner must change it at the next sign-in (Zitadel's door).

    Raises:
        NotFound: there is no such user in the actor's school.
        Forbidden: the account is the actor's own, or stronger than that.
        BadRequest: the password breaks a rule; field `password`.
    """
    ended: list[int] = []

    def decide(user: UserItem, kept: PasswordItem | None) -> list[Write]:
        require_another(actor, user.id)
        strength = require_strength(actor, user)
        ended[:] = _alive(user, kept)
        return strength

    author = by_administrator(actor, "users.password.reset")
    user = set_password(actor.organization_id, user_id, password, author, decide, due=due)
    addresses = [each for each in (user.email, user.secondary_email) if each]
    return Receipt(user, ended[0], ended[1], len(addresses), due)


def _alive(user: UserItem, kept: PasswordItem | None) -> list[int]:
    """How many sessions and links the account has that a new password ends. The account is at its new epoch already."""
    now = clock.now()
    partition = belongings_of(user.organization_id, user.id)
    items = query(partition, range_condition=attribute("sk").startswith("SESSION#")).items
    sessions = [
        each
        for each in items
        if float(each["epoch"]["N"]) == user.session_epoch - 1 and float(each["expiresAt"]["N"]) > now.timestamp()
    ]
    sequence = kept.sequence if kept else 0
    links = get_many(link_keys(user.organization_id, user.id))
    return [len(sessions), sum(is_alive(each, user, sequence, now) for each in links)]


def issue_link(actor: Caller, user: UserItem) -> str:
    """A reset link that the administrator hands over (Unleash's door); older ones are dead.

    Valid for 24 hours, unless the administrator's own password or sessions end before.

    Returns:
        The address of the page where the owner sets the password.

    Raises:
        Forbidden: the account is the actor's own, or stronger than that.
        Overtaken: the account or one of its roles was changed at the same moment.
    """
    require_another(actor, user.id)
    strength = require_strength(actor, user)
    kept = kept_password(user)
    at = clock.now()
    link = new_link(
        user,
        kept.sequence if kept else 0,
        link_id=clock.new_id(at),
        created_by=actor.user_id,
        at=clock.to_wire(at),
        valid_until=int(at.timestamp()) + ISSUED_SECONDS,
    )
    link.item.giver_organization_id, link.item.giver_epoch = actor.home_organization_id, actor.api_token_epoch
    record = done_by(actor, "users.password.link", user.id, {"linkId": link.item.id})
    transact(put(link.item), without_asked(user), record, unchanged(user), *strength)
    return page_url(link.token)
