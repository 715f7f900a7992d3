"""Lists of people as files for spreadsheets: CSV and XLSX.

The columns are the members' paths (`father.name`) or, on request, Dapodik's headers with Dapodik's codes in the cells;
either way the import reads them again. What the caller may not see has no column, and an export of what is sensitive is
audited.
"""

import json
from collections.abc import Iterable, Iterator
from copy import replace
from itertools import batched, chain, groupby
from typing import Any, NamedTuple

from core.classes.beside import CLASS_NAMES
from core.contract.columns import cells_of
from core.contract.shapes import Shape
from core.http.answers import Answer, link_to_next
from core.http.requests import Request
from core.imports.columns import list_cell
from core.kernel import clock
from core.kernel.cursors import PageRequest
from core.kernel.errors import PayloadTooLarge
from core.kernel.media_types import CSV
from core.kernel.spreadsheets import Cell, CsvFile, XlsxFile
from core.kernel.table import READ_AT_ONCE
from core.people import lists
from core.people.kinds import MOST_PEOPLE, PersonKind
from core.people.masks import hidden_from
from core.people.models import PersonItem
from core.people.readiness import value_at
from core.people.views import record_view

#: Lambda's answer takes 6 MB as JSON, in which bytes grow by a third.
_LARGEST_CSV = 5_700_000
_LARGEST_XLSX = 4_200_000
_AUDITED_AT_ONCE = 500
#: People with the keys that their cursors carry.
_Walk = Iterator[tuple[PersonItem, dict[str, Any]]]


class Column(NamedTuple):
    """A column of an export."""

    path: str
    header: str
    codes: dict[str, str] | None = None

    def cell(self, document: dict[str, Any]) -> Cell:
        """What of a person stands in this column."""
        if self.path.startswith("address.location."):
            point = value_at(document, "address.location.coordinates")
            return None if point is None else point[self.path.endswith("latitude")]
        value = value_at(document, self.path)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list):
            whole = any(isinstance(each, dict) for each in value)
            return json.dumps(value, ensure_ascii=False) if whole else list_cell(value)
        return self.codes.get(value, value) if self.codes else value


def columns_of(shape: Shape, members: Iterable[str], *, dapodik: bool) -> list[Column]:
    """The columns for these members, in their order; of Dapodik's only those that Dapodik knows."""
    cells = {member: list(each) for member, each in groupby(cells_of(shape), lambda each: each.path.partition(".")[0])}
    columns = []
    for each in chain.from_iterable(cells.get(member, ()) for member in dict.fromkeys(members)):
        header = next(iter(each.headers), None) if dapodik else each.path
        if header:
            codes = each.value.schema.get("x-dapodik") if dapodik and each.value else None
            columns.append(Column(each.path, header, codes))
    return columns


def answer(request: Request, kind: PersonKind, wanted: PageRequest, content_type: str, *, dapodik: bool) -> Answer:
    """The list as a file.

    Args:
        request: who asks; `limit` in its query makes a file of that many people and a link to the next.
        kind: whose list.
        wanted: filters, search, order, members and cursor.
        content_type: of CSV or XLSX.
        dapodik: whether the columns have Dapodik's headers and codes.

    Raises:
        PayloadTooLarge: the list does not fit into one answer.
    """
    hidden = hidden_from(request.caller, kind)
    members = [each for each in wanted.fields or kind.members if each not in hidden]
    columns = columns_of(kind.shape, members, dapodik=dapodik)
    file = CsvFile(";" if dapodik else ",", mark=dapodik) if content_type == CSV else XlsxFile()
    file.add([column.header for column in columns])
    in_parts = "limit" in request.query
    shown = {column.path.partition(".")[0] for column in columns}
    shows_sensitive = not kind.shape.sensitive.isdisjoint(shown | wanted.chosen_by)
    audited: list[str] = []
    last = None
    people = lists.walked(request.caller.organization_id, kind, replace(wanted, limit=MOST_PEOPLE))
    if CLASS_NAMES.member in shown:
        people = _with_classes(people)
    for number, (person, key) in enumerate(people):
        if in_parts and number == wanted.limit:
            break
        document = kind.shape.document(person, hidden)
        file.add([column.cell(document) for column in columns])
        if shows_sensitive:
            audited.append(person.id)
        _require_room(file, number + 1)
        last = key
    else:
        last = None
    for run in batched(audited, _AUDITED_AT_ONCE, strict=False):
        record_view(request.caller, kind, list(run), "export")
    headers = {"Content-Disposition": f'attachment; filename="{kind.name}-{clock.now():%Y-%m-%d}.{file.extension}"'}
    headers |= link_to_next(request, wanted.next_cursor(last))
    text_type = f"{CSV}; charset=utf-8" if content_type == CSV else content_type
    return Answer(file.finish(), content_type=text_type, headers=headers)


def _with_classes(people: _Walk) -> _Walk:
    """The people with the names of their classes. A school has few, so nearly all are read with the first run."""
    known: dict[str, str] = {}
    for run in batched(people, READ_AT_ONCE, strict=False):
        CLASS_NAMES.give([person for person, _ in run], known)
        yield from run


def _require_room(file: CsvFile | XlsxFile, number: int) -> None:
    if number > MOST_PEOPLE or file.size > (_LARGEST_CSV if isinstance(file, CsvFile) else _LARGEST_XLSX):
        message = (
            "The list does not fit into one file. Narrow it by a filter or by fields, or send limit (such as 1000) and "
            "follow the link to the next file."
        )
        raise PayloadTooLarge(message, code="export_too_large")
