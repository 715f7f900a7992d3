"""The password service: one way to set a password, whatever door asks for it.

Password, session epoch, audit entry, used link and the order of the notice change in one transaction. A door only
translates: it says who asks and in which words the answer goes out.
"""

from collections.abc import Callable
from typing import NamedTuple

from pynamodb.expressions.condition import Condition

from core.audit.models import entry
from core.kernel import clock
from core.kernel.errors import BadRequest, Conflict, CoreError
from core.kernel.policy import Caller, is_for_staff, require_session
from core.kernel.settings import settings
from core.kernel.table import Item, Write, create, get, get_many, put, update
from core.organizations.models import organization_key
from core.outbox.models import MailKind, order
from core.passwords.models import FirstPassword, PasswordItem, password_key
from core.passwords.rules import KEPT_HISTORY, cost_of, hash_password, is_short, problems_with, verify
from core.roles.strength import require_strength
from core.sessions.new import Client, new_session
from core.users.models import UserItem
from core.users.service import change

Decision = Callable[[UserItem, PasswordItem | None], list[Write]]


class Author(NamedTuple):
    """Who sets a password, for the audit trail and the notice."""

    id: str
    #: Whether it is the account's owner: then the last five passwords can't come back.
    is_owner: bool
    action: str
    #: The school of the author's account.
    organization_id: str
    #: What else the trail should say.
    details: dict[str, str] | None = None


def by_owner(organization_id: str, user_id: str, action: str, details: dict[str, str] | None = None) -> Author:
    """The account's owner as the author of its password."""
    return Author(user_id, True, action, organization_id, details)


def by_administrator(actor: Caller, action: str) -> Author:
    """Somebody else as the author of a password."""
    return Author(actor.user_id, False, action, actor.home_organization_id)


def identity_of(user: UserItem) -> tuple[str, ...]:
    """What of a person a password may not contain."""
    return tuple(filter(None, (user.name, user.email, user.secondary_email)))


def require_acceptable(password: str, *, person: tuple[str, ...], school: str, role_ids: list[str]) -> None:
    """Refuses a password that breaks a rule.

    Raises:
        BadRequest: with every broken rule, field `password`.
    """
    if problems := problems_with(password, person=person, school=school, for_staff=is_for_staff(role_ids)):
        raise BadRequest(problems=problems)


def first_password(password: str) -> FirstPassword:
    """The first password of an account, which is acceptable, as it is kept. Takes the time of a hash."""
    return FirstPassword(hash_password(password), is_short(password))


def school_name(organization_id: str) -> str:
    """The school's name, which its people's passwords may not contain."""
    organization = get(*organization_key(organization_id))
    return organization.name if organization else ""


def kept_password(user: UserItem) -> PasswordItem | None:
    """The account's password as stored."""
    return get(*password_key(user.organization_id, user.id))


def _require_new(password: str, kept: PasswordItem | None) -> None:
    if kept and any(verify(password, hashed) for hashed in [kept.hashed, *kept.history][:KEPT_HISTORY]):
        message = f"You had this password before. The last {KEPT_HISTORY} can't come back."
        raise BadRequest(message, code="password_reused", field="password")


def set_password(
    organization_id: str,
    user_id: str,
    password: str,
    author: Author,
    decide: Decision,
    *,
    due: bool = False,
) -> UserItem:
    """Sets a password and ends every session, reset link and API token of the account.

    Args:
        organization_id: the school.
        user_id: whose password.
        password: the new one, as typed.
        author: who sets it.
        decide: refuses, or returns the further writes of the same transaction; it sees the account at its new
            epoch and may run several times.
        due: whether the owner must change it before doing anything else.

    Raises:
        NotFound: there is no such user.
        BadRequest: the password breaks a rule, or, for the owner, is one of the last five; field `password`.
    """
    hashes: dict[float, str] = {}

    def decide_all(user: UserItem) -> list[Write]:
        organization, kept = get_many(
            [
                organization_key(organization_id),
                password_key(organization_id, user.id),
            ]
        )
        user.session_epoch += 1
        user.api_token_epoch += 1
        further = decide(user, kept)
        school = organization.name if organization else ""
        require_acceptable(password, person=identity_of(user), school=school, role_ids=list(user.roles))
        sequence = kept.sequence if kept else 0
        if sequence not in hashes:
            if author.is_owner:
                _require_new(password, kept)
            hashes[sequence] = hash_password(password)
        user.must_change_password, user.password_is_short = due, is_short(password)
        return [*replacement(user, kept, hashes[sequence], author), *further]

    return change(organization_id, user_id, None, decide_all)


