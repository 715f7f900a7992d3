"""Links that are mailed: to whoever forgot the password, and to whoever is invited to choose the first one."""

from contextlib import suppress
from datetime import timedelta
from typing import cast

from pynamodb.expressions.condition import Condition

from core.audit.models import done_by
from core.kernel import clock
from core.kernel.errors import Conflict
from core.kernel.policy import Caller, Permission, require_another
from core.kernel.records import Overtaken, unchanged
from core.kernel.table import Write, get, get_many, put, transact
from core.links.models import LinkItem, link_keys, new_link, without_asked
from core.logins.guard import is_familiar
from core.logins.models import familiar_key
from core.outbox.models import MailKind, order
from core.passwords.models import PasswordItem, password_key
from core.roles.models import granted_by, own_role_keys
from core.roles.strength import require_strength
from core.throttles.models import source_of, window_key
from core.throttles.service import Limit, attempt_all, is_open
from core.users.claims import claim_key
from core.users.models import EmailItem, UserItem, email_key, users_of
from core.users.service import find
from core.users.verification import mailed

OWNER_SECONDS = 3600
ADMINISTRATOR_SECONDS = 1800
INVITED_SECONDS = 72 * 3600
_DAY = 24 * 3600
#: Mails a day, and how many of them one place that the account does not know can use up.
_MOST_A_DAY = 5
_SHARE = 3
#: At an invitation whose account is being changed.
_ATTEMPTS = 3
_GHOST = "0" * 24


def request_link(email: str, ip_address: str | None, redirect_to: str | None, *, seconds: int | None = None) -> None:
    """Orders the mail with a reset link, to the account's verified address only.

    For an unknown, closed or unverified address it reads and writes just as much, and says nothing (acceptance B1).
    So the roles of the school come in the same call as the password, which everybody's request makes.

    Args:
        email: normalized.
        ip_address: the address that asks, as API Gateway saw it.
        redirect_to: the trusted page that the link leads to; None for ours.
        seconds: how long the link lasts; None for an hour, and half of one for administrators.

    Raises:
        TooManyRequests: 1 a minute or 5 a day for the address, 3 a minute for the source; known or not.
    """
    claim = _count_request(email, source_of(ip_address))
    organization_id, user_id = (claim.organization_id, claim.user_id) if claim else (_GHOST, email_key(email)[-24:])
    known = get(UserItem, users_of(organization_id), user_id)
    role_ids = list(known.roles) if known else []
    kept, *own = get_many([password_key(organization_id, user_id), *own_role_keys(organization_id, role_ids)])
    # A link of nobody's opens nothing, so it keeps no address either: that may be somebody's who was erased.
    user = UserItem(users_of(_GHOST), email_key(email)[-24:], name="-", email=email_key(email))
    mailed = known is not None and known.active and not known.deleted_at and known.email_verified
    if known and mailed:
        user = known
    strong = Permission.USERS_PASSWORD in granted_by(role_ids, own)
    lasts = seconds or (ADMINISTRATOR_SECONDS if strong else OWNER_SECONDS)
    kind = MailKind.RESET_LINK if mailed else MailKind.NOTHING
    transact(*_link_writes(user, kept if mailed else None, lasts, kind, created_by=user.id, redirect_to=redirect_to))
    clock.blur()


def _count_request(email: str, source: str) -> EmailItem | None:
    """Counts one request for a mail, and returns the claim on the address.

    A place from which the account signed in lately has its own five mails a day, which nobody elsewhere uses up. All
    other places share five, of which one uses up three at most and then only its own: so an owner in a new place gets
    a mail although somebody in another one asked until refused. A mailbox gets at most seven that way.
    """
    here = f"{email}/{source}"
    of_here = Limit(f"reset-mail/day/{here}", _MOST_A_DAY, _DAY)
    claim, familiar, window = get_many([claim_key(email), familiar_key(email, source), window_key(of_here.key)])
    at = clock.now()
    limits = [Limit(f"reset-mail/source/{source}", 3, 60), of_here]
    if is_familiar(familiar, claim, at):
        limits.append(Limit(f"reset-mail/minute/{here}", 1, 60))
    else:
        limits.append(Limit(f"reset-mail/minute/{email}", 1, 60))
        if window is None or not is_open(window, at) or window.number < _SHARE:
            limits.append(Limit(f"reset-mail/day/{email}", _MOST_A_DAY, _DAY))
    attempt_all(*limits)
    return claim


