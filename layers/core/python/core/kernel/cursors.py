"""Pages of a list: the query parameters that every list takes, and its cursors.

A cursor carries the key where the next page begins. It is encrypted and signed, because the key holds a name,
and bound to its caller, route and filters: with any other it does not open.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from core.kernel.clock import from_query
from core.kernel.errors import BadRequest, Problem
from core.kernel.folding import LONGEST_TERM, fold_term
from core.kernel.seals import Broken, seal, unseal
from core.kernel.settings import settings

LONGEST_PAGE = 100
DEFAULT_LIMIT = 20
#: Page numbers reach this far; beyond it a cursor is cheaper for everybody.
DEEPEST_ITEM = 10_000
_COMMON = {"page", "limit", "cursor", "search", "sort", "fields", "updatedSince"}


class Page(NamedTuple):
    """One page of results. `total` is None when it was walked to by cursor."""

    items: list[Any]
    total: int | None
    next: dict[str, Any] | None


class PageRequest(NamedTuple):
    """What a caller asks of a list, checked."""

    page: int
    limit: int
    cursor: dict[str, Any] | None
    #: Folded, as search entries are.
    search: str | None
    #: Empty for what is searched and not asked for in an order: it comes in the order of what was found.
    sort: str
    fields: tuple[str, ...] | None
    updated_since: datetime | None
    filters: Mapping[str, Any]
    binding: str
    #: What its cursors are sealed with; None for the deployment's key.
    key: bytes | None = None
    #: The members of things, besides those that everybody finds them by, at whose beginnings the search looks too.
    searched_by: tuple[str, ...] = ()

    @property
    def chosen_by(self) -> frozenset[str]:
        """The members whose values decide about what is shown."""
        return frozenset((*self.filters, *self.searched_by))

    @property
    def by_page_number(self) -> bool:
        """Whether the page is named by its number, for which a total is answered."""
        return self.cursor is None

    def next_cursor(self, key: dict[str, Any] | None) -> str | None:
        """The cursor for the page that begins after `key`, or None at the end."""
        return seal(self.key or settings().cursor_key, key, self.binding) if key else None

    def meta(self, page: Page) -> dict[str, Any]:
        """The answer's `meta`: where in the list `page` is. What is not counted has no number of a page either."""
        number = None if page.total is None else self.page
        return {"page": number, "limit": self.limit, "total": page.total, "next": self.next_cursor(page.next)}


def invalid_cursor() -> BadRequest:
    """The refusal of a cursor that was altered, or made for another caller, route or filter."""
    message = "This cursor does not belong to this list, its filters or you. Begin again without a cursor."
    return BadRequest(message, code="invalid_cursor", field="cursor")


def _opened(cursor: str, key: bytes | None, binding: str) -> dict[str, Any]:
    try:
        opened: dict[str, Any] = unseal(key or settings().cursor_key, cursor, binding)
    except Broken as error:
        raise invalid_cursor() from error
    return opened


