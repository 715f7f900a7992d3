"""Writes the files of events/, one for every operation of the template: `make events`.

What a file says of its own stays: ids, query, body, and which types it sends and accepts. Everything else follows from
the template and from what the operation declares. A new file takes the ids of the files that are there; its body, where
the operation takes one, is left to be filled in.
"""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from tools.openapi.operations import by_key
from tools.sam_template import ROOT, resources

#: Has a token's form and is nobody's.
PLACEHOLDER = "Bearer " + "A" * 75
_SOURCE = "203.0.113.7"
AGENT = "core-events/1.0"
_NOBODY = (
    "accessKey",
    "accountId",
    "caller",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
    "user",
    "userArn",
)


_OWN_HEADERS = ("Accept", "Content-Type")


@cache
def operations() -> dict[str, tuple[str, str]]:
    """Method and path of each operation, by the name of its file: `users/get-user`."""
    found = {}
    for logical, resource in resources("AWS::Serverless::Function").items():
        folder = logical.removesuffix("Function").lower()
        for name, event in resource["Properties"].get("Events", {}).items():
            if event["Type"] == "Api":
                kebab = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
                found[f"{folder}/{kebab}"] = event["Properties"]["Method"], event["Properties"]["Path"]
    return found


def path_of(name: str) -> Path:
    """Where the file of an operation is."""
    return ROOT / "events" / f"{name}.json"


def _read(name: str) -> dict[str, Any] | None:
    return json.loads(path_of(name).read_text()) if path_of(name).exists() else None


@cache
def _known_ids() -> dict[str, str]:
    """The value that most of the files give a path parameter."""
    counts: dict[str, Counter[str]] = {}
    for name in operations():
        for parameter, value in ((_read(name) or {}).get("pathParameters") or {}).items():
            counts.setdefault(parameter, Counter())[value] += 1
    return {parameter: each.most_common(1)[0][0] for parameter, each in counts.items()}


def text_of(name: str) -> str:
    """The file of an operation as it should be.

    Raises:
        KeyError: no file says yet what a parameter of its path is: write it into the file by hand.
    """
    method, resource = operations()[name]
    declared = by_key()[f"{method} {resource}"].operation
    own = _read(name) or {
        "pathParameters": {each: _known_ids()[each] for each in declared.path_parameters} or None,
        "headers": {},
        "body": "{}" if declared.bodies else None,
    }
    headers = {each: own["headers"][each] for each in _OWN_HEADERS if each in own["headers"]}
    # A file of a public operation that looks for a session may carry one.
    carries_token = not declared.public or "Authorization" in own["headers"]
    event = _event(method, resource, own, headers, carries_token=carries_token)
    return json.dumps(event, indent=2, ensure_ascii=False) + "\n"


def _event(
    method: str, resource: str, own: dict[str, Any], own_headers: dict[str, str], *, carries_token: bool
) -> dict[str, Any]:
    """A complete REST API proxy event, as API Gateway sends it."""
    parameters, query, body = own["pathParameters"], own.get("queryStringParameters"), own["body"]
    headers = {"Accept": "application/json"}
    if carries_token:
        headers["Authorization"] = PLACEHOLDER
    if body is not None:
        headers["Content-Type"] = "application/json"
    headers |= {"Host": "core.example.org", "User-Agent": AGENT, "X-Forwarded-For": _SOURCE}
    headers |= {"X-Forwarded-Port": "443", "X-Forwarded-Proto": "https"} | own_headers
    path = resource.format(**(parameters or {}))
    identity: dict[str, Any] = dict.fromkeys(_NOBODY) | {"sourceIp": _SOURCE, "userAgent": AGENT}
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": query and {name: [value] for name, value in query.items()},
        "pathParameters": parameters,
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": "core.example.org",
            "domainPrefix": "core",
            "extendedRequestId": "example0request=",
            "httpMethod": method,
            "identity": dict(sorted(identity.items())),
            "path": path,
            "protocol": "HTTP/1.1",
            "requestId": "a492bddd-98e8-5fec-82bb-9788fcb06232",
            "requestTime": "05/Jan/2026:07:00:00 +0000",
            "requestTimeEpoch": 1767596400000,
            "resourceId": "a1b2c3",
            "resourcePath": resource,
            "stage": "dev",
        },
        "body": body,
        "isBase64Encoded": False,
    }


def main() -> None:
    """Writes every file that is not as it should be, takes away those of no operation, and says which."""
    for name in operations():
        text = text_of(name)
        if not path_of(name).exists() or path_of(name).read_text() != text:
            path_of(name).parent.mkdir(exist_ok=True)
            path_of(name).write_text(text)
            print(f"Wrote events/{name}.json")
    for path in (ROOT / "events").glob("*/*.json"):
        if str(path.relative_to(ROOT / "events").with_suffix("")) not in operations():
            path.unlink()
            print(f"Took away {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
