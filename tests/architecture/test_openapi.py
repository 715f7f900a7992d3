"""docs/openapi.json says what the code says, and names what clients rest on."""

import re
from collections import Counter
from collections.abc import Iterator

import jsonschema_rs
from core.contract.operations import Bare
from core.contract.outcomes import JOB_STATUS, STATUS
from core.contract.shapes import Member, Shape
from core.people import enumerations

from tools.openapi.__main__ import FILE, text
from tools.openapi.document import document
from tools.openapi.examples import FILE as EXAMPLES
from tools.openapi.operations import by_key, declarations
from tools.sam_template import ROOT, routes

#: Contract section 3. Those of letters and statistics are still to come.
SCHEMAS = {
    *("Actor", "Address", "Base", "BloodType", "Class", "EducationHistoryObject", "Error", "Gender", "Location"),
    *("LoginHistory", "Meta", "Organization", "ParentInfo", "Religion", "Role", "Staff", "Student", "Teacher", "User"),
    "UserProfile",
}
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


def test_the_schemas_have_the_names_that_clients_know():
    assert SCHEMAS - document()["components"]["schemas"].keys() == set()


def test_each_value_of_an_enumeration_carries_its_code_in_dapodik_once():
    listed = [each for each in walked(document()) if "x-dapodik" in each]
    known = [codes for name, codes in vars(enumerations).items() if name.isupper()]
    assert len(known) > 8
    assert sorted(map(repr, known)) == sorted(repr(each["x-dapodik"]) for each in listed)
    assert [each["enum"] for each in listed] == [[*each["x-dapodik"]] for each in listed]


def walked(node):
    """Every object in the document."""
    if isinstance(node, dict):
        yield node
        for each in node.values():
            yield from walked(each)
    elif isinstance(node, list):
        for each in node:
            yield from walked(each)


def contents():
    """What each operation answers, by the operation, the status and the media type."""
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                for media_type, content in response.get("content", {}).items():
                    yield f"{method.upper()} {path}", status, media_type, content, response.get("x-codes", [])


def test_every_success_and_every_refusal_has_an_example():
    without = [
        f"{key} {status}"
        for key, status, media_type, content, codes in contents()
        if not codes and media_type in ("application/json", "text/html") and "example" not in content
    ]
    # The document is its own example.
    assert without == ["GET /openapi.json 200"], "make examples TESTS=… takes what tests are answered."
    unmet = [
        f"{key} {status} {code}"
        for key, status, _, content, codes in contents()
        for code in codes
        if code not in content.get("examples", {})
    ]
    assert unmet == [], "make examples TESTS=… takes what tests are answered."


def test_every_example_is_what_its_operation_declares():
    components, validators, wrong = document()["components"], {}, []
    for key, status, media_type, content, _ in contents():
        schema = content["schema"] | {"components": {"schemas": components["schemas"]}}
        validator = validators.setdefault(repr(content["schema"]), None) or jsonschema_rs.Draft202012Validator(schema)
        validators[repr(content["schema"])] = validator
        referred = [each.get("$ref", "").rpartition("/")[2] for each in content.get("examples", {}).values()]
        shown = [components["examples"][name]["value"] for name in referred if name]
        shown += [each["value"] for each in content.get("examples", {}).values() if "value" in each]
        shown += [content[each] for each in ("example",) if each in content]
        wrong += [f"{key} {status} {media_type}" for each in shown if not validator.is_valid(each)]
    assert wrong == [], "make examples TESTS=… takes what tests are answered now."


def test_no_example_has_a_secret_in_it():
    """Passwords of the demo stand in the README."""
    assert re.findall(r"[0-9a-f]{64}|X-Amz-Credential|\$2[aby]\$", EXAMPLES.read_text()) == []
