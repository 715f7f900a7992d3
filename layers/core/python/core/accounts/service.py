"""The rules of user accounts."""

from typing import Any

from core.accounts.renaming import end_access, members_of, renaming
from core.audit.models import done_by
from core.audit.updates import updated
from core.kernel import clock, records
from core.kernel.errors import Conflict
from core.kernel.policy import Caller
from core.kernel.records import bury, copy_of, counted, created, searchable, searchable_anew, unearth, unsearchable
from core.kernel.table import Write, create, transact
from core.links.mails import invitation
from core.passwords.models import FirstPassword, password_item
from core.roles.models import joined, left, roles_held
from core.roles.strength import require_strength
from core.users.administrators import administrators_counted
from core.users.claims import claim_email, release_email
from core.users.models import UserItem, users_of
from core.users.schemas import image_address
from core.users.service import change, find
from core.users.verification import asked_by, verification


def create_user(actor: Caller, members: dict[str, Any], password: FirstPassword | None) -> UserItem:
    """A new account without roles.

    Args:
        actor: who creates it, in whose school.
        members: name, email and the optional ones, as stored.
        password: the first one; without it the account needs a reset before its first sign-in.

    Raises:
        Conflict: the email belongs to another account.
        TooManyRequests: an address had too many mails today, or the actor entered too many addresses.
    """
    at = clock.now()
    user = UserItem(users_of(actor.organization_id), clock.new_id(at), **members)
    user.created_at = user.updated_at = clock.to_wire(at)
    writes = [*opening(user, password), asked_by(actor, user), done_by(actor, "users.create", user.id)]
    transact(*writes)
    return user


def opening(
    user: UserItem, password: FirstPassword | None, *, invited_by: str | None = None, mailed: bool = True
) -> list[Write]:
    """The writes of a new account: itself, its claim, its place in lists and the mails to its addresses.

    Args:
        user: the account.
        password: its first one.
        invited_by: the id of whoever invites the owner to choose the first password, where there is none yet. Who opens
            the link of that mail has shown whose the address is.
        mailed: whether its addresses are mailed links to confirm them.
    """
    user.password_is_short = password is not None and password.is_short
    writes = [*created(user), claim_email(user)]
    writes += [*joined(user, roles_held(user)), *administrators_counted(None, user)]
    unconfirmed = [user.email, user.secondary_email]
    if invited_by is not None and password is None:
        writes += invitation(user, invited_by)
        unconfirmed.remove(user.email)
    if mailed:
        writes += verification(user, unconfirmed)
    if password:
        writes.append(create(password_item(user.organization_id, user.id, password.hashed, user.updated_at)))
    return writes


def closing(user: UserItem) -> list[Write]:
    """The writes that go along with burying an account. The account itself, whose sessions end, is not put."""
    before = copy_of(user)
    bury(user)
    end_access(user)
    own = [release_email(user.email), counted(user, -1), *unsearchable(user), *left(user, roles_held(user))]
    return [*own, *administrators_counted(before, user)]


def reopening(user: UserItem) -> list[Write]:
    """The writes that go along with taking a buried account back. Its sessions stay dead. The account is not put."""
    unearth(user)
    own = [claim_email(user), counted(user, 1), *searchable(user), *joined(user, roles_held(user))]
    return [*own, *administrators_counted(None, user)]


def activation(user: UserItem, active: bool) -> list[Write]:
    """The writes that go along with closing an account for a while, or opening it again. The account is not put."""
    before = copy_of(user)
    user.active = active
    if not active:
        end_access(user)
    return [*searchable_anew(before, user), *administrators_counted(before, user)]


