"""Making a session, for whoever starts one: a sign-in, or a change of password that ends all others."""

from typing import NamedTuple

from core.kernel import clock
from core.sessions.models import SessionItem, hash_token, new_token, session_key
from core.users.models import UserItem

DAY = 24 * 3600
REMEMBERED_SECONDS = 7 * DAY
BRIEF_SECONDS = DAY
_LONGEST_USER_AGENT = 300


class Client(NamedTuple):
    """What asks for a session: whether it is to be remembered, from where it asks, and what it says it is."""

    remember: bool
    ip_address: str | None = None
    user_agent: str | None = None


def cut(user_agent: str | None) -> str | None:
    """As much of a user agent as is kept."""
    return (user_agent or "")[:_LONGEST_USER_AGENT] or None


def new_session(user: UserItem, client: Client) -> tuple[str, SessionItem]:
    """A new token and the session that it names, at the user's current epoch. Nothing is written."""
    at = clock.now()
    token = new_token(user.organization_id, user.id)
    _, partition, sort = session_key(user.organization_id, user.id, hash_token(token))
    lifetime = REMEMBERED_SECONDS if client.remember else BRIEF_SECONDS
    session = SessionItem(
        partition,
        sort,
        id=clock.new_id(at),
        epoch=user.session_epoch,
        created_at=clock.to_wire(at),
        updated_at=clock.to_wire(at),
        lifetime=lifetime,
        remember=client.remember,
        expires_at=int(at.timestamp()) + lifetime,
        ip_address=client.ip_address,
        user_agent=cut(client.user_agent),
    )
    return token, session
