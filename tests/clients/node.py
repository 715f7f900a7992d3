"""better-auth's packages, as node runs them: a program of tests/clients/better-auth that answers line by line."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.waiting import HANGING_SECONDS
from tools.sam_template import ROOT

SOURCE = ROOT / "tests/clients/better-auth"
_INSTALLED = ROOT / ".tools/clients/better-auth"

#: Sends a line to the program and returns what it answers.
Ask = Callable[[Any], Any]


def install() -> None:
    """Fetches the packages at the versions of their lock file, once. Skips the test where that can't be."""
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            pytest.skip(f"There is no {tool}, so better-auth can't be tried.")
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    lock = (SOURCE / "package-lock.json").read_text()
    mark = _INSTALLED / "installed"
    for file in ("package.json", "package-lock.json", "client.mjs", "server.mjs"):
        shutil.copy(SOURCE / file, _INSTALLED)
    if not mark.exists() or mark.read_text() != lock:
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(
            command, check=False, cwd=_INSTALLED, capture_output=True, text=True, timeout=HANGING_SECONDS
        )
        if done.returncode:
            pytest.skip(f"npm could not fetch better-auth: {done.stderr.strip()[-300:]}")
        mark.write_text(lock)


@contextmanager
def running(program: str, origin: str) -> Iterator[Ask]:
    """A program that runs until the context ends, and knows Core by its origin."""
    environment = {**os.environ, "CORE_ORIGIN": origin}
    node = ["node", str(_INSTALLED / program)]
    with subprocess.Popen(node, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdin
        assert process.stdout
        sent, answered = process.stdin, process.stdout

        def ask(line: Any) -> Any:
            sent.write(json.dumps(line) + "\n")
            sent.flush()
            return json.loads(answered.readline())

        yield ask
        sent.close()
        process.wait(HANGING_SECONDS)
