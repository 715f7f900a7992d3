"""Students: /api/students."""

from school.api import Answer, Api
from school.people import readiness, service
from school.people.door import register
from school.people.kinds import SENSITIVE, STUDENTS
from school.policy import Permission
from school.requests import Request

api = Api("students")
handler = api
register(api, STUDENTS)


@api.route("GET", "/api/students/<student_id>/readiness", permission=Permission.STUDENTS_READ)
def get_readiness(request: Request, student_id: str) -> Answer:
    """What Dapodik would refuse of a student's record; of members that the caller may not see, the name only."""
    request.require_no_query()
    student = service.find(request.caller.organization_id, STUDENTS, student_id)
    hidden = frozenset() if Permission.STUDENTS_SENSITIVE in request.caller.permissions else SENSITIVE
    problems = readiness.only_named(readiness.problems_of(student.profile), hidden)
    entries = [{"code": each.code, "field": each.field, "message": each.message} for each in problems]
    return Answer({"id": student.id, "ready": not entries, "problems": entries})
