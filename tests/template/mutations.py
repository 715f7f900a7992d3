"""The template with one thing taken out at a time, and the assertions of this folder, to be run over what is left.

Assertions that notice nothing when what they are about is gone are none. The translated template is changed in place
and put back, and the assertions are called as they are, so that a thousand such templates take a few seconds.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

from tools.sam_template import template, translated

#: Made by SAM of each operation and each deployment: nobody writes them.
_MADE_BY_SAM = {
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::RestApi",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
}


@dataclass(frozen=True, slots=True)
class Removal:
    """One thing to take out: `key` of `place`."""

    #: The resource or parameter that it belongs to.
    name: str
    #: `<type>/<path>`, the same for all resources of a type.
    path: str
    place: Any
    key: Any

    @contextmanager
    def done(self) -> Iterator[None]:
        """The template without it."""
        kept = list(self.place.items()) if isinstance(self.place, dict) else list(self.place)
        del self.place[self.key]
        try:
            yield
        finally:
            self.place.clear()
            (self.place.update if isinstance(self.place, dict) else self.place.extend)(kept)


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref", "Condition"))


def _within(name: str, path: str, place: Any) -> Iterator[Removal]:
    entries = place.items() if isinstance(place, dict) else enumerate(place)
    for key, value in list(entries):
        below = f"{path}/{key if isinstance(place, dict) else '*'}"
        if isinstance(place, dict) or (isinstance(value, dict) and not _is_reference(value)):
            yield Removal(name, below, place, key)
        if isinstance(value, dict | list) and not _is_reference(value):
            yield from _within(name, below, value)


@cache
def removals() -> list[Removal]:
    """Everything that can be taken out of the resources as CloudFormation gets them, of the API and the parameters."""
    found: list[Removal] = []
    for name, each in translated()["Resources"].items():
        if each["Type"] not in _MADE_BY_SAM:
            found += _within(name, each["Type"], each)
    for name, each in template()["Parameters"].items():
        found += _within(name, "Parameter", each)
    api = template()["Resources"]["Api"]["Properties"]
    found += _within("Api", "AWS::Serverless::Api/GatewayResponses", api["GatewayResponses"])
    # The same for every path.
    preflight = next(iter(api["DefinitionBody"]["paths"].values()))
    found += _within("Api", "AWS::Serverless::Api/Preflight", preflight)
    # What is the same in many resources of a type is taken out of one of them.
    return list({(each.path, json.dumps(each.place[each.key], default=str)): each for each in found}.values())


@dataclass(frozen=True, slots=True)
class Check:
    """One assertion of this folder, with its arguments."""

    call: Callable[[], None]
    arguments: tuple[Any, ...]

    def notices(self) -> bool:
        """Whether it fails."""
        try:
            self.call()
        except Exception:  # noqa: BLE001 - whatever it is, the test fails with it
            return True
        return False

    def is_about(self, name: str) -> bool:
        """Whether its arguments name the resource."""
        return any(isinstance(each, str) and each.startswith(name) for each in self.arguments)


def _parameters(marked: Any) -> Iterator[list[dict[str, Any]]]:
    for mark in getattr(marked, "pytestmark", []):
        if mark.name == "parametrize":
            names, values = mark.args[0], mark.args[1]
            names = [each.strip() for each in names.split(",")] if isinstance(names, str) else list(names)
            rows = [each if len(names) > 1 else (each,) for each in values]
            yield [dict(zip(names, row, strict=True)) for row in rows]


def _calls(test: Callable[..., None], *parametrized: Any) -> Iterator[Check]:
    taken = set(inspect.signature(test).parameters)
    for chosen in product(*(rows for each in parametrized for rows in _parameters(each))):
        arguments = {name: value for row in chosen for name, value in row.items()}
        # What needs a fixture is not about the template.
        if taken == arguments.keys():
            yield Check(lambda given=arguments: test(**given), tuple(arguments.values()))


def _checks_of(module: ModuleType) -> Iterator[Check]:
    for name, each in vars(module).items():
        if getattr(each, "__module__", None) != module.__name__:
            continue
        if name.startswith("Test"):
            tests = [getattr(each(), one) for one in vars(each) if one.startswith("test_")]
            for test in tests:
                yield from _calls(test, each, test.__func__)
        elif name.startswith("test_"):
            yield from _calls(each, each)


@cache
def checks() -> list[Check]:
    """Every assertion of this folder about the template."""
    files = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py"))
    modules = [import_module(f"tests.template.{each}") for each in files if each != "test_mutations"]
    return [check for module in modules for check in _checks_of(module)]


def is_noticed(removal: Removal) -> bool:
    """Whether an assertion fails without what is taken out. Those about its resource are asked first."""
    with removal.done():
        return any(each.notices() for each in sorted(checks(), key=lambda check: not check.is_about(removal.name)))