def update_user(actor: Caller, user_id: str, changes: dict[str, Any], expected: int | None) -> UserItem:
    """Changes the members in `changes`. What changes nothing writes nothing.

    Raises:
        Forbidden: the account is stronger than the actor's; or an address would change that only whoever may set the
            password may change.
        Conflict: the new email belongs to another account.
        TooManyRequests: too many mails would go to an address that nobody has confirmed.
    """

    def decide(user: UserItem) -> list[Write] | None:
        reach = require_reach(actor, user)
        before = copy_of(user)
        for name, value in changes.items():
            # Whoever sends back what was read means the picture that is there.
            if name == "image" and value is not None and value == image_address(user):
                continue
            setattr(user, name, value)
        further = renaming(actor, before, user)
        if user.person_id and (user.name, user.email) != (before.name, before.email):
            raise _of_a_person(user)
        members = members_of(before), members_of(user)
        audit = updated(actor, "users.update", user.id, *members, account_id=user.id)
        return [*reach, *audit, *further] if audit else None

    return records.change(lambda: find(actor.organization_id, user_id), expected, decide)


def require_reach(actor: Caller, user: UserItem) -> list[Write]:
    """As `require_strength` for the accounts of others. One's own is always in reach."""
    return [] if user.id == actor.user_id else require_strength(actor, user)


def find_to_change(actor: Caller, user_id: str) -> UserItem:
    """The user, if the actor is strong enough to change the account.

    Raises:
        NotFound: there is no such user.
        Forbidden: the account is stronger than the actor's.
    """
    user = find(actor.organization_id, user_id)
    require_reach(actor, user)
    return user


def set_image(actor: Caller, user_id: str, image: str, expected: int | None) -> tuple[UserItem, str | None]:
    """Makes a picture of the bucket the account's image. Doing so twice changes nothing.

    Returns:
        the account, and what its image was.

    Raises:
        Forbidden: the account is stronger than the actor's.
    """
    before = None

    def decide(user: UserItem) -> list[Write] | None:
        nonlocal before
        reach = require_reach(actor, user)
        before = user.image
        if user.image == image:
            return None
        user.image = image
        return [*reach, done_by(actor, "users.image", user.id)]

    changed = records.change(lambda: find(actor.organization_id, user_id), expected, decide)
    return changed, before


def set_active(actor: Caller, user_id: str, active: bool, expected: int | None) -> UserItem:
    """Closes an account for a while, which ends its sessions, or opens it again. Doing so twice changes nothing.

    Raises:
        Conflict: one's own account; the last administrator's; or that of a person, whose record says it.
        Forbidden: the account is stronger than the actor's.
    """
    require_not_oneself(actor, user_id)

    def decide(user: UserItem) -> list[Write] | None:
        strength = require_strength(actor, user)
        if user.active == active:
            return None
        if user.person_id:
            raise _of_a_person(user)
        action = "users.activate" if active else "users.deactivate"
        return [*strength, *activation(user, active), done_by(actor, action, user.id)]

    return records.change(lambda: find(actor.organization_id, user_id), expected, decide)


def require_not_oneself(actor: Caller, user_id: str) -> None:
    """Refuses to close one's own account.

    Raises:
        Conflict: it is the actor's own.
    """
    if user_id.lower() == actor.user_id:
        raise Conflict("You can't close your own account. Ask another administrator.", code="own_account")


def delete_user(actor: Caller, user_id: str, expected: int | None) -> None:
    """Hides an account on every path and ends its sessions. It can be restored for 30 days; then it is gone.

    Raises:
        Conflict: one's own account.
        Forbidden: the account is stronger than the actor's.
    """
    require_not_oneself(actor, user_id)

    def decide(user: UserItem) -> list[Any]:
        strength = require_strength(actor, user)
        if user.person_id:
            raise _of_a_person(user)
        return [*strength, *closing(user), done_by(actor, "users.delete", user.id)]

    change(actor.organization_id, user_id, expected, decide)


def _of_a_person(user: UserItem) -> Conflict:
    path = f"/api/{user.person_kind}/{user.person_id}"
    return Conflict(f"This account belongs to the record of a person. Change it at {path}.", code="person_record")
