"""A table that answers what the first requests ask, from outside valgrind, so that its work is not counted."""

import base64
import json
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SCHOOL, USER = "a" * 24, "b" * 24
#: The token of the one person who is signed in: school, user and a secret that is no secret here.
TOKEN = base64.urlsafe_b64encode(bytes.fromhex(SCHOOL + USER) + b"s" * 32).rstrip(b"=").decode()
_AT = {"S": "2026-01-19T05:54:38.817Z"}
_SESSION = {
    "id": {"S": "c" * 24},
    "epoch": {"N": "1"},
    "created_at": _AT,
    "updated_at": _AT,
    "lifetime": {"N": "86400"},
    # Not remembered, or the first request would also prolong it.
    "remember": {"BOOL": False},
    "expiresAt": {"N": "4102444800"},
}
ACCOUNT = {
    "name": {"S": "Siti Rahma"},
    "email": {"S": "siti@example.org"},
    "email_verified": {"BOOL": True},
    "roles": {"L": [{"S": "000000000000000000000001"}]},
    "active": {"BOOL": True},
    "created_at": _AT,
    "updated_at": _AT,
    "version": {"N": "1"},
    "session_epoch": {"N": "1"},
    "must_change_password": {"BOOL": False},
}


#: Further items of a benchmark, by partition and sort key.
MORE: dict[tuple[str, str], dict[str, Any]] = {}


def _items(key: dict[str, Any]) -> list[dict[str, Any]]:
    sort = key["sk"]["S"]
    if more := MORE.get((key["pk"]["S"], sort)):
        return [{**key, **more}]
    if sort == "ORGANIZATION":
        return [{**key, "name": {"S": "SMA Negeri 1 Contoh"}, "created_at": _AT, "updated_at": _AT}]
    if sort.startswith("SESSION#"):
        return [{**key, **_SESSION}]
    return [{**key, **ACCOUNT}] if sort == USER else []


def answer(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What DynamoDB would answer, were this session and this user all that it holds."""
    if operation == "GetItem":
        items = _items(asked["Key"])
        return {"Item": items[0]} if items else {}
    if operation == "BatchGetItem":
        return {
            "Responses": {
                name: [item for key in wanted["Keys"] for item in _items(key)]
                for name, wanted in asked["RequestItems"].items()
            },
            "UnprocessedKeys": {},
        }
    if operation == "Query":
        return {"Items": [], "Count": 0, "ScannedCount": 0}
    return {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer are two small packets; waiting for more to send would cost 40 ms a call.
    disable_nagle_algorithm = True
    server: "Table"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        self.server.asked.append((operation, asked))
        body = json.dumps(answer(operation, asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amz-crc32", str(zlib.crc32(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stays quiet: the table of figures is the only output."""


class Table(ThreadingHTTPServer):
    """The table of one measured process, at `url` while it is entered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        #: The operations that were asked, in order, with what was asked of them.
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> "Table":
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
