"""Shapes: what crosses the wire, each as one ordered list of members.

Answers, sparse fields, masks, columns of files and the OpenAPI schema all come from that list.
"""

from collections.abc import Callable, Collection
from operator import attrgetter
from typing import Any

from core.contract.values import ID, INSTANT, Value

Source = str | Callable[[Any], Any]


def _attribute(name: str) -> str:
    """The attribute of an item that usually holds a member: `createdAt` stands in `created_at`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _documents(shape: "Shape", read: Callable[[Any], Any], *, is_list: bool) -> Callable[[Any], Any]:
    """Reads an item, or items, and makes documents of the shape."""

    def of_item(item: Any) -> Any:
        found = read(item)
        if found is None:
            return None
        return [shape.document(each) for each in found] if is_list else shape.document(found)

    return of_item


class Member:
    """One member of a shape."""

    __slots__ = ("description", "headers", "is_list", "name", "nullable", "optional", "read", "sensitive", "value")

    def __init__(
        self,
        name: str,
        value: "Value | Shape",
        source: Source | None = None,
        *,
        nullable: bool = False,
        optional: bool = False,
        is_list: bool = False,
        sensitive: bool = False,
        description: str = "",
        headers: tuple[str, ...] = (),
    ) -> None:
        """A member.

        Args:
            name: on the wire.
            value: its kind, or the shape of the document that it holds.
            source: the attribute of the item that holds it, or what reads it from the item; the member's name in
                snake case unless told. Of a shape it gives the item that the document is made of, or the items.
            nullable: whether it may be null.
            optional: whether it is left out where there is none, as some other systems do; Core's own are null.
            is_list: whether it is an array of such values or documents.
            sensitive: whether it is masked for callers without `students:sensitive` (acceptance A5).
            description: for the OpenAPI document, where the name does not say enough.
            headers: what the columns of files call it, Core's own or Dapodik's name first.
        """
        self.name = name
        self.value = value
        read: Callable[[Any], Any] = source if callable(source) else attrgetter(source or _attribute(name))
        self.read = _documents(value, read, is_list=is_list) if isinstance(value, Shape) else read
        self.nullable = nullable
        self.optional = optional
        self.is_list = is_list
        self.sensitive = sensitive
        self.description = description
        self.headers = headers


class Shape:
    """A document that crosses the wire, by the name that the OpenAPI document gives it."""

    __slots__ = ("description", "has_tombstones", "members", "name", "optional", "parts", "sensitive")

    def __init__(
        self,
        name: str,
        *members: Member,
        description: str = "",
        has_tombstones: bool = False,
        parts: tuple["Shape", ...] = (),
    ) -> None:
        """A shape.

        Args:
            name: in the OpenAPI document's `components.schemas`.
            members: in the order in which answers show them.
            description: one sentence.
            has_tombstones: whether the changes feed shows a deleted one as `{"id", "deletedAt"}`.
            parts: shapes with a name of their own whose members are among these, for the OpenAPI document.
        """
        self.name, self.members, self.description, self.has_tombstones = name, members, description, has_tombstones
        self.parts = parts
        #: The members that are masked for callers without `students:sensitive`.
        self.sensitive = frozenset(member.name for member in members if member.sensitive)
        self.optional = tuple(member.name for member in members if member.optional)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members, which `fields` of a list may choose from."""
        return tuple(member.name for member in self.members)

    def document(self, item: Any, hidden: Collection[str] = ()) -> dict[str, Any]:
        """The item as it crosses the wire; a deleted one is only its tombstone.

        Args:
            item: what the members are read from.
            hidden: the members that are null, whether they hold something or not.
        """
        if self.has_tombstones and item.deleted_at:
            return {"id": item.id, "deletedAt": item.deleted_at}
        document = {member.name: None if member.name in hidden else member.read(item) for member in self.members}
        for name in self.optional:
            if document[name] is None:
                del document[name]
        return document


#: What every record has.
BASE = Shape(
    "Base",
    Member("id", ID),
    Member("createdAt", INSTANT),
    Member("updatedAt", INSTANT),
    description="What every record has.",
)


def record(name: str, *members: Member, description: str = "", parts: tuple[Shape, ...] = ()) -> Shape:
    """The shape of a record: its id and own members, and the rest of what the contract calls Base."""
    own = (*members, *BASE.members[1:])
    return Shape(name, *own, description=description, has_tombstones=True, parts=(BASE, *parts))
