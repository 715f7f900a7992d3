"""What is wrong, as answers tell it, and what became of each of many, as reports do."""

from operator import itemgetter

from core.contract.shapes import Member, Shape
from core.contract.values import ID, INTEGER, TEXT, one_of
from core.kernel.outcomes import JOB_STATUSES, STATUSES

#: The contract's Error: what is wrong, with which member, and what to do.
ERROR = Shape(
    "Error",
    Member("code", TEXT),
    Member("field", TEXT, nullable=True),
    Member("message", TEXT),
    description="What is wrong: a stable code, the member that it is about, a sentence that a person can act on.",
)
STATUS = one_of(STATUSES)
JOB_STATUS = one_of(JOB_STATUSES)
SUMMARY = Shape(
    "Summary",
    *(Member(name, INTEGER, itemgetter(name)) for name in ("total", *STATUSES)),
    description="How many rows a report has, and how many of each status.",
)


def row(name: str, *more: Member, description: str) -> Shape:
    """The shape of a report's rows: whom each is about, what became of it and why, between them what else is shown.

    Args:
        name: of the shape.
        more: what a row of this operation shows besides.
        description: one sentence.
    """
    return Shape(
        name,
        Member("id", ID),
        *more,
        Member("status", STATUS, description="Of a dry run, what it would be."),
        Member("errors", ERROR, is_list=True, description="Why it failed, or was skipped."),
        description=description,
    )
