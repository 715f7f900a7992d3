"""1,200 new students through the whole local deployment, without and with passwords, and the same file once more.

`make proof-import` runs it against a running `make start`: the file goes as a browser sends it, through the address,
the function, the bucket and the queue to the workers, and the report is read back page by page. It fails unless every
row made one student, once, and the same file the second time changed nobody.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import Any

import bcrypt

from benchmarks.imports.students import student
from tests.imports import csv_file, form
from tools.demo.people import PASSWORD
from tools.local.core import HASH_COST

ROWS = 1_200
_ADMINISTRATOR = "admin@smansa.test"
_STUDENTS = "/api/students"
#: Far above the numbers of the demo school; each run goes on where the one before ended.
_FIRST = 100_000
_PAUSE_SECONDS, _SHOWN_SECONDS, _PATIENCE_SECONDS = 0.5, 10, 3600
_HASHES = 5


class Core:
    """A running Core, signed in to as the demo school's administrator."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://localhost:{port}"
        self._headers: dict[str, str] = {}
        credentials = {"email": _ADMINISTRATOR, "password": PASSWORD}
        answer = self.call("POST", "/api/auth/sign-in/email", json.dumps(credentials).encode())
        self._headers["Authorization"] = f"Bearer {answer['token']}"

    def call(self, method: str, path: str, body: bytes | None = None, content_type: str = "application/json") -> Any:
        """Sends a request and returns the read body; ends the proof when it is refused."""
        headers = self._headers | ({"Content-Type": content_type} if body is not None else {})
        request = urllib.request.Request(f"{self.origin}{path}", body, headers, method=method)  # noqa: S310 - localhost
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - localhost
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path} was refused with {error.code}: {error.read().decode()[:500]}") from error

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Everything of a list, walked by cursor."""
        cursor = ""
        while cursor is not None:
            page = self.call("GET", f"{path}limit=100{cursor and f'&cursor={cursor}'}")
            yield from page["result"]
            cursor = page["meta"]["next"]

    def total(self) -> int:
        """How many students the list says that there are."""
        return int(self.call("GET", f"{_STUDENTS}?limit=1")["meta"]["total"])


def file_of(first: int, *, passwords: bool) -> bytes:
    """A file of so many new students, from a number on."""
    rows = [student(number) for number in range(first, first + ROWS)]
    if passwords:
        rows = [row | {"Password": f"Padi-Hijau-{number:06d}"} for number, row in enumerate(rows, first)]
    return csv_file(list(rows[0]), [list(row.values()) for row in rows])


def imported(core: Core, file: bytes) -> tuple[dict[str, Any], float]:
    """Sends the file and follows the job until it is done; the job, and how many seconds that took."""
    sent = form(file)
    began = shown = time.monotonic()
    job = core.call("POST", f"{_STUDENTS}/import", sent["raw"], sent["headers"]["Content-Type"])["result"]
    while job["status"] != "COMPLETED":
        now = time.monotonic()
        if now - began > _PATIENCE_SECONDS:
            raise SystemExit(f"The import is not done after {_PATIENCE_SECONDS} s.")
        if now - shown > _SHOWN_SECONDS:
            print(f"    {job['processed']} of {job['total']} rows after {now - began:.0f} s", flush=True)
            shown = now
        time.sleep(_PAUSE_SECONDS)
        job = core.call("GET", f"/api/imports/{job['id']}")["result"]
    return job, time.monotonic() - began


def require_every_row_once(core: Core, job: dict[str, Any], status: str, nisns: Counter[str], first: int) -> None:
    """Fails unless report and list have each row of the file exactly once."""
    assert job["summary"][status] == job["summary"]["total"] == ROWS, job["summary"]
    rows = list(core.pages(f"/api/imports/{job['id']}/rows?"))
    assert [each["row"] for each in rows] == list(range(2, ROWS + 2)), "the report has not each row once"
    assert {each["status"] for each in rows} == {status}, Counter(each["status"] for each in rows)
    assert len({each["id"] for each in rows}) == ROWS, "two rows are about one student"
    wanted = [student(number)["NISN"] for number in range(first, first + ROWS)]
    assert all(nisns[each] == 1 for each in wanted), "a student of the file is not there, or is there twice"


def nisns_of(core: Core) -> Counter[str]:
    """How often each NISN stands in the list of students."""
    return Counter(each["nisn"] for each in core.pages(f"{_STUDENTS}?fields=id,nisn&"))


def seconds_of_a_hash() -> float:
    """How long one hash of the local Core's cost takes on one processor of this machine, in the median."""
    took = []
    for _ in range(_HASHES):
        began = time.perf_counter()
        bcrypt.hashpw(b"Padi-Hijau", bcrypt.gensalt(HASH_COST))
        took.append(time.perf_counter() - began)
    return median(took)


def prove(core: Core, name: str, file: bytes, first: int) -> float:
    """Imports a file of new students, says how fast, and returns how many seconds it took."""
    before = core.total()
    print(f"  {name}", flush=True)
    job, seconds = imported(core, file)
    assert core.total() == before + ROWS, f"the list's total grew by {core.total() - before}"
    require_every_row_once(core, job, "created", nisns_of(core), first)
    print(f"    {ROWS} created in {seconds:.1f} s, {ROWS / seconds:.1f} rows a second; each row once", flush=True)
    return seconds


def main() -> None:
    """Proves it and says what came out."""
    port = int(os.environ.get("PORT", "3000"))
    try:
        core = Core(port)
    except OSError:
        sys.exit(f"No Core answers at http://localhost:{port}. Start one in another terminal: make start PORT={port}")
    first = _FIRST + core.total()
    plain = file_of(first, passwords=False)
    print(f"{core.origin}, {os.cpu_count()} processors, {ROWS} new students in each file")
    prove(core, "without passwords", plain, first)
    total = core.total()
    print("  the same file again")
    job, seconds = imported(core, plain)
    require_every_row_once(core, job, "unchanged", nisns_of(core), first)
    assert core.total() == total, "the same file made somebody"
    print(f"    {ROWS} unchanged in {seconds:.1f} s, {ROWS / seconds:.1f} rows a second", flush=True)
    each, processors = seconds_of_a_hash(), os.cpu_count() or 1
    floor = ROWS * each / processors
    print(f"  bcrypt at cost {HASH_COST} takes {each:.3f} s: {ROWS} hashes on {processors} processors {floor:.0f} s")
    seconds = prove(core, "with a password column", file_of(first + ROWS, passwords=True), first + ROWS)
    print(f"    {seconds / floor:.2f} times what the hashes alone take")


if __name__ == "__main__":
    main()
