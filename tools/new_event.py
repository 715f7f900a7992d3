"""Writes a file of events/: `python -m tools.new_event users/get-user GET /api/users/{user_id} user_id=…`.

The event's body comes from standard input when `--body` stands among the arguments.
"""

import json
import sys
from typing import Any

from tools.sam_template import ROOT

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


def new_event(
    method: str, resource: str, parameters: dict[str, str], *, body: str | None = None, public: bool = False
) -> dict[str, Any]:
    """A complete REST API proxy event, as API Gateway sends it."""
    headers = {"Accept": "application/json"}
    if not public:
        headers["Authorization"] = PLACEHOLDER
    if body is not None:
        headers["Content-Type"] = "application/json"
    headers |= {"Host": "core.example.org", "User-Agent": AGENT, "X-Forwarded-For": _SOURCE}
    headers |= {"X-Forwarded-Port": "443", "X-Forwarded-Proto": "https"}
    path = resource.format(**parameters)
    identity: dict[str, Any] = dict.fromkeys(_NOBODY) | {"sourceIp": _SOURCE, "userAgent": AGENT}
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": parameters or None,
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


def main(arguments: list[str]) -> None:
    """Writes the file that the arguments describe and says where."""
    flags = {each for each in arguments if each.startswith("--")}
    name, method, resource, *pairs = [each for each in arguments if each not in flags]
    parameters = dict(pair.split("=", 1) for pair in pairs)
    body = sys.stdin.read().strip() if "--body" in flags else None
    event = new_event(method, resource, parameters, body=body, public="--public" in flags)
    path = ROOT / "events" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(event, indent=2, ensure_ascii=False) + "\n")
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
