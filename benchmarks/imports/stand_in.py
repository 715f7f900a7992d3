"""A stand-in for the table and the bucket: takes every write, keeps what a worker reads again, and answers at once.

It shares the two processors with the workers, so it does as little as it can: no transaction is looked into.
"""

import asyncio
import json
import sys

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n"
_ABSENT = b"HTTP/1.1 404 Not Found\r\nContent-Type: application/xml\r\nContent-Length: 50\r\n\r\n"
_NO_KEY = b"<Error><Code>NoSuchKey</Code><Message/></Error>".ljust(50)


class StandIn(asyncio.Protocol):
    """One connection."""

    #: Items that were put one by one, by key, and files, by path.
    items: dict[str, object] = {}  # noqa: RUF012 - shared by all connections on purpose
    files: dict[bytes, bytes] = {}  # noqa: RUF012
    #: New accounts in all transactions: one for each row, or the workers did something else.
    accounts: list[int] = [0]  # noqa: RUF012

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            fields = {
                name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in head.split(b"\r\n"))
            }
            length = int(fields.get(b"content-length", b"0"))
            if fields.get(b"expect", b"").lower() == b"100-continue" and len(self.buffer) == end + 4:
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if len(self.buffer) < end + 4 + length:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + length], self.buffer[end + 4 + length :]
            method, path, _ = head.split(b"\r\n", 1)[0].split(b" ")
            target = fields.get(b"x-amz-target", b"").rpartition(b".")[2]
            self.transport.write(self.answer(target, body) if target else self.file(method, path, body))

    def answer(self, target: bytes, body: bytes) -> bytes:
        """What DynamoDB would say of a table in which nobody is yet."""
        match target:
            case b"GetItem":
                key = json.dumps(json.loads(body)["Key"], sort_keys=True)
                found = {"Item": self.items[key]} if key in self.items else {}
                answer = json.dumps(found).encode()
            case b"PutItem":
                item = json.loads(body)["Item"]
                self.items[json.dumps({"pk": item["pk"], "sk": item["sk"]}, sort_keys=True)] = item
                answer = b"{}"
            case b"BatchGetItem":
                answer = b'{"Responses":{},"UnprocessedKeys":{}}'
            case _:
                self.accounts[0] += body.count(b'"email_verified"')
                answer = b"{}"
        return _OK % len(answer) + answer

    def file(self, method: bytes, path: bytes, body: bytes) -> bytes:
        """What S3 would say."""
        path = path.partition(b"?")[0]
        if path == b"/accounts":
            body = str(self.accounts[0]).encode()
            return _OK % len(body) + body
        if method == b"PUT":
            self.files[path] = body
            body = b""
        elif method == b"GET":
            if path not in self.files:
                return _ABSENT + _NO_KEY
            body = self.files[path]
        else:
            body = b""
        return _OK % len(body) + body


async def main(port: int) -> None:
    """Answers until it is ended."""
    server = await asyncio.get_running_loop().create_server(StandIn, "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
