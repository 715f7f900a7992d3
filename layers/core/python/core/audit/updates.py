"""Updates as the trail tells them: which members changed, and of an address what it was and what it is.

Entries stay for good, so no other value is told. The addresses stand among what the account has, and the entry only
names the item: who may read the trail reads them with it, and an erasure takes them.
"""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from core.audit.models import done_by
from core.kernel import clock
from core.kernel.policy import Caller
from core.kernel.table import Item, Write, create
from core.users.models import belongings_of

#: The members whose values the trail tells.
ADDRESSES = ("email", "secondaryEmail")
ADDRESSES_PREFIX = "ADDRESSES#"


class AddressesItem(Item):
    """What an account's addresses were before an update, and after it."""

    at = UnicodeAttribute()
    #: `{"email": {"from": "a@x.test", "to": "b@x.test"}}`; null where there was none, or is none any more.
    changes: Any = JSONAttribute()


def addresses_key(organization_id: str, user_id: str, item_id: str) -> tuple[type[AddressesItem], str, str]:
    """Where the addresses of an entry stand."""
    return AddressesItem, belongings_of(organization_id, user_id), f"{ADDRESSES_PREFIX}{item_id}"


def changed_members(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    """The paths, such as `father.nik`, of the members that differ. An absent member equals null."""
    found: set[str] = set()
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, Mapping | None) and isinstance(new, Mapping | None):
            nested = {f"{name}.{each}" for each in changed_members(old or {}, new or {})}
            found |= nested or ({name} if old is None or new is None else set())
        else:
            found.add(name)
    return frozenset(found)


def updated(
    actor: Caller,
    action: str,
    target_id: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    account_id: str | None = None,
    sent: frozenset[str] = frozenset(),
) -> list[Write]:
    """The writes of the entry of an update; none when it changes nothing, and then nothing is to be written at all.

    Args:
        actor: who updates.
        action: such as `users.update`.
        target_id: what is updated.
        before: its members as they were, by their names on the wire.
        after: the same as they become.
        account_id: the account whose addresses are among the members.
        sent: the members that count as changed whatever stood there, because the actor may not learn it.
    """
    members = changed_members(before, after) | sent
    if not members:
        return []
    details: dict[str, Any] = {"members": sorted(members)}
    changes = {name: {"from": before.get(name), "to": after.get(name)} for name in ADDRESSES if name in members}
    writes: list[Write] = []
    if changes and account_id:
        at = clock.now()
        item_id = clock.new_id(at)
        details |= {"account": account_id, "addresses": item_id}
        _, partition, sort = addresses_key(actor.organization_id, account_id, item_id)
        writes = [create(AddressesItem(partition, sort, at=clock.to_wire(at), changes=changes))]
    return [done_by(actor, action, target_id, details), *writes]
