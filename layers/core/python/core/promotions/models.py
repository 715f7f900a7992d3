"""Promotions of a whole school as items of the table. Their keys are spelled here and nowhere else.

They hold ids and no names, so that an erased student's name is not kept in them.
"""

from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from core.kernel.outcomes import JOB_STATUSES
from core.kernel.table import Item

#: What was promoted stays; the report of it is kept for a while.
KEPT_SECONDS = 30 * 24 * 3600
UNDO_SECONDS = 24 * 3600
#: The words of all jobs: a promotion that is under way is being applied.
PLANNED, APPLYING, APPLIED, UNDOING, UNDONE = JOB_STATUSES


class PromotionItem(Item):
    """A promotion: a plan, and how far it is applied or undone."""

    state = UnicodeAttribute(default=PLANNED)
    actor_id = UnicodeAttribute()
    from_year = UnicodeAttribute()
    to_year = UnicodeAttribute()
    created_at = UnicodeAttribute()
    applied_at = UnicodeAttribute(null=True)
    undone_at = UnicodeAttribute(null=True)
    #: What the plan rests on: classes, rosters and students of both years.
    fingerprint = UnicodeAttribute()
    total = NumberAttribute()
    #: How many of the students are applied, or undone.
    processed = NumberAttribute(default=0)

    @property
    def id(self) -> str:
        return self.sort


def promotions_of(organization_id: str) -> str:
    """The partition of a school's promotions."""
    return f"{organization_id}#PROMOTIONS"


class StepItem(Item):
    """What becomes of the students of one class. They are moved only while it is in the state that the move expects."""

    state = UnicodeAttribute(default=PLANNED)
    class_id = UnicodeAttribute()
    class_name = UnicodeAttribute()
    #: The class they go to: id, name, grade, capacity, major; None when they graduate.
    target: Any = JSONAttribute(null=True)
    students: Any = JSONAttribute()
    #: Who is left, and why: by the plan, and by the application of it.
    left: Any = JSONAttribute()


def steps_of(organization_id: str, promotion_id: str) -> str:
    """The partition of a promotion's steps."""
    return f"{organization_id}#PROMOTION#{promotion_id}"
