"""python -m benchmarks.imports.run: rows per second inside the workers of imports, without hashing."""

import json
import os
import subprocess
import sys
import urllib.request

from tests.engines.processes import free_port
from tools.sam_template import ROOT

ROWS, WORKERS = 5_000, 2
LEAST = 450
_ORGANIZATION = "0" * 23 + "1"


def environment(port: int) -> dict[str, str]:
    """The environment of a function whose cloud is the stand-in."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return mine | {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_REGION": "ap-southeast-3",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "STAGE": "bench",
        "TABLE_NAME": "core",
        "PUBLIC_ORIGIN": "https://core.example.org",
        "MAIL_SENDER": "core@example.org",
        "HASH_COST": "12",
        "PASSWORD_KEY": "a secret of the benchmark",
        "LINK_KEY": "another one",
        "IMPORT_KEY": "a third one",
        "BUCKET_NAME": "core-files",
        "IMPORT_QUEUE_URL": f"http://127.0.0.1:{port}/queue",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers/core/python")]),
    }


def measure() -> float:
    """Runs the workers side by side and returns their rows per second together."""
    port = free_port()
    env = environment(port)
    python = [sys.executable, "-m"]
    with subprocess.Popen(
        [*python, "benchmarks.imports.stand_in", str(port)], env=env, stdout=subprocess.PIPE
    ) as cloud:
        try:
            assert cloud.stdout
            cloud.stdout.readline()
            prepare = [*python, "benchmarks.imports.prepare", _ORGANIZATION, str(ROWS)]
            prepared = subprocess.run(prepare, env=env, stdout=subprocess.PIPE, text=True, check=True)
            import_id, count = prepared.stdout.split()
            shares = [[str(each) for each in range(int(count)) if each % WORKERS == lane] for lane in range(WORKERS)]
            command = [*python, "benchmarks.imports.worker", _ORGANIZATION, import_id]
            workers = [subprocess.Popen([*command, *share], env=env, stdout=subprocess.PIPE) for share in shares]
            answers = [json.loads(each.communicate()[0]) for each in workers]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts", timeout=5) as answer:
                accounts = int(answer.read())
        finally:
            cloud.terminate()
    assert accounts == ROWS, f"The workers made {accounts} accounts of {ROWS} rows."
    for lane, answer in enumerate(answers, 1):
        rows = answer["chunks"] * 100
        each = 1000 * answer["processor"] / rows
        print(f"worker {lane}: {rows / answer['seconds']:.0f} rows a second, {each:.2f} ms of the processor for each")
    return sum(answer["chunks"] * 100 / answer["seconds"] for answer in answers)


def main() -> int:
    """Measures three times; 1 when the median is below what the product was asked for."""
    rates = sorted(measure() for _ in range(3))
    print(f"together: {rates[0]:.0f}, {rates[1]:.0f}, {rates[2]:.0f} rows a second; at least {LEAST} in the median")
    return int(rates[1] < LEAST)


if __name__ == "__main__":
    sys.exit(main())
