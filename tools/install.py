"""Installs packages: the environments of tools, and the libraries that functions carry.

    install.py environment <name>                                .tools/<name>, from tools/requirements/<name>.txt
    install.py libraries <folder> <processor> <requirements>     wheels for Lambda on x86_64 or aarch64

It runs on a plain Python 3.13. uv installs, because it takes a tenth of pip's time; where uv itself can't be installed
or fails for good, pip does the same. Both take the packages from where pip is configured to.
"""

import ast
import importlib.util
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"
REQUIREMENTS = ROOT / "tools/requirements"
UV = TOOLS / "uv/bin/uv"
_TRIES = 3
#: After so long without a byte a connection is given up, and tried anew.
_STALLED_SECONDS = "20"
#: The oldest glibc that the wheels for Lambda are made for; Python 3.13 has a newer one there.
_GLIBC = ("manylinux_2_28", "manylinux2014")
#: What uv calls pip's options. Whoever sets uv's own variable is left to it.
_SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


class InstallError(Exception):
    """Neither uv nor pip could install."""


def uv_environment(configured: str, own: dict[str, str]) -> dict[str, str]:
    """The environment in which uv takes packages from where pip does.

    Args:
        configured: what `pip config list` prints: a line for each setting, those that count more later.
        own: the environment of this process, which counts most.
    """
    rank = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in configured.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        variable = _SETTINGS.get(name)
        if variable and section in rank and rank[section] >= found.get(variable, (0, ""))[0]:
            found[variable] = rank[section], " ".join(str(ast.literal_eval(value)).split())
    taken = {variable: value for variable, (_, value) in found.items()}
    # pip takes the best version of all indexes; uv would stop at the first index that knows the package.
    defaults = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never"}
    return defaults | {"UV_HTTP_TIMEOUT": _STALLED_SECONDS} | taken | own


@contextmanager
def _progress(what: str) -> Iterator[None]:
    """Says what is happening and how long it takes: on a terminal each second, else at the end."""
    done, began = threading.Event(), time.monotonic()

    def tick() -> None:
        while not done.wait(1):
            print(f"\r{what} … {time.monotonic() - began:.0f} s", end="", flush=True)

    print(f"{what} … ", end="", flush=True)
    ticking = threading.Thread(target=tick, daemon=True)
    if sys.stdout.isatty():
        ticking.start()
    try:
        yield
    finally:
        done.set()
        if ticking.is_alive():
            ticking.join()
        start = f"\r{what} … " if sys.stdout.isatty() else ""
        print(f"{start}{time.monotonic() - began:.1f} s", flush=True)


def _tried(command: list[str], env: dict[str, str]) -> bool:
    """Whether the command succeeded at last; what it said is shown when it did not."""
    for number in range(1, _TRIES + 1):
        finished = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if finished.returncode == 0:
            return True
        said = "\n".join((finished.stderr or finished.stdout).strip().splitlines()[-5:])
        print(f"\n{Path(command[0]).name} failed, {number} of {_TRIES} times:\n{said}", file=sys.stderr, flush=True)
    return False


def _pip(*arguments: str) -> list[str]:
    options = ["--quiet", "--disable-pip-version-check", "--retries", "5", "--timeout", _STALLED_SECONDS]
    return ["install", *options, "--root-user-action", "ignore", *arguments]


def _environment_by_pip(name: str, folder: Path) -> bool:
    """Whether pip made the environment: this Python's pip, which saves the seconds that another copy takes."""
    python, install = str(folder / "bin/python"), _pip("-r", str(REQUIREMENTS / f"{name}.txt"))
    env = dict(os.environ)
    if importlib.util.find_spec("pip"):
        made = _tried([sys.executable, "-m", "venv", "--without-pip", str(folder)], env)
        return made and _tried([sys.executable, "-m", "pip", "--python", python, *install], env)
    return _tried([sys.executable, "-m", "venv", str(folder)], env) and _tried([python, "-m", "pip", *install], env)


def _by_uv(*commands: list[str]) -> bool:
    """Whether uv did all of this; False where there is no uv."""
    if not UV.exists():
        return False
    asked = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    env = uv_environment(asked.stdout, dict(os.environ))
    return all(_tried([str(UV), "--quiet", *command], env) for command in commands)


def environment(name: str) -> None:
    """Makes an environment of tools, or completes it.

    Raises:
        InstallError: it can't be made.
    """
    folder, requirements = TOOLS / name, str(REQUIREMENTS / f"{name}.txt")
    make = ["venv", "--allow-existing", "--python", sys.executable, str(folder)]
    fill = ["pip", "install", "--python", str(folder / "bin/python"), "-r", requirements]
    with _progress(f"Installing the {name} tools (once)"):
        if name != "uv" and _by_uv(make, fill):
            return
        if not _environment_by_pip(name, folder):
            raise InstallError(f"The {name} tools can't be installed. Is there a network? What failed stands above.")


def libraries(folder: str, processor: str, requirements: str) -> None:
    """Installs wheels for Lambda into a folder.

    Raises:
        InstallError: they can't be installed.
    """
    wanted = ["--only-binary", ":all:", "--python-version", "3.13", "--target", folder, "-r", requirements]
    platform = ["--python-platform", f"{processor}-{_GLIBC[0]}"]
    if _by_uv(["pip", "install", "--python", sys.executable, *platform, *wanted]):
        Path(folder, ".lock").unlink(missing_ok=True)
        return
    platforms = [option for each in _GLIBC for option in ("--platform", f"{each}_{processor}")]
    install = _pip("--no-compile", "--upgrade", "--implementation", "cp", *platforms, *wanted)
    if not _tried([sys.executable, "-m", "pip", *install], dict(os.environ)):
        raise InstallError(f"The libraries of {requirements} can't be installed. Is there a network?")


def main(arguments: list[str]) -> int:
    """Does what the arguments say; 1 when that failed."""
    try:
        match arguments:
            case ["environment", name]:
                environment(name)
            case ["libraries", folder, processor, requirements]:
                libraries(folder, processor, requirements)
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except InstallError as error:
        print(f"{error}", file=sys.stderr)
        # Without uv everything works, only slower.
        return 0 if arguments[1] == "uv" else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
