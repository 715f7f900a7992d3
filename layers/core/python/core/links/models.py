"""Reset links: who may set a new password without the old one, once, for a while.

A link's token is derived from its id with the deployment's secret. So the mailer can write it without its being
stored anywhere, and a dump of the table holds nothing that opens (acceptance B4).
"""

import hashlib
import hmac
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from core.kernel.settings import settings
from core.kernel.table import Item, Write, delete
from core.sessions.models import hash_token, owner_of, token_with
from core.users.models import UserItem, belongings_of, users_of

#: The link that the owner asked for. Anybody can ask in the owner's name, so what an administrator gave stands apart.
LINK_SORT = "RESET_LINK"
GIVEN_LINK_SORT = "RESET_LINK#GIVEN"
_KEPT_SECONDS = 30 * 24 * 3600


class LinkItem(Item):
    """A reset link: the newest that the owner asked for, or the newest that somebody else gave.

    A newer one takes its place, which kills it. One that is given kills the one that was asked for, too.
    """

    id = UnicodeAttribute()
    hashed = UnicodeAttribute()
    #: The password's sequence and the address when the link was made: it dies with either.
    sequence = NumberAttribute()
    email = UnicodeAttribute()
    created_at = UnicodeAttribute()
    #: Who asked for it: the owner, or whoever gave it.
    created_by = UnicodeAttribute()
    #: Of one that was shown to whoever gave it: that account's school and epoch. It dies when the giver recovers the
    #: account, or a stolen session of an administrator would live on in the links that it got (acceptance B11).
    giver_organization_id = UnicodeAttribute(null=True)
    giver_epoch = NumberAttribute(null=True)
    #: Whether it was mailed to the address and shown to nobody, so that whoever has it reads that address's mails.
    mailed = BooleanAttribute(default=False)
    #: Epoch seconds.
    valid_until = NumberAttribute()
    used_at = UnicodeAttribute(null=True)


class Link(NamedTuple):
    """A link that was just made, with the token that only now is known."""

    item: LinkItem
    token: str


def token_of(organization_id: str, user_id: str, link_id: str) -> str:
    """The token of the link with this id: base64url of organization, user and 256 derived bits."""
    secret = hmac.digest(settings().link_key, f"{organization_id}/{user_id}/{link_id}".encode(), hashlib.sha256)
    return token_with(organization_id, user_id, secret)


def link_keys(organization_id: str, user_id: str) -> list[tuple[type[LinkItem], str, str]]:
    """Where the links of an account stand: the one that was given, and the one that was asked for."""
    partition = belongings_of(organization_id, user_id)
    return [(LinkItem, partition, GIVEN_LINK_SORT), (LinkItem, partition, LINK_SORT)]


def without_asked(user: UserItem) -> Write:
    """The write that kills the link that was asked for, beside a newer one that is given."""
    return delete(LinkItem(belongings_of(user.organization_id, user.id), LINK_SORT))


def new_link(user: UserItem, sequence: float, *, link_id: str, created_by: str, at: str, valid_until: int) -> Link:
    """A new link of `user`. `sequence` is its password's, 0 when it has none. Only the owner's own is asked for."""
    partition = belongings_of(user.organization_id, user.id)
    sort = LINK_SORT if created_by == user.id else GIVEN_LINK_SORT
    token = token_of(user.organization_id, user.id, link_id)
    item = LinkItem(partition, sort, id=link_id, hashed=hash_token(token), sequence=sequence, email=user.email)
    item.created_at, item.created_by, item.valid_until = at, created_by, valid_until
    item.expires_at = valid_until + _KEPT_SECONDS
    return Link(item, token)


def giver_key(link: LinkItem) -> tuple[type[UserItem], str, str] | None:
    """Where the account stands to whose holder the link was shown; None for one that was only mailed."""
    if link.giver_organization_id is None:
        return None
    return UserItem, users_of(link.giver_organization_id), link.created_by


def stands_behind(giver: UserItem | None, link: LinkItem) -> bool:
    """Whether nothing has ended what whoever gave the link could do then: a new password, or all sessions at once."""
    return giver is not None and giver.active and not giver.deleted_at and giver.api_token_epoch == link.giver_epoch


def is_named(link: LinkItem | None, token: str) -> bool:
    """Whether `token` is this link's, dead or alive."""
    return link is not None and hmac.compare_digest(link.hashed, hash_token(token))


def is_alive(link: LinkItem | None, user: UserItem | None, sequence: float, at: datetime) -> bool:
    """Whether the link of `user` opens now. `sequence` is the password's, 0 when there is none."""
    return (
        link is not None
        and user is not None
        and user.active
        and not user.deleted_at
        and link.used_at is None
        and link.sequence == sequence
        and link.email == user.email
        and link.valid_until > at.timestamp()
    )


def owner(token: str) -> tuple[str, str] | None:
    """The organization id and user id that a link's token claims, or None when it has no token's form."""
    return owner_of(token)


def page_url(token: str, redirect_to: str | None = None) -> str:
    """The address that a mail names, where the owner sets the password.

    Its origin is configuration, never a header (acceptance B7). `redirect_to` is another trusted page than ours that
    asked for the mail; it gets the token over the operation that better-auth has for it.
    """
    if redirect_to is None:
        return f"{settings().public_origin}/reset-password?token={token}"
    asked = urlencode({"callbackURL": redirect_to})
    return f"{settings().public_origin}/api/auth/reset-password/{token}?{asked}"


def verification_token(organization_id: str, user_id: str, address: str) -> str:
    """The token that proves that its holder reads the mails to `address`. It changes nothing but that, so it keeps."""
    proof = hmac.digest(settings().link_key, f"verify/{organization_id}/{user_id}/{address}".encode(), hashlib.sha256)
    return token_with(organization_id, user_id, proof)


def verification_url(organization_id: str, user_id: str, address: str) -> str:
    """The address that a person opens to prove that a mail address is theirs."""
    token = verification_token(organization_id, user_id, address)
    return f"{settings().public_origin}/api/auth/verify-email?token={token}"


def addresses_proved(token: str, user: UserItem) -> list[Any]:
    """The addresses of `user` that a verification token proves."""
    addresses = filter(None, (user.email, user.secondary_email))
    return [
        each
        for each in addresses
        if hmac.compare_digest(token, verification_token(user.organization_id, user.id, each))
    ]
