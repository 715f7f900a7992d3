"""The engines with real concurrency and real transactions: the local cloud's DynamoDB and Amazon's DynamoDB Local."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import BotoCoreError

from tests.waiting import wait_for
from tools.local.cloud import Cloud, end
from tools.sam_template import ROOT

LOCAL_CLOUD, DYNAMODB_LOCAL = "the local cloud", "DynamoDB Local"
_EMULATOR = ROOT / ".tools/dynamodb/emulator"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(name: str, home: Path) -> Iterator[str]:
    """Starts the engine and yields its address. Skips the test, with the reason, where it can't be had."""
    cloud = Cloud(home, free_port())
    process = cloud.start() if name == LOCAL_CLOUD else _dynamodb_local(home, cloud.port)
    try:
        _await(cloud.endpoint)
        yield cloud.endpoint
    finally:
        end(process)


def _dynamodb_local(home: Path, port: int) -> subprocess.Popen[bytes]:
    if not shutil.which("java"):
        pytest.skip("There is no Java, so these tests do not run on DynamoDB Local.")
    if not _EMULATOR.exists():
        pytest.skip("DynamoDB Local could not be fetched (tools/fetch-dynamodb-local says why).")
    # It lives for a minute: to compile it well, and with many threads, takes longer than that saves.
    brief = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    command = ["java", *brief, f"-Djava.library.path={_EMULATOR / 'DynamoDBLocal_lib'}", "-Xmx512m", "-jar"]
    command += [str(_EMULATOR / "DynamoDBLocal.jar"), "-inMemory", "-sharedDb", "-port", str(port)]
    with (home / "dynamodb.log").open("wb") as log:
        return subprocess.Popen(command, cwd=_EMULATOR, stdout=log, stderr=log, start_new_session=True)


def client(endpoint: str):
    """A client of the engine's DynamoDB."""
    return boto3.client("dynamodb", endpoint_url=endpoint, aws_access_key_id="testing", aws_secret_access_key="testing")


def _await(endpoint: str) -> None:
    def answers() -> bool:
        try:
            client(endpoint).list_tables()
        except BotoCoreError:
            return False
        return True

    wait_for(answers)