def invitation(user: UserItem, created_by: str, link_is: Condition | None = None) -> list[Write]:
    """The writes that invite the owner of an account, by mail, to choose the first password within three days.

    Args:
        user: the owner.
        created_by: the id of whoever invites.
        link_is: what must hold of the link that was given before; else these fail with Overtaken.
    """
    writes = _link_writes(user, None, INVITED_SECONDS, MailKind.INVITATION, created_by=created_by, link_is=link_is)
    return [*writes, mailed(user.email)]


def inviting(actor: Caller, user: UserItem, earlier: LinkItem | None, strength: list[Write]) -> list[Write]:
    """The writes by which somebody invites the owner of an account that is there.

    Args:
        actor: who invites.
        user: the owner.
        earlier: the link that was given before, as it was read; None when there was none. When somebody else invites at
            the same moment, one of the two fails with Overtaken.
        strength: what holds the transaction to the actor's being as strong as the account.
    """
    link_is = LinkItem.id == earlier.id if earlier else LinkItem.id.does_not_exist()
    audit = done_by(actor, "users.invite", user.id)
    return [*invitation(user, actor.user_id, link_is), without_asked(user), audit, unchanged(user), *strength]


def invite(actor: Caller, user_id: str) -> None:
    """Invites the owner of an account without a password anew; the link of an earlier invitation is dead then.

    Raises:
        NotFound: there is no such user in the actor's school.
        Forbidden: the account is the actor's own, or stronger than that.
        Conflict: the account has a password, or is closed.
        TooManyRequests: more than once a minute, or the address had enough mails for today.
        Overtaken: the account or one of its roles was changed at the same moment.
    """
    for attempt in range(_ATTEMPTS):
        user = find(actor.organization_id, user_id)
        require_another(actor, user.id)
        strength = require_strength(actor, user)
        earlier = _without_password(user)
        if attempt == 0:
            attempt_all(Limit(f"invitation/{user.id}", 1, 60))
        with suppress(Overtaken):
            transact(*inviting(actor, user, earlier, strength))
            return
    raise Overtaken()


def _without_password(user: UserItem) -> LinkItem | None:
    """The link that was given last to the owner of an open account without a password."""
    kept, given, _ = get_many([password_key(user.organization_id, user.id), *link_keys(user.organization_id, user.id)])
    require_invitable(user, kept)
    return cast("LinkItem | None", given)


def require_invitable(user: UserItem, kept: PasswordItem | None) -> None:
    """Refuses to invite the owner of an account that is closed, or has a password.

    Raises:
        Conflict: code `inactive` or `has_password`.
    """
    if not user.active:
        raise Conflict("This account is closed. Open it first.", code="inactive")
    if kept:
        message = "This account has a password. Its owner can ask for a link to choose another."
        raise Conflict(message, code="has_password")


def _link_writes(
    user: UserItem,
    kept: PasswordItem | None,
    seconds: int,
    kind: MailKind,
    *,
    created_by: str,
    redirect_to: str | None = None,
    link_is: Condition | None = None,
) -> list[Write]:
    at = clock.now()
    until = at + timedelta(seconds=seconds)
    link = new_link(
        user,
        kept.sequence if kept else 0,
        link_id=clock.new_id(at),
        created_by=created_by,
        at=clock.to_wire(at),
        valid_until=int(until.timestamp()),
    )
    link.item.mailed = True
    details = {"link_id": link.item.id, "valid_until": clock.to_wire(until)}
    if redirect_to is not None:
        details["redirect_to"] = redirect_to
    to = [] if kind is MailKind.NOTHING else [user.email]
    mail = order(user.organization_id, kind, user_id=user.id, name=user.name, to=to, details=details)
    return [put(link.item, link_is, None if link_is is None else Overtaken()), mail]