def replacement(
    user: UserItem, kept: PasswordItem | None, hashed: str, author: Author, valid_until: int | None = None
) -> list[Write]:
    """The writes of a new hash: in the old one's place if nobody has replaced it, the audit entry, the notice."""
    stamp = clock.to_wire(clock.now())
    _, partition, sort = password_key(user.organization_id, user.id)
    item = PasswordItem(partition, sort, hashed=hashed, changed_at=stamp, valid_until=valid_until)
    condition: Condition = Item.partition.does_not_exist()
    if kept is not None:
        item.history = [kept.hashed, *kept.history][: KEPT_HISTORY - 1]
        item.sequence = kept.sequence + 1
        condition = PasswordItem.sequence == kept.sequence
    overtaken = Conflict("Somebody else set this password at the same moment. Try again.", code="busy")
    home = author.organization_id
    record = entry(user.organization_id, author.id, author.action, user.id, author.details, actor_organization_id=home)
    notice = order(
        user.organization_id,
        MailKind.PASSWORD_CHANGED,
        user_id=user.id,
        name=user.name,
        to=[address for address in (user.email, user.secondary_email) if address],
        details={"by": "owner" if author.is_owner else "administrator", "at": stamp},
    )
    return [put(item, condition, overtaken), record, notice]


def change_own(
    actor: Caller,
    current: str,
    new: str,
    *,
    client: Client | None = None,
    others_stay: bool = False,
) -> tuple[UserItem, str | None]:
    """The owner changes the password, knowing the current one.

    Args:
        actor: the owner, signed in: an API token sets no password of its maker.
        current: the password as it is.
        new: the password as it shall be.
        client: gets a new session, because its own ends with the others.
        others_stay: leaves all sessions as they are.

    Returns:
        the account, and the token of the new session if one was started.

    Raises:
        BadRequest: `invalid_password` when `current` is wrong; or the new one breaks a rule.
        Forbidden: the owner is not signed in.
    """
    require_session(actor)
    author = by_owner(actor.home_organization_id, actor.user_id, "users.password.change")
    tokens: list[str] = []

    def decide(user: UserItem, kept: PasswordItem | None) -> list[Write]:
        require_current(current, kept)
        if others_stay:
            user.session_epoch -= 1
        elif client:
            token, session = new_session(user, client)
            tokens[:] = [token]
            return [create(session)]
        return []

    user = set_password(actor.organization_id, actor.user_id, new, author, decide)
    return user, tokens[0] if tokens else None


def require_current(current: str, kept: PasswordItem | None) -> None:
    """Refuses a wrong current password.

    Raises:
        BadRequest: code `invalid_password`, field `currentPassword`.
    """
    if kept is None or not verify(current, kept.hashed):
        raise BadRequest("Invalid password", code="invalid_password", field="currentPassword")


def change_for(actor: Caller, user_id: str, current: str, new: str, *, due: bool = False) -> UserItem:
    """The owner, or an administrator who knows the old password, changes it (Applivery's door and Zitadel's v2).

    Args:
        actor: who changes it; in the organization in which they act.
        user_id: whose password.
        current: the password as it is.
        new: the password as it shall be.
        due: whether an administrator's choice must be changed again by the owner; the owner's own never must.

    Raises:
        Forbidden: the account is stronger than the actor's.
        BadRequest: as `change_own`.
    """
    if actor.user_id == user_id:
        return change_own(actor, current, new)[0]
    author = by_administrator(actor, "users.password.change")

    def decide(user: UserItem, kept: PasswordItem | None) -> list[Write]:
        strength = require_strength(actor, user)
        require_current(current, kept)
        return strength

    return set_password(actor.organization_id, user_id, new, author, decide, due=due)


def strengthened(kept: PasswordItem, password: str, otherwise: CoreError) -> list[Write]:
    """The write of a stronger hash, when the configured cost has grown since the password was set; else none.

    Args:
        kept: the password as stored, which `password` has just been verified against. A one-time one stays as it is.
        password: as typed.
        otherwise: the error when somebody has set another password meanwhile.
    """
    if kept.valid_until is not None or cost_of(kept.hashed) >= settings().hash_cost:
        return []
    unchanged = PasswordItem.sequence == kept.sequence
    return [update(kept, [PasswordItem.hashed.set(hash_password(password))], unchanged, otherwise)]
