"""The sessions of one's own account: seeing them and ending them."""

from core.kernel import clock
from core.kernel.errors import Unauthenticated
from core.kernel.lists import Source, attribute, entries
from core.kernel.table import Write, delete, transact, update
from core.sessions.models import SESSION_PREFIX, SessionItem, hash_token, is_handle, session_key
from core.sessions.service import SignedIn, holds
from core.users.models import UserItem, belongings_of
from core.users.service import change


def living_sessions(user: UserItem) -> list[SessionItem]:
    """The sessions that sign this user in now."""
    partition = belongings_of(user.organization_id, user.id)
    kept = entries(Source(partition, range_condition=attribute("sk").startswith(SESSION_PREFIX)), None)
    at = clock.now()
    return [session for session in map(SessionItem.from_raw_data, kept) if holds(session, user, at)]


def revoke(signed_in: SignedIn, token: str) -> None:
    """Ends one of the caller's own sessions. What names none of them ends nothing, and nobody learns whether it is.

    Args:
        signed_in: the caller.
        token: the session's token, or the handle that the list gives for sessions of other clients.
    """
    user = signed_in.user
    token_hash = token if is_handle(token) else hash_token(token)
    # Only the caller's own sessions stand under this key, so another's token finds nothing.
    model, partition, sort = session_key(user.organization_id, user.id, token_hash)
    transact(delete(model(partition, sort)))


def revoke_all(signed_in: SignedIn) -> None:
    """Ends every session of the caller, this one too, and the API tokens that the caller made, in one write."""

    def decide(user: UserItem) -> list[Write]:
        user.session_epoch += 1
        user.api_token_epoch += 1
        return []

    change(signed_in.user.organization_id, signed_in.user.id, None, decide)


def revoke_others(signed_in: SignedIn) -> None:
    """Ends every session of the caller but this one, and the API tokens that the caller made.

    Whoever stole one of the other sessions may have made an API token with it, so that goes too.

    The account goes on to the next epoch and takes this session along in the same transaction. A sign-in at the same
    moment either came before, and ends, or reads the new epoch; none slips between.

    Raises:
        Unauthenticated: this session ended meanwhile, by somebody who was faster.
    """
    session = signed_in.session

    def decide(user: UserItem) -> list[Write]:
        if user.session_epoch != session.epoch:
            raise Unauthenticated()
        user.session_epoch += 1
        user.api_token_epoch += 1
        alive = SessionItem.partition.exists() & (SessionItem.epoch == session.epoch)
        return [update(session, [SessionItem.epoch.set(user.session_epoch)], alive, Unauthenticated())]

    change(signed_in.user.organization_id, signed_in.user.id, None, decide)
