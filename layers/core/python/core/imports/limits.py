"""What an import may be at most, and the refusals of what is more (contract section 8, acceptance C4)."""

from core.kernel.errors import Impossible, PayloadTooLarge
from core.kernel.policy import Caller
from core.kernel.table import Write, get
from core.throttles.quotas import HOUR, Quota, is_spent, quota_key, refusal, spent

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 10_000
#: Cells that hold something.
MOST_CELLS = 100_000
MOST_COLUMNS = 300
LONGEST_CELL = 10_000
#: Of one caller, in imports, plans and applications of plans together.
MOST_ROWS_AN_HOUR = 50_000


def too_large() -> PayloadTooLarge:
    """The file is larger than an import takes."""
    return PayloadTooLarge(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Send it in parts.")


def too_many_rows() -> PayloadTooLarge:
    """The file has more rows than an import takes."""
    return PayloadTooLarge(f"The file has more than {MOST_ROWS:,} rows. Send it in parts.", code="too_many_rows")


def too_many_cells() -> PayloadTooLarge:
    """The file has more filled cells than an import takes."""
    message = f"The file has more than {MOST_CELLS:,} filled cells. Send it in parts, or leave columns out."
    return PayloadTooLarge(message, code="too_many_cells")


def too_many_columns() -> PayloadTooLarge:
    """The file is wider than any file of people."""
    return PayloadTooLarge(f"The file has more than {MOST_COLUMNS} columns.", code="too_many_columns")


def cell_too_large(row: int) -> PayloadTooLarge:
    """One cell holds more text than any member takes."""
    message = f"A cell of row {row} holds more than {LONGEST_CELL:,} characters."
    return PayloadTooLarge(message, code="cell_too_large")


def unreadable(message: str, code: str = "unreadable_file") -> Impossible:
    """The file is not what its sender thinks."""
    return Impossible(message, code=code, field="file")


_SPENT = f"You have imported and planned {MOST_ROWS_AN_HOUR:,} rows within this hour. Go on in the next one."


def _rows_of(caller: Caller) -> Quota:
    return Quota(f"import-rows/{caller.user_id}", MOST_ROWS_AN_HOUR, HOUR)


def require_rows_left(caller: Caller, number: int) -> None:
    """Refuses, before anything is kept of them, more rows than the caller has left for this hour.

    Raises:
        TooManyRequests: says when there are more.
    """
    quota = _rows_of(caller)
    if is_spent(quota, get(*quota_key(quota)), number):
        raise refusal(quota, _SPENT)


def rows_counted(caller: Caller, number: int) -> Write:
    """The write that counts so many rows. Its transaction fails with TooManyRequests when fewer are left."""
    return spent(_rows_of(caller), _SPENT, number)
