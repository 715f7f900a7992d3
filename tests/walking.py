"""Walking people by cursor while others come and go: what the tests and the proof of acceptance D9 share."""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from core.kernel import clock
from core.kernel.records import CountItem
from core.people.models import PersonItem, people_of

from tests.gateway import call
from tools.demo.peoples import PEOPLES

ITEMS_A_UNIT = 4096


def students(organization_id: str, number: int) -> Iterator[PersonItem]:
    """Students with names that repeat, as they do in a school."""
    dice = random.Random(number)
    at = clock.to_wire(clock.now())
    for each in range(number):
        gender = dice.choice(("MALE", "FEMALE"))
        name = PEOPLES["ISLAM"][0].name(dice, gender)
        profile = {"name": name, "gender": gender, "nisn": f"{each:010}", "birthPlace": "Samarinda " * 8}
        item = PersonItem(people_of(organization_id, "students"), clock.new_id(), kind="students", profile=profile)
        item.name, item.created_at, item.updated_at = name, at, at
        item.index()
        yield item


def count_item(organization_id: str, number: int) -> CountItem:
    """The whole count in one of its parts."""
    return CountItem(f"{people_of(organization_id, 'students')}#COUNT", "0", number=number)


def walk(
    token: str, between: Callable[[], Any], limit: int, page_done: Callable[[], Any] = lambda: None, **query: str
) -> Counter[str]:
    """How often each id is met from the first page to the last, with something happening between two pages."""
    met: Counter[str] = Counter()
    cursor = None
    while cursor or not met:
        sent = {name: [value] for name, value in query.items()} | {"limit": [str(limit)], "fields": ["id"]}
        reply = call(
            "students", "GET", "/api/students", token=token, query=sent | ({"cursor": [cursor]} if cursor else {})
        )
        assert reply.status == 200, reply.text
        met.update(each["id"] for each in reply.result)
        page_done()
        cursor = reply.body["meta"]["next"]
        if cursor is None:
            break
        between()
    return met


def size_of(item: dict[str, Any]) -> int:
    """The size of an item as DynamoDB counts it: names and values, nested ones with three bytes for each container."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: dict[str, Any]) -> int:
    ((kind, inner),) = value.items()
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _size(each) for name, each in inner.items())
    if kind == "L":
        return 3 + sum(1 + _size(each) for each in inner)
    return len(str(inner).encode()) if kind in ("S", "N") else 1


class ReadUnits:
    """Counts the read units of every call by DynamoDB's rule, from the items that come back; and the engine's own count
    where it keeps one."""

    def __init__(self) -> None:
        self.units = 0.0
        self.stated = 0.0

    def __call__(self, send: Any, operation: str, arguments: dict[str, Any]) -> Any:
        if operation in ("Query", "BatchGetItem", "GetItem"):
            arguments["ReturnConsumedCapacity"] = "TOTAL"
        answer = send(operation, arguments)
        if operation == "Query":
            share = 1 if arguments.get("ConsistentRead") else 0.5
            self.units += share * math.ceil(sum(map(size_of, answer["Items"])) / ITEMS_A_UNIT)
        elif operation == "BatchGetItem":
            found = [item for items in answer["Responses"].values() for item in items]
            self.units += sum(math.ceil(size_of(item) / ITEMS_A_UNIT) for item in found)
        stated = answer.get("ConsumedCapacity") or []
        self.stated += sum(each["CapacityUnits"] for each in ([stated] if isinstance(stated, dict) else stated))
        return answer

    def taken(self) -> tuple[float, float]:
        """What was counted since the last time, by rule and by the engine."""
        units, self.units, stated, self.stated = self.units, 0.0, self.stated, 0.0
        return units, stated
