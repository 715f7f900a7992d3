"""Walking a list: by name, by creation, by search or by change, page by page or by cursor.

A list is a run of *entries*, small items that name the full ones. Entries are skipped, counted and filtered;
only those of the answered page are fetched, in one BatchGet. A cursor's page costs the same however deep it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from core.kernel.cursors import PageRequest
from core.kernel.table import query

_ENTRIES_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class Source:
    """Where the entries of a list stand: a partition of the table or of an index, and a range in it."""

    partition: str
    index: str | None = None
    range_condition: Condition | None = None
    filter_condition: Condition | None = None
    forward: bool = True
    #: Whether the filter leaves out the odd tombstone only, so that a page needs few more entries than it shows.
    dense: bool = False
    #: The prefix that a search looks for; entries that are not their item's first match are passed over.
    prefix: str | None = None

    @property
    def narrowed(self) -> bool:
        """Whether many entries may have to be read for a page, and counted for a total."""
        return self.prefix is not None or (self.filter_condition is not None and not self.dense)


def _counts(entry: dict[str, Any], prefix: str | None) -> bool:
    """Whether this entry stands for its item: a search may meet one item under several terms."""
    if prefix is None:
        return True
    term = entry["sk"]["S"].rpartition("#")[0]
    matching = [each["S"] for each in entry["terms"]["L"] if each["S"].startswith(prefix)]
    return bool(matching) and min(matching) == term


def entries(
    source: Source, start: dict[str, Any] | None, at_a_time: int = _ENTRIES_A_QUERY
) -> Iterator[dict[str, Any]]:
    """The entries after `start`, query by query, until there are no more or the reader stops."""
    while True:
        run = query(
            source.partition,
            index=source.index,
            range_condition=source.range_condition,
            filter_condition=source.filter_condition,
            start=start,
            limit=at_a_time,
            forward=source.forward,
        )
        for entry in run.items:
            if _counts(entry, source.prefix):
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


@dataclass(frozen=True, slots=True)
class Run:
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
    following = position(page[-1], source.index) if more else None
    if counting:
        total = seen
    return Run(page, following, total if request.by_page_number else None)


def attribute(*path: str) -> Path:
    """An attribute of an entry by its stored name, for conditions."""
    return Path(list(path))


def all_of(conditions: Iterable[Condition]) -> Condition | None:
    """The condition that holds where every one of these does; None when there is none."""
    listed = list(conditions)
    return reduce(and_, listed) if listed else None
