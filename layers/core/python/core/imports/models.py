"""Imports as items of the table, and where their chunks are kept. Their keys are spelled here and nowhere else."""

import gzip
import json
from typing import Any

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, ListAttribute, NumberAttribute, UnicodeAttribute

from core.kernel.outcomes import COMPLETED, PROCESSING, STATUSES
from core.kernel.table import Item

#: What was imported stays; the report of it is kept for a while.
KEPT_SECONDS = 30 * 24 * 3600


class ImportItem(Item):
    """An import: what it is of, how far it is, and how many rows ended how."""

    kind = UnicodeAttribute()
    actor_id = UnicodeAttribute()
    #: The school of the account that began it: another one when a platform administrator did.
    actor_organization_id = UnicodeAttribute()
    created_at = UnicodeAttribute()
    dry_run = BooleanAttribute(default=False)
    #: Whether people who are there already are left as they are.
    keeps_existing = BooleanAttribute(default=False)
    #: Whether the owners of accounts that it makes without a password are invited to choose one.
    invites = BooleanAttribute(default=False)
    #: The import whose chunks hold the rows: itself, or the plan that it applies.
    source = UnicodeAttribute()
    #: Whether whoever began it, and made its plan, may see what is masked, so that the report may tell of that.
    sees_all = BooleanAttribute(default=False)
    ignored: Any = ListAttribute(of=UnicodeAttribute, default=list)
    total = NumberAttribute()
    chunk_size = NumberAttribute()
    processed = NumberAttribute(default=0)
    created = NumberAttribute(default=0)
    updated = NumberAttribute(default=0)
    unchanged = NumberAttribute(default=0)
    skipped = NumberAttribute(default=0)
    failed = NumberAttribute(default=0)

    @property
    def id(self) -> str:
        return self.sort

    @property
    def plan_id(self) -> str | None:
        """The plan that it applies, if it does."""
        return self.source if self.source != self.id else None

    @property
    def status(self) -> str:
        return COMPLETED if self.is_done else PROCESSING

    @property
    def summary(self) -> dict[str, int]:
        """How many rows there are in all, and how many ended how."""
        return {name: int(getattr(self, name)) for name in ("total", *STATUSES)}

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-int(self.total) // int(self.chunk_size))

    @property
    def is_done(self) -> bool:
        """Whether every row has its result."""
        return bool(self.processed >= self.total)

    @property
    def is_plan(self) -> bool:
        """Whether it wrote nobody and may be applied."""
        return bool(self.dry_run)


def imports_of(organization_id: str) -> str:
    """The partition of a school's imports."""
    return f"{organization_id}#IMPORTS"


class ResultItem(Item):
    """What became of the rows of one chunk. That it is there is what makes the chunk done."""

    packed: Any = BinaryAttribute(legacy_encoding=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The results in the order of the rows."""
        unpacked: list[dict[str, Any]] = json.loads(gzip.decompress(self.packed))
        return unpacked


def result_key(organization_id: str, import_id: str, chunk: int) -> tuple[type[ResultItem], str, str]:
    """Where the results of a chunk stand."""
    return ResultItem, f"{organization_id}#IMPORT#{import_id}", f"{chunk:05d}"


def result_item(job: ImportItem, chunk: int, rows: list[dict[str, Any]]) -> ResultItem:
    """The results of a chunk. Packed, because a hundred bad rows with all their errors pass an item's 400 KB."""
    _, partition, sort = result_key(job.organization_id, job.id, chunk)
    packed = gzip.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 3, mtime=0)
    return ResultItem(partition, sort, packed=packed, expires_at=job.expires_at)


def chunk_key(organization_id: str, source: str, chunk: int) -> str:
    """Under which key of the bucket the rows of a chunk wait."""
    return f"chunks/{organization_id}/{source}/{chunk:05d}.json"


def upload_prefix(organization_id: str, user_id: str) -> str:
    """Under which keys of the bucket somebody's uploads for imports lie."""
    return f"imports/{organization_id}/{user_id}/"
