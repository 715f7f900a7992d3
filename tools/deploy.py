"""python -m tools.deploy dev|prod [Name=value ...]: what `make deploy` calls.

Builds, and deploys with the release that lets every alias lead to what was built. Parameters that are not given stay as
they were at the last deployment.
"""

import os
import subprocess
import sys
import tomllib

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.release import BUILDING, overrides, parameters_for
from tools.sam_template import ROOT, template

_SAM = str(ROOT / ".tools/sam/bin/sam")


def _given(arguments: list[str]) -> dict[str, str]:
    """The parameters of the command line.

    Raises:
        ValueError: one is not Name=value, or the template has none of that name.
    """
    given = {}
    for each in arguments:
        name, equals, value = each.partition("=")
        if not equals or name not in template()["Parameters"]:
            known = ", ".join(sorted(template()["Parameters"]))
            raise ValueError(f"{each!r} is not Name=value with one of {known}.")
        given[name] = value
    return given


def main(stage: str, *arguments: str) -> int:
    """Builds and deploys; the exit code of what failed, or 0."""
    environments = tomllib.loads((ROOT / "samconfig.toml").read_text())
    environment = {"dev": "default"}.get(stage, stage)
    if environment not in environments:
        raise ValueError(f"STAGE is dev or prod, not {stage!r}.")
    parameters = _given(list(arguments)) | {"Stage": stage}
    built = subprocess.run(
        [_SAM, "build", "--config-env", environment], cwd=ROOT, env=os.environ | BUILDING, check=False
    )
    if built.returncode:
        return built.returncode
    stack = environments[environment]["global"]["parameters"]["stack_name"]
    parameters = parameters_for(stack, parameters, boto3.client)
    deploy = [_SAM, "deploy", "--config-env", environment, *overrides(parameters)]
    return subprocess.run(deploy, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except (ValueError, BotoCoreError, ClientError) as error:
        sys.exit(f"{error}")
