"""The columns that a shape has in a file: one for each member that a cell can hold."""

from collections.abc import Iterator
from typing import NamedTuple

from core.contract.shapes import Member, Shape
from core.contract.values import Value


class Cells(NamedTuple):
    """What stands in one column."""

    #: The member's path, such as `father.name`.
    path: str
    #: What files call it, Core's own or Dapodik's name first.
    headers: tuple[str, ...]
    #: Its kind; None for the halves of a point.
    value: Value | None = None


def cells_of(shape: Shape) -> Iterator[Cells]:
    """The columns in the order of the members; those of a document inside stand under its name."""
    for member in shape.members:
        yield from _of_member(member)


def _of_member(member: Member) -> Iterator[Cells]:
    if not isinstance(member.value, Shape) or member.is_list:
        yield Cells(member.name, member.headers, member.value if isinstance(member.value, Value) else None)
        return
    for inner in member.value.members:
        if isinstance(inner.value, Shape):
            # The one document in a document is a point, of which files have the halves.
            yield Cells(f"{member.name}.{inner.name}.latitude", ("Lintang",))
            yield Cells(f"{member.name}.{inner.name}.longitude", ("Bujur",))
        else:
            # A document's headers say whose they are: `Nama {}` of a father is Nama Ayah.
            headers = tuple(each.format(*member.headers[:1]) for each in inner.headers)
            yield Cells(f"{member.name}.{inner.name}", headers, inner.value)
