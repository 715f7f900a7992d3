"""The functions in containers, as AWS runs them: `sam local invoke` and `sam local start-api` beside `make start`.

A container gets the environment that the running local cloud gave the same function, because sam itself knows
neither the table's name nor the secret. Only the cloud's address differs: from inside a container it is the host's.
"""

import json
import platform
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.demo import years
from tools.demo.people import EVENTS_YEAR, PASSWORD, signed_in_for
from tools.local.bridge import reachable_from_containers
from tools.local.cloud import STACK, Cloud, LocalError, environment
from tools.local.core import HOME
from tools.sam_template import ROOT, resources

#: The host's name inside a container; samconfig.toml makes it known there.
_HOST = "host.docker.internal"


def invoke(name: str, port: int) -> int:
    """Runs one event of events/ and returns sam's exit code.

    Args:
        name: `<group>/<operation>`, as the file is called.
        port: of the Core that `make start` runs.

    Raises:
        LocalError: says what to do.
    """
    event = json.loads(event_file(name).read_text())
    cloud = running(port)
    if "Authorization" in event["headers"]:
        event = signed_in(event, _new_token(port, signed_in_for(event["path"])))
    # The files speak of one school year, and the demo is of the current one.
    if event["body"]:
        event["body"] = years.moved(event["body"], years.current(datetime.now(UTC)).begins - EVENTS_YEAR.begins)
    return _sam("invoke", [function_of(name), "--event", "-"], cloud, f"http://localhost:{port}", json.dumps(event))


def start_api(port: int) -> int:
    """Serves all operations on the second port after Core's until Ctrl-C, and returns sam's exit code.

    Raises:
        LocalError: says what to do.
    """
    mine = port + 2
    return _sam("start-api", ["--port", str(mine)], running(port), f"http://localhost:{mine}")


def open_to_containers(port: int) -> None:
    """Lets containers that somebody starts with sam by hand reach the local cloud, until Ctrl-C.

    Raises:
        LocalError: says what to do.
    """
    cloud = running(port)
    with reachable_from_containers(cloud.port) as cloud_port:
        variables = _write_variables("containers", cloud, cloud_port, f"http://localhost:{port}")
        options = f"--env-vars {variables} --parameter-overrides Architecture={_architecture()}"
        print(
            f"Containers reach the local cloud until Ctrl-C. Give sam local these options:\n\n  {options}", flush=True
        )
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


def event_file(name: str) -> Path:
    """The file of an event.

    Raises:
        LocalError: there is none of this name; says which names there are.
    """
    files = {str(path.relative_to(ROOT / "events").with_suffix("")): path for path in ROOT.glob("events/*/*.json")}
    if name not in files:
        raise LocalError("\n  ".join([f"There is no event {name!r}. Say EVENT= and one of these:", *sorted(files)]))
    return files[name]


def function_of(name: str) -> str:
    """The logical id of the function that answers an event."""
    functions = {each.removesuffix("Function").lower(): each for each in resources("AWS::Serverless::Function")}
    return functions[name.partition("/")[0]]


def signed_in(event: dict[str, Any], token: str) -> dict[str, Any]:
    """The event with a real token where the file has its placeholder."""
    bearer = f"Bearer {token}"
    return event | {
        "headers": event["headers"] | {"Authorization": bearer},
        "multiValueHeaders": event["multiValueHeaders"] | {"Authorization": [bearer]},
    }


def _new_token(port: int, email: str) -> str:
    body = json.dumps({"email": email, "password": PASSWORD}).encode()
    address = f"http://127.0.0.1:{port}/api/auth/sign-in/email"
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(json.load(answer)["token"])
    except urllib.error.HTTPError as error:
        raise LocalError(f"{email} can't sign in ({error.code}). make reset brings the demo back.") from error
    except OSError as error:
        raise _not_running(port) from error


def running(port: int) -> Cloud:
    """The local cloud of the Core on this port.

    Raises:
        LocalError: it does not answer.
    """
    cloud = Cloud(HOME, port + 1)
    try:
        urllib.request.urlopen(f"{cloud.endpoint}/_ministack/health", timeout=5).close()
    except OSError as error:
        raise _not_running(port) from error
    return cloud


def _not_running(port: int) -> LocalError:
    return LocalError(f"Core does not answer on port {port}. Run make start in another terminal, with the same PORT.")


def _sam(command: str, arguments: list[str], cloud: Cloud, origin: str, given: str | None = None) -> int:
    with reachable_from_containers(cloud.port) as cloud_port:
        variables = _write_variables(command, cloud, cloud_port, origin)
        parameters = f"Architecture={_architecture()} PublicOrigin={origin}"
        options = ["--env-vars", str(variables), "--parameter-overrides", parameters]
        return _in_foreground(["local", command, *arguments, *options], environment(cloud.endpoint), given)


def _architecture() -> str:
    """This machine's processor: a container of another one would need an emulator."""
    return "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"


def _write_variables(command: str, cloud: Cloud, cloud_port: int, origin: str) -> Path:
    """Writes what the deployed functions have as their environment, by logical id, with the address for containers."""
    formation, functions = cloud.client("cloudformation"), cloud.client("lambda")
    variables = {}
    for name in resources("AWS::Serverless::Function"):
        resource = formation.describe_stack_resource(StackName=STACK, LogicalResourceId=name)["StackResourceDetail"]
        configuration = functions.get_function_configuration(FunctionName=resource["PhysicalResourceId"])
        variables[name] = configuration["Environment"]["Variables"] | {
            "AWS_ENDPOINT_URL": f"http://{_HOST}:{cloud_port}",
            "PUBLIC_ORIGIN": origin,
        }
    path = HOME / f"{command}.json"
    path.write_text(json.dumps(variables, indent=2))
    return path


def _in_foreground(arguments: list[str], env: dict[str, str], given: str | None) -> int:
    """Runs sam until it ends. A signal is sam's to handle, because it removes its containers then."""
    process = subprocess.Popen(
        [str(ROOT / ".tools/sam/bin/sam"), *arguments], cwd=ROOT, env=env, stdin=subprocess.PIPE, text=True
    )
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches sam without our help
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    process.communicate(given)
    return process.returncode
