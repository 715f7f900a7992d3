"""An import as an answer shows it."""

import json
from typing import Any

from core.imports.models import STATUSES, ImportItem
from core.kernel import clock

ROW_MEMBERS = ("row", "status", "id", "errors", "warnings")
#: A report of more is read page by page: Lambda answers with at most 6 MB.
_LARGEST_REPORT = 4 * 1024 * 1024
_MASKED = {"code": "masked", "field": None, "message": "Something is wrong with a member that you may not see."}


def to_wire(
    job: ImportItem, rows: list[dict[str, Any]] | None = None, hidden: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The job and its summary; with `rows`, the report of each row, unless it is too long for one answer.

    `hidden` are the members that the reader may not see.
    """
    document = {
        "id": job.id,
        "kind": job.kind,
        "dryRun": job.dry_run,
        "planId": job.source if job.source != job.id else None,
        "status": "COMPLETED" if job.is_done else "PROCESSING",
        "processed": int(job.processed),
        "total": int(job.total),
        "summary": {"total": int(job.total), **{status: int(getattr(job, status)) for status in STATUSES}},
        "ignoredColumns": list(job.ignored),
        "createdAt": job.created_at,
    }
    if rows is not None:
        shown = [row_to_wire(job, each, hidden) for each in rows]
        fits = len(json.dumps(shown, ensure_ascii=False).encode()) <= _LARGEST_REPORT
        document["rows"] = shown if fits else None
    return document


def row_to_wire(job: ImportItem, result: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """One row of the report, without what only a plan needs.

    What was found for somebody who may see all is not for a reader who may not: the problems of hidden members are
    left out. A report that was made for somebody who may not rests on what was sent, so it is shown whole.
    """
    shown = {name: value for name, value in result.items() if name in ROW_MEMBERS}
    if not (hidden and job.sees_all):
        return shown
    for name in ("errors", "warnings"):
        told = [each for each in shown[name] if (each["field"] or "").partition(".")[0] not in hidden]
        shown[name] = told or ([_MASKED] if name == "errors" and shown[name] else [])
    return shown


def path_of(job: ImportItem) -> str:
    """Where the job is looked at."""
    return f"/api/imports/{job.id}"


def file_name(kind: str, ending: str) -> str:
    """What a browser calls the template."""
    return f"core-{kind}-{clock.now():%Y}.{ending}"
