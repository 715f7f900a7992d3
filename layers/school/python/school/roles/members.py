"""Who has a role: lists, and giving and taking it, many at once and each atomically."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from school.audit.models import done_by
from school.errors import Conflict, CoreError, NotFound, Unavailable
from school.lists import Source, walk
from school.pages import Page, PageRequest
from school.policy import Caller
from school.records import change, copy_of, walked
from school.roles.models import RoleItem, granted, joined, left, member_counts, members_of
from school.roles.service import Role, find, require_ceiling
from school.roles.strength import require_strength
from school.table import Write, check, get_many
from school.users import service as users
from school.users.administrators import administrators_counted
from school.users.models import UserItem, users_of

#: So that what somebody may do takes one BatchGetItem at each request.
MOST_ROLES = 20
_AT_ONCE = 10
#: Nobody is begun with after so many seconds: a call of the table gives up after 6 more, API Gateway after 29 in all.
_BEGIN_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one account."""

    user_id: str
    status: str
    error: CoreError | None = None

    def to_wire(self) -> dict[str, Any]:
        """The row as an entry of the answer's `result`."""
        wire = {"userId": self.user_id, "status": self.status}
        if self.error:
            wire |= {"code": self.error.problems[0].code, "message": self.error.problems[0].message}
        return wire


def summary(rows: list[Row]) -> dict[str, int]:
    """How many rows there are in all and of each status."""
    statuses = [row.status for row in rows]
    return {"total": len(rows)} | {each: statuses.count(each) for each in ("added", "removed", "unchanged", "refused")}


def listing(organization_id: str, role_id: str, request: PageRequest) -> Page:
    """A page of the accounts that have a role, in order of their creation. Raises NotFound."""
    role = find(organization_id, role_id)
    source = Source(members_of(organization_id, role.id), forward=not request.sort.startswith("-"))
    total = member_counts(organization_id).get(role.id, 0) if request.by_page_number else None
    run = walk(source, request, total)
    found = get_many([(UserItem, users_of(organization_id), each["sk"]["S"]) for each in run.entries])
    return Page([each for each in found if each and not each.deleted_at], run.total, run.next)


def eligible(actor: Caller, role_id: str, request: PageRequest) -> Page:
    """A page of the accounts that could get the role from the actor: active, no members, not stronger than the actor.

    Accounts are read until the page is full, so a page costs more where many have the role already.

    Raises:
        NotFound: there is no such role.
        Forbidden: the role grants what the actor does not hold.
    """
    role = find(actor.organization_id, role_id)
    require_ceiling(actor, role.permissions)
    shown: list[UserItem] = []
    following = last = None
    for user, key in _in_reach(actor, role.id, request):
        if len(shown) == request.limit:
            following = last
            break
        shown.append(user)
        last = key
    return Page(shown, None, following)


def _in_reach(actor: Caller, role_id: str, request: PageRequest) -> Iterator[tuple[UserItem, dict[str, Any]]]:
    # People share few combinations of roles, so each is looked up once.
    known: dict[frozenset[str], bool] = {}
    for user, key in walked(UserItem, users_of(actor.organization_id), request):
        if not user.active or role_id in user.roles:
            continue
        held = frozenset(user.roles)
        if held not in known:
            known[held] = granted(actor.organization_id, sorted(held)) <= actor.permissions
        if known[held]:
            yield user, key


def add(actor: Caller, role_id: str, user_ids: list[str]) -> list[Row]:
    """Gives a role to accounts, each in a transaction of its own.

    Raises:
        NotFound: there is no such role.
        Forbidden: the role grants what the actor does not hold.
    """
    return _each(actor, find(actor.organization_id, role_id), user_ids, giving=True)


def remove(actor: Caller, role_id: str, user_ids: list[str]) -> list[Row]:
    """Takes a role from accounts, each in a transaction of its own. Raises as `add` does."""
    return _each(actor, find(actor.organization_id, role_id), user_ids, giving=False)


def _each(actor: Caller, role: Role, user_ids: list[str], *, giving: bool) -> list[Row]:
    require_ceiling(actor, role.permissions)
    closes_at = time.monotonic() + _BEGIN_SECONDS

    def one(user_id: str) -> Row:
        try:
            if time.monotonic() >= closes_at:
                raise Unavailable("There was no time left for this account. Send the ids that are left once more.")
            return Row(user_id, _one(actor, role, user_id, giving=giving))
        except CoreError as error:
            return Row(user_id, "refused", error)

    # Twice the same id would race with itself.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(one, dict.fromkeys(user_ids)))


def _one(actor: Caller, role: Role, user_id: str, *, giving: bool) -> str:
    status = "unchanged"

    def decide(user: UserItem) -> list[Write] | None:
        nonlocal status
        status = "unchanged"
        if (role.id in user.roles) == giving:
            return None
        require_strength(actor, user)
        before = copy_of(user)
        action = "roles.members.add" if giving else "roles.members.remove"
        writes = [done_by(actor, action, user.id, {"roleId": role.id})]
        if giving:
            _require_possible(user)
            user.roles = [*user.roles, role.id]
            writes += [*joined(user, [role.id]), *_unchanged(role)]
            status = "added"
        else:
            user.roles = [each for each in user.roles if each != role.id]
            writes += left(user, [role.id])
            status = "removed"
        return [*writes, *administrators_counted(before, user)]

    try:
        change(lambda: users.find(actor.organization_id, user_id), None, decide)
    except NotFound as error:
        raise NotFound("There is no such account in your school.") from error
    return status


def _require_possible(user: UserItem) -> None:
    if not user.active:
        raise Conflict("This account is not active. Activate it first.", code="inactive_account")
    if len(user.roles) >= MOST_ROLES:
        raise Conflict(f"Nobody has more than {MOST_ROLES} roles.", code="too_many_roles")


def _unchanged(role: Role) -> list[Write]:
    """Holds the transaction to the role that the ceiling was checked for: it may have grown or gone since."""
    if role.item is None:
        return []
    same = (RoleItem.version == role.version) & RoleItem.deleted_at.does_not_exist()
    changed = Conflict("The role was changed at this moment. Read it and decide anew.", code="role_changed")
    return [check(RoleItem, role.item.partition, role.item.sort, same, changed)]
