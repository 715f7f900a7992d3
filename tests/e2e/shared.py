"""One Core for all tests over HTTP, however many workers run them.

Building and deploying takes longer than all of these tests. The worker that needs Core first starts it; the others
use it too, and whoever started it waits at the end until they are through.
"""

import fcntl
import json
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.local.core import Core

_PATIENCE_SECONDS = 900


@contextmanager
def _state(folder: Path) -> Iterator[dict[str, Any]]:
    """What the workers know of the shared Core; only one of them reads and writes it at a time."""
    with (folder / "core.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = folder / "core.json"
        state = json.loads(file.read_text()) if file.exists() else {}
        yield state
        file.write_text(json.dumps(state))


@contextmanager
def shared_core(folder: Path) -> Iterator[Core]:
    """A running Core, started by the first who asks.

    Args:
        folder: where all workers of this run meet.
    """
    mine = None
    with _state(folder) as state:
        if "port" not in state:
            # Under the lock: the others wait, and no two builds write over one another.
            port = port_with_its_neighbour()
            mine = Core(port, folder / f"core-{port}", hash_cost=4)
            mine.__enter__()
            state.update(port=port, users=0)
        state["users"] += 1
        core = mine or Core(state["port"], folder / f"core-{state['port']}", hash_cost=4)
    try:
        yield core
    finally:
        with _state(folder) as state:
            state["users"] -= 1
        if mine:
            _stop_when_unused(mine, folder)


def port_with_its_neighbour() -> int:
    """A port for Core whose neighbour is free as well, for its cloud. Below those that outgoing connections get."""
    while True:
        port = random.randrange(20_000, 30_000, 2)
        try:
            for each in (port, port + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", each))
        except OSError:
            continue
        return port


def _stop_when_unused(core: Core, folder: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with _state(folder) as state:
            if not state["users"] or time.monotonic() > deadline:
                # Whoever comes later starts another.
                state.clear()
                core.stop()
                return
        time.sleep(0.2)
