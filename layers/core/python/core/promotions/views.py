"""A promotion as answers show it: with what becomes of each class, and the names that the students have now."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from core.classes.membership import EXCEPTED
from core.kernel.errors import Problem
from core.kernel.outcomes import FAILED, SKIPPED, UPDATED, Outcome, summary
from core.promotions.models import PromotionItem, StepItem
from core.promotions.service import names, steps


@dataclass(slots=True)
class Promoted(Outcome):
    """A student in a step, by name; None when the student is gone."""

    name: str | None = None


class NamedStep(NamedTuple):
    """A step with the names of its students."""

    step: StepItem
    named: dict[str, str]

    @property
    def class_id(self) -> str:
        return str(self.step.class_id)

    @property
    def name(self) -> str:
        return str(self.step.class_name)

    @property
    def to(self) -> Any:
        target = self.step.target
        return {name: target[name] for name in ("name", "grade")} if target else "graduate"

    @property
    def rows(self) -> list[Promoted]:
        """What becomes of each student: who goes along, and who is left."""
        left = {each["id"]: Problem(each["code"], each["message"]) for each in self.step.left}
        going = [each for each in self.step.students if each not in left]
        return [self._row(each, left.get(each)) for each in (*going, *left)]

    def _row(self, student_id: str, problem: Problem | None) -> Promoted:
        status = (SKIPPED if problem == EXCEPTED else FAILED) if problem else UPDATED
        return Promoted(student_id, status, [problem] if problem else [], name=self.named.get(student_id))


class WholePromotion:
    """A promotion and its steps."""

    def __init__(self, item: PromotionItem) -> None:
        self._item = item
        found = steps(item)
        ids = [each for step in found for each in step.students] + [each["id"] for step in found for each in step.left]
        named = names(item.organization_id, list(dict.fromkeys(ids)))
        self.classes = [NamedStep(step, named) for step in found]
        self.summary = summary(row for step in self.classes for row in step.rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._item, name)
