"""Classes and their rosters: /api/classes."""

from core.classes import additions, copies, schemas, service
from core.classes.beside import TEACHER_NAMES
from core.classes.models import ClassItem
from core.contract.operations import Listing, Many, Nothing, One, Outcomes, Parameter, Plain
from core.contract.values import BOOLEAN, GRADE, ID
from core.http.answers import With
from core.http.api import Api
from core.http.requests import Request
from core.kernel.cursors import Page, PageRequest
from core.kernel.outcomes import UNCHANGED
from core.kernel.policy import Permission, require
from core.promotions import schemas as promotion_schemas
from core.promotions import service as promotions
from core.promotions.models import APPLIED, UNDONE, PromotionItem
from core.promotions.schemas import PROMOTION, WHOLE_PROMOTION
from core.promotions.views import WholePromotion

_ADDED = Outcomes(schemas.ADDED)
api = Api("classes")
handler = api


@api.operation(
    "GET",
    "/api/classes",
    permission=Permission.CLASSES_READ,
    query=Listing(
        filters={"academicYear": schemas.ACADEMIC_YEAR, "grade": GRADE, "homeroomTeacherId": ID},
    ),
    answers=Many(schemas.CLASS, names=TEACHER_NAMES),
)
def list_classes(request: Request, wanted: PageRequest) -> Page:
    """Lists the school's classes, page by page."""
    return service.listing(request.caller.organization_id, wanted)


@api.operation(
    "POST",
    "/api/classes",
    permission=Permission.CLASSES_WRITE,
    answers=One(schemas.CLASS, 201, names=TEACHER_NAMES),
    errors={400: ("unknown_teacher",), 409: ("name_taken",)},
)
def create_class(request: Request, body: schemas.CreateClass) -> ClassItem:
    """Creates a class without students."""
    return service.create_class(request.caller, body.model_dump())


# Promotions come first: the routes below them would take `promotions` for an id.
@api.operation(
    "POST",
    "/api/classes/promotions",
    permission=Permission.CLASSES_WRITE,
    answers=Plain(WHOLE_PROMOTION, 201),
    errors={400: ("no_classes", "unknown_class")},
)
def plan_promotion(request: Request, body: promotion_schemas.PlanPromotion) -> With:
    """Plans the promotion of the whole school: who goes where, who graduates, who is left and why."""
    # Who graduates becomes inactive, which is a change of the student.
    require(request.caller, Permission.STUDENTS_WRITE)
    item = promotions.plan(request.caller, body)
    return With(WholePromotion(item), headers={"Location": f"/api/classes/promotions/{item.id}"})


@api.operation(
    "GET",
    "/api/classes/promotions/{promotion_id}",
    permission=Permission.CLASSES_WRITE,
    answers=Plain(WHOLE_PROMOTION),
)
def get_promotion(request: Request, promotion_id: str) -> WholePromotion:
    """Retrieves a promotion: how far it is, and what becomes of each class."""
    return WholePromotion(promotions.find(request.caller.organization_id, promotion_id))


@api.operation(
    "POST",
    "/api/classes/promotions/{promotion_id}/apply",
    permission=Permission.CLASSES_WRITE,
    answers=Plain(PROMOTION),
    further=(202,),
    errors={409: ("changed_since_plan", "undone")},
)
def apply_promotion(request: Request, promotion_id: str) -> With:
    """Applies a plan. A 202 says that more is to be done: repeat the request, and it resumes."""
    require(request.caller, Permission.STUDENTS_WRITE)
    return _as_far_as(promotions.apply(request.caller, promotion_id, request.deadline), APPLIED)


@api.operation(
    "POST",
    "/api/classes/promotions/{promotion_id}/undo",
    permission=Permission.CLASSES_WRITE,
    answers=Plain(PROMOTION),
    further=(202,),
    errors={409: ("not_applied", "too_late")},
)
def undo_promotion(request: Request, promotion_id: str) -> With:
    """Undoes a promotion within 24 hours. A 202 says that more is to be done: repeat the request, and it resumes."""
    require(request.caller, Permission.STUDENTS_WRITE)
    return _as_far_as(promotions.undo(request.caller, promotion_id, request.deadline), UNDONE)


