"""What the template allows each function: moto and the local cloud allow everything.

While a function runs, each call of AWS that it makes, each link that it signs, and each variable of the environment
that it needs is compared with its policies and variables in template.yaml.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from botocore import handlers
from core.kernel import settings

from tools.sam_template import environment_of, resources

Arguments = dict[str, Any]

#: Of a transaction's parts. Each is allowed or refused by itself.
_OF_TRANSACTIONS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
_OF_BUCKETS = {"ListObjectsV2": "ListBucket"}
_OF_QUEUES = {"SendMessageBatch": "SendMessage"}
_QUEUES = {"BULK_MAILS_URL": "BulkMails", "IMPORT_QUEUE_URL": "ImportQueue", "URGENT_MAILS_URL": "UrgentMails"}
#: The parameters of the template that policies name, as the tests' environment has them.
_PARAMETERS = {"Stage": "test", "MailSender": "core@core.test"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a function asked of AWS: the action, of which resource, and what conditions look at."""

    action: str
    resource: str
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __str__(self) -> str:
        return " ".join([self.action, self.resource, *(value for _, values in self.context for value in values)])


@dataclass(slots=True, eq=False)
class _Run:
    """A function that runs now, and what it needed beyond its rights."""

    folder: str
    beyond: set[str] = field(default_factory=set)


#: The functions that run now, the innermost last: a test may let another one run while the first waits.
_running: list[_Run] = []


@cache
def _name(folder: str) -> str:
    """The logical id of the function in a folder."""
    names = {each.removesuffix("Function").lower(): each for each in resources("AWS::Serverless::Function")}
    return names[folder]


@cache
def _statements(folder: str) -> list[dict[str, Any]]:
    policies = resources("AWS::Serverless::Function")[_name(folder)]["Properties"].get("Policies", [])
    return [statement for policy in policies for statement in policy["Statement"]]


def allow(statements: list[dict[str, Any]], asked: Asked) -> bool:
    """Whether a function with these statements may do what it asks: something allows it, and nothing denies it."""
    return {each["Effect"] for each in statements if _is_about(each, asked)} == {"Allow"}


def _is_about(statement: dict[str, Any], asked: Asked) -> bool:
    return (
        asked.action in _listed(statement["Action"])
        and any(fnmatchcase(asked.resource, _spelled(each)) for each in _listed(statement["Resource"]))
        and all(
            _holds(operator, key, _listed(patterns), dict(asked.context))
            for operator, about in statement.get("Condition", {}).items()
            for key, patterns in about.items()
        )
    )


def _holds(operator: str, key: str, patterns: list[Any], context: dict[str, tuple[str, ...]]) -> bool:
    """Whether a condition holds. Source: the operators of IAM's JSON policies."""
    values = context.get(key, ())
    matched = [any(fnmatchcase(value, _spelled(pattern)) for pattern in patterns) for value in values]
    match operator:
        case "ForAllValues:StringLike":
            return all(matched)
        case "ForAnyValue:StringLike" | "StringLike" | "StringEquals":
            return any(matched)
    raise NotImplementedError(f"Tests don't know the condition {operator} of template.yaml.")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _spelled(place: Any) -> str:
    """A resource or value of a policy as text, its references by logical id: `Table/index/names`, `Bucket/images/*`."""
    match place:
        case {"Fn::GetAtt": [name, *_]}:
            return str(name)
        case {"Fn::Sub": text}:
            local = re.sub(r"^arn:.*:\$\{AWS::AccountId\}:", "", text)
            return re.sub(r"\$\{(\w+)(?:\.Arn)?\}", lambda found: _PARAMETERS.get(found[1], found[1]), local)
        case {"Ref": name}:
            # SAM writes what stands after the point behind the name.
            return _PARAMETERS.get(name, str(name).removesuffix(".Alias").removesuffix("Aliaslive"))
    return str(place)


def asked_of(service: str, operation: str, arguments: Arguments) -> Iterator[Asked]:
    """What a call of AWS needs to be allowed."""
    match service, operation:
        case "dynamodb", "TransactWriteItems":
            for entry in arguments["TransactItems"]:
                for kind, write in entry.items():
                    yield _of_table(_OF_TRANSACTIONS[kind], [write.get("Key") or write["Item"]])
        case "dynamodb", "BatchGetItem":
            for of_table in arguments["RequestItems"].values():
                yield _of_table(operation, of_table["Keys"])
        case "dynamodb", "Query":
            yield _of_query(arguments)
        case "dynamodb", _:
            yield _of_table(operation, [arguments.get("Key") or arguments["Item"]])
        case "s3", "ListObjectsV2":
            yield Asked("s3:ListBucket", "Bucket", (("s3:prefix", (arguments["Prefix"],)),))
        case "s3", _:
            yield Asked(f"s3:{operation}", f"Bucket/{arguments['Key']}")
        case "sqs", _:
            yield Asked(f"sqs:{_OF_QUEUES.get(operation, operation)}", _queue(arguments["QueueUrl"]))
        case "lambda", "Invoke":
            yield Asked("lambda:InvokeFunction", "PicturesFunction")
        case "sesv2", _:
            sender = arguments["FromEmailAddress"]
            yield Asked(f"ses:{operation}", f"identity/{sender}", (("ses:FromAddress", (sender,)),))
        case _:
            yield Asked(f"{service}:{operation}", "")


def _queue(url: str) -> str:
    """The logical id of a queue, by the variable that holds its address."""
    return next(name for variable, name in _QUEUES.items() if os.environ[variable] == url)


def _of_table(action: str, keys: list[dict[str, Any]]) -> Asked:
    return Asked(f"dynamodb:{action}", "Table", _leading(*(key["pk"]["S"] for key in keys)))


def _of_query(arguments: Arguments) -> Asked:
    """A query names its partition as the first value of its key condition, that of an index as well."""
    index = f"/index/{arguments['IndexName']}" if "IndexName" in arguments else ""
    placeholder = arguments["KeyConditionExpression"].split("=")[1].split()[0].strip("()")
    partition = arguments["ExpressionAttributeValues"][placeholder]["S"]
    return Asked("dynamodb:Query", f"Table{index}", _leading(partition))


def _leading(*partitions: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("dynamodb:LeadingKeys", tuple(sorted(set(partitions)))),)


def _watch_calls(params: Arguments, model: Any, **_: Any) -> None:
    """Hears of every call of every client of this process before it is sent, and of links that are signed."""
    if not _running:
        return
    run = _running[-1]
    for asked in asked_of(model.service_model.service_name, model.name, params):
        if not allow(_statements(run.folder), asked):
            run.beyond.add(str(asked))


def _watch_variables(name: str) -> str:
    """The variable of the environment, and a mark when the template does not give it to the function that runs."""
    if _running and name not in {*environment_of(_name(_running[-1].folder)), "AWS_REGION"}:
        _running[-1].beyond.add(f"the variable {name}")
    return _required(name)


handlers.BUILTIN_HANDLERS.append(("before-parameter-build", _watch_calls))
_required, settings._required = settings._required, _watch_variables


@contextmanager
def within_rights(folder: str) -> Iterator[None]:
    """Fails when what runs inside needs what the template does not give the function."""
    run = _Run(folder)
    _running.append(run)
    try:
        yield
    finally:
        _running.remove(run)
    assert not run.beyond, f"template.yaml does not allow {folder}: {sorted(run.beyond)}"


def guarded(folder: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler of a function, within its rights."""

    def handle(event: dict[str, Any], context: Any) -> Any:
        with within_rights(folder):
            return handler(event, context)

    return handle
