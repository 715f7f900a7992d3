"""Puts the compiled modules of the arm64 libraries next to the x86_64 ones, and drops what no function reads."""

import gzip
import json
import shutil
import sys
from pathlib import Path

#: The AWS services whose descriptions the functions need.
SERVICES = {"dynamodb", "lambda", "s3", "sesv2", "sqs"}

#: What brings every kind of resolver along and, for AppSync's, asyncio: a thirtieth of a cold start. It is left empty,
#: so shared code imports its resolver from the module that holds it.
RESOLVERS = Path("aws_lambda_powertools/event_handler/__init__.py")


def merge(packages: Path, arm64: Path) -> None:
    """Adds the modules of `arm64` to `packages`; a name without a processor gets one on both sides."""
    for module in sorted(packages.rglob("*.abi3.so")):
        module.rename(module.with_name(module.name.replace(".abi3.so", ".cpython-313-x86_64-linux-gnu.so")))
    for module in sorted(arm64.rglob("*.so")):
        name = module.name.replace(".abi3.so", ".cpython-313-aarch64-linux-gnu.so")
        shutil.copy2(module, packages / module.relative_to(arm64).with_name(name))


def trim(packages: Path) -> None:
    """Drops the descriptions of services that no function calls, and scripts."""
    data = packages / "botocore" / "data"
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)
    trim_endpoints(data)
    _overwrite(packages / RESOLVERS, "")
    shutil.rmtree(packages / "bin", ignore_errors=True)


def trim_endpoints(data: Path) -> None:
    """Keeps the endpoints of those services only: botocore parses the whole file, 1.2 MB, for its first client."""
    descriptions = (json.loads(gzip.decompress(path.read_bytes())) for path in data.rglob("service-2.json.gz"))
    prefixes = {description["metadata"]["endpointPrefix"] for description in descriptions}
    file = data / "endpoints.json"
    endpoints = json.loads(file.read_text())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in prefixes}
    _overwrite(file, json.dumps(endpoints))


def _overwrite(file: Path, text: str) -> None:
    # uv links what it installs to its own copy: written in place, every other environment would be trimmed too.
    file.unlink()
    file.write_text(text)


if __name__ == "__main__":
    merge(Path(sys.argv[1]), Path(sys.argv[2]))
    trim(Path(sys.argv[1]))
