"""Walking a list: by name, by creation, by search or by change, page by page or by cursor.

A list is a run of *entries*, small items that name the full ones. Entries are skipped, counted and filtered;
only those of the answered page are fetched, in one BatchGet. A cursor's page costs the same however deep it is.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from core.kernel.cursors import Page, PageRequest
from core.kernel.folding import is_met
from core.kernel.table import query

_ENTRIES_A_QUERY = 500


class Source(NamedTuple):
    """Where the entries of a list stand: a partition of the table or of an index, and a range in it."""

    partition: str
    index_name: str | None = None
    range_condition: Condition | None = None
    filter_condition: Condition | None = None
    forward: bool = True
    #: Whether the filter leaves out the odd tombstone only, so that a page needs few more entries than it shows.
    dense: bool = False
    #: What a search looks for; entries that are not their item's first match are passed over.
    sought: str | None = None
    #: The ids of the items whose entries count; None for all.
    among: frozenset[str] | None = None

    @property
    def narrowed(self) -> bool:
        """Whether many entries may have to be read for a page, and counted for a total."""
        chosen = self.filter_condition is not None and not self.dense
        return self.sought is not None or self.among is not None or chosen

    def id_of(self, entry: dict[str, Any]) -> str:
        """The id of the item that an entry names."""
        return str(entry["sk" if self.sought is None else "record_id"]["S"])

    def counts(self, entry: dict[str, Any]) -> bool:
        """Whether an entry stands for its item, and the item is one of those that count."""
        return (self.among is None or self.id_of(entry) in self.among) and _stands(entry, self.sought)


def _stands(entry: dict[str, Any], sought: str | None) -> bool:
    """Whether this entry stands for its item: a search may meet one item under several terms."""
    if sought is None:
        return True
    term = entry["sk"]["S"].rpartition("#")[0]
    terms = [each["S"] for each in entry["terms"]["L"]]
    first = sought.partition(" ")[0]
    return is_met(terms, sought) and term == min(each for each in terms if each.startswith(first))


def entries(
    source: Source, start: dict[str, Any] | None, at_a_time: int = _ENTRIES_A_QUERY
) -> Iterator[dict[str, Any]]:
    """The entries after `start`, query by query, until there are no more or the reader stops."""
    while True:
        run = query(
            source.partition,
            index=source.index_name,
            range_condition=source.range_condition,
            filter_condition=source.filter_condition,
            start=start,
            limit=at_a_time,
            forward=source.forward,
        )
        for entry in run.items:
            if source.counts(entry):
                yield entry
        if run.last_key is None:
            return
        start = run.last_key


def position(entry: dict[str, Any], index: str | None) -> dict[str, Any]:
    """The key of an entry, behind which the next one begins."""
    names = {None: ("pk", "sk"), "names": ("pk", "sk", "list_key", "name_key")}.get(
        index, ("pk", "sk", "change_list_key", "change_key")
    )
    return {name: entry[name] for name in names}


class Run(NamedTuple):
    """The entries of one page, where the next begins, and how many there are in all if that was counted."""

    entries: list[dict[str, Any]]
    next: dict[str, Any] | None
    total: int | None


def walk(source: Source, request: PageRequest, total: int | None) -> Run:
    """The entries of the page that `request` asks for.

    Args:
        source: where they stand.
        request: the page; by number it also gets a total.
        total: how many there are, when that is known without counting.
    """
    skipped = (request.page - 1) * request.limit if request.by_page_number else 0
    counting = request.by_page_number and total is None
    at_a_time = _ENTRIES_A_QUERY if source.narrowed or counting or skipped else request.limit + 1
    page: list[dict[str, Any]] = []
    more = False
    seen = 0
    for entry in entries(source, request.cursor, at_a_time):
        seen += 1
        if seen <= skipped:
            continue
        if len(page) < request.limit:
            page.append(entry)
            continue
        more = True
        if not counting:
            break
    following = position(page[-1], source.index_name) if more else None
    if counting:
        total = seen
    return Run(page, following, total if request.by_page_number else None)


def stretch(source: Source, request: PageRequest, most_queries: int) -> Run:
    """The entries of the page that begins at the cursor, as far as so many queries of 1 MB reach.

    However many entries the filter passes over, the work of one page has an end, and the cursor leads on.
    """
    page: list[dict[str, Any]] = []
    start = request.cursor
    for _ in range(most_queries):
        run = query(
            source.partition,
            index=source.index_name,
            range_condition=source.range_condition,
            filter_condition=source.filter_condition,
            start=start,
            limit=None if source.narrowed else request.limit + 1,
            forward=source.forward,
        )
        page += run.items
        if len(page) > request.limit:
            page = page[: request.limit]
            return Run(page, position(page[-1], source.index_name), None)
        start = run.last_key
        if start is None:
            break
    return Run(page, start, None)


class Arranged[Thing](NamedTuple):
    """Things that are all at hand, in an order of their own.

    Args:
        things: any number that fits into memory.
        place: where a thing stands: no two in the same place.
        backwards: whether the last comes first.
    """

    things: Iterable[Thing]
    place: Callable[[Thing], tuple[str, str]]
    backwards: bool

    def after(self, cursor: dict[str, Any] | None) -> list[Thing]:
        """Those behind the place that a cursor names, in their order."""
        ordered = sorted(self.things, key=self.place, reverse=self.backwards)
        if cursor is None:
            return ordered
        last = tuple(cursor["after"])
        return [each for each in ordered if (self.place(each) < last if self.backwards else self.place(each) > last)]

    def cursor(self, thing: Thing) -> dict[str, Any]:
        """The key behind which the next one begins."""
        return {"after": list(self.place(thing))}

    def page(self, request: PageRequest) -> Page:
        """A page of them."""
        found = self.after(request.cursor)
        start = (request.page - 1) * request.limit
        shown = found[start : start + request.limit]
        more = start + request.limit < len(found)
        following = self.cursor(shown[-1]) if shown and more else None
        return Page(shown, len(found) if request.by_page_number else None, following)


def attribute(*path: str) -> Path:
    """An attribute of an entry by its stored name, for conditions."""
    return Path(list(path))


def all_of(conditions: Iterable[Condition]) -> Condition | None:
    """The condition that holds where every one of these does; None when there is none."""
    listed = list(conditions)
    return reduce(and_, listed) if listed else None
