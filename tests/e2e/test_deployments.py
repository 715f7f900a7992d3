"""Acceptance E7: what was changed is live after the next deployment, on the alias that requests reach."""

import json
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.e2e.ports import port_with_its_neighbour
from tools.local.cloud import REGION
from tools.sam_template import ROOT

pytestmark = pytest.mark.proof

SENTENCE, CHANGED = "Sign in first: send a valid session token.", "Please sign in before you ask for this."
SECRET = "a-key-that-was-put-meanwhile"
COPIED = ("events", "functions", "layers", "samconfig.toml", "template.yaml", "tools")


class Running:
    """A Core that runs at a port."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://localhost:{port}"
        self.endpoint = f"http://127.0.0.1:{port + 1}"

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION, **keys)

    def refusal(self) -> tuple[str, str | None]:
        """What somebody who is not signed in is told, and the origin whose pages may read it."""
        request = urllib.request.Request(f"{self.origin}/api/users/me", headers={"Origin": self.origin})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=60)
        answer = refused.value
        return json.load(answer)["message"], answer.headers["Access-Control-Allow-Origin"]

    def physical_id(self, name: str) -> str:
        resource = self.client("cloudformation").describe_stack_resource(StackName="core-local", LogicalResourceId=name)
        return resource["StackResourceDetail"]["PhysicalResourceId"]

    def live(self, name: str) -> dict[str, Any]:
        """The configuration of the version to which the alias of a function leads."""
        return self.client("lambda").get_function_configuration(FunctionName=self.physical_id(name), Qualifier="live")


class Project:
    """A copy of the project that a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for each in COPIED:
            copy = shutil.copytree if (ROOT / each).is_dir() else shutil.copy2
            copy(ROOT / each, folder / each)
        (folder / ".tools").symlink_to(ROOT / ".tools")

    def change(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        assert path.read_text().count(old) == 1
        path.write_text(path.read_text().replace(old, new))

    @contextmanager
    def started(self) -> Iterator[Running]:
        """What `make start` starts, at a port that was never used before, and what `make stop` does to it."""
        port = port_with_its_neighbour()
        env = os.environ | {"CORE_LOCAL_HOME": str(self.folder / ".local"), "PORT": str(port)}
        command = [str(self.folder / ".tools/development/bin/python"), "-m", "tools.local", "start"]
        with subprocess.Popen(command, cwd=self.folder, env=env, stdout=subprocess.PIPE, text=True) as process:
            try:
                said = []
                while line := process.stdout.readline():
                    said.append(line)
                    if line.startswith("Core is ready"):
                        break
                else:
                    pytest.fail("".join(said))
                yield Running(port)
            finally:
                process.send_signal(signal.SIGTERM)
                process.communicate()


def test_a_changed_sentence_library_parameter_and_secret_are_live_after_the_next_deployment(tmp_path):
    project = Project(tmp_path)
    with project.started() as core:
        assert core.refusal() == (SENTENCE, core.origin)
        libraries = core.live("AuthFunction")["Layers"]
        core.client("secretsmanager").put_secret_value(SecretId=core.physical_id("Secret"), SecretString=SECRET)
    project.change("layers/core/python/core/kernel/errors.py", SENTENCE, CHANGED)
    project.change(
        "layers/dependencies/merge.py",
        "    trim(Path(sys.argv[1]))\n",
        '    trim(Path(sys.argv[1]))\n    Path(sys.argv[1], "another.py").write_text("")\n',
    )
    with project.started() as core:
        # Another port is another PublicOrigin and another EndpointUrl: two parameters.
        assert core.refusal() == (CHANGED, core.origin)
        live = core.live("AuthFunction")
        assert live["Environment"]["Variables"]["PASSWORD_KEY"] == SECRET
        changed = {each["Arn"] for each in live["Layers"]} - {each["Arn"] for each in libraries}
        assert len(changed) == len(live["Layers"]) == 2
