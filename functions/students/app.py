"""Students: /api/students."""

from core.contract.operations import Plain
from core.http.answers import With
from core.http.api import Api
from core.http.people import register
from core.http.requests import Request
from core.kernel.policy import Permission
from core.people import service
from core.people.kinds import STUDENTS
from core.people.masks import hidden_from
from core.people.readiness import READINESS, readiness_of

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
