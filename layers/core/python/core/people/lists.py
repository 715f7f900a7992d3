"""Lists of a school's people of a kind: by name, by filters, by search, and by the numbers that only one person has."""

from collections.abc import Iterator
from typing import Any

from core.kernel import listings
from core.kernel.cursors import Page, PageRequest
from core.kernel.lists import Arranged, Source, attribute, entries
from core.kernel.table import get, get_many
from core.people.kinds import PersonKind
from core.people.models import UNIQUE, ClaimItem, PersonItem, claim_key, people_of
from core.users import service as users


def listing(organization_id: str, kind: PersonKind, request: PageRequest) -> Page:
    """A page of the school's people of a kind."""
    also = _found_by_numbers(organization_id, kind, request)
    if named := _named(organization_id, kind, request, also):
        return named.page(request)
    return listings.listing(PersonItem, people_of(organization_id, kind.name), request, also=also)


def walked(organization_id: str, kind: PersonKind, request: PageRequest) -> Iterator[tuple[PersonItem, dict[str, Any]]]:
    """Everybody whom the request asks for, with the keys that their cursors carry."""
    also = _found_by_numbers(organization_id, kind, request)
    if named := _named(organization_id, kind, request, also):
        return ((person, named.cursor(person)) for person in named.after(request.cursor))
    return listings.walked(PersonItem, people_of(organization_id, kind.name), request, also)


def _found_by_numbers(organization_id: str, kind: PersonKind, request: PageRequest) -> frozenset[str] | None:
    """Whom a search finds by the beginning of a number that is not everybody's to see, or None where it does not look.

    Such numbers are no search terms: they are claimed, and who may not see them meets no trace of them.
    """
    if not request.searched_by:
        return None
    assert request.search
    begins = attribute("sk").startswith(request.search)
    partitions = [claim_key(organization_id, member, "")[1] for member in request.searched_by]
    found = (each for partition in partitions for each in entries(Source(partition, range_condition=begins), None))
    claims = (ClaimItem.from_raw_data(each) for each in found)
    return frozenset(claim.person_id for claim in claims if claim.kind == kind.name)


def _named(
    organization_id: str, kind: PersonKind, request: PageRequest, also: frozenset[str] | None
) -> Arranged[PersonItem] | None:
    """Whom the identifiers name that the request is filtered by: nobody or one. None when it names none.

    An identifier is claimed by whoever has it, so that no list is read for it.
    """
    numbers = [name for name in UNIQUE if name in request.filters]
    claimed: list[ClaimItem | None] = get_many(
        [claim_key(organization_id, name, request.filters[name]) for name in numbers]
    )
    ids = {claim.person_id if claim and claim.kind == kind.name else None for claim in claimed}
    if email := request.filters.get("email"):
        user = users.named(organization_id, email)
        ids.add(user.person_id if user and user.person_kind == kind.name else None)
    if not ids:
        return None
    only = ids.pop()
    found = get(PersonItem, people_of(organization_id, kind.name), only) if only and not ids else None
    is_it = found and all(found.profile.get(name) == request.filters[name] for name in numbers)
    return listings.given([found] if found and is_it else [], request, also)
