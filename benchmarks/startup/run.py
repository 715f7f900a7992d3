"""Counts what a cold start costs, in instructions: `make bench-startup`. README.md says what is measured and why."""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.startup.table import SCHOOL, TOKEN, USER, Table
from tools.sam_template import ROOT, resources, routes, secret_variables

BUILD = ROOT / ".aws-sam/build"
PEERS = Path(__file__).parent / "peers"
PEER_PACKAGES = ROOT / ".tools/benchmarks/lib/python3.13/site-packages"
MOST_TIMES_BARE = 1.7
#: Where the first GET in the template is not the request that tells most.
FIRST_REQUESTS = {
    "users": ("GET", "/api/users/me"),
    "images": ("POST", "/api/users/me/image"),
    "slips": ("POST", "/api/users/password-resets"),
}
#: What a first request that is not a GET sends.
FIRST_BODIES = {
    ("POST", "/api/users/password-resets"): {"userIds": [USER]},
    ("POST", "/api/users/me/image"): {"fileName": "siti.jpg", "fileSize": 1000, "fileType": "image/jpeg"},
}
#: What the query of a first request says.
FIRST_QUERIES = {"/api/public/staff": {"organizationId": SCHOOL}}
#: Where success would hash a password, whose cost is configured: the first answer refuses a body without one.
REFUSED = {"applivery", "zitadel"}

# Leaves without taking the interpreter down: what comes after the answer is no start-up.
EMPTY = "import os; os._exit(0)"
CALL = """
import os
from types import SimpleNamespace
from app import handler
context = SimpleNamespace(
    aws_request_id="1", function_name="measured", memory_limit_in_mb=512, invoked_function_arn="", function_version="1",
    get_remaining_time_in_millis=lambda: 20000, log_group_name="", log_stream_name="",
)
print("ANSWERED", handler({event!r}, context)["statusCode"], flush=True)
os._exit(0)
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A function to measure: where its code lies and what it is asked first."""

    name: str
    path: list[Path]
    request: tuple[str, str]


def event(method: str, route: str) -> dict[str, Any]:
    """A REST API proxy event of somebody who is signed in."""
    path = re.sub(r"\{\w+\}", USER, route)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "Host": "core.example.org"}
    return {
        "resource": route,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": FIRST_QUERIES.get(route),
        "multiValueQueryStringParameters": {name: [value] for name, value in FIRST_QUERIES.get(route, {}).items()},
        "pathParameters": dict.fromkeys(re.findall(r"\{(\w+)\}", route), USER) or None,
        "requestContext": {"requestId": "first", "identity": {"sourceIp": "127.0.0.1"}, "stage": "dev"},
        "body": json.dumps(body) if (body := FIRST_BODIES.get((method, route))) else None,
        "isBase64Encoded": False,
    }


def functions() -> list[Subject]:
    """Every function of the template that answers requests, as `sam build` left it."""
    layers = [BUILD / layer / "python" for layer in ("DependenciesLayer", "CoreLayer")]
    found = []
    for logical_id in resources("AWS::Serverless::Function"):
        name = logical_id.removesuffix("Function").lower()
        own = sorted((key for key, folder in routes().items() if folder == name), key=_plainest)
        if own:
            request = FIRST_REQUESTS.get(name, own[0])
            found.append(Subject(name, [BUILD / logical_id, *layers], request))
    return found


def _plainest(route: tuple[str, str]) -> tuple[bool, bool, str]:
    method, path = route
    return method != "GET", "{" in path, path


def peers() -> list[Subject]:
    """The two that every function is compared with."""
    return [
        Subject("bare", [PEERS / "bare", PEER_PACKAGES], ("GET", "/api/health")),
        Subject("fastapi", [PEERS / "fastapi", PEER_PACKAGES], FIRST_REQUESTS["users"]),
    ]


