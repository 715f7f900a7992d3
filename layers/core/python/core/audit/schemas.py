"""The audit trail as it crosses the wire."""

from typing import Any

from core.audit.service import Entry
from core.contract.shapes import Member, Shape
from core.contract.values import EMAIL, ID, INSTANT, OBJECT, TEXT, Value
from core.kernel.policy import SYSTEM_ROLES
from core.users.models import UserItem


def _action(text: str) -> str:
    if not 1 <= len(text) <= 100:
        raise ValueError("Send an action such as users.create, or a beginning that ends with a point.")
    return text


def _described(value: Value, sentence: str) -> Value:
    return Value({**value.schema, "description": sentence}, value.read)


_ACTION = Value({"type": "string", "minLength": 1, "maxLength": 100}, _action)
#: The filters of the trail.
FILTERS = {
    "actor": _described(ID, "Only what this account did."),
    "target": _described(ID, "Only what was done to this one, alone or among others, as by a list that showed it."),
    "action": _described(_ACTION, "Only this action; or all that begin so, when it ends with a point: `users.`."),
    "from": _described(INSTANT, "Only from this instant on."),
    "to": _described(INSTANT, "Only up to this instant."),
}


def _role(user: UserItem) -> str | None:
    """The name of a system role; a school's own roles are not looked up."""
    named = [SYSTEM_ROLES[each].name for each in user.roles if each in SYSTEM_ROLES]
    return named[0] if named else None


def _details(entry: Entry) -> dict[str, Any]:
    details = entry.item.details.as_dict() if entry.item.details else {}
    details.pop("addresses", None)
    return details | entry.addresses


#: The contract's Actor.
ACTOR = Shape(
    "Actor",
    Member("id", ID),
    Member("name", TEXT),
    Member("email", EMAIL),
    Member("role", TEXT, _role, nullable=True, description="The name of a system role; null for others."),
    description="Who did something.",
)
ENTRY = Shape(
    "AuditEntry",
    Member("id", ID, lambda entry: entry.item.sort.rpartition("#")[2]),
    Member("at", INSTANT, "item.at"),
    Member("action", TEXT, "item.action"),
    Member("actor", ACTOR, nullable=True, description="Null when the account is no more."),
    Member("targetId", TEXT, "item.target_id", description="To whom or what it was done."),
    Member(
        "details",
        OBJECT,
        _details,
        description="What the action has to tell: of an update `members`, the names of those that changed, and of an "
        'address among them its old and new value as `{"from", "to"}` under the member\'s name, until an erasure '
        "takes it.",
    ),
    description="Who did what to whom, and when.",
)
