"""The rules of promotions: planned, looked at, applied, undone.

Applying goes class by class and student by student, in transactions that can't be made twice; a request that runs out
of time answers how far it is, and the next one goes on. Every move rests on its step being in the right state, so that
an undoing that begins stops an application that is still under way.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import batched
from typing import Any

from pynamodb.expressions.update import Action

from core.classes import moves
from core.classes import service as classes
from core.classes.models import ClassItem, classes_of
from core.kernel import clock, records, table
from core.kernel.bulk import AllRefused
from core.kernel.deadlines import NEVER, Deadline, OutOfTime
from core.kernel.errors import Conflict, NotFound, Problem
from core.kernel.lists import Source, entries
from core.kernel.outcomes import FAILED
from core.kernel.policy import Caller
from core.kernel.table import Item, Write, check, create, get, put, transact, update
from core.people.kinds import STUDENTS
from core.people.models import PersonItem, people_of
from core.promotions.models import (
    APPLIED,
    APPLYING,
    KEPT_SECONDS,
    PLANNED,
    UNDO_SECONDS,
    UNDOING,
    UNDONE,
    PromotionItem,
    StepItem,
    promotions_of,
    steps_of,
)
from core.promotions.plans import Step, in_parallel, planned, survey
from core.promotions.schemas import PlanPromotion

_STEPS_AT_ONCE = 25


def plan(actor: Caller, asked: PlanPromotion) -> PromotionItem:
    """Plans a promotion and keeps the plan. Nobody is moved.

    Raises:
        BadRequest: there is nothing to promote, or the rules contradict.
    """
    found = survey(actor.organization_id, asked.fromAcademicYear, asked.toAcademicYear)
    own = planned(found, asked)
    at = clock.now()
    item = PromotionItem(promotions_of(actor.organization_id), clock.new_id(at), actor_id=actor.user_id)
    item.from_year, item.to_year = asked.fromAcademicYear, asked.toAcademicYear
    item.created_at, item.expires_at = clock.to_wire(at), int(at.timestamp()) + KEPT_SECONDS
    item.fingerprint = found.fingerprint
    item.total = sum(len(each.students) for each in own)
    kept = [_kept(item, number, step) for number, step in enumerate(own)]
    for some in batched(kept, _STEPS_AT_ONCE, strict=False):
        transact(*(create(each) for each in some))
    # Last, because a plan that is found is whole.
    transact(create(item))
    return item


def _kept(item: PromotionItem, number: int, step: Step) -> StepItem:
    kept = StepItem(steps_of(item.organization_id, item.id), f"{number:05d}", expires_at=item.expires_at)
    kept.class_id, kept.class_name, kept.target = step.source.id, step.source.name, step.target
    kept.students = [each.id for each in step.students]
    kept.left = [_left(each.id, why) for each, why in step.left]
    return kept


def _left(student_id: str, why: Problem) -> dict[str, str]:
    return {"id": student_id, "code": why.code, "message": why.message}


def find(organization_id: str, promotion_id: str) -> PromotionItem:
    """The promotion of this school with this id.

    Raises:
        NotFound: absent, of another school, or not an id at all.
    """
    return table.find(PromotionItem, promotions_of(organization_id), promotion_id)


def steps(item: PromotionItem) -> list[StepItem]:
    """What becomes of each class."""
    source = Source(steps_of(item.organization_id, item.id))
    return [StepItem.from_raw_data(each) for each in entries(source, None)]


def names(organization_id: str, ids: list[str]) -> dict[str, str]:
    """The names that these students have now."""
    return records.names(PersonItem, people_of(organization_id, STUDENTS.name), ids, in_parallel)


def apply(actor: Caller, promotion_id: str, deadline: Deadline = NEVER) -> PromotionItem:
    """Applies a plan, or goes on with it. One that is applied stays as it is.

    Raises:
        Conflict: something has changed since the plan was made (`changed_since_plan`), or it was undone.
    """
    item = find(actor.organization_id, promotion_id)
    if item.state == APPLIED:
        return item
    if item.state == PLANNED:
        if survey(item.organization_id, item.from_year, item.to_year).fingerprint != item.fingerprint:
            message = "Classes or students have changed since this plan was made. Make a new one."
            raise Conflict(message, code="changed_since_plan")
        _enter(item, (PLANNED, APPLYING), APPLYING, audit=classes.audit(actor, item.id, "promotions.apply"))
    elif item.state != APPLYING:
        raise Conflict("This promotion was undone. Make a new plan.", code="undone")
    own = [each for each in steps(item) if each.state == PLANNED]
    if _worked(own, partial(_apply_step, actor, item, deadline)):
        stamp = PromotionItem.applied_at.set(clock.to_wire(clock.now()))
        done = classes.audit(actor, item.id, "promotions.applied")
        _enter(item, (APPLYING, APPLIED), APPLIED, stamp, audit=done)
    return find(item.organization_id, item.id)


def undo(actor: Caller, promotion_id: str, deadline: Deadline = NEVER) -> PromotionItem:
    """Takes a promotion back within 24 hours, or goes on with that. What others did since stays.

    Raises:
        Conflict: it was never applied (`not_applied`), or longer ago (`too_late`).
    """
    item = find(actor.organization_id, promotion_id)
    if item.state == UNDONE:
        return item
    if item.state == PLANNED:
        raise Conflict("This promotion was not applied.", code="not_applied")
    if item.state in (APPLYING, APPLIED):
        _require_in_time(item)
        anew = PromotionItem.processed.set(0)
        begun = classes.audit(actor, item.id, "promotions.undo")
        _enter(item, (APPLYING, APPLIED, UNDOING), UNDOING, anew, audit=begun)
    own = [each for each in steps(item) if each.state != UNDONE]
    if _worked(own, partial(_undo_step, actor, item, deadline)):
        _remove_classes(actor, item)
        stamp = PromotionItem.undone_at.set(clock.to_wire(clock.now()))
        _enter(item, (UNDOING, UNDONE), UNDONE, stamp, audit=classes.audit(actor, item.id, "promotions.undone"))
    return find(item.organization_id, item.id)


def _require_in_time(item: PromotionItem) -> None:
    if item.applied_at and clock.now() > clock.from_wire(item.applied_at) + timedelta(seconds=UNDO_SECONDS):
        raise Conflict("A promotion can be undone for 24 hours.", code="too_late")


def _worked(own: list[StepItem], work: Callable[[StepItem], None]) -> bool:
    """Works on the steps; whether all were done in time."""
    try:
        in_parallel(work, own)
    except OutOfTime:
        return False
    return True


def _enter(item: PromotionItem, states: tuple[str, ...], state: str, *actions: Action, audit: Write) -> None:
    """Brings the promotion into a state from one of some; whoever does the same at once is as welcome."""
    changed = Conflict("Somebody else is applying or undoing this at the same moment. Look at it again.", code="busy")
    own = PromotionItem(item.partition, item.sort)
    transact(
        update(own, [PromotionItem.state.set(state), *actions], PromotionItem.state.is_in(*states), changed), audit
    )


def _in_state(step: StepItem, state: str) -> Write:
    stopped = AllRefused("This promotion is being applied or undone by somebody else.", code="busy")
    return check(StepItem, step.partition, step.sort, StepItem.state == state, stopped)


def _along(actor: Caller, item: PromotionItem, step: StepItem, state: str, action: str) -> moves.Together:
    def together(ids: list[str]) -> list[Write]:
        return [_in_state(step, state), classes.audit(actor, item.id, f"promotions.{action}", ids)]

    return together


def _apply_step(actor: Caller, item: PromotionItem, deadline: Deadline, step: StepItem) -> None:
    along = _along(actor, item, step, PLANNED, "promote" if step.target else "graduate")
    move: moves.Move
    if step.target:
        deadline.require_time()
        move = moves.Into(_class_for(actor, item, step.target), along, item.id)
    else:
        move = moves.Graduating(item.organization_id, item.id, along, back=False)
    _finish(item, step, PLANNED, APPLIED, move.run(step.students, deadline).require_whole())


def _class_for(actor: Caller, item: PromotionItem, target: dict[str, Any]) -> ClassItem:
    """The class that students go to; made when it is not there."""
    there = get(ClassItem, classes_of(item.organization_id), target["id"])
    if there:
        return there
    members = {name: target[name] for name in ("name", "grade", "academicYear", "major", "capacity")}
    try:
        return classes.create_class(actor, members, target["id"], item.id)
    except Conflict:
        # Another class goes to the same one, and was faster.
        there = get(ClassItem, classes_of(item.organization_id), target["id"])
        if there is None:
            raise
        return there


def _undo_step(actor: Caller, item: PromotionItem, deadline: Deadline, step: StepItem) -> None:
    if step.state != UNDOING:
        # From here on no application moves anybody of this step.
        before, step.state = step.state, UNDOING
        transact(put(step, StepItem.state.is_in(before, UNDOING), Conflict(code="busy")))
    along = _along(actor, item, step, UNDOING, "undo")
    move: moves.Move
    if step.target:
        move = moves.OutOf(item.organization_id, step.target["id"], item.id, along)
    else:
        move = moves.Graduating(item.organization_id, item.id, along, back=True)
    _finish(item, step, UNDOING, UNDONE, move.run(step.students, deadline).require_whole())


def _finish(item: PromotionItem, step: StepItem, before: str, after: str, rows: list[moves.Moved]) -> None:
    """Marks the step as done, with whoever was refused, and counts its students, once."""
    refused = [_left(str(each.id), each.errors[0]) for each in rows if each.status == FAILED]
    step.state, step.left = after, step.left + refused
    known = Conflict(code="known")
    counted: list[Action] = [PromotionItem.processed.add(len(step.students))]
    try:
        transact(
            put(step, StepItem.state == before, known),
            update(PromotionItem(item.partition, item.sort), counted, Item.partition.exists(), NotFound()),
        )
    except Conflict as error:
        # Another request was as far.
        if error is not known:
            raise


def _remove_classes(actor: Caller, item: PromotionItem) -> None:
    """Deletes the classes that the promotion made, unless somebody else put students into them."""
    for class_id in _targets(item):
        made = get(ClassItem, classes_of(item.organization_id), class_id)
        if made and not made.deleted_at and made.made_from == item.id and not made.student_count:
            try:
                classes.delete_class(actor, class_id, None, force=False)
            except (Conflict, NotFound):
                continue


def _targets(item: PromotionItem) -> Iterator[str]:
    yield from dict.fromkeys(step.target["id"] for step in steps(item) if step.target)
