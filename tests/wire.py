"""The wire between a function and its table: what a test makes go wrong there, and what it counts."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from core.kernel import aws
from core.kernel.table import connection

Arguments = dict[str, Any]
Send = Callable[[str, Arguments], Any]


@contextmanager
def intercepted(handler: Callable[[Send, str, Arguments], Any], *more: Any) -> Iterator[None]:
    """Gives every call of the table, and of more clients, to `handler` with the function that really sends it."""
    clients = (connection().connection.client, *more)
    sends = [client._make_api_call for client in clients]
    for client, send in zip(clients, sends, strict=True):
        client._make_api_call = partial(handler, send)
    try:
        yield
    finally:
        for client, send in zip(clients, sends, strict=True):
            client._make_api_call = send


def bucket() -> Any:
    """The client of the bucket, whose calls can be intercepted too."""
    return aws._client("s3")


def refusal(status: int, code: str, **members: Any) -> ClientError:
    """The error of an answer with which DynamoDB refuses a call."""
    answer = {"Error": {"Code": code, "Message": "injected"}, "ResponseMetadata": {"HTTPStatusCode": status}, **members}
    return ClientError(answer, "injected")  # type: ignore[arg-type]


@dataclass
class Refusing:
    """Refuses the first `times` calls of an operation, or every one."""

    operation: str
    error: ClientError
    times: float = float("inf")
    seen: int = 0

    def __call__(self, send: Send, operation: str, arguments: Arguments) -> Any:
        if operation == self.operation:
            self.seen += 1
            if self.seen <= self.times:
                raise self.error
        return send(operation, arguments)


@dataclass
class LosingAnswers:
    """Lets the first call of an operation through and loses its answer, as a broken connection does."""

    operation: str = "TransactWriteItems"
    lost: int = 0

    def __call__(self, send: Send, operation: str, arguments: Arguments) -> Any:
        answer = send(operation, arguments)
        if operation == self.operation and not self.lost:
            self.lost += 1
            raise ReadTimeoutError(endpoint_url="http://table")
        return answer


@dataclass
class WhileWriting:
    """Has something happen right before the first transaction: after all that its writer has read."""

    happening: Callable[[], Any]
    happened: bool = False

    def __call__(self, send: Send, operation: str, arguments: Arguments) -> Any:
        if operation == "TransactWriteItems" and not self.happened:
            self.happened = True
            self.happening()
        return send(operation, arguments)


@dataclass
class Counting:
    """Counts the calls and the items that each reads or writes."""

    calls: Counter[str] = field(default_factory=Counter)

    def __call__(self, send: Send, operation: str, arguments: Arguments) -> Any:
        self.calls[f"{operation}{_items(operation, arguments)}"] += 1
        return send(operation, arguments)

    def __str__(self) -> str:
        counts = sorted(self.calls.items())
        return ", ".join(name if number == 1 else f"{number} times {name}" for name, number in counts) or "none"


def _items(operation: str, arguments: Arguments) -> str:
    if operation == "TransactWriteItems":
        return f" of {len(arguments['TransactItems'])}"
    if operation == "BatchGetItem":
        return f" of {sum(len(each['Keys']) for each in arguments['RequestItems'].values())}"
    return ""
