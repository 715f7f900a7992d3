"""What tests over HTTP stand on: a running Core, requests to it, and the mails that it sent."""

import http.client
import json
import time
import urllib.request

import pytest

from tests.e2e.shared import shared_core
from tools.demo.people import PASSWORD


@pytest.fixture(scope="session")
def core(tmp_path_factory, worker_id):
    """A whole Core: built, deployed to a local cloud, seeded, at its own address. All files share it."""
    folder = tmp_path_factory.getbasetemp()
    with shared_core(folder if worker_id == "master" else folder.parent) as running:
        yield running


@pytest.fixture
def call(core):
    """Sends a request and returns status, headers and the read body."""

    def send(method, path, body=None, token=None, raw=None, headers=None):
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection("127.0.0.1", core.port, timeout=60)
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

    def read(address, at_least=1, patience=60):
        deadline = time.monotonic() + patience
        while True:
            with urllib.request.urlopen(f"{core.cloud.endpoint}/_ministack/ses/messages", timeout=10) as answer:
                accounts = json.load(answer)["messages"]
            mails = sorted((each for sent in accounts.values() for each in sent), key=lambda mail: mail["Timestamp"])
            mine = [mail for mail in mails if address in mail["To"]]
            if len(mine) >= at_least or time.monotonic() > deadline:
                return mine
            time.sleep(0.3)

    return read
