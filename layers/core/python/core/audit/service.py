"""Reading the audit trail. There is nothing else to do with it."""

from typing import Any, NamedTuple

from pynamodb.expressions.condition import Condition

from core.audit.models import AuditItem, concerns, trail_of
from core.audit.updates import ADDRESSES_PREFIX, addresses_key
from core.kernel.cursors import Page, PageRequest
from core.kernel.errors import BadRequest
from core.kernel.lists import Source, all_of, attribute, stretch
from core.kernel.table import get_all
from core.users.models import UserItem, users_of

#: For one page: some 20 MB of the trail. It takes about two seconds to look through them.
_MOST_QUERIES = 20
#: Behind every id, so that the last instant of a range is in it.
_AFTER_IDS = "#~"


class Entry(NamedTuple):
    """An entry of the trail with what it only names, by ids."""

    item: AuditItem
    #: Who acted; None when the table knows them no more.
    actor: UserItem | None
    #: What addresses were and are, by member, where no erasure has taken it.
    addresses: dict[str, Any]


def listing(organization_id: str, request: PageRequest) -> Page:
    """A page of entries, newest first, with those who acted and the addresses that were changed.

    Where few of many entries are asked for, a page may show fewer than it could, or none, and lead on all the same.

    Raises:
        BadRequest: the time asked for ends before it begins.
    """
    filters = request.filters
    range_condition = None
    if "from" in filters or "to" in filters:
        first, last = filters.get("from", "0"), filters.get("to", "~")
        if first > last:
            raise BadRequest("from lies after to.", field="from")
        range_condition = attribute("sk").between(first, last + _AFTER_IDS)
    source = Source(trail_of(organization_id), None, range_condition, _chosen(request), forward=False)
    # The trail only grows, so it is neither counted nor read to its end at once.
    run = stretch(source, request, _MOST_QUERIES)
    items = [AuditItem.from_raw_data(each) for each in run.entries]
    homes = dict.fromkeys((item.actor_organization_id or organization_id, item.actor_id) for item in items)
    told = [item.details.as_dict() for item in items if item.details and "addresses" in item.details]
    wanted = [addresses_key(organization_id, each["account"], each["addresses"]) for each in told]
    actors = [(UserItem, users_of(home), actor_id) for home, actor_id in homes]
    found = get_all([*actors, *wanted])
    known = {user.id: user for user in found[: len(actors)] if user and not user.deleted_at}
    changes = {each.sort.removeprefix(ADDRESSES_PREFIX): each.changes for each in found[len(actors) :] if each}
    return Page([_entry(item, known, changes) for item in items], None, run.next)


def _entry(item: AuditItem, actors: dict[str, UserItem], changes: dict[str, dict[str, Any]]) -> Entry:
    named = item.details.as_dict().get("addresses", "") if item.details else ""
    return Entry(item, actors.get(item.actor_id), changes.get(named, {}))


def _chosen(request: PageRequest) -> Condition | None:
    conditions = {"actor": _by_actor, "target": concerns, "action": _of_action}
    return all_of(conditions[name](value) for name, value in request.filters.items() if name in conditions)


def _by_actor(actor_id: str) -> Condition:
    return attribute("actor_id") == actor_id


def _of_action(action: str) -> Condition:
    stored = attribute("action")
    return stored.startswith(action) if action.endswith(".") else stored == action
