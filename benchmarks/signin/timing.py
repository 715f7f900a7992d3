"""Whether the time of an answer tells a known address from an unknown one: `make proof-timing` (acceptance B1).

400 calls of each operation, known and unknown interleaved. The statistic is the area under the curve of the best
classifier by time: 0.5 is guessing.
"""

import sys
import time

from benchmarks.signin.world import EMAIL, prepare
from benchmarks.startup.table import Table

CALLS = 400
COST = 12
BOUNDS = (0.45, 0.55)


def area(known: list[float], unknown: list[float]) -> float:
    """How often a known address takes longer than an unknown one: the area under the curve (Mann and Whitney)."""
    longer = sum((one > other) + (one == other) / 2 for one in known for other in unknown)
    return longer / len(known) / len(unknown)


def measure(call, path: str, body) -> float:
    """The area for one operation; `body` makes a request's body from an address."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(CALLS):
        is_known = number % 2 == 0
        email = EMAIL if is_known else f"nobod{number:03}@example.org"[: len(EMAIL) + 4]
        began = time.perf_counter()
        status = call("auth", "POST", path, json_body=body(email), source_ip=f"203.0.113.{number % 250}").status
        times[is_known].append(time.perf_counter() - began)
        assert status in (200, 401), status
    return area(times[True], times[False])


def main() -> None:
    with Table() as table:
        prepare(table.url, COST)
        from tests.gateway import call  # noqa: PLC0415 - reads the environment

        operations = {
            "/api/auth/sign-in/email": lambda email: {"email": email, "password": "Bukan-Kata-Sandi"},
            "/api/auth/request-password-reset": lambda email: {"email": email},
        }
        for path, body in operations.items():  # The first calls of a process are slower.
            for _ in range(10):
                call("auth", "POST", path, json_body=body(EMAIL))
                call("auth", "POST", path, json_body=body("nobody@example.org"))
        areas = {path: measure(call, path, body) for path, body in operations.items()}
    for path, found in areas.items():
        print(f"{path:36} {found:.3f} (0.5 is guessing)")
    if not all(BOUNDS[0] <= found <= BOUNDS[1] for found in areas.values()):
        sys.exit(f"The time of an answer tells whether an address is known: outside {BOUNDS}.")


if __name__ == "__main__":
    main()
