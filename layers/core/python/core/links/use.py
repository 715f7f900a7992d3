"""Using a reset link: looking whether it opens, and setting the password with it, once."""

from typing import NamedTuple

from core.kernel import clock
from core.kernel.errors import BadRequest
from core.kernel.table import Write, check, get, get_many, update
from core.links.models import LinkItem, giver_key, is_alive, is_named, link_keys, owner, stands_behind
from core.passwords.models import PasswordItem, password_key
from core.passwords.service import by_owner, set_password
from core.throttles.models import source_of
from core.throttles.service import attempt
from core.users.models import UserItem, users_of

#: Guesses of one source, within so many seconds.
_MOST = 20
_SECONDS = 5 * 60


class InvalidToken(BadRequest):
    """The link is unknown, used, expired, or ended by a newer one or a change of the password."""

    code = "invalid_token"
    sentence = "This link is not valid any more. Ask for a new one."


class OpenedLink(NamedTuple):
    """A link that is valid now, and whose it is."""

    item: LinkItem
    user: UserItem

    @property
    def giver_id(self) -> str | None:
        """Who gave it, or None when its owner asked for it."""
        return self.item.created_by if self.item.created_by != self.user.id else None


def open_link(token: str, ip_address: str | None) -> OpenedLink | None:
    """The link that `token` opens, or None. Looking never uses it up (acceptance B9).

    Only guesses are counted, so that no stranger keeps an owner from a link, not even from the same place: a token has
    256 random bits, and one that is a link's is none.

    Args:
        token: of a link, as it came.
        ip_address: where it came from, as API Gateway saw it.

    Raises:
        TooManyRequests: 20 tokens that are no link's, within 5 minutes from one source.
    """
    claimed = owner(token)
    if claimed is not None:
        organization_id, user_id = claimed
        *links, user, kept = get_many(
            [
                *link_keys(organization_id, user_id),
                (UserItem, users_of(organization_id), user_id),
                password_key(organization_id, user_id),
            ]
        )
        for link in links:
            if is_named(link, token):
                alive = is_alive(link, user, kept.sequence if kept else 0, clock.now())
                return OpenedLink(link, user) if alive and _is_upheld(link) else None
    attempt(f"link/source/{source_of(ip_address)}", _MOST, _SECONDS)
    return None


def _is_upheld(link: LinkItem) -> bool:
    key = giver_key(link)
    return key is None or stands_behind(get(*key), link)


def _upheld(link: LinkItem) -> list[Write]:
    """The check that whoever was shown the link has not recovered their account meanwhile."""
    key = giver_key(link)
    if key is None:
        return []
    same = (UserItem.api_token_epoch == link.giver_epoch) & UserItem.deleted_at.does_not_exist()
    return [check(*key, same, InvalidToken(field="token"))]


def link_opens(token: str, ip_address: str | None) -> bool:
    """Whether `token` is valid now. Raises as `open_link` does."""
    return open_link(token, ip_address) is not None


def reset_with_link(token: str, password: str, ip_address: str | None) -> UserItem:
    """The owner sets a new password with a link, once. All sessions end.

    Token, password and session epoch change in one transaction, so of any number at once exactly one wins (B6).
    A refused password leaves the link usable. The trail says who gave the link, if it was not the owner's own: that
    person may have used it.

    Raises:
        InvalidToken: the link does not open.
        BadRequest: the password breaks a rule; field `password`.
        TooManyRequests: as `open_link`.
    """
    opened = open_link(token, ip_address)
    if opened is None:
        raise InvalidToken(field="token")
    details = {"linkId": opened.item.id} | ({"linkBy": opened.giver_id} if opened.giver_id else {})
    author = by_owner(opened.user.organization_id, opened.user.id, "users.password.link.use", details)

    def decide(user: UserItem, kept: PasswordItem | None) -> list[Write]:
        link = get(LinkItem, opened.item.partition, opened.item.sort)
        sequence = kept.sequence if kept else 0
        if link is None or not is_named(link, token) or not is_alive(link, user, sequence, clock.now()):
            raise InvalidToken(field="token")
        user.email_verified = user.email_verified or bool(link.mailed)
        unused = (LinkItem.id == link.id) & LinkItem.used_at.does_not_exist()
        used = update(link, [LinkItem.used_at.set(clock.to_wire(clock.now()))], unused, InvalidToken(field="token"))
        return [used, *_upheld(link)]

    return set_password(opened.user.organization_id, opened.user.id, password, author, decide)
