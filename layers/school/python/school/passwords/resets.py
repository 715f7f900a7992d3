"""Resetting a password without knowing it: by an administrator, or by the owner with a mailed link."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from school import clock
from school.audit.models import done_by
from school.errors import BadRequest, Conflict
from school.lists import attribute
from school.mail.models import MailKind, order
from school.passwords.links import LinkItem, link_key, new_link, opens, owner, page_url
from school.passwords.models import PASSWORD_SORT, PasswordItem
from school.passwords.service import by_administrator, by_owner, kept_password, set_password
from school.policy import Caller, Permission, require_another
from school.records import Overtaken, unchanged
from school.roles.models import granted_by, own_role_keys
from school.roles.strength import require_strength
from school.table import Write, get, get_many, put, query, transact, update
from school.throttles.service import Limit, attempt_all
from school.users.models import EmailItem, UserItem, belongings_of, email_key, users_of
from school.users.service import find

OWNER_SECONDS = 3600
ADMINISTRATOR_SECONDS = 1800
ISSUED_SECONDS = 24 * 3600
INVITED_SECONDS = 72 * 3600
#: At an invitation whose account is being changed.
_ATTEMPTS = 3
_GHOST = "0" * 24


@dataclass(frozen=True, slots=True)
class Receipt:
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
    link = get(*link_key(user.organization_id, user.id))
    sequence = kept.sequence if kept else 0
    living = link is not None and link.used_at is None and link.sequence == sequence
    return [len(sessions), int(living and link is not None and link.valid_until > now.timestamp())]


class InvalidToken(BadRequest):
    """The link is unknown, used, expired, or ended by a newer one or a change of the password."""

    code = "invalid_token"
    sentence = "This link is not valid any more. Ask for a new one."


def request_link(email: str, source: str, redirect_to: str | None, *, seconds: int | None = None) -> None:
    """Orders the mail with a reset link, to the account's verified address only.

    For an unknown, closed or unverified address it reads and writes just as much, and says nothing (acceptance B1).
    So the roles of the school come in the same call as the password, which everybody's request makes.

    Args:
        email: normalized.
        source: the address that asks, as API Gateway saw it.
        redirect_to: the trusted page that the link leads to; None for ours.
        seconds: how long the link lasts; None for an hour, and half of one for administrators.

    Raises:
        TooManyRequests: 1 a minute or 5 a day for the address, 3 a minute for the source; known or not.
    """
    attempt_all(
        Limit(f"reset-mail/source/{source}", 3, 60),
        Limit(f"reset-mail/account/minute/{email}", 1, 60),
        Limit(f"reset-mail/account/day/{email}", 5, 24 * 3600),
    )
    claim = get(EmailItem, email_key(email), "CLAIM")
    organization_id, user_id = (claim.organization_id, claim.user_id) if claim else (_GHOST, email_key(email)[-24:])
    known = get(UserItem, users_of(organization_id), user_id)
    role_ids = list(known.roles) if known else []
    password_key = (PasswordItem, belongings_of(organization_id, user_id), PASSWORD_SORT)
    kept, *own = get_many([password_key, *own_role_keys(organization_id, role_ids)])
    # A link of nobody's opens nothing, so it keeps no address either: that may be somebody's who was erased.
    user = UserItem(users_of(_GHOST), email_key(email)[-24:], name="-", email=email_key(email))
    mailed = known is not None and known.active and not known.deleted_at and known.email_verified
    if known and mailed:
        user = known
    strong = Permission.USERS_PASSWORD in granted_by(role_ids, own)
    lasts = seconds or (ADMINISTRATOR_SECONDS if strong else OWNER_SECONDS)
    kind = MailKind.RESET_LINK if mailed else MailKind.NOTHING
    transact(*_link_writes(user, kept if mailed else None, lasts, kind, redirect_to))
    clock.blur()


def invitation(user: UserItem) -> list[Write]:
    """The writes that invite the owner of a new account, by mail, to choose its first password within three days."""
    return _link_writes(user, None, INVITED_SECONDS, MailKind.INVITATION)


def invite(actor: Caller, user_id: str) -> None:
    """Invites the owner of an account without a password anew; the link of an earlier invitation is dead then.

    Raises:
        NotFound: there is no such user in the actor's school.
        Forbidden: the account is the actor's own, or stronger than that.
        Conflict: the account has a password, or is closed.
        TooManyRequests: more than once a minute.
        Overtaken: the account or one of its roles was changed at the same moment.
    """
    for attempt in range(_ATTEMPTS):
        user = find(actor.organization_id, user_id)
        require_another(actor, user.id)
        strength = require_strength(actor, user)
        _require_without_password(user)
        if attempt == 0:
            attempt_all(Limit(f"invitation/{user.id}", 1, 60))
        with suppress(Overtaken):
            transact(*invitation(user), done_by(actor, "users.invite", user.id), unchanged(user), *strength)
            return
    raise Overtaken()


def _require_without_password(user: UserItem) -> None:
    if not user.active:
        raise Conflict("This account is closed. Open it first.", code="inactive")
    if kept_password(user):
        message = "This account has a password. Its owner can ask for a link to choose another."
        raise Conflict(message, code="has_password")


def _link_writes(
    user: UserItem, kept: PasswordItem | None, seconds: int, kind: MailKind, redirect_to: str | None = None
) -> list[Write]:
    at = clock.now()
    until = at + timedelta(seconds=seconds)
    link = new_link(
        user,
        kept.sequence if kept else 0,
        link_id=clock.new_id(at),
        created_by=user.id,
        at=clock.to_wire(at),
        valid_until=int(until.timestamp()),
    )
    details = {"link_id": link.item.id, "valid_until": clock.to_wire(until)}
    if redirect_to is not None:
        details["redirect_to"] = redirect_to
    to = [] if kind is MailKind.NOTHING else [user.email]
    return [put(link.item), order(user.organization_id, kind, user_id=user.id, name=user.name, to=to, details=details)]


def issue_link(actor: Caller, user: UserItem) -> str:
    """A reset link that the administrator hands over (Unleash's door); older ones are dead. Valid for 24 hours.

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
    record = done_by(actor, "users.password.link", user.id)
    transact(put(link.item), record, unchanged(user), *strength)
    return page_url(link.token)


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that is valid now, and whose it is."""

    item: LinkItem
    user: UserItem


def open_link(token: str) -> OpenedLink | None:
    """The link that `token` opens, or None. Looking never uses it up (acceptance B9)."""
    claimed = owner(token)
    if claimed is None:
        return None
    organization_id, user_id = claimed
    link, user, kept = get_many(
        [
            link_key(organization_id, user_id),
            (UserItem, users_of(organization_id), user_id),
            (PasswordItem, belongings_of(organization_id, user_id), PASSWORD_SORT),
        ]
    )
    sequence = kept.sequence if kept else 0
    return OpenedLink(link, user) if opens(link, token, user, sequence, clock.now()) else None


def link_opens(token: str) -> bool:
    """Whether `token` is valid now."""
    return open_link(token) is not None


def reset_with_link(token: str, password: str) -> UserItem:
    """The owner sets a new password with a mailed link, once. All sessions end.

    Token, password and session epoch change in one transaction, so of any number at once exactly one wins (B6).
    A refused password leaves the link usable.

    Raises:
        InvalidToken: the link does not open.
        BadRequest: the password breaks a rule; field `password`.
    """
    opened = open_link(token)
    if opened is None:
        raise InvalidToken(field="token")
    author = by_owner(opened.user.organization_id, opened.user.id, "users.password.link.use")

    def decide(user: UserItem, kept: PasswordItem | None) -> list[Write]:
        link = get(*link_key(user.organization_id, user.id))
        sequence = kept.sequence if kept else 0
        if link is None or not opens(link, token, user, sequence, clock.now()):
            raise InvalidToken(field="token")
        # Who followed a mailed link reads that address's mails.
        user.email_verified = user.email_verified or link.created_by == user.id
        unused = (LinkItem.id == link.id) & LinkItem.used_at.does_not_exist()
        return [update(link, [LinkItem.used_at.set(clock.to_wire(clock.now()))], unused, InvalidToken(field="token"))]

    return set_password(opened.user.organization_id, opened.user.id, password, author, decide)
