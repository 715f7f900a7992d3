"""A promotion as answers show it: with what becomes of each class, and the names that the students have now."""

from dataclasses import dataclass
from typing import Any

from core.promotions.models import PromotionItem, StepItem
from core.promotions.service import names, steps


@dataclass(frozen=True, slots=True)
class NamedStudent:
    """A student in a step, and why the student is left if so."""

    id: str
    name: str | None
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class NamedStep:
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
    def students(self) -> list[NamedStudent]:
        return [NamedStudent(each, self.named.get(each)) for each in self.step.students]

    @property
    def left(self) -> list[NamedStudent]:
        return [NamedStudent(name=self.named.get(each["id"]), **each) for each in self.step.left]


class WholePromotion:
    """A promotion and its steps."""

    def __init__(self, item: PromotionItem) -> None:
        self._item = item
        found = steps(item)
        ids = [each for step in found for each in step.students] + [each["id"] for step in found for each in step.left]
        named = names(item.organization_id, list(dict.fromkeys(ids)))
        self.classes = [NamedStep(step, named) for step in found]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._item, name)
