"""What tests over HTTP stand on: a running Core, requests to it, and the mails that it sent."""

import http.client
import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.e2e.ports import port_with_its_neighbour
from tests.waiting import HANGING_SECONDS, wait_for
from tools.demo.people import PASSWORD
from tools.local.core import Core


class _EmptyPage(BaseHTTPRequestHandler):
    """A page of somebody's frontend, in which a test runs what it would do."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html>")

    def log_message(self, format, *values):
        """Says nothing."""


@pytest.fixture(scope="session")
def frontends():
    """The origins of two frontends on ports of their own. Core trusts the first."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _EmptyPage) for _ in range(2)]
    for each in servers:
        threading.Thread(target=each.serve_forever, daemon=True).start()
    yield [f"http://localhost:{each.server_port}" for each in servers]
    for each in servers:
        each.shutdown()
        each.server_close()


@pytest.fixture(scope="session")
def core(tmp_path_factory, frontends):
    """A whole Core: built, deployed to a local cloud, seeded, at its own address. One worker tests it."""
    home = tmp_path_factory.mktemp("core")
    with Core(port_with_its_neighbour(), home, hash_cost=4, trusted_origins=frontends[0]) as running:
        yield running


@pytest.fixture
def call(core):
    """Sends a request and returns status, headers and the read body."""

    def send(method, path, body=None, token=None, raw=None, headers=None):
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection("127.0.0.1", core.port, timeout=HANGING_SECONDS)
        try:
            connection.request(method, path, json.dumps(body) if raw is None and body is not None else raw, sent)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        return answer.status, answer.headers, json.loads(text) if text else None

    return send


@pytest.fixture
def sign_in(call):
    """Signs in and returns status, headers and the read body."""

    def sign(email, password=PASSWORD):
        return call("POST", "/api/auth/sign-in/email", {"email": email, "password": password})

    return sign


@pytest.fixture
def mails_to(core):
    """The mails to an address, the newest last, once there are at least so many."""

    def arrived(address):
        with urllib.request.urlopen(
            f"{core.cloud.endpoint}/_ministack/ses/messages", timeout=HANGING_SECONDS
        ) as answer:
            accounts = json.load(answer)["messages"]
        mails = sorted((each for sent in accounts.values() for each in sent), key=lambda mail: mail["Timestamp"])
        return [mail for mail in mails if address in mail["To"]]

    def read(address, at_least=1):
        wait_for(lambda: len(arrived(address)) >= at_least)
        return arrived(address)

    return read
