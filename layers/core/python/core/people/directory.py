"""The public directory of a school's teachers and staff: what everybody may know of them, without signing in."""

from copy import replace
from typing import Any

from core.contract.shapes import Member, Shape
from core.contract.values import ID, TEXT
from core.kernel import clock
from core.kernel import cursors as pages
from core.kernel.cursors import Page, PageRequest
from core.kernel.errors import NotFound
from core.people import lists, service
from core.people.kinds import PersonKind
from core.people.models import PersonItem, people_of

LONGEST_PAGE = 50
#: Of the parameters of other lists: a search would find people by numbers that the directory does not show.
WITHOUT = frozenset({"search", "sort", "fields", "updatedSince"})
#: No secret: this function has none. Who makes a cursor of their own begins elsewhere in a list that all may read.
CURSOR_KEY = b"cursors of the public directory"
_LONGEST_KEY = 1024


def _place(cursor: Any, partition: str) -> dict[str, Any]:
    """The key behind which the page begins: of what anybody may have sealed, nothing but a place in this list.

    Raises:
        BadRequest: there is no such place.
    """
    match cursor:
        case {"name_key": {"S": str(name_key)}}:
            name = name_key.encode(errors="replace")
            person_id = name_key.rpartition("#")[2]
            if clock.is_id(person_id) and len(name) <= _LONGEST_KEY:
                found = {"pk": partition, "sk": person_id, "list_key": partition, "name_key": name.decode()}
                return {member: {"S": value} for member, value in found.items()}
    raise pages.invalid_cursor()


def listing(organization_id: str, kind: PersonKind, request: PageRequest) -> Page:
    """A page of the people who are there."""
    cursor = _place(request.cursor, people_of(organization_id, kind.name)) if request.cursor is not None else None
    wanted = replace(request, filters={"active": True}, cursor=cursor)
    page = lists.listing(organization_id, kind, wanted)
    # The index of names may be a moment behind the people.
    return replace(page, items=[person for person in page.items if person.active])


def find(organization_id: str, kind: PersonKind, person_id: str) -> PersonItem:
    """One of them.

    Raises:
        NotFound: absent, deleted, inactive, or of another school: the directory tells none from another.
    """
    person = service.find(organization_id, kind, person_id)
    if not person.active:
        raise NotFound()
    return person


def _of_profile(name: str) -> Member:
    return Member(name, TEXT, lambda person: person.profile.get(name), nullable=True)


_LISTED = (Member("id", ID), Member("name", TEXT), _of_profile("photoUrl"))
ENTRY = Shape("DirectoryEntry", *_LISTED, description="Somebody who works at a school, as everybody may know of them.")
WHOLE_ENTRY = Shape(
    "WholeDirectoryEntry",
    *_LISTED,
    _of_profile("nip"),
    _of_profile("email"),
    description="The same with the number and the address to write to.",
)
