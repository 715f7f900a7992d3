"""How containers reach what listens on this machine only."""

import ipaddress
import json
import socket
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tools.local.cloud import LocalError


@contextmanager
def reachable_from_containers(port: int) -> Iterator[int]:
    """The port under which containers find what listens on this machine's own `port`.

    The local cloud listens on 127.0.0.1 only. Docker Desktop lets containers reach that. Docker on Linux does not,
    and `sam local` has no way into the host's network (it ignores `--docker-network host`), so there a forwarder
    listens on the address that only containers and this machine see.

    Raises:
        LocalError: Docker does not answer.
    """
    try:
        server = Forwarder((_bridge_address(), 0), port)
    except OSError:  # not an address of this machine: Docker runs in a machine of its own
        yield port
        return
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def _bridge_address() -> str:
    """This machine's address on Docker's default network."""
    command = ["docker", "network", "inspect", "bridge", "--format", "{{json (index .IPAM.Config 0)}}"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", None) or str(error)
        raise LocalError(f"sam local needs Docker, and it does not answer: {reason.strip()}") from error
    network = json.loads(asked.stdout)
    return str(network.get("Gateway") or next(ipaddress.ip_network(network["Subnet"]).hosts()))


class Forwarder(socketserver.ThreadingTCPServer):
    """Passes every connection on to a port of 127.0.0.1."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], target: int) -> None:
        super().__init__(address, _Connection)
        self.target = target


class _Connection(socketserver.BaseRequestHandler):
    server: Forwarder

    def handle(self) -> None:
        try:
            onward = socket.create_connection(("127.0.0.1", self.server.target))
        except OSError:  # Core was stopped: the function is to see a closed connection
            return
        with onward:
            answering = threading.Thread(target=_copy, args=(onward, self.request), daemon=True)
            answering.start()
            _copy(self.request, onward)
            answering.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
