"""Starting and ending sessions, and who is behind a token.

A session holds while it exists, has not expired, carries its user's epoch, and the user is active: so sign-out,
deactivation, deletion and password changes end it on the next request, wherever it came from.
"""

from datetime import datetime
from typing import NamedTuple

from core.kernel import clock
from core.kernel.errors import CoreError, Unauthenticated
from core.kernel.policy import Caller
from core.kernel.table import Item, Write, check, create, delete, get_many, transact, update
from core.organizations.models import OrganizationItem, organization_key
from core.roles.models import held_with
from core.sessions.models import SessionItem, hash_token, owner_of, session_key
from core.sessions.new import DAY, Client, new_session
from core.users.models import UserItem, users_of


class SignedIn(NamedTuple):
    """A session with its user, and its token where that is known."""

    session: SessionItem
    user: UserItem
    token: str
    #: The user's school, where the operation reads it along.
    organization: OrganizationItem | None = None


def holds(session: SessionItem | None, user: UserItem | None, at: datetime) -> bool:
    """Whether this session still signs this user in. DynamoDB's TTL may be days late, so expiry is checked here."""
    return (
        session is not None
        and user is not None
        and user.active
        and not user.deleted_at
        and session.epoch == user.session_epoch
        and session.expires_at > at.timestamp()
    )


def find(token: str, *, with_organization: bool = False) -> SignedIn | None:
    """The session that `token` names, with its user, or None. One BatchGetItem; prolonging adds one write a day.

    Args:
        token: what the client sent.
        with_organization: whether the user's school is read along, in the same call.
    """
    owner = owner_of(token)
    if owner is None:
        return None
    organization_id, user_id = owner
    keys: list[tuple[type[Item], str, str]] = [
        session_key(organization_id, user_id, hash_token(token)),
        (UserItem, users_of(organization_id), user_id),
    ]
    if with_organization:
        keys.append(organization_key(organization_id))
    session, user, *organization = get_many(keys)
    at = clock.now()
    if not holds(session, user, at):
        return None
    _prolong(session, at)
    return SignedIn(session, user, token, *organization)


def _prolong(session: SessionItem, at: datetime) -> None:
    """Renews a session that was last renewed over a day ago. Losing a race against its end is no harm."""
    expires = int(at.timestamp() + session.lifetime)
    if not session.remember or session.expires_at > expires - DAY:
        return
    gone = Unauthenticated()
    try:
        transact(
            update(
                session,
                [SessionItem.expires_at.set(expires), SessionItem.updated_at.set(clock.to_wire(at))],
                SessionItem.partition.exists(),
                gone,
            )
        )
    except Unauthenticated as error:
        if error is not gone:
            raise


def caller_of(signed_in: SignedIn) -> Caller:
    """The caller that policy decides about."""
    return caller_behind(signed_in.user, hash_token(signed_in.token))


def caller_behind(user: UserItem, session_hash: str = "") -> Caller:
    """The caller that a request of this user has; one with an API token has no session."""
    permissions, role_names = held_with(user.organization_id, list(user.roles))
    return Caller(
        organization_id=user.organization_id,
        home_organization_id=user.organization_id,
        user_id=user.id,
        session_hash=session_hash,
        name=user.name,
        email=user.email,
        role_ids=frozenset(user.roles),
        permissions=permissions,
        role_names=role_names,
        must_change_password=user.is_password_due,
        api_token_epoch=user.api_token_epoch,
    )


class WrongCredentials(CoreError):
    """The address is unknown, the password is wrong, or the account is closed: nobody learns which."""

    status = 401
    code = "invalid_email_or_password"
    sentence = "Invalid email or password"


def start(user: UserItem, client: Client, *further: Write) -> SignedIn:
    """A new session of `user`, in one transaction with `further`.

    Raises:
        WrongCredentials: the account was closed, or its sessions were ended, since it was read.
    """
    token, session = new_session(user, client)
    unchanged = (UserItem.session_epoch == user.session_epoch) & (UserItem.active == True)  # noqa: E712
    living = unchanged & UserItem.deleted_at.does_not_exist()
    transact(check(UserItem, user.partition, user.sort, living, WrongCredentials()), create(session), *further)
    return SignedIn(session, user, token)


def sign_out(token: str) -> None:
    """Ends the session that `token` names. A token that names none is no error: it is as signed out as can be."""
    owner = owner_of(token)
    if owner is None:
        return
    model, partition, sort = session_key(*owner, hash_token(token))
    transact(delete(model(partition, sort)))
