"""Classes and their rosters: /api/classes."""

from school.api import Answer, Api, tagged
from school.bodies import identifier
from school.classes import copies, schemas, service
from school.listings import SORTS, asked, listed
from school.policy import Permission, require
from school.promotions import schemas as promotion_schemas
from school.promotions import service as promotions
from school.promotions.models import APPLIED, UNDONE, PromotionItem
from school.requests import Request

api = Api("classes")
handler = api


@api.route("GET", "/api/classes", permission=Permission.CLASSES_READ)
def list_classes(request: Request) -> Answer:
    """The school's classes, page by page."""
    filters = {
        "academicYear": schemas.academic_year,
        "grade": schemas.read_grade,
        "homeroomTeacherId": identifier,
    }
    wanted = asked(request, "/api/classes", SORTS, schemas.CLASS_MEMBERS, filters)
    page = service.listing(request.caller.organization_id, wanted)
    return listed(wanted, page, [schemas.to_wire(each) for each in page.items])


@api.route("POST", "/api/classes", permission=Permission.CLASSES_WRITE)
def create_class(request: Request) -> Answer:
    """A new class."""
    request.require_no_query()
    created = service.create_class(request.caller, request.read(schemas.CreateClass).model_dump())
    return tagged(created.version, schemas.to_wire(created), request, 201, {"Location": f"/api/classes/{created.id}"})


# Promotions come first: the routes below them would take `promotions` for an id.
@api.route("POST", "/api/classes/promotions", permission=Permission.CLASSES_WRITE)
def plan_promotion(request: Request) -> Answer:
    """Plans the promotion of the whole school: who goes where, who graduates, who is left and why."""
    request.require_no_query()
    # Who graduates becomes inactive, which is a change of the student.
    require(request.caller, Permission.STUDENTS_WRITE)
    item = promotions.plan(request.caller, request.read(promotion_schemas.PlanPromotion))
    return Answer(_whole(item), 201, headers={"Location": f"/api/classes/promotions/{item.id}"})


def _whole(item: PromotionItem) -> dict[str, object]:
    steps = promotions.steps(item)
    ids = [each for step in steps for each in step.students] + [each["id"] for step in steps for each in step.left]
    names = promotions.names(item.organization_id, list(dict.fromkeys(ids)))
    return promotion_schemas.to_wire(item) | {
        "classes": [promotion_schemas.step_to_wire(each, names) for each in steps]
    }


@api.route("GET", "/api/classes/promotions/<promotion_id>", permission=Permission.CLASSES_WRITE)
def get_promotion(request: Request, promotion_id: str) -> Answer:
    """A promotion, how far it is, and what becomes of each class."""
    request.require_no_query()
    return Answer(_whole(promotions.find(request.caller.organization_id, promotion_id)))


@api.route("POST", "/api/classes/promotions/<promotion_id>/apply", permission=Permission.CLASSES_WRITE)
def apply_promotion(request: Request, promotion_id: str) -> Answer:
    """Applies a plan. 202 when there is more to do: the same request goes on."""
    request.require_no_query()
    require(request.caller, Permission.STUDENTS_WRITE)
    item = promotions.apply(request.caller, promotion_id)
    return Answer(promotion_schemas.to_wire(item), 200 if item.state == APPLIED else 202)


@api.route("POST", "/api/classes/promotions/<promotion_id>/undo", permission=Permission.CLASSES_WRITE)
def undo_promotion(request: Request, promotion_id: str) -> Answer:
    """Takes a promotion back within 24 hours. 202 when there is more to do: the same request goes on."""
    request.require_no_query()
    require(request.caller, Permission.STUDENTS_WRITE)
    item = promotions.undo(request.caller, promotion_id)
    return Answer(promotion_schemas.to_wire(item), 200 if item.state == UNDONE else 202)


@api.route("GET", "/api/classes/<class_id>", permission=Permission.CLASSES_READ)
def get_class(request: Request, class_id: str) -> Answer:
    """One class."""
    request.require_no_query()
    found = service.find(request.caller.organization_id, class_id)
    return tagged(found.version, schemas.to_wire(found), request)


@api.route("PATCH", "/api/classes/<class_id>", permission=Permission.CLASSES_WRITE)
def update_class(request: Request, class_id: str) -> Answer:
    """Changes what is sent; null clears."""
    request.require_no_query()
    changes = request.read(schemas.UpdateClass).model_dump(exclude_unset=True)
    changed = service.update_class(request.caller, class_id, changes, request.expected_version)
    return tagged(changed.version, schemas.to_wire(changed), request)


@api.route("DELETE", "/api/classes/<class_id>", permission=Permission.CLASSES_WRITE)
def delete_class(request: Request, class_id: str) -> Answer:
    """Deletes a class; with `force=true` one that has students, who leave it."""
    force = request.only_switch("force")
    service.delete_class(request.caller, class_id, request.expected_version, force=force)
    return Answer(status=204)


@api.route("GET", "/api/classes/<class_id>/students", permission=Permission.CLASSES_READ)
def list_students(request: Request, class_id: str) -> Answer:
    """The students of a class, by name."""
    route, without = f"/api/classes/{class_id.lower()}/students", frozenset({"updatedSince"})
    wanted = asked(request, route, ("name", "-name"), schemas.STUDENT_MEMBERS, without=without)
    page = service.roster_page(request.caller.organization_id, class_id, wanted)
    return listed(wanted, page, [schemas.student_to_wire(each) for each in page.items])


@api.route("POST", "/api/classes/<class_id>/students", permission=Permission.CLASSES_WRITE)
def add_student(request: Request, class_id: str) -> Answer:
    """Puts a student into a class."""
    request.require_no_query()
    student = service.add_student(request.caller, class_id, request.read(schemas.AddStudent).studentId)
    location = f"/api/classes/{class_id.lower()}/students"
    return Answer(schemas.student_to_wire(student), 201, headers={"Location": location})


@api.route("DELETE", "/api/classes/<class_id>/students/<student_id>", permission=Permission.CLASSES_WRITE)
def remove_student(request: Request, class_id: str, student_id: str) -> Answer:
    """Takes a student out of a class."""
    request.require_no_query()
    service.remove_student(request.caller, class_id, student_id)
    return Answer(status=204)


@api.route("POST", "/api/classes/<class_id>/copy", permission=Permission.CLASSES_WRITE)
def copy_class(request: Request, class_id: str) -> Answer:
    """The class of another year, with or without the students of this one; `dryRun` shows it and writes nothing."""
    request.require_no_query()
    copy = copies.copy_class(request.caller, class_id, request.read(schemas.CopyClass))
    result = {
        "class": schemas.to_wire(copy.made) if copy.made else copy.members,
        "students": [{"id": each.id, "name": each.name} for each in copy.students],
        "left": [
            {"id": each.id, "name": each.name, "code": why.code, "message": why.message} for each, why in copy.left
        ],
    }
    if copy.made is None:
        return Answer(result)
    return Answer(result, 201, headers={"Location": f"/api/classes/{copy.made.id}"})