class _Reader:
    """Reads single values out of query parameters and gathers what is wrong with them."""

    def __init__(self, parameters: Mapping[str, list[str]], known: set[str]) -> None:
        self.problems: list[Problem] = []
        self.single: dict[str, str] = {}
        for name, values in parameters.items():
            if name not in known:
                self.refuse("unknown_parameter", f"This list does not take {name!r}.", name)
            elif len(values) > 1:
                self.refuse("repeated_parameter", f"Send {name} once.", name)
            else:
                self.single[name] = values[0]

    def refuse(self, code: str, message: str, name: str) -> None:
        self.problems.append(Problem(code, message, name))

    def number(self, name: str, default: int, most: int) -> int:
        text = self.single.get(name)
        if text is None:
            return default
        if text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most:
            return int(text)
        self.refuse("out_of_range", f"{name} is a whole number from 1 to {most}.", name)
        return default

    def sort(self, sorts: tuple[str, ...]) -> str:
        chosen = self.single.get("sort", "" if "search" in self.single else sorts[0])
        if not chosen and "sort" not in self.single:
            return chosen
        if chosen not in sorts:
            self.refuse("unknown_sort", f"sort is one of {', '.join(sorts)}.", "sort")
        return chosen

    def fields(self, known: tuple[str, ...]) -> tuple[str, ...] | None:
        if "fields" not in self.single:
            return None
        chosen = tuple(filter(None, self.single["fields"].split(",")))
        for name in sorted(set(chosen) - set(known)):
            self.refuse("unknown_field", f"There is no member {name!r} to choose.", "fields")
        return chosen

    def updated_since(self) -> datetime | None:
        text = self.single.get("updatedSince")
        if text is None:
            return None
        if "search" in self.single or "sort" in self.single:
            message = "updatedSince is a feed in the order of change; leave search and sort out."
            self.refuse("incompatible", message, "updatedSince")
        try:
            return from_query(text)
        except ValueError as error:
            self.refuse("invalid_time", str(error), "updatedSince")
            return None

    def search(self) -> str | None:
        text = self.single.get("search")
        if text is None:
            return None
        sought = fold_term(text) if len(text.strip()) <= LONGEST_TERM else ""
        if not sought:
            message = f"search is 1 to {LONGEST_TERM} characters, one of them more than an accent."
            self.refuse("out_of_range", message, "search")
        return sought

    def filters(self, readers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
        chosen = {}
        for name, read in readers.items():
            if name in self.single:
                try:
                    chosen[name] = read(self.single[name])
                except ValueError as error:
                    self.refuse("invalid", str(error), name)
                if "updatedSince" in self.single:
                    self.refuse("incompatible", f"updatedSince lists every change; leave {name} out.", name)
        return chosen


def parse(
    parameters: Mapping[str, list[str]],
    *,
    route: str,
    caller_key: str,
    sorts: tuple[str, ...],
    fields: tuple[str, ...],
    filters: Mapping[str, Callable[[str], Any]] | None = None,
    limit: int = LONGEST_PAGE,
    without: frozenset[str] = frozenset(),
    key: bytes | None = None,
    searched_by: tuple[str, ...] = (),
) -> PageRequest:
    """Checks the query parameters of a list.

    Args:
        parameters: every parameter with all its values.
        route: the path of the list; a cursor is bound to it.
        caller_key: whoever asks; a cursor is bound to them.
        sorts: the values that `sort` takes, the default first.
        fields: the members that `fields` may name.
        filters: for each exact filter the function that reads its value; raises ValueError with a sentence.
        limit: the longest page of this list.
        without: parameters of other lists that make no sense for this one.
        key: what cursors are sealed with, where that is not the deployment's key.
        searched_by: at which members the search looks besides; a cursor is bound to them, for they may be taken away.

    Raises:
        BadRequest: with every failing parameter: unknown, repeated, out of range.
    """
    readers = filters or {}
    reader = _Reader(parameters, (_COMMON - without) | set(readers))
    size = reader.number("limit", min(DEFAULT_LIMIT, limit), limit)
    page = reader.number("page", 1, DEEPEST_ITEM // size)
    if "cursor" in reader.single and "page" in reader.single:
        reader.refuse("incompatible", "Send page or cursor, not both.", "cursor")
    sort, chosen, search = reader.sort(sorts), reader.fields(fields), reader.search()
    since, values = reader.updated_since(), reader.filters(readers)
    if reader.problems:
        raise BadRequest(problems=reader.problems)
    sent = reader.single
    narrowing = sorted((name, sent[name]) for name in values)
    binding = json.dumps([caller_key, route, search, sort, sent.get("updatedSince"), narrowing, *searched_by])
    cursor = _opened(sent["cursor"], key, binding) if "cursor" in sent else None
    return PageRequest(page, size, cursor, search, sort, chosen, since, values, binding, key, searched_by)


def sparse(document: dict[str, Any], fields: tuple[str, ...] | None) -> dict[str, Any]:
    """Only the members that `fields` names; all of them when it names none. Tombstones stay whole."""
    if fields is None or "deletedAt" in document:
        return document
    return {name: value for name, value in document.items() if name in fields}
