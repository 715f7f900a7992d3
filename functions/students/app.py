"""Students: /api/students."""

from school.answers import Answer
from school.api import Api
from school.people import readiness, service
from school.people.door import register
from school.people.kinds import STUDENTS
from school.people.masks import hidden_from
from school.policy import Permission
from school.requests import Request

api = Api("students")
handler = api
register(api, STUDENTS)


@api.route("GET", "/api/students/<student_id>/readiness", permission=Permission.STUDENTS_READ)
def get_readiness(request: Request, student_id: str) -> Answer:
    """What Dapodik would refuse of a student's record, as far as the caller may see it; `masked` names the rest."""
    request.require_no_query()
    student = service.find(request.caller.organization_id, STUDENTS, student_id)
    hidden = hidden_from(request.caller, STUDENTS)
    problems = readiness.problems_as_seen(student.profile, hidden)
    if not hidden:
        problems += [readiness.contested(name) for name in student.contested or ()]
    entries = [{"code": each.code, "field": each.field, "message": each.message} for each in problems]
    meta = {"masked": sorted(hidden)} if hidden else {}
    return Answer({"id": student.id, "ready": not entries, "problems": entries}, meta=meta)