def _as_far_as(item: PromotionItem, end: str) -> With:
    return With(item, status=200 if item.state == end else 202)


@api.operation(
    "GET",
    "/api/classes/{class_id}",
    permission=Permission.CLASSES_READ,
    answers=One(schemas.CLASS, names=TEACHER_NAMES),
)
def get_class(request: Request, class_id: str) -> ClassItem:
    """Retrieves a class."""
    return service.find(request.caller.organization_id, class_id)


@api.operation(
    "PATCH",
    "/api/classes/{class_id}",
    permission=Permission.CLASSES_WRITE,
    answers=One(schemas.CLASS, names=TEACHER_NAMES),
    errors={400: ("unknown_teacher",), 409: ("capacity_below_students", "class_has_students", "name_taken")},
)
def update_class(request: Request, class_id: str, body: schemas.UpdateClass, expected: int | None) -> ClassItem:
    """Changes a class: what is sent; null clears."""
    return service.update_class(request.caller, class_id, body.model_dump(exclude_unset=True), expected)


@api.operation(
    "DELETE",
    "/api/classes/{class_id}",
    permission=Permission.CLASSES_WRITE,
    query=(Parameter("force", BOOLEAN, "Whether a class with students is deleted too.", default=False),),
    answers=Nothing(),
    errors={409: ("class_has_students",)},
)
def delete_class(request: Request, class_id: str, expected: int | None, force: bool) -> None:
    """Deletes a class; with `force=true` one that has students, who leave it."""
    service.delete_class(request.caller, class_id, expected, force=force)


@api.operation(
    "GET",
    "/api/classes/{class_id}/students",
    permission=Permission.CLASSES_READ,
    query=Listing(("name", "-name"), without=frozenset({"updatedSince"})),
    answers=Many(schemas.ROSTER_ENTRY),
)
def list_students(request: Request, class_id: str, wanted: PageRequest) -> Page:
    """Lists the students of a class, by name."""
    return service.roster_page(request.caller.organization_id, class_id, wanted)


@api.operation(
    "POST",
    "/api/classes/{class_id}/students",
    permission=Permission.CLASSES_WRITE,
    answers=Plain(schemas.ROSTER_ENTRY, 201),
    or_answers=(_ADDED,),
    further=(200,),
    errors={400: ("unknown_student",), 409: ("already_in_class", "class_deleted", "class_full", "student_inactive")},
)
def add_students(request: Request, class_id: str, body: schemas.AddStudents) -> With:
    """Puts one student into a class, or up to 100.

    With `move` they leave the class of that year which they have, in the same transaction. Of many, each is done as a
    whole or not at all, and has a row that says so; the request can be repeated.
    """
    if body.studentIds is not None:
        ids = body.studentIds
        rows = additions.add_students(request.caller, class_id, ids, move=body.move, deadline=request.deadline)
        return With(rows, answers=_ADDED)
    row = additions.add_student(request.caller, class_id, str(body.studentId), move=body.move)
    if row.status == UNCHANGED:
        return With(row.student, status=200)
    return With(row.student, headers={"Location": f"/api/classes/{class_id}/students"})


@api.operation(
    "DELETE",
    "/api/classes/{class_id}/students/{student_id}",
    permission=Permission.CLASSES_WRITE,
    answers=Nothing(),
)
def remove_student(request: Request, class_id: str, student_id: str) -> None:
    """Takes a student out of a class."""
    service.remove_student(request.caller, class_id, student_id)


@api.operation(
    "POST",
    "/api/classes/{class_id}/copy",
    permission=Permission.CLASSES_WRITE,
    answers=Plain(schemas.CLASS_COPY, 201),
    further=(200,),
    errors={400: ("no_next_grade",), 409: ("name_taken",)},
)
def copy_class(request: Request, class_id: str, body: schemas.CopyClass) -> With:
    """Copies a class into another year, with or without its students; `dryRun` shows it and writes nothing."""
    copy = copies.copy_class(request.caller, class_id, body, request.deadline)
    if copy.made is None:
        return With(copy, status=200)
    return With(copy, headers={"Location": f"/api/classes/{copy.made.id}"})
