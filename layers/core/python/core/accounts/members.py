"""Who has a role: lists, and giving and taking it, many at once and each atomically.

Accounts share transactions, because each transaction holds the role: two that do so at once stand in each other's way,
and a thousand of them would take longer than API Gateway waits. Where one account stands in the way of the others of
its transaction, each gets one of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.audit.models import done_by
from core.kernel.bulk import AllRefused, Bulk
from core.kernel.cursors import Page, PageRequest
from core.kernel.deadlines import NEVER, Deadline
from core.kernel.errors import Conflict, NotFound, PreconditionFailed
from core.kernel.listings import walked
from core.kernel.lists import Source, walk
from core.kernel.outcomes import Outcome
from core.kernel.policy import Caller, require_ceiling
from core.kernel.records import copy_of, replacement, unchanged
from core.kernel.table import Write, get_many
from core.roles.models import MOST_ROLES, granted, joined, left, member_counts, members_of
from core.roles.service import Role, find
from core.roles.strength import OwnRoles, own_roles, require_strength
from core.users.administrators import ADMINISTRATORS_ROLES, administrators_counted
from core.users.models import UserItem, users_of

#: Accounts in one transaction: three writes each, 16 counts, the role, and at most 23 other roles that they have.
_TOGETHER = 20


@dataclass(slots=True)
class Member(Outcome):
    """What became of one account."""

    user: UserItem | None = None
    #: The school's own roles that it and the accounts read with it have.
    roles: OwnRoles = field(default_factory=dict)


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


def add(actor: Caller, role_id: str, user_ids: list[str], deadline: Deadline = NEVER) -> list[Member]:
    """Gives a role to accounts: each as a whole or not at all. Doing so again changes nothing.

    Raises:
        NotFound: there is no such role.
        Forbidden: the role grants what the actor does not hold.
    """
    return _changed(_Change(actor, find(actor.organization_id, role_id), giving=True), user_ids, deadline)


def remove(actor: Caller, role_id: str, user_ids: list[str], deadline: Deadline = NEVER) -> list[Member]:
    """Takes a role from accounts: each as a whole or not at all. Raises as `add` does."""
    return _changed(_Change(actor, find(actor.organization_id, role_id), giving=False), user_ids, deadline)


def _changed(change: "_Change", user_ids: list[str], deadline: Deadline) -> list[Member]:
    """What became of each account; of one that is named twice only once."""
    require_ceiling(change.actor, change.role.permissions)
    return change.run(dict.fromkeys(user_ids), deadline).rows


class _Change(Bulk[str, Member]):
    """A role that is given or taken."""

    def __init__(self, actor: Caller, role: Role, *, giving: bool) -> None:
        self.actor, self.role, self.giving = actor, role, giving
        # Each of these also changes the one number of the school's administrators, on a condition of its own.
        self.at_once = 1 if role.id in ADMINISTRATORS_ROLES else _TOGETHER

    def read(self, keys: Sequence[str]) -> list[Member]:
        found = get_many([(UserItem, users_of(self.actor.organization_id), each) for each in keys])
        living = {each.id: each for each in found if each and not each.deleted_at}
        known = own_roles(self.actor.organization_id, living.values())
        return [Member(each, user=living.get(each), roles=known) for each in keys]

    def unread(self, key: str) -> Member:
        return Member(key)

    def decide(self, row: Member) -> list[Write] | None:
        """Alters the account and returns the writes; None when it has, or has not, the role already.

        Raises:
            NotFound: there is no such account.
            Forbidden: the account is stronger than the actor's.
            Conflict: it can't get the role.
        """
        user, role = row.user, self.role
        if user is None:
            raise NotFound("There is no such account in your school.")
        if (role.id in user.roles) == self.giving:
            return None
        strength = require_strength(self.actor, user, row.roles)
        before, version = copy_of(user), user.version
        action = "roles.members.add" if self.giving else "roles.members.remove"
        writes = [*strength, done_by(self.actor, action, user.id, {"roleId": role.id})]
        if self.giving:
            _require_possible(user)
            user.roles = [*user.roles, role.id]
            writes += [*joined(user, [role.id]), *_unchanged(role)]
        else:
            user.roles = [each for each in user.roles if each != role.id]
            writes += left(user, [role.id])
        own = replacement(user, version, PreconditionFailed())
        return [own, *writes, *administrators_counted(before, user)]


def _require_possible(user: UserItem) -> None:
    if not user.active:
        raise Conflict("This account is not active. Activate it first.", code="inactive_account")
    if len(user.roles) >= MOST_ROLES:
        raise Conflict(f"Nobody has more than {MOST_ROLES} roles.", code="too_many_roles")


def _unchanged(role: Role) -> list[Write]:
    """Holds the transaction to the role that the ceiling was checked for: it may have grown or gone since."""
    if role.item is None:
        return []
    changed = AllRefused("The role was changed at this moment. Read it and decide anew.", code="role_changed")
    return [unchanged(role.item, changed)]
