"""A page of an import's rows."""

from typing import Any

from core.imports import work
from core.imports.models import ImportItem
from core.kernel.cursors import Page, PageRequest

_CHUNKS_AT_ONCE = 20


def rows_page(job: ImportItem, request: PageRequest) -> Page:
    """A page of the rows that have a result, in the order of the file; `status` chooses among them.

    A cursor holds where the next page begins: chunk and place. A page by number of an import that is done begins at
    its chunk at once, unless rows are chosen; then it passes those before it.
    """
    status = request.filters.get("status")
    chunk, place, skip = 0, 0, 0
    if request.cursor is not None:
        chunk, place = request.cursor["chunk"], request.cursor["place"]
    else:
        skip = (request.page - 1) * request.limit
        if status is None and job.is_done:
            chunk, skip = divmod(skip, int(job.chunk_size))
    total = int(getattr(job, status) if status else job.processed) if request.by_page_number else None
    found: list[Any] = []
    while chunk < job.chunks:
        run = range(chunk, min(chunk + _CHUNKS_AT_ONCE, job.chunks))
        for number, rows in work.results_of(job, run):
            start = place if number == chunk else 0
            for at, row in enumerate(rows[start:], start):
                if status and row["status"] != status:
                    continue
                if skip:
                    skip -= 1
                elif len(found) == request.limit:
                    return Page(found, total, {"chunk": number, "place": at})
                else:
                    found.append(row)
        chunk, place = run.stop, 0
    return Page(found, total, None)
