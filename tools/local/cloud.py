"""The local cloud: MiniStack as a process of its own, and the unchanged template deployed to it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tools.release import BUILD, overrides
from tools.sam_template import ROOT, secret_variables

REGION = "ap-southeast-3"
STACK = "core-local"
STAGE = "dev"
_PATIENCE_SECONDS = 600


class LocalError(Exception):
    """Something a person at this machine can mend; the message says how."""


@contextmanager
def step(what: str) -> Iterator[None]:
    """Says what is happening and how long it took."""
    print(f"  {what} … ", end="", flush=True)
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def environment(endpoint: str) -> dict[str, str]:
    """The environment of every tool that talks to the local cloud instead of AWS."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return mine | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "SAM_CLI_TELEMETRY": "0",
    }


def run(arguments: list[str], log: Path, env: dict[str, str]) -> None:
    """Runs a command, its output in `log`.

    Raises:
        LocalError: it failed; with the end of its output.
    """
    with log.open("w") as output:
        finished = subprocess.run(arguments, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT, check=False)
    if finished.returncode:
        tail = "\n".join(log.read_text().splitlines()[-15:])
        raise LocalError(f"{' '.join(arguments[:3])} failed:\n{tail}\nThe whole output is in {log}.")


@dataclass(frozen=True)
class Cloud:
    """A local cloud that keeps its state in `home`."""

    home: Path
    port: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> subprocess.Popen[bytes]:
        """Starts the process and waits until it answers.

        Raises:
            LocalError: it ended, or did not answer in time.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.home / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.home / "s3"),
            "TMPDIR": str(self.home / "tmp"),
            "LOG_LEVEL": "INFO",
        }
        (self.home / "tmp").mkdir(exist_ok=True)
        rewind_streams(self.home / "state/lambda.json")
        with (self.home / "cloud.log").open("ab") as log:
            process = subprocess.Popen(
                [str(ROOT / ".tools/cloud/bin/ministack")],
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise LocalError(f"The local cloud ended at once. Its log is {self.home / 'cloud.log'}.")
            try:
                with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2):
                    return process
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        end(process)
        raise LocalError(f"The local cloud did not answer. Its log is {self.home / 'cloud.log'}.")

    def deploy(self, parameters: dict[str, str]) -> dict[str, str]:
        """Deploys what `sam build` made and returns the stack's outputs."""
        name_release(BUILD / "template.yaml", parameters["Release"])
        run(
            [
                str(ROOT / ".tools/sam/bin/sam"),
                "deploy",
                "--no-progressbar",
                "--stack-name",
                STACK,
                *overrides(parameters),
            ],
            self.home / "deploy.log",
            environment(self.endpoint),
        )
        return self.outputs()

    def outputs(self) -> dict[str, str]:
        """The outputs of the deployed stack."""
        stacks = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stacks[0]["Outputs"]}

    def resource(self, name: str) -> str:
        """What the deployed stack calls a resource of the template."""
        found = self.client("cloudformation").describe_stack_resource(StackName=STACK, LogicalResourceId=name)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def secrets(self) -> dict[str, str]:
        """The keys that the template generated for this cloud, by the variable in which functions get each."""
        keeper = self.client("secretsmanager")
        found = {}
        for variable, name in secret_variables().items():
            found[variable] = str(keeper.get_secret_value(SecretId=self.resource(name))["SecretString"])
        return found

    def client(self, service: str) -> Any:
        """A client of one of the local cloud's services."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106 - the local cloud takes any
        )


def name_release(built: Path, release: str) -> None:
    """Makes the release the parameter's default in the built template, too.

    MiniStack 1.5.33 translates SAM with the defaults of parameters, where AWS takes the values of the deployment.

    Raises:
        LocalError: the template is not as `sam build` writes it.
    """
    text, found = re.subn(r"(?<=\n  Release:\n    Type: String\n    Default: )\S+", release, built.read_text())
    if found != 1:
        raise LocalError(f"{built} has no parameter Release with a default.")
    built.write_text(text)


def rewind_streams(state: Path) -> None:
    """Lets the readers of the tables' streams begin anew.

    MiniStack 1.5.33 keeps how far they have read when it stops, and not the streams. So after a restart the readers
    would wait behind the end of a stream that is empty again, and no mail would go out.
    """
    if not state.exists():
        return
    document = json.loads(state.read_text())
    positions = document.get("payload", {}).get("dynamodb_stream_positions", {})
    if positions.get("data"):
        positions["data"] = {}
        state.write_text(json.dumps(document))


def end(process: subprocess.Popen[bytes], patience: float = 20) -> None:
    """Ends the process and whatever it started, gently first so that it saves its state."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            print("The local cloud did not end in time; ending it hard.", file=sys.stderr)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(5)
