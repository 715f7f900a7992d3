"""One's own record: what a student, teacher or member of staff sees and changes of it, whatever roles grant."""

from typing import Any

from core.contract.operations import One
from core.kernel.bodies import Body, validate
from core.kernel.errors import NotFound
from core.kernel.policy import Caller
from core.people import service
from core.people.fields import Phone
from core.people.kinds import KINDS, STUDENTS, PersonKind
from core.people.models import PersonItem
from core.people.schemas import Address
from core.users.models import UserItem


class OwnContact(Body):
    """PATCH /api/users/me/person, of a teacher or member of staff: how to reach the person."""

    phoneNumber: Phone | None = None
    address: Address | None = None


class OwnStudentContact(OwnContact):
    """PATCH /api/users/me/person, of a student."""

    landline: Phone | None = None


#: What each kind's own record answers. All of it is shown, and nobody but its owner sees it, so no view is noted.
SHOWN = {name: One(kind.shape, to_owner=True) for name, kind in KINDS.items()}


def _record_of(user: UserItem) -> tuple[PersonKind, str]:
    if not (user.person_kind and user.person_id):
        raise NotFound("Your account belongs to no student, teacher or member of staff.")
    return KINDS[user.person_kind], user.person_id


def find(user: UserItem) -> PersonItem:
    """The record of whose account this is.

    Raises:
        NotFound: the account belongs to nobody who has one.
    """
    kind, person_id = _record_of(user)
    return service.find(user.organization_id, kind, person_id)


def update(actor: Caller, user: UserItem, document: dict[str, Any], expected: int | None) -> PersonItem:
    """Changes how the actor is reached: what is sent; null clears; objects merge.

    Args:
        actor: the owner.
        user: the owner's account.
        document: members of `OwnContact`, or of `OwnStudentContact` for a student.
        expected: the version that `If-Match` names.

    Raises:
        NotFound: the account belongs to nobody who has a record.
        BadRequest: with every failing member; the school's part of the record is not the owner's to change.
        PreconditionFailed: the record is not at the expected version.
    """
    kind, person_id = _record_of(user)
    validate(OwnStudentContact if kind is STUDENTS else OwnContact, document)
    return service.update_person(actor, kind, person_id, document, expected)
