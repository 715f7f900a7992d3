"""The short way of an update that only sets and removes whole attributes, which is nearly every one here.

moto copies an expression's tree for each update and walks through it ten times. What it would refuse, and every other
expression, goes its way.
"""

import re
from functools import cache
from typing import Any

import pytest
from moto.dynamodb import models
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.models.utilities import bytesize
from moto.dynamodb.parsing.expressions import UpdateExpressionParser

#: As moto has it, in bytes.
LARGEST_ITEM = 405_000

#: The placeholders of attributes' names, each with that of the new value: an empty one where it is removed.
_Changes = tuple[tuple[str, str], ...]
_SETTING, _REMOVING = r"#\w+ = :\w+", r"#\w+"
_PLAIN = re.compile(
    rf"(?:SET (?P<set>{_SETTING}(?:, {_SETTING})*))? ?(?:REMOVE (?P<remove>{_REMOVING}(?:, {_REMOVING})*))?"
)


class PlainUpdate:
    """An update of an item in place of moto's validator, its tree and its executor."""

    def __init__(self, item: Item, values: dict[str, DynamoType | None]) -> None:
        """`values` are the new ones of attributes by name: None for those that are removed."""
        self.item, self.values = item, values

    def validate(self) -> "PlainUpdate":
        """The update, which was made because nothing is wrong with it."""
        return self

    def normalize(self) -> None:
        """Nothing: what such an update leaves does not depend on an order."""

    def execute(self) -> None:
        """Changes the item.

        Raises:
            ItemSizeTooLarge: as moto does. The item is as before.
        """
        after = {name: value for name, value in {**self.item.attrs, **self.values}.items() if value is not None}
        if weight(after) > LARGEST_ITEM:
            raise ItemSizeTooLarge
        for name, value in self.values.items():
            if value is None:
                self.item.attrs.pop(name, None)
            else:
                dict.__setitem__(self.item.attrs, name, value)


def weight(attributes: dict[str, DynamoType]) -> int:
    """What DynamoDB counts of an item, in bytes."""
    return sum(bytesize(name) + value.size() for name, value in attributes.items())


def update_plainly(patch: pytest.MonkeyPatch) -> None:
    """Has moto's updates go the short way where there is one."""
    make, validator, executor = (
        UpdateExpressionParser.make,
        models.UpdateExpressionValidator,
        models.UpdateExpressionExecutor,
    )

    @cache
    def make_once(expression: str) -> Any:
        # Whoever changes a tree copies it before.
        tree = make(expression)
        tree.changes = _changes(expression)
        return tree

    def validator_of(tree: Any, **about: Any) -> Any:
        return _plain_update(tree.changes, **about) or validator(tree, **about)

    def executor_of(update: Any, *about: Any) -> Any:
        return update if isinstance(update, PlainUpdate) else executor(update, *about)

    patch.setattr(UpdateExpressionParser, "make", staticmethod(make_once))
    patch.setattr(models, "UpdateExpressionValidator", validator_of)
    patch.setattr(models, "UpdateExpressionExecutor", executor_of)


def _plain_update(
    changes: _Changes | None,
    *,
    expression_attribute_names: dict[str, str] | None,
    expression_attribute_values: dict[str, Any] | None,
    item: Item,
    table: Table,
) -> PlainUpdate | None:
    """The update, if nothing about it could be refused."""
    if changes is None:
        return None
    names, given = expression_attribute_names or {}, expression_attribute_values or {}
    values: dict[str, DynamoType | None] = {}
    for placeholder, of_value in changes:
        name, value = names.get(placeholder), given.get(of_value)
        if (
            name is None
            or name in values
            or (value is None) != (of_value == "")
            or not _is_possible(table, name, value)
        ):
            return None
        values[name] = DynamoType(value) if value else None
    return PlainUpdate(item, values)


def _changes(expression: str) -> _Changes | None:
    """What a plain expression changes; None if it is not plain."""
    found = _PLAIN.fullmatch(expression.strip())
    if found is None:
        return None
    settings = (each.split(" = ") for each in (found["set"] or "").split(", ") if each)
    removed = (each for each in (found["remove"] or "").split(", ") if each)
    return (*((name, value) for name, value in settings), *((name, "") for name in removed))


def _is_possible(table: Table, name: str, value: dict[str, Any] | None) -> bool:
    """No update changes a table's key, and the key of an index is a text that is not empty."""
    if name in table.table_key_attrs:
        return False
    return value is None or name not in table.attribute_keys or bool(value.get("S"))
