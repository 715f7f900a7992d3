"""Lists of a school's records: by name, by creation, by search, by change, by filters, or whole for a file.

docs/table.md states what each kind of page reads.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import batched
from operator import or_
from typing import Any, NamedTuple

from pynamodb.expressions.condition import Condition

from core.kernel import clock
from core.kernel.cursors import Page, PageRequest
from core.kernel.folding import is_met
from core.kernel.lists import Arranged, Source, all_of, attribute, entries, position, walk
from core.kernel.records import Record, count, place_of
from core.kernel.table import READ_AT_ONCE, get_all, get_many

#: Operands of one IN; DynamoDB's limit.
_MOST_OPERANDS = 100


class _Match(NamedTuple):
    """A record that a search has found, by what it is put into an order."""

    id: str
    key: str


def listing(
    model: type[Record],
    partition: str,
    request: PageRequest,
    among: frozenset[str] | None = None,
    also: frozenset[str] | None = None,
) -> Page:
    """A page of a school's records of a kind.

    Args:
        model: the kind.
        partition: where they stand.
        request: the page.
        among: the ids of those that it may show, where something else than the records tells them.
        also: the ids of those that the search finds besides, where it looks at more than the terms.
    """
    if _is_arranged(request, also):
        page = _matches(model, partition, request, among, also).page(request)
        return Page(_living(model, partition, (each.id for each in page.items)), page.total, page.next)
    source = _source(model, partition, request, among)
    narrowed = source.narrowed or request.updated_since is not None
    total = None if narrowed or not request.by_page_number else count(partition)
    run = walk(source, request, total)
    found = get_many([(model, partition, source.id_of(each)) for each in run.entries])
    shown = [record for record in found if record and (request.updated_since or not record.deleted_at)]
    return Page(shown, run.total, run.next)


def _living(model: type[Record], partition: str, ids: Iterable[str]) -> list[Any]:
    return [each for each in get_many([(model, partition, each) for each in ids]) if each and not each.deleted_at]


def walked[RecordType: Record](
    model: type[RecordType], partition: str, request: PageRequest, also: frozenset[str] | None = None
) -> Iterator[tuple[RecordType, dict[str, Any]]]:
    """All records that `request` asks for, from its cursor on, each with the key behind which the next one begins.

    They are read in runs, and none is kept: however many there are, the memory is that of one run.
    """
    for run in batched(_places(model, partition, request, also), READ_AT_ONCE, strict=False):
        found = get_many([(model, partition, record_id) for record_id, _ in run])
        for record, (_, key) in zip(found, run, strict=True):
            if record and not record.deleted_at:
                yield record, key


def _places(
    model: type[Record], partition: str, request: PageRequest, also: frozenset[str] | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The ids of the records, each with the key behind which the next one begins."""
    if _is_arranged(request, also):
        matches = _matches(model, partition, request, None, also)
        for match in matches.after(request.cursor):
            yield match.id, matches.cursor(match)
        return
    source = _source(model, partition, request, None)
    for entry in entries(source, request.cursor, READ_AT_ONCE):
        yield source.id_of(entry), position(entry, source.index_name)


def _is_arranged(request: PageRequest, also: frozenset[str] | None) -> bool:
    """Whether what a search finds is put into an order first: it does not stand in the one that is asked for."""
    return bool(request.search) and (bool(request.sort) or also is not None)


def _matches(
    model: type[Record],
    partition: str,
    request: PageRequest,
    among: frozenset[str] | None,
    also: frozenset[str] | None,
) -> Arranged[_Match]:
    """Everything that a search finds, in the order that is asked for. A page of it reads all that is found."""
    name = "name" if _is_by_name(request) else "created_at"
    source = _found(partition, request, among)
    matches = {source.id_of(each): each[name]["S"] for each in entries(source, None)}
    matches |= {each.id: each.key for each in _more(model, partition, request, also)}
    found = (_Match(record_id, key) for record_id, key in matches.items())
    return Arranged(found, lambda match: (match.key, match.id), request.sort.startswith("-"))


def _is_by_name(request: PageRequest) -> bool:
    return not request.sort.endswith("createdAt")


def _more(model: type[Record], partition: str, request: PageRequest, also: frozenset[str] | None) -> Iterator[_Match]:
    """What is found by something else than its terms. All of them are read, for the order and the filters."""
    for record in get_all((model, partition, each) for each in sorted(also or ())):
        if record and not record.deleted_at and _passes(record, request):
            yield _Match(record.id, place_of(record) if _is_by_name(request) else record.created_at)


def given[RecordType: Record](
    records: Iterable[RecordType], request: PageRequest, also: frozenset[str] | None = None
) -> Arranged[RecordType]:
    """Of a few records that are at hand already, those that are there and that filters and search find."""
    found = [each for each in records if not each.deleted_at and _passes(each, request)]
    if search := request.search:
        found = [each for each in found if each.id in (also or ()) or is_met(each.terms(), search)]
    return Arranged(found, lambda record: (record.name, record.id), request.sort.startswith("-"))


def _passes(record: Record, request: PageRequest) -> bool:
    """Whether the filters let the record through."""
    values = record.filter_values()
    return all(
        values[name] in value if isinstance(value, frozenset) else values[name] == value
        for name, value in request.filters.items()
        if name in values
    )


def _found(partition: str, request: PageRequest, among: frozenset[str] | None) -> Source:
    assert request.search
    return Source(
        f"{partition}#SEARCH",
        range_condition=attribute("sk").startswith(request.search.partition(" ")[0]),
        filter_condition=_chosen(request),
        sought=request.search,
        among=among,
    )


def _source(model: type[Record], partition: str, request: PageRequest, among: frozenset[str] | None) -> Source:
    if request.updated_since:
        since = attribute("change_key") >= clock.to_wire(request.updated_since)
        return Source(partition, "changes", range_condition=since)
    if request.search:
        return _found(partition, request, among)
    chosen = _chosen(request)
    forward = not request.sort.startswith("-")
    if request.sort.endswith("name"):
        return Source(partition, "names", filter_condition=chosen, forward=forward, among=among)
    living = model.deleted_at.does_not_exist()
    if chosen is None:
        return Source(partition, filter_condition=living, forward=forward, dense=True, among=among)
    return Source(partition, filter_condition=living & chosen, forward=forward, among=among)


def _chosen(request: PageRequest) -> Condition | None:
    return all_of(_holds(attribute("filters", name), value) for name, value in request.filters.items())


def _holds(stored: Any, value: Any) -> Condition:
    """A stored value is the one that is asked for, or one of several."""
    if not isinstance(value, frozenset):
        return stored == value
    # Where nothing would do, a value that nothing has.
    runs = batched(sorted(value) or [""], _MOST_OPERANDS, strict=False)
    return reduce(or_, (stored.is_in(*run) for run in runs))
