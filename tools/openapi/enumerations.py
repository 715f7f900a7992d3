"""The enumerations of a school's records as components: each value with its code in Dapodik, the national school data.

Their names are those of core/people/enumerations.py: BLOOD_TYPE is BloodType.
"""

from typing import Any

from core.people import enumerations

_REF = "#/components/schemas/"
_WORDS: dict[str, dict[str, str]] = {
    "".join(part.capitalize() for part in name.split("_")): codes
    for name, codes in vars(enumerations).items()
    if name.isupper()
}
_NAMES = {frozenset(codes.items()): name for name, codes in _WORDS.items()}


def schemas() -> dict[str, dict[str, Any]]:
    """The component of each enumeration, by its name."""
    sentence = "`x-dapodik` has the code of each value in Dapodik, the national school data."
    return {
        name: {"type": "string", "description": sentence, "enum": [*codes], "x-dapodik": codes}
        for name, codes in _WORDS.items()
    }


def referred(node: Any) -> Any:
    """A part of the document that refers to an enumeration's component wherever it describes one.

    Shapes, filters and bodies describe enumerations each in their own way; what they have in common is the codes.
    """
    if isinstance(node, list):
        return [referred(each) for each in node]
    if not isinstance(node, dict):
        return node
    if "x-dapodik" not in node:
        return {name: referred(each) for name, each in node.items()}
    codes = node["x-dapodik"]
    reference: dict[str, Any] = {"$ref": _REF + _NAMES[frozenset(codes.items())]}
    rest = {name: each for name, each in node.items() if name not in ("enum", "title", "type", "x-dapodik")}
    return {"anyOf": [reference, {"type": "null"}], **rest} if None in node["enum"] else {**reference, **rest}
