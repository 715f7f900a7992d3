"""What the operations of imports answer."""

import json
from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from core.contract.outcomes import ERROR, JOB_STATUS, STATUS, SUMMARY
from core.contract.shapes import Member, Shape
from core.contract.values import BOOLEAN, ID, INSTANT, INTEGER, TEXT, one_of
from core.imports.models import ImportItem
from core.kernel import clock
from core.kernel.errors import Problem
from core.people.kinds import KINDS

#: A report of more is read page by page: Lambda answers with at most 6 MB.
_LARGEST_REPORT = 4 * 1024 * 1024


class Report(NamedTuple):
    """An import as it is shown: the job, and its rows where they belong to the answer."""

    job: ImportItem
    rows: list[dict[str, Any]] | None = None


def _problems(name: str) -> Callable[[dict[str, Any]], list[Problem]]:
    return lambda row: [Problem(**each) for each in row[name]]


def _number(name: str) -> Callable[[Any], int]:
    read = attrgetter(name)
    return lambda item: int(read(item))


ROW = Shape(
    "ImportRow",
    Member("row", INTEGER, itemgetter("row"), description="Its number in the file; the headers are row 1."),
    Member("status", STATUS, itemgetter("status")),
    Member("id", ID, lambda row: row.get("id"), nullable=True, description="Of the person; null when the row failed."),
    Member("errors", ERROR, _problems("errors"), is_list=True),
    Member("warnings", ERROR, _problems("warnings"), is_list=True),
    description="What became of one row.",
)
IMPORT = Shape(
    "Import",
    Member("id", ID, "job.id"),
    Member("kind", one_of(KINDS), "job.kind"),
    Member("dryRun", BOOLEAN, "job.dry_run", description="Whether it is a plan, which wrote nobody."),
    Member(
        "invite", BOOLEAN, "job.invites", description="Whether owners of new accounts without a password are invited."
    ),
    Member("planId", ID, "job.plan_id", nullable=True, description="The plan that it applies."),
    Member("status", JOB_STATUS, "job.status", description="`PROCESSING`, or `COMPLETED`; a plan too is made then."),
    Member("processed", INTEGER, _number("job.processed")),
    Member("total", INTEGER, _number("job.total")),
    Member("summary", SUMMARY, "job.summary"),
    Member("ignoredColumns", TEXT, lambda report: list(report.job.ignored), is_list=True),
    Member("createdAt", INSTANT, "job.created_at"),
    Member(
        "rows",
        ROW,
        nullable=True,
        is_list=True,
        description="Null while it is processed, and where it is too long for one answer: "
        "GET /api/imports/{import_id}/rows has them page by page.",
    ),
    description="An import, or a plan of one.",
)


def report_of(job: ImportItem, results: list[dict[str, Any]]) -> Report:
    """The import with the report of each row, unless that is too long for one answer.

    Args:
        job: the import.
        results: its rows as they are kept.
    """
    shown = [{name: result.get(name) for name in ROW.names} for result in results]
    fits = len(json.dumps(shown, ensure_ascii=False).encode()) <= _LARGEST_REPORT
    return Report(job, shown if fits else None)


def path_of(job: ImportItem) -> str:
    """Where the job is looked at."""
    return f"/api/imports/{job.id}"


def file_name(kind: str, ending: str) -> str:
    """What a browser calls the template."""
    return f"core-{kind}-{clock.now():%Y}.{ending}"
