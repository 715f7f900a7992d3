"""What moto does for every user of moto and no test here needs: it is most of the time of a run otherwise."""

import copy
from collections import defaultdict, deque
from types import SimpleNamespace
from typing import Any

import pytest
from moto.core.common_models import BaseModel
from moto.core.serialize import ResponseSerializer
from moto.dynamodb import models
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from tests.plain_updates import LARGEST_ITEM, update_plainly, weight
from tests.short_way import TURNS, shorten

_MOST_REMEMBERED = 256


def quicken(patch: pytest.MonkeyPatch) -> None:
    """Have moto do less for each call, answer the same, and serve one call at a time."""
    # moto remembers every item it ever made, for a dashboard; over a whole run that is gigabytes.
    patch.setattr(BaseModel, "__new__", staticmethod(lambda model, *_, **__: object.__new__(model)))
    _take_turns(patch)
    shorten(patch)
    _copy_once(patch)
    _sort_by_text(patch)
    _compare_texts(patch)
    _weigh_once(patch)
    _answer_as_stored(patch)
    _read_conditions_once(patch)
    update_plainly(patch)


def _take_turns(patch: pytest.MonkeyPatch) -> None:
    call_action = DynamoHandler.call_action

    def one_at_a_time(handler: DynamoHandler) -> object:
        with TURNS:
            return call_action(handler)

    patch.setattr(DynamoHandler, "call_action", one_at_a_time)


def _copy_once(patch: pytest.MonkeyPatch) -> None:
    transact_write_items = DynamoDBBackend.transact_write_items

    def with_one_copy(backend: DynamoDBBackend, items: list[dict[str, Any]]) -> None:
        copies: dict[int, Table] = {}

        def deepcopy(original: Any) -> Any:
            # moto copies the whole table once for each of a transaction's items, before the first of them is written.
            if not isinstance(original, Table):
                return copy.deepcopy(original)
            if id(original) not in copies:
                copies[id(original)] = _copy_for(original, items)
            return copies[id(original)]

        with pytest.MonkeyPatch.context() as transaction:
            transaction.setattr(models, "copy", SimpleNamespace(deepcopy=deepcopy))
            transact_write_items(backend, items)

    patch.setattr(DynamoDBBackend, "transact_write_items", with_one_copy)


def _copy_for(table: Table, writes: list[dict[str, Any]]) -> Table:
    """The table as it is before a transaction, which changes no other items than those that it names."""
    before = copy.copy(table)
    before.items = defaultdict(dict, {partition: dict(items) for partition, items in table.items.items()})
    for write in writes:
        [order] = write.values()
        key = order.get("Key") or order["Item"]
        partition, sort = (DynamoType(key[each]) for each in (table.hash_key_attr, table.range_key_attr))
        if sort in before.items.get(partition, {}):
            before.items[partition][sort] = copy.deepcopy(before.items[partition][sort])
    return before


def _sort_by_text(patch: pytest.MonkeyPatch) -> None:
    def all_items(table: Table) -> list[Item]:
        # moto sorts the whole table for each query, by keys that look their type up at each comparison; all are texts.
        items = [item for partition in table.items.values() for item in partition.values()]
        return sorted(items, key=lambda item: (item.hash_key.value, item.range_key.value))

    patch.setattr(Table, "all_items", all_items)


def _compare_texts(patch: pytest.MonkeyPatch) -> None:
    of_any, alike = DynamoType.__hash__, DynamoType.__eq__

    def of_text(value: DynamoType) -> int:
        # moto looks a key's type up in eight ways each time that it is looked for.
        return hash(value.value) if value.type == "S" else of_any(value)

    def same(value: DynamoType, other: DynamoType) -> bool:
        return value.value == other.value if value.type == other.type == "S" else alike(value, other)

    patch.setattr(DynamoType, "__hash__", of_text)
    patch.setattr(DynamoType, "__eq__", same)


def _weigh_once(patch: pytest.MonkeyPatch) -> None:
    def make(item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
        # moto adds all sizes up anew for each attribute that it puts in.
        item.hash_key, item.range_key, item.attrs = hash_key, range_key, LimitedSizeDict()
        dict.update(item.attrs, {name: DynamoType(value) for name, value in attrs.items()})
        if weight(item.attrs) > LARGEST_ITEM:
            raise ItemSizeTooLarge

    patch.setattr(Item, "__init__", make)


def _answer_as_stored(patch: pytest.MonkeyPatch) -> None:
    serialize = ResponseSerializer._serialize

    def with_values_as_they_are(
        serializer: ResponseSerializer, serialized: Any, value: Any, shape: Any, key: str
    ) -> None:
        # moto tries three spellings of each of the ten types for each attribute's value.
        if shape.name == "AttributeValue" and _is_answered_as_stored(value):
            serialized[serializer.get_serialized_name(shape, key)] = value
        else:
            serialize(serializer, serialized, value, shape, key)

    patch.setattr(ResponseSerializer, "_serialize", with_values_as_they_are)


def _is_answered_as_stored(value: Any) -> bool:
    """Whether a DynamoDB value is written to JSON as it is: bytes are not."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    kind, content = next(iter(value.items()))
    if kind in ("L", "M"):
        return all(map(_is_answered_as_stored, content if kind == "L" else content.values()))
    return kind in ("S", "N", "BOOL", "NULL", "SS", "NS")


def _read_conditions_once(patch: pytest.MonkeyPatch) -> None:
    read: dict[str, tuple[Any, list[str], list[str]]] = {}
    parse = ConditionExpressionParser.parse

    def parse_once(parser: ConditionExpressionParser) -> Any:
        # moto reads each condition three times, and makes its six patterns anew for each word of it.
        parts = parser.condition_expression, parser.expression_attribute_names, parser.expression_attribute_values
        key = repr(parts)
        if key not in read:
            if len(read) > _MOST_REMEMBERED:
                read.clear()
            condition = parse(parser)
            read[key] = condition, parser.expr_attr_names_found, parser.expr_attr_values_found
            return condition
        condition, names, values = read[key]
        parser.expr_attr_names_found, parser.expr_attr_values_found = list(names), list(values)
        return condition

    patch.setattr(ConditionExpressionParser, "parse", parse_once)
    lex = ConditionExpressionParser._lex_condition_expression
    words: dict[str, tuple[Any, ...]] = {}

    def lex_once(parser: ConditionExpressionParser) -> deque[Any]:
        text = str(parser.condition_expression)
        if text not in words:
            words[text] = tuple(lex(parser))
        return deque(words[text])

    patch.setattr(ConditionExpressionParser, "_lex_condition_expression", lex_once)
