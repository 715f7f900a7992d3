"""Reading template.yaml, so that tools and tests take routes, table and answers from what is deployed."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms."""


def _intrinsic(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    return {name: value}


_Loader.add_multi_constructor("!", _intrinsic)


@cache
def template() -> dict[str, Any]:
    """The template as written."""
    return yaml.load((ROOT / "template.yaml").read_text(), Loader=_Loader)  # noqa: S506


@cache
def translated(release: str = "0" * 64) -> dict[str, Any]:
    """The template as CloudFormation gets it for a release, after SAM's transform."""
    command = [str(ROOT / ".tools/sam/bin/python"), "-m", "tools.translate_template", release]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)


@cache
def resources(of_type: str) -> dict[str, dict[str, Any]]:
    """The resources of one type by logical id."""
    return {name: each for name, each in template()["Resources"].items() if each["Type"] == of_type}


def gateway_responses() -> dict[str, dict[str, Any]]:
    """What API Gateway itself answers, by response type."""
    return resources("AWS::Serverless::Api")["Api"]["Properties"]["GatewayResponses"]


def preflight_headers() -> dict[str, str]:
    """What API Gateway answers to the question that a browser asks beforehand, but for the origin that it names."""
    paths = resources("AWS::Serverless::Api")["Api"]["Properties"]["DefinitionBody"]["paths"]
    integration = next(iter(paths.values()))["options"]["x-amazon-apigateway-integration"]
    parameters = integration["responses"]["default"]["responseParameters"]
    return {name.rpartition(".")[2]: value.strip("'") for name, value in parameters.items()}


def table_definition(name: str) -> dict[str, Any]:
    """The arguments of CreateTable for the template's table."""
    properties = resources("AWS::DynamoDB::Table")["Table"]["Properties"]
    kept = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
    return {"TableName": name, **{each: properties[each] for each in kept}}


@cache
def environment_of(function: str) -> dict[str, Any]:
    """The environment variables that the template gives a function, by name; `function` is its logical id."""
    shared = template()["Globals"]["Function"]["Environment"]["Variables"]
    own = resources("AWS::Serverless::Function")[function]["Properties"].get("Environment", {}).get("Variables", {})
    return {**shared, **own}


def secret_variables() -> dict[str, str]:
    """The environment variables that hold a secret, each with the logical id of the secret."""
    found = {}
    for function in resources("AWS::Serverless::Function"):
        for name, value in environment_of(function).items():
            if secret := re.search(r"resolve:secretsmanager:\$\{(\w+)\}", str(value)):
                found[name] = secret[1]
    return found


@cache
def routes() -> dict[tuple[str, str], str]:
    """Every method and path in the template, with the folder of its function."""
    found = {}
    for name, function in resources("AWS::Serverless::Function").items():
        for event in function["Properties"].get("Events", {}).values():
            if event["Type"] == "Api":
                key = event["Properties"]["Method"].upper(), event["Properties"]["Path"]
                found[key] = name.removesuffix("Function").lower()
    return found
