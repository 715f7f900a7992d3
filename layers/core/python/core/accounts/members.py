"""Who has a role: lists, and giving and taking it, many at once and each atomically.

Accounts share transactions, because each transaction holds the role: two that do so at once stand in each other's way,
and a thousand of them would take longer than API Gateway waits. Where one account stands in the way of the others of
its transaction, each gets one of its own.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from core.audit.models import done_by
from core.kernel.cursors import Page, PageRequest
from core.kernel.errors import Conflict, CoreError, NotFound, PreconditionFailed, Unavailable
from core.kernel.lists import Source, walk
from core.kernel.policy import Caller, require_ceiling
from core.kernel.records import change, copy_of, replacement, summed, unchanged, walked
from core.kernel.table import MOST_WRITES, Write, get_many, transact
from core.roles.models import MOST_ROLES, granted, joined, left, member_counts, members_of
from core.roles.service import Role, find
from core.roles.strength import OwnRoles, own_roles, require_strength
from core.users import service as users
from core.users.administrators import ADMINISTRATORS_ROLES, administrators_counted
from core.users.models import UserItem, users_of

#: Accounts in one transaction: three writes each, 16 counts, the role, and at most 23 other roles that they have.
_TOGETHER = 20
#: Nobody is begun with after so many seconds: a call of the table gives up after 6 more, API Gateway after 29 in all.
_BEGIN_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one account."""

    user_id: str
    status: str
    error: CoreError | None = None

    @classmethod
    def refused(cls, user_id: str, error: CoreError) -> "Row":
        return cls(user_id, "refused", error)

    @property
    def code(self) -> str | None:
        return self.error.problems[0].code if self.error else None

    @property
    def message(self) -> str | None:
        return self.error.problems[0].message if self.error else None


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
    """Gives a role to accounts: each as a whole or not at all. Doing so again changes nothing.

    Raises:
        NotFound: there is no such role.
        Forbidden: the role grants what the actor does not hold.
    """
    return _Change(actor, find(actor.organization_id, role_id), giving=True).of_all(user_ids)


def remove(actor: Caller, role_id: str, user_ids: list[str]) -> list[Row]:
    """Takes a role from accounts: each as a whole or not at all. Raises as `add` does."""
    return _Change(actor, find(actor.organization_id, role_id), giving=False).of_all(user_ids)


@dataclass(frozen=True, slots=True)
class _Change:
    """A role that is given or taken."""

    actor: Caller
    role: Role
    giving: bool
    closes_at: float = field(default_factory=lambda: time.monotonic() + _BEGIN_SECONDS)

    def of_all(self, user_ids: list[str]) -> list[Row]:
        """What became of each account; of one that is named twice only once."""
        require_ceiling(self.actor, self.role.permissions)
        # Each of these also changes the one number of the school's administrators, on a condition of its own.
        together = 1 if self.role.id in ADMINISTRATORS_ROLES else _TOGETHER
        runs = batched(dict.fromkeys(user_ids), together, strict=False)
        return [row for some in runs for row in self._of_some(some)]

    def _of_some(self, user_ids: tuple[str, ...]) -> list[Row]:
        try:
            rows = self._together(user_ids) if len(user_ids) > 1 and self._is_time() else None
        except Unavailable as error:
            return [Row.refused(each, error) for each in user_ids]
        return rows or [self._alone(each) for each in user_ids]

    def _is_time(self) -> bool:
        return time.monotonic() < self.closes_at

    def _together(self, user_ids: tuple[str, ...]) -> list[Row] | None:
        """One transaction for all of them; None when one of them stands in its way."""
        partition = users_of(self.actor.organization_id)
        found = get_many([(UserItem, partition, each) for each in user_ids])
        living = {each.id: each for each in found if each and not each.deleted_at}
        known = own_roles(self.actor.organization_id, living.values())
        rows: list[Row] = []
        writes: list[Write] = []
        for user_id in user_ids:
            user = living.get(user_id)
            try:
                if user is None:
                    raise _nobody()
                version = user.version
                further = self._decided(user, known)
            except CoreError as error:
                rows.append(Row.refused(user_id, error))
                continue
            rows.append(Row(user_id, self._status(further)))
            if further is not None:
                writes += [replacement(user, version, PreconditionFailed()), *further]
        return rows if self._is_written(summed(writes)) else None

    def _is_written(self, writes: list[Write]) -> bool:
        if len(writes) > MOST_WRITES:
            return False
        try:
            if writes:
                transact(*writes)
        except (Conflict, PreconditionFailed):
            return False
        return True

    def _alone(self, user_id: str) -> Row:
        further: list[Write] | None = None

        def decide(user: UserItem) -> list[Write] | None:
            nonlocal further
            further = self._decided(user)
            return further

        try:
            if not self._is_time():
                raise Unavailable("There was no time left for this account. Send the ids that are left once more.")
            change(lambda: users.find(self.actor.organization_id, user_id), None, decide)
        except NotFound:
            return Row.refused(user_id, _nobody())
        except CoreError as error:
            return Row.refused(user_id, error)
        return Row(user_id, self._status(further))

    def _status(self, further: list[Write] | None) -> str:
        if further is None:
            return "unchanged"
        return "added" if self.giving else "removed"

    def _decided(self, user: UserItem, known: OwnRoles | None = None) -> list[Write] | None:
        """Alters the account and returns the writes that go along with putting it; None when nothing is to be done.

        Raises:
            Forbidden: the account is stronger than the actor's.
            Conflict: it can't get the role.
        """
        role = self.role
        if (role.id in user.roles) == self.giving:
            return None
        strength = require_strength(self.actor, user, known)
        before = copy_of(user)
        action = "roles.members.add" if self.giving else "roles.members.remove"
        writes = [*strength, done_by(self.actor, action, user.id, {"roleId": role.id})]
        if self.giving:
            _require_possible(user)
            user.roles = [*user.roles, role.id]
            writes += [*joined(user, [role.id]), *_unchanged(role)]
        else:
            user.roles = [each for each in user.roles if each != role.id]
            writes += left(user, [role.id])
        return [*writes, *administrators_counted(before, user)]


def _nobody() -> NotFound:
    return NotFound("There is no such account in your school.")


def _require_possible(user: UserItem) -> None:
    if not user.active:
        raise Conflict("This account is not active. Activate it first.", code="inactive_account")
    if len(user.roles) >= MOST_ROLES:
        raise Conflict(f"Nobody has more than {MOST_ROLES} roles.", code="too_many_roles")


def _unchanged(role: Role) -> list[Write]:
    """Holds the transaction to the role that the ceiling was checked for: it may have grown or gone since."""
    if role.item is None:
        return []
    changed = Conflict("The role was changed at this moment. Read it and decide anew.", code="role_changed")
    return [unchanged(role.item, changed)]
