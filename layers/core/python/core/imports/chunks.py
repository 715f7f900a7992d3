"""The rows of an import while they wait: files of the bucket, a hundred rows each.

A password is sealed in its file with a key of its own, besides the bucket's own encryption: whoever copies the
bucket reads none. The file goes when its rows are done, and by itself after a day.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from core.imports.models import ImportItem, chunk_key
from core.imports.rows import Row, from_document
from core.kernel import aws
from core.kernel.errors import Conflict
from core.kernel.seals import seal, unseal
from core.kernel.settings import settings

_LARGEST = 64 * 1024 * 1024
_AT_ONCE = 8


def slices(job: ImportItem, rows: Sequence[Row]) -> list[Sequence[Row]]:
    """The rows chunk by chunk."""
    size = int(job.chunk_size)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def store(job: ImportItem, rows: Sequence[Row]) -> None:
    """Keeps the rows for workers, or for the application of a plan.

    Raises:
        Unavailable: the bucket did not take them all; nothing has begun.
    """
    aws.warm()

    def keep(number: int, chunk: Sequence[Row]) -> None:
        documents = [row.to_document() for row in chunk]
        for document in documents:
            if document["password"] is not None:
                document["password"] = seal(settings().import_key, document["password"], _binding(job, document["row"]))
        body = json.dumps(documents, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        aws.put_object(chunk_key(job.organization_id, job.source, number), body)

    parts = slices(job, rows)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(keep, range(len(parts)), parts))


def load(job: ImportItem, chunk: int) -> list[Row]:
    """The rows of a chunk.

    Raises:
        Conflict: they are gone, because the plan is older than a day or the chunk is done.
    """
    body = aws.get_object(chunk_key(job.organization_id, job.source, chunk), _LARGEST)
    if body is None:
        raise Conflict("The rows of this import are gone. Send the file again.", code="plan_expired")
    rows = [from_document(each) for each in json.loads(body)]
    for row in rows:
        if row.password is not None:
            row.password = unseal(settings().import_key, row.password, _binding(job, row.number))
    return rows


def forget(job: ImportItem, chunk: int) -> None:
    """Removes what is done, and the passwords with it."""
    aws.delete_object(chunk_key(job.organization_id, job.source, chunk))


def _binding(job: ImportItem, number: int) -> str:
    return f"import/{job.organization_id}/{job.source}/{number}"
