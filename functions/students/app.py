"""Students: /api/students."""

from school.answers import With
from school.api import Api
from school.contract.operations import Plain
from school.people import service
from school.people.door import register
from school.people.kinds import STUDENTS
from school.people.masks import hidden_from
from school.people.readiness import READINESS, readiness_of
from school.policy import Permission
from school.requests import Request

api = Api("students")
handler = api
register(api, STUDENTS)


@api.operation(
    "GET", "/api/students/{student_id}/readiness", permission=Permission.STUDENTS_READ, answers=Plain(READINESS)
)
def get_readiness(request: Request, student_id: str) -> With:
    """What Dapodik would refuse of a student's record, as far as the caller may see it; `masked` names the rest."""
    student = service.find(request.caller.organization_id, STUDENTS, student_id)
    hidden = hidden_from(request.caller, STUDENTS)
    readiness = readiness_of(student.id, student.profile, student.contested or (), hidden)
    return With(readiness, meta={"masked": sorted(hidden)} if hidden else {})
