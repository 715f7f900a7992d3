"""Reports of operations that do something to many, as tests read them."""

from itertools import count

from core.kernel import clock
from core.kernel.outcomes import STATUSES


def summary(**counts):
    """A summary in which nothing else was counted."""
    return {**dict.fromkeys(STATUSES, 0), **counts}


def code_of(row):
    """Why a row failed or was skipped; None of one that was done."""
    return row["errors"][0]["code"] if row["errors"] else None


def let_time_run_out(monkeypatch, looks=1):
    """Has every deadline pass when somebody has looked at the clock so often since."""
    ticks = count()
    monkeypatch.setattr(clock, "seconds", lambda: 0.0 if next(ticks) < looks else 3600.0)
