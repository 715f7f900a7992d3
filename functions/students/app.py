"""Students: /api/students; and everybody's own record, because this function reaches the records of all kinds."""

from copy import replace
from typing import Any

from core.classes.beside import CLASS_NAMES
from core.contract.operations import Plain
from core.http.answers import With
from core.http.api import Api
from core.http.people import register
from core.http.requests import Request
from core.kernel.policy import Permission
from core.people import own, service
from core.people.kinds import STUDENTS
from core.people.masks import hidden_from
from core.people.models import PersonItem
from core.people.readiness import READINESS, readiness_of

api = Api("students")
handler = api
register(api, STUDENTS)
_SHOWN = own.SHOWN | {STUDENTS.name: replace(own.SHOWN[STUDENTS.name], names=CLASS_NAMES)}
#: Where whoever entered the account's address may not see what is masked: it may be they who ask.
_MASKED = {name: replace(shown, to_owner=False) for name, shown in _SHOWN.items()}
_OWN_STUDENT, *_others = _SHOWN.values()
_OWN_OTHERS = tuple(_others)


@api.operation(
    "GET", "/api/students/{student_id}/readiness", permission=Permission.STUDENTS_READ, answers=Plain(READINESS)
)
def get_readiness(request: Request, student_id: str) -> With:
    """Tells what Dapodik would refuse of a student's record. `meta.masked` names what the caller may not see."""
    student = service.find(request.caller.organization_id, STUDENTS, student_id)
    hidden = hidden_from(request.caller, STUDENTS)
    readiness = readiness_of(student.id, student.profile, student.contested or (), hidden)
    return With(readiness, meta={"masked": sorted(hidden)} if hidden else {})


def _own(person: PersonItem) -> With:
    return With(person, answers=(_MASKED if person.addressed_blindly else _SHOWN)[person.kind])


@api.operation(
    "GET", "/api/users/me/person", answers=_OWN_STUDENT, or_answers=_OWN_OTHERS, errors={404: ("not_found",)}
)
def get_own_record(request: Request) -> With:
    """The caller's own record, with all that it holds. 404 for an account that belongs to nobody who has one.

    After somebody without `students:sensitive` has given it another address, it is masked as for them, until somebody
    with that permission sends the address.
    """
    return _own(own.find(request.session.user))


@api.operation(
    "PATCH",
    "/api/users/me/person",
    takes=(own.OwnStudentContact, own.OwnContact),
    answers=_OWN_STUDENT,
    or_answers=_OWN_OTHERS,
    errors={404: ("not_found",)},
)
def update_own_record(request: Request, document: dict[str, Any], expected: int | None) -> With:
    """Changes how the caller is reached: telephone and address. Null clears; objects merge."""
    return _own(own.update(request.caller, request.session.user, document, expected))
