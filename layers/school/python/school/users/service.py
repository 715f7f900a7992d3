"""The rules of user accounts."""

from collections.abc import Callable
from typing import Any

from school import clock
from school.audit.models import entry
from school.errors import Conflict, NotFound, PreconditionFailed
from school.lists import Source, attribute, walk
from school.mail.models import MailKind, order
from school.pages import Page, PageRequest
from school.passwords.models import password_item
from school.policy import Caller, require_strength
from school.table import create, get, get_many, put, query, transact
from school.users.claims import claim_email, counted, release_email, searchable, unsearchable
from school.users.models import UserItem, counts_of, fold, search_terms, searches_of, users_of

TOMBSTONE_SECONDS = 30 * 24 * 3600
_ATTEMPTS = 5


class _Overtaken(Exception):
    """Somebody else changed the user between our read and our write."""


def find(organization_id: str, user_id: str) -> UserItem:
    """The user of this school with this id.

    Raises:
        NotFound: absent, deleted, of another school, or not an id at all.
    """
    user = get(UserItem, users_of(organization_id), user_id.lower()) if clock.is_id(user_id) else None
    if user is None or user.deleted_at:
        raise NotFound()
    return user


def listing(organization_id: str, request: PageRequest) -> Page:
    """A page of the school's users. docs/table.md states what each kind of page reads."""
    source = _source(organization_id, request)
    narrowed = source.filter_condition is not None or source.prefix is not None or request.updated_since is not None
    total = None if narrowed or not request.by_page_number else count(organization_id)
    run = walk(source, request, total)
    ids = [each["user_id"]["S"] if source.prefix is not None else each["sk"]["S"] for each in run.entries]
    users = get_many([(UserItem, users_of(organization_id), user_id) for user_id in ids])
    shown = [user for user in users if user and (request.updated_since or not user.deleted_at)]
    return Page(shown, run.total, run.next)


def _source(organization_id: str, request: PageRequest) -> Source:
    partition = users_of(organization_id)
    if request.updated_since:
        since = attribute("change_key") >= clock.to_wire(request.updated_since)
        return Source(partition, "changes", range_condition=since)
    active = request.filters.get("active")
    in_index = None if active is None else attribute("filters", "active") == active
    if request.search:
        prefix = fold(request.search)
        return Source(
            searches_of(organization_id),
            range_condition=attribute("sk").startswith(prefix),
            filter_condition=in_index,
            prefix=prefix,
        )
    forward = not request.sort.startswith("-")
    if request.sort.endswith("name"):
        return Source(partition, "names", filter_condition=in_index, forward=forward)
    living = UserItem.deleted_at.does_not_exist()
    return Source(partition, filter_condition=living if in_index is None else living & in_index, forward=forward)


def count(organization_id: str) -> int:
    """How many users a school has: the sum of 16 counters, one query."""
    return sum(int(part["number"]["N"]) for part in query(counts_of(organization_id)).items)


def create_user(actor: Caller, members: dict[str, Any], hashed: str | None) -> UserItem:
    """A new account without roles.

    Args:
        actor: who creates it, in whose school.
        members: name, email and the optional ones, as stored.
        hashed: the hash of the first password; without one the account needs a reset before its first sign-in.

    Raises:
        Conflict: the email belongs to another account.
    """
    at = clock.now()
    user = UserItem(users_of(actor.organization_id), clock.new_id(at), **members)
    user.created_at = user.updated_at = clock.to_wire(at)
    user.index()
    writes = [create(user), claim_email(user), counted(user, 1), *searchable(user), _audit(actor, user, "users.create")]
    writes += [_verification(user, address) for address in (user.email, user.secondary_email) if address]
    if hashed:
        writes.append(create(password_item(actor.organization_id, user.id, hashed, user.updated_at)))
    transact(*writes)
    return user


def change(
    organization_id: str,
    user_id: str,
    expected: int | None,
    decide: Callable[[UserItem], list[Any]],
) -> UserItem:
    """Changes a user as `decide` says, on exactly the version that it saw.

    Args:
        organization_id: the school.
        user_id: the user.
        expected: the version that `If-Match` names, or None to take whatever is current.
        decide: alters the item and returns the further writes of the same transaction. It may run several times.

    Raises:
        NotFound: there is no such user.
        PreconditionFailed: the user is not at the expected version.
        Conflict: others changed the user again and again.
    """
    for _ in range(_ATTEMPTS):
        user = find(organization_id, user_id)
        if expected is not None and user.version != expected:
            raise PreconditionFailed()
        version = user.version
        further = decide(user)
        user.updated_at = max(clock.to_wire(clock.now()), user.updated_at)
        user.version = version + 1
        user.index()
        overtaken = PreconditionFailed()
        try:
            transact(put(user, UserItem.version == version, overtaken), *further)
        except PreconditionFailed as error:
            if error is not overtaken or expected is not None:
                raise
            continue
        return user
    raise Conflict("Others are changing this user at the same moment. Try again.", code="busy")


def update_user(actor: Caller, user_id: str, changes: dict[str, Any], expected: int | None) -> UserItem:
    """Changes the members in `changes`.

    Raises:
        Forbidden: the account is stronger than the actor's.
        Conflict: the new email belongs to another account.
    """

    def decide(user: UserItem) -> list[Any]:
        if user.id != actor.user_id:
            require_strength(actor, list(user.roles))
        old_email, old_terms = user.email, search_terms(user)
        stale = UserItem.from_raw_data(user.to_dynamodb_dict())
        for name, value in changes.items():
            setattr(user, name, value)
        writes = [_audit(actor, user, "users.update")]
        if user.email != old_email:
            user.email_verified = False
            writes += [release_email(old_email), claim_email(user), _verification(user, user.email)]
        if user.secondary_email != stale.secondary_email:
            user.secondary_email_verified = False
            writes += [_verification(user, user.secondary_email)] if user.secondary_email else []
        terms = search_terms(user)
        if terms != old_terms:
            writes += [*unsearchable(stale, but=terms), *searchable(user)]
        return writes

    return change(actor.organization_id, user_id, expected, decide)


def delete_user(actor: Caller, user_id: str, expected: int | None) -> None:
    """Hides an account on every path and ends its sessions. It can be restored for 30 days; then it is gone.

    Raises:
        Conflict: one's own account.
        Forbidden: the account is stronger than the actor's.
    """
    if user_id.lower() == actor.user_id:
        raise Conflict("You can't delete your own account. Ask another administrator.", code="own_account")

    def decide(user: UserItem) -> list[Any]:
        require_strength(actor, list(user.roles))
        at = clock.now()
        user.deleted_at = clock.to_wire(at)
        user.session_epoch += 1
        user.expires_at = int(at.timestamp()) + TOMBSTONE_SECONDS
        return [
            release_email(user.email),
            counted(user, -1),
            *unsearchable(user),
            _audit(actor, user, "users.delete"),
        ]

    change(actor.organization_id, user_id, expected, decide)


def _verification(user: UserItem, address: str) -> Any:
    """Asks whoever reads the mails to `address` whether it is this account's."""
    kind = MailKind.VERIFY_ADDRESS
    return order(user.organization_id, kind, user_id=user.id, name=user.name, to=[address])


def _audit(actor: Caller, user: UserItem, action: str) -> Any:
    at = clock.now()
    return entry(
        actor.organization_id,
        action=action,
        actor_id=actor.user_id,
        target_id=user.id,
        at=clock.to_wire(at),
        entry_id=clock.new_id(at),
    )
