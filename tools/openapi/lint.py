"""Lints docs/openapi.json: `make lint-openapi`.

openapi-spec-validator says whether it is OpenAPI 3.1, and Redocly whether it keeps the rules that Redocly recommends.
Redocly needs node, so without node it is left out, and that is said.
"""

import os
import shutil
import subprocess
import sys

from tools.openapi.__main__ import FILE
from tools.sam_template import ROOT

_SOURCE = ROOT / "tests/clients/redocly"
_INSTALLED = ROOT / ".tools/clients/redocly"
#: Neither asks for a newer version nor tells anybody about this one.
_QUIET = {"REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "REDOCLY_TELEMETRY": "off"}


def _install() -> str | None:
    """Fetches Redocly at the version of its lock file; why not, where that is impossible."""
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            return f"there is no {tool}"
    lock, mark = (_SOURCE / "package-lock.json").read_text(), _INSTALLED / "installed"
    if mark.exists() and mark.read_text() == lock:
        return None
    shutil.copytree(_SOURCE, _INSTALLED, dirs_exist_ok=True)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, check=False, cwd=_INSTALLED, capture_output=True, text=True)
    if done.returncode:
        return f"npm could not fetch it: {done.stderr.strip()[-300:]}"
    mark.write_text(lock)
    return None


def main() -> int:
    """The exit status: 0 when both are content."""
    failed = subprocess.run([sys.executable, "-m", "openapi_spec_validator", str(FILE)], check=False).returncode
    if hindrance := _install():
        print(f"SKIPPED: Redocly did not lint the document, because {hindrance}.")
        return failed
    linter = [str(_INSTALLED / "node_modules/.bin/redocly"), "lint", str(FILE), "--extends", "recommended"]
    linted = subprocess.run([*linter, "--format", "stylish"], check=False, env=os.environ | _QUIET).returncode
    return failed or linted


if __name__ == "__main__":
    sys.exit(main())
