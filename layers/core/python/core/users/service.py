"""Finding accounts, and changing one on exactly the version that was read."""

from collections.abc import Callable
from typing import Any

from core.kernel import records
from core.kernel.cursors import Page, PageRequest
from core.users.models import UserItem, users_of


def find(organization_id: str, user_id: str) -> UserItem:
    """The user of this school with this id.

    Raises:
        NotFound: absent, deleted, of another school, or not an id at all.
    """
    return records.find(UserItem, users_of(organization_id), user_id)


def listing(organization_id: str, request: PageRequest) -> Page:
    """A page of the school's users."""
    return records.listing(UserItem, users_of(organization_id), request)


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
