"""What every operation that answers a list does: read what is asked of it, and answer a page."""

from collections.abc import Callable, Mapping
from typing import Any

from core.http.answers import Answer
from core.http.requests import Request
from core.kernel import cursors as pages
from core.kernel.cursors import Page, PageRequest


def asked(
    request: Request,
    route: str,
    sorts: tuple[str, ...],
    fields: tuple[str, ...],
    filters: Mapping[str, Callable[[str], Any]] | None = None,
    *,
    without: frozenset[str] = frozenset(),
) -> PageRequest:
    """What the caller asks of a list, checked. A cursor is bound to the caller, the school and the route.

    The arguments and the failures are those of `pages.parse`.
    """
    return pages.parse(
        request.query,
        route=route,
        caller_key=caller_key(request),
        sorts=sorts,
        fields=fields,
        filters=filters,
        without=without,
    )


def caller_key(request: Request) -> str:
    """Whom a cursor is bound to: somebody in the school in which they act."""
    return f"{request.caller.organization_id}/{request.caller.user_id}"


def listed(wanted: PageRequest, page: Page, documents: list[dict[str, Any]]) -> Answer:
    """The answer with a page's documents, only the members that were asked for."""
    return Answer([pages.sparse(document, wanted.fields) for document in documents], meta=wanted.meta(page))
