"""Finding accounts, and changing one on exactly the version that was read."""

from collections.abc import Callable
from typing import Any

from core.kernel import listings, records
from core.kernel.cursors import Page, PageRequest
from core.kernel.table import get
from core.users.claims import claim_key
from core.users.models import UserItem, users_of


def find(organization_id: str, user_id: str) -> UserItem:
    """The user of this school with this id.

    Raises:
        NotFound: absent, deleted, of another school, or not an id at all.
    """
    return records.find(UserItem, users_of(organization_id), user_id)


def listing(organization_id: str, request: PageRequest, among: frozenset[str] | None = None) -> Page:
    """A page of the school's users; `among` holds the ids of those that it may show, if not all."""
    if email := request.filters.get("email"):
        user = named(organization_id, email)
        shown = [user] if user and (among is None or user.id in among) else []
        return listings.given(shown, request).page(request)
    return listings.listing(UserItem, users_of(organization_id), request, among)


def named(organization_id: str, email: str) -> UserItem | None:
    """The account of this school that has this address."""
    claim = get(*claim_key(email))
    if claim is None or claim.organization_id != organization_id:
        return None
    return get(UserItem, users_of(organization_id), claim.user_id)


def count(organization_id: str) -> int:
    """How many users a school has."""
    return records.count(users_of(organization_id))


def change(
    organization_id: str,
    user_id: str,
    expected: int | None,
    decide: Callable[[UserItem], list[Any]],
) -> UserItem:
    """Changes a user as `decide` says, on exactly the version that it saw.

    Args:
        organization_id: the school.
        user_id: the user.
        expected: the version that `If-Match` names, or None to take whatever is current.
        decide: alters the item and returns the further writes of the same transaction. It may run several times.

    Raises:
        NotFound: there is no such user.
        PreconditionFailed: the user is not at the expected version.
        Conflict: others changed the user again and again.
    """
    return records.change(lambda: find(organization_id, user_id), expected, decide)
