"""Compares a warm sign-in with the bcrypt verification inside it: `make bench-signin`.

Both are measured in one run as processor time of the thread that answers, so that a busy machine and the stand-in
for the table, which runs beside it, do not count.
"""

import statistics
import sys
import time

from benchmarks.signin.world import EMAIL, PASSWORD, prepare
from benchmarks.startup.table import Table

MOST_TIMES_VERIFICATION = 1.1
COST = 12
RUNS = 15


def median(work) -> float:
    """The median processor time of `work`, in seconds."""
    times = []
    for _ in range(RUNS):
        began = time.thread_time()
        work()
        times.append(time.thread_time() - began)
    return statistics.median(times)


def main() -> None:
    with Table() as table:
        hashed = prepare(table.url, COST)
        from core.passwords.rules import verify  # noqa: PLC0415 - reads the environment

        from tests.gateway import call  # noqa: PLC0415

        body = {"email": EMAIL, "password": PASSWORD}

        def sign_in() -> None:
            reply = call("auth", "POST", "/api/auth/sign-in/email", json_body=body)
            assert reply.status == 200, reply.text

        sign_in()
        verification, whole = median(lambda: verify(PASSWORD, hashed)), median(sign_in)
    print(f"bcrypt verification at cost {COST}: {verification * 1000:7.1f} ms of processor time")
    print(f"the whole sign-in, warm:           {whole * 1000:7.1f} ms, {whole / verification:.3f} times")
    if whole > MOST_TIMES_VERIFICATION * verification:
        sys.exit(f"A sign-in costs more than {MOST_TIMES_VERIFICATION} times its verification.")


if __name__ == "__main__":
    main()
