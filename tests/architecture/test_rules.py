"""The rules of the house: who may import whom, and how long a file may be."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gateway import function
from tools.sam_template import ROOT, routes

CORE = ROOT / "layers/core/python/core"
LONGEST_FILE = 330
LONGEST_FUNCTION = 60
FOLDERS = pytest.mark.parametrize("folder", ["functions", "layers", "tests", "tools", "benchmarks"])


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def offenders(paths, *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in imports(path)
        if any(name == each or name.startswith(f"{each}.") for each in forbidden)
    ]


def test_no_function_knows_pynamodb_or_botocore():
    assert offenders(ROOT.glob("functions/*/app.py"), "pynamodb", "botocore", "boto3") == []


def test_no_service_knows_powertools_or_the_door():
    assert offenders(CORE.rglob("service.py"), "aws_lambda_powertools", "core.http.api") == []


def test_only_the_table_knows_pynamodbs_errors():
    others = [path for path in CORE.rglob("*.py") if path.name != "table.py"]
    assert offenders(others, "pynamodb.exceptions") == []
    assert offenders([path for path in others if path.name not in ("aws.py", "ses.py")], "botocore") == []


def test_only_the_door_knows_powertools():
    others = [path for path in CORE.rglob("*.py") if path.name != "api.py"]
    assert offenders(others, "aws_lambda_powertools") == []


def test_the_layer_has_the_description_of_every_service_that_functions_call():
    called = {each for path in CORE.rglob("*.py") for each in re.findall(r'_client\("(\w+)"', path.read_text())}
    described = re.search(r"^SERVICES = (.*)$", (ROOT / "layers/dependencies/merge.py").read_text(), re.MULTILINE)
    assert ast.literal_eval(described[1]) == called | {"dynamodb"}


def test_the_door_imports_nothing_from_what_the_layer_leaves_empty():
    from_the_package = re.compile(r"^ *from aws_lambda_powertools\.event_handler import", re.MULTILINE)
    assert [path.name for path in CORE.rglob("*.py") if from_the_package.search(path.read_text())] == []


def test_schemas_do_not_reach_the_table():
    assert offenders(CORE.rglob("schemas.py"), "core.kernel.table", "pynamodb") == []


def test_no_test_looks_at_a_clock():
    """How long something takes is the machine's: a limit is asserted as counted work, bytes and calls."""
    # Lines of programs that tests start stand in texts, so this looks at lines and not at the syntax.
    clocks = re.compile(r"^ *(import .*\b(time|timeit)\b|from (time|timeit) import)", re.MULTILINE)
    here = [path for path in (ROOT / "tests").rglob("*.py") if path.name != "waiting.py"]
    assert [str(path.relative_to(ROOT)) for path in here if clocks.search(path.read_text())] == []


def short_patience(path: Path) -> list[str]:
    """The calls that give up waiting after less than a minute."""
    named, called = {"timeout", "patience"}, {"wait", "join", "set_default_timeout"}
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        given = [each.value for each in node.keywords if each.arg in named]
        given += node.args[:1] if isinstance(node.func, ast.Attribute) and node.func.attr in called else []
        seconds = [each.value for each in given if isinstance(each, ast.Constant)]
        if any(isinstance(each, int | float) and each < 60 for each in seconds):
            found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


def test_no_test_gives_up_waiting_before_a_busy_machine_is_ready():
    assert [each for path in (ROOT / "tests").rglob("*.py") for each in short_patience(path)] == []


def test_packages_import_downwards_only():
    """The floors stand in pyproject.toml; a package that is on none of them fails too."""
    # By this interpreter: the script names the one of the place at which the environment was made.
    linter = [sys.executable, str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    paths = os.environ | {"PYTHONPATH": str(CORE.parent)}
    ran = subprocess.run(linter, cwd=ROOT, env=paths, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@FOLDERS
def test_functions_fit_a_screen(folder):
    lengths = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


@FOLDERS
def test_files_stay_short(folder):
    lengths = {path: len(path.read_text().splitlines()) for path in (ROOT / folder).rglob("*.py")}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def resolver_routes() -> dict[tuple[str, str], str]:
    found = {}
    for folder in {path.parent.name for path in ROOT.glob("functions/*/app.py")}:
        # A function that events call and not requests has no routes.
        operations = function(folder).api.operations if hasattr(function(folder), "api") else []
        found |= {(each.method, each.path): folder for each in operations}
    return found


def test_every_route_has_its_event_in_the_template_and_the_other_way_round():
    declared = resolver_routes()
    lacking = sorted(declared.items() - routes().items())
    assert not lacking, f"Give each an event in template.yaml, under its function: {lacking}"
    assert not routes().items() - declared.items(), "template.yaml has events of no operation"
