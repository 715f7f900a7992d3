"""What an administrator may know of an account's password: never the password, when it changed and what is pending."""

from datetime import UTC, datetime
from typing import NamedTuple

from core.kernel import clock
from core.kernel.policy import Caller
from core.kernel.table import get_many
from core.links.models import is_alive, link_keys
from core.passwords.models import password_key
from core.roles.strength import require_strength
from core.users.service import find


def _instant(epoch_seconds: float | None) -> str | None:
    return clock.to_wire(datetime.fromtimestamp(int(epoch_seconds), UTC)) if epoch_seconds is not None else None


class LinkStatus(NamedTuple):
    """What is known of a link that sets the password; the times are instants."""

    created_at: str
    valid_until: str | None
    used_at: str | None
    valid: bool


class PasswordStatus(NamedTuple):
    """What is known of a password; the times are instants."""

    changed_at: str | None
    change_required: bool
    one_time_until: str | None
    link: LinkStatus | None


def password_status(actor: Caller, user_id: str) -> PasswordStatus:
    """What is known of a user's password, and of the link that opens or opened last.

    Raises:
        NotFound: there is no such user in the actor's school.
        Forbidden: the account is stronger than the actor's.
    """
    user = find(actor.organization_id, user_id)
    require_strength(actor, user)
    kept, *links = get_many(
        [
            password_key(user.organization_id, user.id),
            *link_keys(user.organization_id, user.id),
        ]
    )
    sequence, at = kept.sequence if kept else 0, clock.now()
    # Of two the one that opens matters, and then the newer one.
    known = [(is_alive(each, user, sequence, at), each) for each in links if each]
    shown = None
    if known:
        valid, link = max(known, key=lambda each: (each[0], each[1].created_at))
        shown = LinkStatus(link.created_at, _instant(link.valid_until), link.used_at, valid)
    return PasswordStatus(
        changed_at=kept.changed_at if kept else None,
        change_required=user.is_password_due,
        one_time_until=_instant(kept.valid_until) if kept else None,
        link=shown,
    )
