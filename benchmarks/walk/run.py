"""Acceptance D9 at size: 10,000 students walked by cursor while others come and go, and what each page reads.

`make proof-walk` runs it on the local cloud's DynamoDB, and on DynamoDB Local, which counts read units itself, where
Java is.
"""

import logging
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import batched
from pathlib import Path
from typing import Any

from tests import conftest  # noqa: F401 - gives this process a function's environment
from tests.engines.processes import DYNAMODB_LOCAL, LOCAL_CLOUD, client, running
from tools.sam_template import ROOT, table_definition

STUDENTS, GOING, LIMIT, RATIO = 10_000, 500, 50, 1.3


@contextmanager
def table_on(engine: str) -> Iterator[Any]:
    """An empty table on an engine, under the models."""
    from core.kernel import table as kernel  # noqa: PLC0415 - reads the environment
    from core.kernel.table import Item, connection  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as home, running(engine, Path(home)) as endpoint:
        own = client(endpoint)
        own.create_table(**table_definition("core-test"))
        Item.Meta.host = endpoint
        Item.Meta.read_timeout_seconds = 30
        kernel.BUDGET_SECONDS = 60.0
        Item._connection = None
        assert connection().connection.client
        yield own


def fill(own: Any, school: Any) -> tuple[set[str], list[str]]:
    """Writes the students; returns who stays and who will go."""
    from tests.walking import count_item, students  # noqa: PLC0415

    people = list(students(school.id, STUDENTS + GOING))
    items = [each.to_dynamodb_dict() for each in (*people, count_item(school.id, len(people)))]

    def put(run: tuple[dict[str, Any], ...]) -> None:
        own.batch_write_item(RequestItems={"core-test": [{"PutRequest": {"Item": each}} for each in run]})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put, batched(items, 25, strict=False)))
    going = {each.id for each in random.Random(9).sample(people, GOING)}
    return {each.id for each in people} - going, sorted(going)


class Others(threading.Thread):
    """Creates and deletes students all the while, as another clerk does."""

    def __init__(self, actor: Any, going: list[str]) -> None:
        super().__init__(daemon=True)
        self.actor, self.going, self.done, self.writes = actor, going, threading.Event(), 0

    def run(self) -> None:
        from core.departures.service import delete_person  # noqa: PLC0415
        from core.people.kinds import STUDENTS as KIND  # noqa: PLC0415
        from core.people.service import create_person  # noqa: PLC0415

        dice = random.Random(10)
        while not self.done.is_set():
            name = f"{dice.choice('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}aru {dice.randrange(10**6)}"
            create_person(self.actor, KIND, {"name": name})
            self.writes += 1
            if self.going:
                delete_person(self.actor, KIND, self.going.pop(), None)
                self.writes += 1


def prove(engine: str) -> bool:
    """Walks on one engine and says what came out; whether it holds."""
    from core.sessions.service import caller_behind  # noqa: PLC0415

    from tests.schools import build_school  # noqa: PLC0415
    from tests.walking import ReadUnits, walk  # noqa: PLC0415
    from tests.wire import intercepted  # noqa: PLC0415

    with table_on(engine) as own:
        school = build_school("SMA Negeri 1 Contoh", "smansa.test")
        staying, going = fill(own, school)
        token, counting, pages = school.token("administrator"), ReadUnits(), []
        with intercepted(counting):
            walk(token, lambda: None, LIMIT, lambda: pages.append(counting.taken()))
        others = Others(caller_behind(school.people["administrator"]), going)
        others.start()
        began = time.monotonic()
        met = walk(token, lambda: None, LIMIT)
        others.done.set()
        others.join()
    # The first page also sums the counters; the second is the first that a cursor asks for.
    first, deep = pages[1], pages[199]
    lost, repeated = len(staying - met.keys()), sum(number > 1 for number in met.values())
    print(f"{engine}: {len(met)} students met in {time.monotonic() - began:.0f} s, {others.writes} writes meanwhile")
    print(f"  of {len(staying)} who stayed, {lost} lost; {repeated} repeated")
    print(f"  read units of page 1 by cursor {first[0]:g}, of page 200 {deep[0]:g}", end="; ")
    print(f"the engine says {first[1]:g}, {deep[1]:g}")
    return not lost and not repeated and all(max(pair) <= RATIO * min(pair) for pair in zip(first, deep, strict=True))


def main() -> None:
    """Proves it on every engine that is here."""
    os.chdir(ROOT)
    # An answer a line would bury the figures.
    logging.disable(logging.INFO)
    engines = [LOCAL_CLOUD] + [DYNAMODB_LOCAL] * (ROOT / ".tools/dynamodb/emulator").exists()
    results = [prove(engine) for engine in engines]
    if not all(results):
        raise SystemExit("It does not hold.")


if __name__ == "__main__":
    main()
