"""What makes a deployment a new one: everything that `sam build` made, the parameters, and the secrets' versions.

An alias leads to the version that was published last, and SAM by itself publishes a function only when that function's
own folder has changed. So the template takes the hash of everything as `Release`, and publishes every function when
that changes.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from tools.sam_template import ROOT, resources, template

#: With what `sam build` is called: where the Makefiles of layers and functions find how libraries are installed.
BUILDING = {"CORE_INSTALL": str(ROOT / "tools/install.py")}
#: What it makes.
BUILD = ROOT / ".aws-sam/build"

#: Makes a client of an AWS service, by its name.
Clients = Callable[[str], Any]


def release(parameters: dict[str, str], secrets: dict[str, str]) -> str:
    """The SHA-256, in hexadecimal, of what `sam build` made and of what it is deployed with.

    Args:
        parameters: the template's, by name.
        secrets: the versions of those that were changed, by logical id.
    """
    kept = {name: value for name, value in parameters.items() if name != "Release"}
    digest = hashlib.sha256(json.dumps([kept, secrets], sort_keys=True).encode())
    for path in sorted(BUILD.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            content = path.read_bytes()
            digest.update(f"{path.relative_to(BUILD)} {len(content)} ".encode())
            digest.update(content)
    return digest.hexdigest()


def _or_none(call: Callable[..., dict[str, Any]], **arguments: str) -> dict[str, Any] | None:
    """What CloudFormation answers; None when it knows nothing of that name."""
    try:
        return call(**arguments)
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def deployed(stack: str, clients: Clients) -> dict[str, str]:
    """The stack's parameters that there still are; without `Release` when its last deployment failed.

    Raises:
        ClientError: CloudFormation refuses to say.
    """
    answer = _or_none(clients("cloudformation").describe_stacks, StackName=stack)
    if answer is None:
        return {}
    (found,) = answer["Stacks"]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", [])}
    parameters = {name: value for name, value in values.items() if name in template()["Parameters"]}
    if found["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        parameters.pop("Release", None)
    return parameters


def secret_versions(stack: str, clients: Clients) -> dict[str, str]:
    """The current version of each of the stack's secrets that has changed since the template generated it."""
    found = {}
    for name in resources("AWS::SecretsManager::Secret"):
        find = clients("cloudformation").describe_stack_resource
        answer = _or_none(find, StackName=stack, LogicalResourceId=name)
        secret = answer["StackResourceDetail"].get("PhysicalResourceId") if answer else None
        if secret:
            versions = clients("secretsmanager").describe_secret(SecretId=secret)["VersionIdsToStages"]
            current = [version for version, stages in versions.items() if "AWSCURRENT" in stages]
            found |= {name: current[0]} if len(versions) > 1 else {}
    return found


def parameters_for(stack: str, given: dict[str, str], clients: Clients) -> dict[str, str]:
    """What the stack is deployed with next: what is given, else what it has, else the defaults; and the release.

    CloudFormation does not look whether a secret has changed: it reads a secret anew for a resource that changes. With
    the release every function does, so a secret's version is part of it.
    """
    defaults = {name: str(each["Default"]) for name, each in template()["Parameters"].items() if "Default" in each}
    parameters = defaults | deployed(stack, clients) | given
    return parameters | {"Release": release(parameters, secret_versions(stack, clients))}


def overrides(parameters: dict[str, str]) -> list[str]:
    """The arguments by which `sam deploy` takes the parameters, empty ones too."""
    return ["--parameter-overrides", *(f'{name}="{value}"' for name, value in parameters.items())]
