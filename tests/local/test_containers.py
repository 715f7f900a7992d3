"""tools/local: what of `make invoke` and `make start-api` can be tested without Docker."""

import json
import os
import socket
import socketserver
import subprocess
import sys
import threading

import pytest

from tests.waiting import HANGING_SECONDS
from tools.local.bridge import Forwarder
from tools.local.cloud import LocalError
from tools.local.containers import event_file, function_of, invoke, signed_in
from tools.sam_template import ROOT, resources

NAMES = [str(path.relative_to(ROOT / "events").with_suffix("")) for path in ROOT.glob("events/*/*.json")]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_event_finds_its_function(name):
    group = event_file(name).parent.name
    assert resources("AWS::Serverless::Function")[function_of(name)]["Properties"]
    assert function_of(name).lower() == f"{group}function"


@pytest.mark.parametrize("name", ["", "users", "users/nothing", "../events/users/get-me"])
def test_an_unknown_event_says_which_there_are(name):
    with pytest.raises(LocalError) as raised:
        event_file(name)
    assert repr(name) in str(raised.value)
    assert set(NAMES) < set(str(raised.value).split())


def test_the_token_stands_in_both_forms_of_the_headers_and_nothing_else_changes():
    event = json.loads(event_file("users/reset-password").read_text())
    changed = signed_in(event, "token")
    assert changed["headers"].pop("Authorization") == "Bearer token"
    assert changed["multiValueHeaders"].pop("Authorization") == ["Bearer token"]
    del event["headers"]["Authorization"], event["multiValueHeaders"]["Authorization"]
    assert changed == event


def test_without_core_it_says_to_start_it():
    with socket.socket() as probe:  # bound and not listening: whoever calls is refused
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(LocalError, match="make start"):
            invoke("health/health", probe.getsockname()[1] - 1)


class _Shout(socketserver.BaseRequestHandler):
    def handle(self):
        said = b""
        while data := self.request.recv(65536):
            said += data
        self.request.sendall(said.upper())


def test_the_forwarder_passes_both_directions_on_to_their_end():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Shout) as target:
        threading.Thread(target=target.serve_forever, daemon=True).start()
        with Forwarder(("127.0.0.1", 0), target.server_address[1]) as forwarder:
            threading.Thread(target=forwarder.serve_forever, daemon=True).start()
            with socket.create_connection(forwarder.server_address, timeout=HANGING_SECONDS) as caller:
                caller.sendall(b"a" * 200_000)
                caller.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: caller.recv(65536), b""))
            forwarder.shutdown()
        target.shutdown()
    assert answer == b"A" * 200_000


def test_make_start_needs_nothing_of_the_shared_code_on_its_path():
    # The Makefile calls it so, with a Python that has the tools' packages and no layer.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", "tools.local"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, "start" in ran.stderr, "Traceback" in ran.stderr) == (2, True, False), ran.stderr