def environment(subject: Subject, table_url: str) -> dict[str, str]:
    """What Lambda and the template set, and nothing of this machine, so that the count repeats."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": ":".join(map(str, subject.path)),
        "AWS_LAMBDA_FUNCTION_NAME": "measured",
        "BUCKET_NAME": "measured-files",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_REGION": "ap-southeast-3",
        "AWS_DEFAULT_REGION": "ap-southeast-3",
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_ENDPOINT_URL": table_url,
        "STAGE": "dev",
        "TABLE_NAME": "core",
        "PUBLIC_ORIGIN": "https://core.example.org",
        "MAIL_SENDER": "core@example.org",
        "HASH_COST": "12",
        **dict.fromkeys(secret_variables(), "s" * 64),
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }


def count(python: str, code: str, variables: dict[str, str]) -> tuple[int, str]:
    """The user-space instructions of one Python process, and what it printed."""
    # -S leaves out the site-packages of this machine's Python, which Lambda does not have.
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    ran = subprocess.run(
        [*command, python, "-S", "-c", code], check=False, env=variables, capture_output=True, text=True
    )
    refs = re.search(r"I\s+refs:\s+([\d,]+)", ran.stderr)
    if ran.returncode or not refs:
        raise SystemExit(f"The measured process failed:\n{ran.stdout}\n{ran.stderr}")
    return int(refs[1].replace(",", "")), ran.stdout


def measure(python: str, subject: Subject) -> int:
    """The instructions from the start of Python to the first answer of `subject`."""
    with Table() as table:
        code = CALL.format(event=event(*subject.request))
        counted, printed = count(python, code, environment(subject, table.url))
        status = re.search(r"^ANSWERED (\d+)$", printed, re.MULTILINE)
        called = [operation for operation, _ in table.asked]
        if not status or status[1] != ("400" if subject.name in REFUSED else "200"):
            raise SystemExit(
                f"{subject.name} answered {' '.join(subject.request)} otherwise than expected, so the count says "
                f"little. FIRST_REQUESTS can name another request.\n{printed}\ncalls: {called}"
            )
    return counted


def require_valgrind() -> None:
    """Ends the benchmark where nothing can count."""
    if not shutil.which("valgrind"):
        raise SystemExit(
            "This benchmark needs valgrind and found none. Install it (for example: apt install valgrind)."
        )


def compile_peers(python: str) -> None:
    """Gives the peers the bytecode that Core's build has too."""
    options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([python, "-m", "compileall", *options, "-f", str(PEERS), str(PEER_PACKAGES)], check=True)


def report(counts: dict[str, int]) -> list[str]:
    """Prints the table of figures; returns what broke a promise."""
    bare, fastapi = counts["bare"], counts["fastapi"]
    print(f"{'':13} {'billions of instructions':>24} {'times bare':>11} {'of FastAPI':>11}")
    for name, counted in counts.items():
        print(f"{name:13} {counted / 1e9:24.3f} {counted / bare:11.2f} {counted / fastapi:10.0%}")
    own = {name: counted for name, counted in counts.items() if name not in ("bare", "fastapi")}
    broken = [
        f"{name} needs more than {MOST_TIMES_BARE} times bare." for name in own if own[name] > MOST_TIMES_BARE * bare
    ]
    return broken + [f"{name} is not below FastAPI." for name in own if own[name] >= fastapi]


def main() -> None:
    require_valgrind()
    python = subprocess.run([ROOT / "tools/find-python"], capture_output=True, text=True, check=True).stdout.strip()
    compile_peers(python)
    subjects = [*peers(), *functions()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        empty, _ = count(python, EMPTY, environment(Subject("", [], ("", "")), ""))
        counted = pool.map(lambda subject: measure(python, subject) - empty, subjects)
        counts = dict(zip((subject.name for subject in subjects), counted, strict=True))
    broken = report(counts)
    if broken:
        sys.exit("\n".join(broken))


if __name__ == "__main__":
    main()
