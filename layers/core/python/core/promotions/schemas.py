"""What the operations of promotions take and answer."""

from typing import Literal

from pydantic import Field, model_validator

from core.classes.schemas import ACADEMIC_YEAR, AcademicYear, ClassName, Grade, Ids
from core.contract.outcomes import JOB_STATUS, SUMMARY, row
from core.contract.shapes import Member, Shape
from core.contract.values import ID, INSTANT, INTEGER, TEXT, Value
from core.kernel.bodies import Body, Id

_DESTINATION = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "grade": {"type": "integer"}},
    "required": ["name", "grade"],
}


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


def _promotion(name: str, *more: Member, description: str) -> Shape:
    return Shape(
        name,
        Member("id", ID),
        Member("status", JOB_STATUS, "state"),
        Member("fromAcademicYear", ACADEMIC_YEAR, "from_year"),
        Member("toAcademicYear", ACADEMIC_YEAR, "to_year"),
        Member("total", INTEGER, lambda item: int(item.total)),
        Member("processed", INTEGER, lambda item: int(item.processed)),
        Member("createdAt", INSTANT),
        Member("appliedAt", INSTANT, nullable=True),
        Member("undoneAt", INSTANT, nullable=True),
        *more,
        description=description,
    )


PROMOTION = _promotion("Promotion", description="The promotion of a whole school, and how far it is.")
_PROMOTED = row(
    "PromotedStudent",
    Member("name", TEXT, nullable=True, description="Null when the student is gone."),
    description="A student: `updated` goes along, `skipped` is excepted, `failed` can't.",
)
_STEP = Shape(
    "PromotionStep",
    Member("classId", ID),
    Member("name", TEXT),
    Member("to", Value({"anyOf": [{"const": "graduate"}, _DESTINATION]})),
    Member(
        "rows", _PROMOTED, is_list=True, description="Its students; until it is applied, what would become of them."
    ),
    description="What becomes of one class.",
)
WHOLE_PROMOTION = _promotion(
    "WholePromotion",
    Member("summary", SUMMARY),
    Member("classes", _STEP, is_list=True),
    description="A promotion with what becomes of each class.",
)
