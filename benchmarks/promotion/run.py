"""A school of 1,000 students promoted, on the local cloud's DynamoDB: planned, applied, undone, and equal to the start.

`make proof-promotion` runs it. Equal means the same SHA-256 over every item of the school but for what only says that
something was changed (versions, times, the epochs of ended sessions), the trail, mails, the promotion itself and the
tombstones of the classes that it made.
"""

import logging
import os
import time
from collections import Counter
from typing import Any

from tests import conftest  # noqa: F401 - gives this process a function's environment
from tests.engines.processes import LOCAL_CLOUD
from tools.demo.years import SchoolYear
from tools.sam_template import ROOT

STUDENTS = 1000
_PATH = "/api/classes/promotions"
_YEAR = SchoolYear(2026)
_PLAN = {"fromAcademicYear": _YEAR.name, "toAcademicYear": SchoolYear(_YEAR.begins + 1).name}


def fill() -> str:
    """Makes a demo school of so many students in their classes; the token of its administrator."""
    from core.kernel.policy import ADMINISTRATOR  # noqa: PLC0415 - reads the environment

    from tests.schools import School  # noqa: PLC0415
    from tools.demo import seed  # noqa: PLC0415
    from tools.demo.classes import classes_of  # noqa: PLC0415
    from tools.demo.people import DemoSchool, demo_id  # noqa: PLC0415
    from tools.demo.population import Population  # noqa: PLC0415

    name = "SMA Negeri 1000 Contoh"
    demo = DemoSchool("promotion", name, "69900009", students=STUDENTS, teachers=60, has_pictures=False)
    people = Population(demo, _YEAR)
    seed.seed_people(people.of("teachers"))
    seed.seed_classes(classes_of(demo, _YEAR))
    seed.seed_people(people.of("students"))
    school = School(demo_id(demo.key), "promotion.test")
    return school.token(school.add("Administrator", "administrator@promotion.test", [ADMINISTRATOR.id]))


def finish(token: str, path: str) -> dict[str, Any]:
    """Asks until it is done, and says how often and how long that was."""
    from tests.gateway import call  # noqa: PLC0415

    began, calls = time.monotonic(), 0
    while True:
        reply = call("classes", "POST", path, token=token)
        calls += 1
        if reply.status != 202:
            break
    assert reply.status == 200, reply.text
    word = path.rpartition("/")[2]
    print(f"  {word}: {reply.result['processed']} students in {time.monotonic() - began:.1f} s, {calls} requests")
    return dict(reply.result)


def main() -> None:
    """Proves it and says what came out."""
    os.chdir(ROOT)
    logging.disable(logging.INFO)
    from benchmarks.walk.run import table_on  # noqa: PLC0415
    from tests.functions.test_promotions import whole  # noqa: PLC0415
    from tests.gateway import call  # noqa: PLC0415

    with table_on(LOCAL_CLOUD) as table:
        token = fill()
        start = whole(table)
        began = time.monotonic()
        plan = call("classes", "POST", _PATH, token=token, json_body=_PLAN).result
        fates: Counter[str] = Counter()
        for each in plan["classes"]:
            statuses = [row["status"] for row in each["rows"]]
            fates["graduate" if each["to"] == "graduate" else "go up"] += statuses.count("updated")
            fates["are left"] += len(statuses) - statuses.count("updated")
        told = ", ".join(f"{number} {fate}" for fate, number in sorted(fates.items()))
        print(f"{LOCAL_CLOUD}: {plan['total']} students in {len(plan['classes'])} classes")
        print(f"  planned in {time.monotonic() - began:.1f} s: {told}")
        assert whole(table) == start, "a plan moved somebody"
        finish(token, f"{_PATH}/{plan['id']}/apply")
        applied = whole(table)
        finish(token, f"{_PATH}/{plan['id']}/undo")
        end = whole(table)
    print(f"  checksum at the start {start[:16]}, applied {applied[:16]}, undone {end[:16]}")
    if not (plan["total"] + fates["are left"] == STUDENTS and applied != start and end == start):
        raise SystemExit("It does not hold.")


if __name__ == "__main__":
    main()
