"""Counts what a warm call costs, in instructions: `make bench-warm`. README.md says what is measured and why."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.startup.run import CALL, PEER_PACKAGES, Subject, count, environment, event, functions, require_valgrind
from benchmarks.startup.table import Table
from tools.sam_template import ROOT

#: What is called, and how many times the bare handler's instructions it may need.
CALLS = {("users", "GET", "/api/users/me"): 1.15}
#: The difference between so many calls and one is that of so many less one: start-up falls out.
TIMES = 41
SEVERAL = CALL.replace(
    'print("ANSWERED"', 'for _ in range({times} - 1):\n    handler({event!r}, context)\nprint("ANSWERED"'
)


def measure(python: str, subject: Subject, further: dict[str, str]) -> tuple[float, list[tuple[str, dict]]]:
    """The instructions of one warm call, and what it asked of the table."""
    counted = []
    for times in (1, TIMES):
        with Table() as table:
            code = SEVERAL.format(event=event(*subject.request), times=times)
            instructions, printed = count(python, code, environment(subject, table.url) | further)
            if "ANSWERED 200" not in printed:
                raise SystemExit(f"{subject.name} did not answer 200, so the count says little.\n{printed}")
            counted.append(instructions)
            asked = table.asked[-(len(table.asked) // times) :]
    return (counted[1] - counted[0]) / (TIMES - 1), asked


def main() -> None:
    require_valgrind()
    python = subprocess.run([ROOT / "tools/find-python"], capture_output=True, text=True, check=True).stdout.strip()
    own, broken = {each.name: each for each in functions()}, []
    print(f"{'':34} {'millions of instructions':>24} {'of the bare handler':>20} {'times':>6}")
    for (folder, *request), most in CALLS.items():
        name = " ".join(request)
        subject = Subject(name, own[folder].path, (request[0], request[1]))
        core, asked = measure(python, subject, {})
        bare = Subject("bare", [Path(__file__).parent / "bare", PEER_PACKAGES], subject.request)
        least, _ = measure(python, bare, {"RECORDED_READS": json.dumps(asked)})
        print(f"{name:34} {core / 1e6:24.2f} {least / 1e6:20.2f} {core / least:6.2f}")
        if core > most * least:
            broken.append(f"{name} needs more than {most} times what a bare handler needs with the same reads.")
    if broken:
        sys.exit("\n".join(broken))


if __name__ == "__main__":
    main()
