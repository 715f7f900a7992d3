"""Core on this machine: build, local cloud, deployment, demo school, address; and the end of all that."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from tools.demo.people import demo_id
from tools.local import gateway
from tools.local.cloud import STACK, STAGE, Cloud, LocalError, end, environment, run, step
from tools.release import BUILDING, deployed, parameters_for
from tools.sam_template import ROOT

MAIL_SENDER = "core@core.test"
#: As on AWS; tests take less.
HASH_COST = 12
#: Where frontends are that people build beside Core, with a comma between.
TRUSTED_ORIGINS = os.environ.get("TRUSTED_ORIGINS", "http://localhost:5173")
HOME = Path(os.environ.get("CORE_LOCAL_HOME", ROOT / ".local"))


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            message = f"Port {port} is in use. Is Core running already (make stop)? Else: make start PORT={port + 100}"
            raise LocalError(message) from error


class Core:
    """A running Core: use it as a context, or `start` and `stop` it."""

    def __init__(
        self, port: int, home: Path = HOME, hash_cost: int = HASH_COST, trusted_origins: str = TRUSTED_ORIGINS
    ) -> None:
        self.port = port
        self.home = home
        self.hash_cost = hash_cost
        self.trusted_origins = trusted_origins
        self.cloud = Cloud(home, port + 1)
        self.origin = f"http://localhost:{port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._server: gateway.Server | None = None
        self.table_name = ""

    def start(self) -> None:
        """Brings everything up. What was deployed and seeded already is not done again.

        Raises:
            LocalError: says what to do.
        """
        _require_free(self.port)
        _require_free(self.cloud.port)
        self.home.mkdir(parents=True, exist_ok=True)
        with step("Building the functions and layers"):
            sam = str(ROOT / ".tools/sam/bin/sam")
            run([sam, "build"], self.home / "build.log", environment(self.cloud.endpoint) | BUILDING)
        with step("Starting the local cloud"):
            self._process = self.cloud.start()
        outputs = self._deployed()
        self.table_name = outputs["TableName"]
        # SES sends from verified addresses only; on AWS a person verifies one before the first deployment.
        self.cloud.client("ses").verify_email_identity(EmailAddress=MAIL_SENDER)
        with step("Filling the demo school"):
            self._seed()
        self._server = gateway.serve(self.port, self.cloud.port, outputs["ApiId"], STAGE, self._origins())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _origins(self) -> frozenset[str]:
        return frozenset({self.origin, *filter(None, self.trusted_origins.split(","))})

    def _deployed(self) -> dict[str, str]:
        parameters = {
            "Stage": STAGE,
            "EndpointUrl": self.cloud.endpoint,
            "PublicOrigin": self.origin,
            "TrustedOrigins": self.trusted_origins,
            "MailSender": MAIL_SENDER,
            "DefaultOrganizationId": demo_id("smansa"),
            "HashCost": str(self.hash_cost),
        }
        parameters = parameters_for(STACK, parameters, self.cloud.client)
        if deployed(STACK, self.cloud.client).get("Release") == parameters["Release"]:
            return self.cloud.outputs()
        with step("Deploying the template"):
            return self.cloud.deploy(parameters)

    def functions_environment(self) -> dict[str, str]:
        """The environment in which the project's own code works on this cloud's table."""
        return environment(self.cloud.endpoint) | {
            "STAGE": STAGE,
            "TABLE_NAME": self.table_name,
            "BUCKET_NAME": self.cloud.resource("Bucket"),
            "PUBLIC_ORIGIN": self.origin,
            "HASH_COST": str(self.hash_cost),
            "MAIL_SENDER": MAIL_SENDER,
            **self.cloud.secrets(),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers/core/python")]),
        }

    def _seed(self) -> None:
        python = str(ROOT / ".tools/development/bin/python")
        try:
            run([python, "-m", "tools.demo.seed"], self.home / "seed.log", self.functions_environment())
        except LocalError as error:
            raise LocalError(f"{error}\nIs the data of an older version? make reset forgets it.") from error

    def stop(self) -> None:
        """Ends everything; the state is kept in `home`."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        if self._process:
            end(self._process)

    def __enter__(self) -> "Core":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_in_foreground(port: int) -> None:
    """Starts Core, says where it is, and runs until Ctrl-C, `make stop` or the end of the local cloud."""
    stopping = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda *_: stopping.set() if ready else _interrupt())
    ready = False

    def _interrupt() -> None:
        raise KeyboardInterrupt

    mark = HOME / "pid"
    HOME.mkdir(parents=True, exist_ok=True)
    print("Starting Core")
    try:
        with Core(port) as core:
            mark.write_text(str(os.getpid()))
            ready = True
            _say_ready(core)
            while not stopping.wait(1):
                if core._process and core._process.poll() is not None:
                    raise LocalError(f"The local cloud ended. Its log is {core.home / 'cloud.log'}.")
            print("\nStopping Core", flush=True)
    except KeyboardInterrupt:
        print("\nStopped before Core was ready", flush=True)
    finally:
        # Another Core may be the reason why this one did not start; then the mark is that one's.
        if ready:
            mark.unlink(missing_ok=True)


def _say_ready(core: Core) -> None:
    from tools.demo.people import ACCOUNTS, PASSWORD  # noqa: PLC0415 - needs nothing else to be ready

    of_which_year = (core.home / "seed.log").read_text().partition("\n")[0]
    print(f"\nCore is ready at {core.origin}\n{of_which_year}\n\nAccounts, all with the password {PASSWORD}:")
    for account in ACCOUNTS:
        print(f"  {account.email:24} {account.role} of {account.school}")
    print("\nCtrl-C stops it; the data stays (make reset forgets it).", flush=True)


def stop_running(patience: float = 30) -> None:
    """Stops the Core that runs in another terminal, if one does."""
    mark = HOME / "pid"
    if not mark.exists():
        print("Core is not running.")
        return
    try:
        pid = int(mark.read_text())
        os.kill(pid, signal.SIGTERM)
    except (ProcessLookupError, ValueError):
        mark.unlink(missing_ok=True)
        print("Core is not running.")
        return
    deadline = time.monotonic() + patience
    while mark.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    if mark.exists():
        raise LocalError(f"Core (process {pid}) does not stop. End it with: kill -9 {pid}")
    print("Core is stopped.")


def forget() -> None:
    """Stops Core and removes its local data."""
    stop_running()
    shutil.rmtree(HOME, ignore_errors=True)
    print("The local data is removed.")
