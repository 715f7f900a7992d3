"""What the operations of promotions take and answer."""

from typing import Any, Literal

from pydantic import Field, model_validator

from school.bodies import Body, Id
from school.classes.schemas import AcademicYear, ClassName, Grade, Ids


class Destination(Body):
    """The class that a class becomes."""

    name: ClassName
    grade: Grade


class ClassRule(Body):
    """What becomes of one class."""

    classId: Id
    to: Destination | Literal["graduate"]


class PlanPromotion(Body):
    """POST /api/classes/promotions."""

    fromAcademicYear: AcademicYear
    toAcademicYear: AcademicYear
    classes: list[ClassRule] = Field(default_factory=list, max_length=500)
    exceptStudentIds: Ids = Field(default_factory=list)

    @model_validator(mode="after")
    def _forward(self) -> "PlanPromotion":
        if self.toAcademicYear <= self.fromAcademicYear:
            raise ValueError("A promotion goes from one academic year to a later one.")
        return self


def to_wire(item: Any) -> dict[str, Any]:
    """A promotion and how far it is."""
    return {
        "id": item.id,
        "state": item.state,
        "fromAcademicYear": item.from_year,
        "toAcademicYear": item.to_year,
        "total": int(item.total),
        "processed": int(item.processed),
        "createdAt": item.created_at,
        "appliedAt": item.applied_at,
        "undoneAt": item.undone_at,
    }


def step_to_wire(step: Any, names: dict[str, str]) -> dict[str, Any]:
    """What becomes of one class, with the names of its students."""
    to = {name: step.target[name] for name in ("name", "grade")} if step.target else "graduate"
    return {
        "classId": step.class_id,
        "name": step.class_name,
        "to": to,
        "students": [{"id": each, "name": names.get(each)} for each in step.students],
        "left": [{**each, "name": names.get(each["id"])} for each in step.left],
    }
