"""make mail: what of it can be tested without a running Core."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tools.local.cloud import LocalError, rewind_streams
from tools.local.mail import show


def mail(at, subject):
    return {"To": ["ibu@rumah.test"], "Subject": subject, "BodyText": f"Isi {subject}\n\n", "Timestamp": at}


@pytest.fixture
def cloud():
    """A local cloud that has what a test puts into the returned object."""
    messages = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"messages": messages}).encode())

        def log_message(self, *_):
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1] - 1, messages
        server.shutdown()


def test_mails_are_printed_with_the_newest_last(cloud, capsys):
    port, messages = cloud
    messages["000000000000"] = [mail(2, "kedua"), mail(1, "pertama")]
    show(port)
    printed = capsys.readouterr().out
    assert printed.index("Subject: pertama\n\nIsi pertama\n=") < printed.index("Subject: kedua\n\nIsi kedua\n=")
    assert printed.count("To: ibu@rumah.test\n") == 2


def test_it_says_when_there_are_none(cloud, capsys):
    show(cloud[0])
    assert capsys.readouterr().out == "Core has sent no mails yet.\n"


def test_without_core_it_says_to_start_it():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(LocalError, match="make start"):
            show(probe.getsockname()[1] - 1)


def test_after_a_restart_streams_are_read_from_their_beginning(tmp_path):
    state = tmp_path / "lambda.json"
    rewind_streams(state)
    assert not state.exists()
    functions = {"data": {"mailer": {}}}
    state.write_text(json.dumps({"payload": {"functions": functions, "dynamodb_stream_positions": {"data": {"x": 9}}}}))
    rewind_streams(state)
    assert json.loads(state.read_text())["payload"] == {
        "functions": functions,
        "dynamodb_stream_positions": {"data": {}},
    }
