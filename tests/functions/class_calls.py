"""The calls of classes whose costs are measured, and the class that each needs."""

from core.classes import additions, service
from core.people import service as people
from core.people.kinds import STUDENTS, TEACHERS
from core.promotions import service as promotions
from core.promotions.schemas import PlanPromotion
from core.sessions.service import caller_behind

#: Stands in a body for the id of a student.
PUPIL = "{pupil}"
_BODY = {"name": "X-1", "grade": 10, "academicYear": "2026/2027", "capacity": 36}
_PLAN = {"fromAcademicYear": "2026/2027", "toAcademicYear": "2027/2028"}

CALLS = {
    "GET /api/classes, page 2 of 2": {"query": {"page": ["2"], "limit": ["1"]}},
    "GET /api/classes, filtered": {"query": {"grade": ["10"]}},
    "GET /api/classes, searched": {"query": {"search": ["x"]}},
    "GET /api/classes, updatedSince": {"query": {"updatedSince": ["2026-01-01T00:00:00Z"]}},
    "GET /api/classes, with a homeroom teacher": {},
    "GET /api/classes/{class_id}, with a homeroom teacher": {},
    "GET /api/students, in a class": {},
    "GET /api/students/{student_id}, in a class": {},
    "POST /api/classes": {"json_body": {**_BODY, "name": "X-3"}},
    "PATCH /api/classes/{class_id}": {"json_body": {"major": "IPA"}},
    "POST /api/classes/{class_id}/students": {"json_body": {"studentId": PUPIL}},
    "POST /api/classes/{class_id}/students, many": {"json_body": {"studentIds": [PUPIL]}},
    "POST /api/classes/{class_id}/students, moved": {"json_body": {"studentIds": [PUPIL], "move": True}},
    "POST /api/classes/{class_id}/copy": {"json_body": {"academicYear": "2027/2028", "includeStudents": True}},
    "POST /api/classes/{class_id}/copy, dry run": {
        "json_body": {"academicYear": "2027/2028", "includeStudents": True, "dryRun": True}
    },
    "POST /api/classes/promotions": {"json_body": _PLAN},
}

_WITH_AN_EMPTY_ONE = ("POST /api/classes/{class_id}/students", "POST /api/classes/{class_id}/students, many")


def class_for(school, operation, student_id):
    """The ids for the path of an operation: a class, in which the student already is where that is needed."""
    if "/api/classes" not in operation and not operation.endswith(", in a class"):
        return {}
    actor = caller_behind(school.people["administrator"])
    made = service.create_class(actor, _BODY)
    if operation.endswith("teacher"):
        teacher = people.create_person(actor, TEACHERS, {"name": "Sri"})
        service.update_class(actor, made.id, {"homeroomTeacherId": teacher.id}, None)
    service.create_class(actor, {**_BODY, "name": "XI-1", "grade": 11})
    if operation not in (*_WITH_AN_EMPTY_ONE, "DELETE /api/classes/{class_id}"):
        pupil = student_id or people.create_person(actor, STUDENTS, {"name": "Budi"}).id
        additions.add_student(actor, made.id, pupil)
    if operation.endswith(", moved"):
        return {"class_id": service.create_class(actor, {**_BODY, "name": "X-2"}).id}
    if "{promotion_id}" not in operation:
        return {"class_id": made.id}
    planned = promotions.plan(actor, PlanPromotion(**_PLAN))
    if operation.endswith("/undo"):
        promotions.apply(actor, planned.id)
    return {"class_id": made.id, "promotion_id": planned.id}
