"""python -m tools.check_template: the linters on template.yaml as written and as CloudFormation gets it.

A finding is either mended or waived in template_waivers.yaml with its reason. A waiver that no longer waives anything
is a finding too, so that the list never says more than it must.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from tools.sam_template import ROOT, translated

WAIVERS = Path(__file__).with_name("template_waivers.yaml")
_REGION = "ap-southeast-3"


@dataclass(frozen=True)
class Finding:
    """What a linter says about one resource of one form of the template."""

    form: str
    rule: str
    resource: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule} {self.resource} (as {self.form}): {self.message}"


@dataclass(frozen=True)
class Waiver:
    """A rule that does not hold for the resources that match, and why."""

    rule: str
    resources: str
    reason: str
    form: str = "*"

    def covers(self, finding: Finding) -> bool:
        """Whether this waives the finding."""
        return (
            self.rule == finding.rule
            and fnmatchcase(finding.resource, self.resources)
            and fnmatchcase(finding.form, self.form)
        )


def waivers() -> list[Waiver]:
    """Everything that is waived."""
    return [Waiver(**each) for each in yaml.safe_load(WAIVERS.read_text())]


def _output(*command: str) -> Any:
    """What a linter of this environment prints as JSON; its exit code only says whether it found anything."""
    program = Path(sys.executable).with_name(command[0])
    env = os.environ | {"AWS_DEFAULT_REGION": _REGION, "LOG_LEVEL": "ERROR"}
    finished = subprocess.run([str(program), *command[1:]], cwd=ROOT, env=env, capture_output=True, check=False)
    try:
        return json.loads(finished.stdout)
    except ValueError:
        sys.exit(f"{command[0]} failed:\n{(finished.stdout + finished.stderr).decode()[-2000:]}")


def cfn_lint(path: Path, form: str) -> list[Finding]:
    """The findings of cfn-lint, with those of cfn-lint-serverless."""
    found = []
    options = ["-c", "I", "-a", "cfn_lint_serverless.rules", "-r", _REGION, "--format", "json"]
    for each in _output("cfn-lint", *options, "-t", str(path)):
        location = each["Location"]["Path"] or []
        resource = str(location[1]) if location[:1] == ["Resources"] and len(location) > 1 else "template"
        found.append(Finding(form, each["Rule"]["Id"], resource, each["Message"]))
    return found


def checkov(path: Path, form: str) -> list[Finding]:
    """The findings of checkov."""
    answer = _output("checkov", "--framework", "cloudformation", "--skip-download", "-o", "json", "-f", str(path))
    if answer.get("summary", {}).get("parsing_errors", 1):
        sys.exit(f"checkov can't read the template as {form}.")
    return [
        Finding(form, each["check_id"], each["resource"].rpartition(".")[2], each["check_name"])
        for each in answer["results"]["failed_checks"]
    ]


def _run(task: tuple[Callable[[Path, str], list[Finding]], Path, str]) -> list[Finding]:
    linter, path, form = task
    began = time.monotonic()
    found = linter(path, form)
    seconds = time.monotonic() - began
    print(f"  {linter.__name__} on the template as {form}: {len(found)} findings, {seconds:.1f} s", flush=True)
    return found


def findings() -> list[Finding]:
    """Everything that the linters say, waived or not."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        copy = Path(folder) / "translated.json"
        copy.write_text(json.dumps(translated(), indent=1))
        forms = (ROOT / "template.yaml", "written"), (copy, "translated")
        tasks = [(linter, path, form) for linter in (checkov, cfn_lint) for path, form in forms]
        return [finding for found in pool.map(_run, tasks) for finding in found]


def main() -> int:
    """Prints what is open; 1 when something is."""
    print("Checking template.yaml")
    found, waived = findings(), waivers()
    still_open = [each for each in found if not any(waiver.covers(each) for waiver in waived)]
    idle = [waiver for waiver in waived if not any(waiver.covers(each) for each in found)]
    for each in still_open:
        print(f"  {each}")
    for waiver in idle:
        print(f"  {waiver.rule} {waiver.resources}: this waiver waives nothing; remove it from {WAIVERS.name}")
    print(f"{len(still_open)} open, {len(found) - len(still_open)} waived by {len(waived)} waivers, {len(idle)} idle")
    return 1 if still_open or idle else 0


if __name__ == "__main__":
    sys.exit(main())
