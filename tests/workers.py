"""How a run is shared among workers, and what it costs: a plugin of pytest and xdist, loaded by conftest.py."""

import ctypes
import gc
import os
import resource
import sys
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

#: Acceptance F6. It is told and not asserted: a test that asserts it would fail on a slower machine.
MOST_CPU_SECONDS = 600
#: Folders whose files share what takes long to start: the engines, and a deployed Core.
_SHARING = ("tests/engines/", "tests/e2e/")
_BECOME_SUBREAPER = 36


class Sharing(LoadFileScheduling):
    """A file's tests run in one worker, and so do those of a folder that shares something."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((folder for folder in _SHARING if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """Shares the tests out, however xdist was told to."""
    return Sharing(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Adopts what the tests start and leave, such as a killed engine's own processes: only a parent sees their cost."""
    if sys.platform == "linux" and not hasattr(config, "workerinput"):
        ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)


def pytest_collection_finish() -> None:
    """Keeps the thousands of tests out of what the collector of garbage walks through again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says how long processors worked for this run: for workers, engines, builds and browsers, too."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
    used = (resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = sum(each.ru_utime + each.ru_stime for each in used)
    terminalreporter.write_line(f"{seconds:.0f} CPU seconds (make test shall stay below {MOST_CPU_SECONDS})")
