"""docs/openapi.json says what the code says, and names what clients rest on."""

from collections import Counter
from collections.abc import Iterator

from core.contract.operations import Bare
from core.contract.outcomes import JOB_STATUS, STATUS
from core.contract.shapes import Member, Shape

from tools.openapi.__main__ import FILE, text
from tools.openapi.document import document
from tools.openapi.operations import by_key, declarations
from tools.sam_template import ROOT, routes

LIST = ROOT / "tests/architecture/operations.txt"


def listed() -> dict[str, set[str]]:
    """The operations of each part of the list, as `GET /api/users`."""
    found: dict[str, set[str]] = {}
    for line in LIST.read_text().splitlines():
        if line.startswith("["):
            part = found.setdefault(line.strip("[]"), set())
        elif line and not line.startswith("#"):
            *methods, path = line.split()
            part.update(f"{method} {path}" for method in methods)
    return found


def test_the_document_is_as_make_openapi_writes_it():
    assert FILE.read_text() == text(), "docs/openapi.json is not what the code declares: run `make openapi`."


def test_no_two_operations_have_the_same_name():
    assert [name for name, count in Counter(each.id for each in declarations()).items() if count > 1] == []


def test_the_operations_are_those_that_clients_rest_on():
    parts = listed()
    assert parts["contract"] | parts["ours"] == {*by_key()}, f"{LIST.relative_to(ROOT)} lists every operation."
    assert not parts["later"] & {*by_key()}, "What stands is no longer to come: move it up in the list."


def test_each_operation_has_its_event_and_its_place_in_the_document():
    declared = {*by_key()}
    assert {f"{method} {path}" for method, path in routes()} == declared
    documented = {f"{method.upper()} {path}" for path, each in document()["paths"].items() for method in each}
    assert documented == declared


def members_of(shape: Shape) -> Iterator[Member]:
    """The members of a shape and of those inside it."""
    for member in shape.members:
        yield member
        if isinstance(member.value, Shape):
            yield from members_of(member.value)


def test_there_is_one_word_for_what_became_of_a_row_and_one_for_how_far_a_job_is():
    """Members of Core's own answers; `ok` of health tells of the service."""
    found: dict[str, list[Member]] = {}
    for each in declarations():
        for answers in (each.operation.answers, *each.operation.or_answers):
            shape = getattr(answers, "shape", None) or getattr(answers, "of", None)
            if isinstance(shape, Shape) and not isinstance(answers, Bare) and shape.name != "Health":
                found[shape.name] = [*members_of(shape)]
    told = [member for members in found.values() for member in members if member.name in {"state", "status", "outcome"}]
    assert len(told) >= 8
    assert {member.name for member in told} == {"status"}
    assert all(member.value is STATUS or member.value is JOB_STATUS for member in told)
