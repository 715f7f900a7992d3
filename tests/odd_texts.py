"""Acceptance C8: texts that nobody means and somebody sends, and every place of a request that takes one."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from core.kernel.policy import PLATFORM_ADMINISTRATOR
from core.people.kinds import KINDS

from tests.functions.authorization_world import World
from tests.functions.test_authorization import CALLS_HERE
from tests.gateway import Reply, call
from tools.authorization.operations import RULES, folder_of, route_of
from tools.authorization.rules import Relation

ACCENT = "\u0301"
#: One character that folds to eighteen, which are 33 bytes.
LIGATURE = "\ufdfa"
#: What would make a key of nothing, and one of 1,650 bytes within the length that every name may have.
KEYS = (ACCENT, LIGATURE * 50)
TIMES = ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z")
TEXTS = (*KEYS, *TIMES, "9999-12-31T23:59:59.999-12:00", "9999-12-31", ACCENT * 10_000, "a" * 2049, "/\x0b")
#: What no JSON brings, and a query might.
BROKEN = ("\ud800",)
#: Parameters that take more than a word of a list, so that an odd one may come further than to be read.
_FREE = ("search", "updatedSince", "cursor", "action", "from", "to", "token", "callbackURL")
_PARAMETERS = (
    *_FREE,
    *("page", "limit", "sort", "fields", "headers", "status", "success", "force", "actor", "target"),
    *("active", "gender", "classId", "residenceType", "transportationMode", "readiness", "employmentStatus"),
    *("academicYear", "grade", "homeroomTeacherId", "organizationId", "maritalStatus", "dryRun", "version"),
)
#: Members that a call's usual body leaves out.
_MORE: dict[str, dict[str, Any]] = {
    "POST /api/auth/sign-in/email": {"callbackURL": "/"},
    "POST /api/auth/request-password-reset": {"redirectTo": "/"},
    "POST /api/users": {"secondaryEmail": "x@smansa.test", "image": "https://x.test/y"},
    "PATCH /api/users/{user_id}": {"name": "x", "secondaryEmail": "x@smansa.test"},
    "PATCH /api/users/me": {"name": "x", "secondaryEmail": "x@smansa.test"},
    "POST /api/roles": {"description": "x"},
    "POST /api/classes": {"major": "IPA"},
    "PATCH /api/classes/{class_id}": {"name": "X-9"},
    "POST /api/classes/{class_id}/copy": {"name": "X-9"},
    "PATCH /api/roles/{role_id}": {"name": "Piket Baru"},
    "PATCH /api/organizations/{organization_id}": {"name": "SMA Baru"},
    **{f"PATCH {kind.path}/{{{kind.parameter}}}": {"name": "Orang Baru"} for kind in KINDS.values()},
    "POST /api/admin/api-tokens": {"expiresAt": "2030-01-01T00:00:00Z"},
}


def answered(world: World, operation: str, options: dict[str, Any], **ids: str) -> Reply:
    """The answer to a call by somebody whom nothing is refused, at a target of the own school."""
    method, path = route_of(operation)
    role = PLATFORM_ADMINISTRATOR.name
    aim = world.aim(operation, RULES[operation].target, Relation.OTHER, role)
    named = {"token": world.link, **(aim.ids if aim else {}), **ids}
    return call(folder_of(operation), method, path.format(**named), token=world.tokens[role], **options)


def _options(world: World, operation: str) -> dict[str, Any]:
    """The usual call, with the names of what it is about put in."""
    text = json.dumps(CALLS_HERE.get(operation, CALLS_HERE[" ".join(route_of(operation))]))
    aim = world.aim(operation, RULES[operation].target, Relation.OTHER, PLATFORM_ADMINISTRATOR.name)
    ids = {"link": world.link, "school": world.school.id, "other_school": world.other_school.id}
    ids |= {"student": world.school.people["student"].id} | (aim.ids if aim else {})
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", value)
    options: dict[str, Any] = json.loads(text)
    if "json_body" in options:
        options["json_body"] |= _MORE.get(operation, {})
    return options


def in_bodies(world: World, operation: str, texts: tuple[str, ...] = TEXTS) -> Iterator[tuple[str, dict[str, Any]]]:
    """The usual call with odd texts in the place of all texts of its body at once, and of each of them alone."""
    options = _options(world, operation)
    leaves = list(_leaves(options.get("json_body", {})))
    times = [leaf for leaf in leaves if leaf[-1] == "expiresAt"]
    together = ((leaves, text) for text in texts if leaves)
    alone = [([leaf], text) for leaf in leaves for text in KEYS] + [([leaf], text) for leaf in times for text in TIMES]
    for chosen, text in (*together, *alone):
        odd = copy.deepcopy(options)
        for *way, last in chosen:
            place = odd["json_body"]
            for step in way:
                place = place[step]
            place[last] = text
        yield f"{chosen} {text[:30]!r}", odd


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the texts of a document are."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*path, step))


def in_queries(
    world: World, operation: str, texts: tuple[str, ...] = (*TEXTS, *BROKEN)
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The usual call with odd texts in all parameters that the operation takes at once, and in some of them alone."""
    if not operation.startswith("GET"):
        return
    options = _options(world, operation)
    usual = options.get("query") or {}
    asked = answered(world, operation, options | {"query": {name: ["x"] for name in _PARAMETERS} | usual})
    taken = _taken(asked)
    for names in filter(None, (taken, *([name] for name in taken if name in _FREE))):
        for text in texts:
            yield f"{names}={text[:30]!r}", options | {"query": usual | {name: [text] for name in names}}


def _taken(asked: Reply) -> list[str]:
    """Which parameters an operation takes, by its answer to all of them."""
    if "unknown_parameter" not in asked.text:
        return ["token", "callbackURL"]
    errors = asked.body["errors"]
    # What is no list names one of them only, and takes at most a switch.
    unknown = {each["field"] for each in errors if each["code"] == "unknown_parameter"}
    return [name for name in _PARAMETERS if name not in unknown] if errors[1:] else []


def in_paths(operation: str) -> Iterator[dict[str, str]]:
    """Odd texts in the place of every id of the path."""
    names = [part.strip("{}") for part in route_of(operation)[1].split("/") if part.startswith("{")]
    if names:
        yield from (dict.fromkeys(names, text) for text in (*KEYS, TEXTS[-2]))


def unlike() -> tuple[str, ...]:
    """Every operation once: the variants of one have the same body."""
    return tuple(each for each in RULES if "," not in each)
