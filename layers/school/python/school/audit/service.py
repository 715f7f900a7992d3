"""Reading the audit trail. There is nothing else to do with it."""

from pynamodb.expressions.condition import Condition

from school.audit.models import AuditItem, trail_of
from school.lists import Source, all_of, attribute, walk
from school.pages import Page, PageRequest
from school.table import get_many
from school.users.models import UserItem, users_of

#: Behind every id, so that the last instant of a range is in it.
_AFTER_IDS = "#~"


def listing(organization_id: str, request: PageRequest) -> tuple[Page, dict[str, UserItem]]:
    """A page of the trail, newest first, and those who acted by their ids."""
    filters = request.filters
    range_condition = None
    if "from" in filters or "to" in filters:
        first, last = filters.get("from", "0"), filters.get("to", "9") + _AFTER_IDS
        range_condition = attribute("sk").between(first, last)
    source = Source(trail_of(organization_id), None, range_condition, _chosen(request), forward=False)
    # The trail only grows, so it is not counted.
    run = walk(source, request, 0)
    items = [AuditItem.from_raw_data(each) for each in run.entries]
    actors = dict.fromkeys((item.actor_organization_id or organization_id, item.actor_id) for item in items)
    found = get_many([(UserItem, users_of(home), actor_id) for home, actor_id in actors])
    return Page(items, None, run.next), {user.id: user for user in found if user}


def _chosen(request: PageRequest) -> Condition | None:
    stored = {"actor": attribute("actor_id"), "target": attribute("target_id"), "action": attribute("action")}
    asked = {name: value for name, value in request.filters.items() if name in stored}
    return all_of(
        stored[name].startswith(value) if name == "action" and value.endswith(".") else stored[name] == value
        for name, value in asked.items()
    )
