"""An import as an answer shows it."""

import json
from typing import Any

from school import clock
from school.imports.models import STATUSES, ImportItem

ROW_MEMBERS = ("row", "status", "id", "errors", "warnings")
#: A report of more is read page by page: Lambda answers with at most 6 MB.
_LARGEST_REPORT = 4 * 1024 * 1024


def to_wire(job: ImportItem, rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The job and its summary; with `rows`, the report of each row, unless it is too long for one answer."""
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
        shown = [row_to_wire(each) for each in rows]
        fits = len(json.dumps(shown, ensure_ascii=False).encode()) <= _LARGEST_REPORT
        document["rows"] = shown if fits else None
    return document


def row_to_wire(result: dict[str, Any]) -> dict[str, Any]:
    """One row of the report, without what only a plan needs."""
    return {name: value for name, value in result.items() if name in ROW_MEMBERS}


def path_of(job: ImportItem) -> str:
    """Where the job is looked at."""
    return f"/api/imports/{job.id}"


def file_name(kind: str, ending: str) -> str:
    """What a browser calls the template."""
    return f"core-{kind}-{clock.now():%Y}.{ending}"
