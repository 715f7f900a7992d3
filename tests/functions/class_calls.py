"""The calls of classes whose costs are measured, and the class that each needs."""

from school.classes import service
from school.sessions.service import caller_behind

#: Stands in a body for the id of a student.
PUPIL = "{pupil}"
_BODY = {"name": "X-1", "grade": 10, "academicYear": "2026/2027", "capacity": 36}

CALLS = {
    "GET /api/classes": {},
    "GET /api/classes, page 2 of 2": {"query": {"page": ["2"], "limit": ["1"]}},
    "GET /api/classes, filtered": {"query": {"grade": ["10"]}},
    "GET /api/classes, searched": {"query": {"search": ["x"]}},
    "GET /api/classes, updatedSince": {"query": {"updatedSince": ["2026-01-01T00:00:00Z"]}},
    "POST /api/classes": {"json_body": {**_BODY, "name": "X-3"}},
    "GET /api/classes/{class_id}": {},
    "PATCH /api/classes/{class_id}": {"json_body": {"major": "IPA"}},
    "DELETE /api/classes/{class_id}": {},
    "GET /api/classes/{class_id}/students": {},
    "POST /api/classes/{class_id}/students": {"json_body": {"studentId": PUPIL}},
    "DELETE /api/classes/{class_id}/students/{student_id}": {},
}


def class_for(school, operation, student_id):
    """The ids for the path of an operation: a class, in which the student already is where that is needed."""
    if "/api/classes" not in operation:
        return {}
    actor = caller_behind(school.people["administrator"])
    made = service.create_class(actor, _BODY)
    service.create_class(actor, {**_BODY, "name": "X-2"})
    if operation.startswith(("GET", "DELETE")) and "/students" in operation:
        service.add_student(actor, made.id, student_id)
    return {"class_id": made.id}
