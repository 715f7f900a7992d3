"""Writes docs/examples.json out of what the tests kept (tests/recording.py): `make examples`, or with TESTS some.

What differs each time is replaced: ids, instants, and everything that could be a secret; and the style of pages.
"""

import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from tools.openapi.document import document
from tools.openapi.errors import system_of
from tools.openapi.examples import FILE
from tools.openapi.failures import derived, failures
from tools.openapi.operations import by_key
from tools.sam_template import ROOT

#: In characters. The document itself is longer, and no example of anything.
LONGEST = 20_000
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])")
_REPLACED = (
    (re.compile(r"(?s)<(style|script)>.*?</\1>"), r"<\1>…</\1>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"), "2026-07-13T00:00:00.000Z"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "00000000-0000-4000-8000-000000000000"),
    (re.compile(r'"password": "[a-z0-9]{12}"'), '"password": "one-time-word"'),
    (re.compile(r"\?X-Amz-[^\"]*"), "?X-Amz-Signature=example"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)[A-Za-z0-9_-]{32,}(?![\w-])"), "example-of-a-token"),
)


def normalised(example: Any) -> Any:
    """The example with ids numbered in their order, one instant for all, no token, and of pages what they say."""
    text = json.dumps(example, ensure_ascii=False)
    ids: dict[str, str] = {}
    text = _ID.sub(lambda found: ids.setdefault(found[0], f"6a543c80{len(ids) + 1:016x}"), text)
    for pattern, constant in _REPLACED:
        text = pattern.sub(constant, text)
    return json.loads(text)


def _kept(folder: Path) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The best answer of all processes for each operation, status, and code or media type."""
    best: dict[tuple[str, str, str], dict[str, Any]] = {}
    for path in sorted(folder.glob("*.json")):
        for entry in json.loads(path.read_text()):
            key, status, name = entry["key"]
            known = best.get((key, status, name))
            is_readable = len(json.dumps(entry)) < LONGEST
            if key in ("", *by_key()) and is_readable and (known is None or entry["rank"] < known["rank"]):
                best[key, status, name] = entry
    return best


def _order(kept: tuple[tuple[str, str, str], dict[str, Any]]) -> Any:
    name, entry = kept
    return bool(name[0]), entry["rank"], name


def gathered(folder: Path) -> dict[str, Any]:
    """What the document takes: by operation; what operations of a system refuse alike; what each refusal says."""
    operations: dict[str, dict[str, Any]] = {}
    shared: dict[str, dict[str, dict[str, Any]]] = {}
    problems: dict[str, dict[str, Any]] = {}
    kept = _kept(folder)
    for (key, status, name), entry in sorted(kept.items(), key=_order):
        if not key:
            problems[f"{status} {name}"] = normalised({"field": entry["field"], "message": entry["message"]})
            continue
        declaration = by_key()[key]
        own = operations.setdefault(key, {})
        if int(status) < 400:
            example = normalised({"request": entry["request"], "answer": entry["answer"]})
            own.setdefault("success", {}).setdefault(status, {})[name] = example["answer"]
            if example["request"] is not None:
                own.setdefault("request", example["request"])
        elif name in failures(declaration).get(int(status), ()):
            example = normalised(entry["answer"])
            shared.setdefault(system_of(declaration), {}).setdefault(f"{status} {name}", example)
            if name not in derived(declaration).get(int(status), ()):
                own.setdefault("errors", {})[f"{status} {name}"] = example
    return {"operations": operations, "errors": shared, "problems": problems}


def kept_still(new: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What is known, without the successes that are declared otherwise by now, and what is new beside it."""
    merged = {part: {**new[part], **known[part]} for part in ("errors", "problems")}
    for system, errors in new["errors"].items():
        merged["errors"][system] = {**errors, **known["errors"].get(system, {})}
    operations: dict[str, Any] = {}
    for key in sorted({*new["operations"], *known["operations"]} & {*by_key()}):
        own, before = new["operations"].get(key, {}), known["operations"].get(key, {})
        fitting = {
            status: bodies
            for status, bodies in before.get("success", {}).items()
            if all(_validator(key, status, media_type).is_valid(body) for media_type, body in bodies.items())
        }
        operations[key] = own | before | {"success": own.get("success", {}) | fitting}
        operations[key]["errors"] = own.get("errors", {}) | before.get("errors", {})
    return {"operations": operations, **merged}


@cache
def _described() -> dict[str, Any]:
    return document()


def _validator(key: str, status: str, media_type: str) -> Any:
    method, path = key.split()
    described = _described()
    content = described["paths"][path][method.lower()]["responses"].get(status, {}).get("content", {})
    schema = content.get(media_type, {}).get("schema", False)
    known = {"components": {"schemas": described["components"]["schemas"]}}
    return jsonschema_rs.Draft202012Validator(schema if schema is False else schema | known)


def main(folder: str, *flags: str) -> None:
    """Writes the file; with `--beside`, what the tests kept beside what it has already."""
    found = gathered(Path(folder))
    if "--beside" in flags:
        found = kept_still(found, json.loads(FILE.read_text()))
    FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    print(FILE.relative_to(ROOT))


if __name__ == "__main__":
    main(*sys.argv[1:])
