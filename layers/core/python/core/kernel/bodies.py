"""Reading a JSON body strictly, before anything else looks at it.

What JSON parsers disagree about is refused: duplicate members, NaN and infinities, lone surrogates, numbers of
thousands of digits, nesting without end. Source: RFC 8259 sections 4, 6 and 8, acceptance C2.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from core.kernel.clock import is_id
from core.kernel.errors import BadRequest, InvalidBody, PayloadTooLarge, Problem, UnsupportedMediaType
from core.kernel.folding import fold

LARGEST_BODY = 256 * 1024
_DEEPEST = 32
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
SURROGATE = re.compile("[\ud800-\udfff]")


class _Refused(ValueError):
    """A body that is JSON to some and not to others."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Refused("a member stands twice in one object")
    return members


def _constant(name: str) -> Any:
    raise _Refused(f"{name} is not a JSON number")


def _check(value: Any, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise _Refused(f"objects and arrays are nested more than {_DEEPEST} deep")
    if isinstance(value, float) and not math.isfinite(value):
        raise _Refused("a number is too large")
    if isinstance(value, str):
        if SURROGATE.search(value):
            raise _Refused("a string holds half of a surrogate pair")
    elif isinstance(value, dict):
        for name, member in value.items():
            _check(name, depth)
            _check(member, depth + 1)
    elif isinstance(value, list):
        for member in value:
            _check(member, depth + 1)


def parse(body: bytes, content_type: str, largest: int = LARGEST_BODY) -> dict[str, Any]:
    """The JSON object in `body`.

    Raises:
        PayloadTooLarge: more than `largest` bytes, 256 KiB unless told.
        UnsupportedMediaType: the content type is not `application/json`.
        BadRequest: not exactly one JSON object in UTF-8; says what is wrong.
    """
    if len(body) > largest:
        raise PayloadTooLarge(f"The body is larger than {largest // 1024} KiB.")
    if content_type.split(";", maxsplit=1)[0].strip().lower() != "application/json":
        raise UnsupportedMediaType()
    try:
        document = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)
        _check(document)
    except _Refused as error:
        raise BadRequest(f"The body is not valid JSON: {error}.", code="malformed_json") from error
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not valid JSON in UTF-8.", code="malformed_json") from error
    if not isinstance(document, dict):
        raise InvalidBody("The body must be a JSON object.", code="malformed_json")
    return document


class Body(BaseModel):
    """A request body: unknown members are refused and nothing is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


def clean_line(text: str) -> str:
    """A line of text without blanks around it.

    Raises:
        ValueError: it is empty, or holds control characters or ones that turn the direction of writing.
    """
    text = text.strip()
    if not text:
        raise ValueError("This must not be empty.")
    if CONTROL.search(text):
        raise ValueError("This must not contain control characters.")
    return text


def clean_name(text: str) -> str:
    """The same for a name, of which something must be left to look for: an accent alone is none.

    Raises:
        ValueError: as `clean_line`; or nothing is left.
    """
    text = clean_line(text)
    if not fold(text):
        raise ValueError("This needs a letter or a digit.")
    return text


def identifier(text: str) -> str:
    """An id, in lower case.

    Raises:
        ValueError: it is none.
    """
    if not is_id(text):
        raise ValueError("Send an id: 24 hexadecimal characters.")
    return text.lower()


#: A member of a body that holds an id.
Id = Annotated[str, AfterValidator(identifier)]

_CODES = {
    "extra_forbidden": ("unknown_member", "This member does not exist or can't be set here."),
    "missing": ("required", "This member is required."),
    "string_type": ("wrong_type", "This must be a string."),
    "bool_type": ("wrong_type", "This must be true or false."),
    "list_type": ("wrong_type", "This must be an array."),
    "int_type": ("wrong_type", "This must be a whole number."),
    "float_type": ("wrong_type", "This must be a number."),
    "dict_type": ("wrong_type", "This must be an object."),
    "model_type": ("wrong_type", "This must be an object."),
}


def problems_of(error: ValidationError) -> list[Problem]:
    """Every failing member of a refused document, each with its path, a stable code and a sentence."""
    problems = []
    for each in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in each["loc"])
        code, sentence = _CODES.get(each["type"], ("invalid", ""))
        if not sentence:
            text = each["msg"].removeprefix("Value error, ")
            sentence = text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
        problems.append(Problem(code, sentence, path or None))
    return problems


def validate[Schema: BaseModel](schema: type[Schema], document: Mapping[str, Any]) -> Schema:
    """The document as an instance of `schema`.

    Raises:
        InvalidBody: with every failing member at once.
    """
    try:
        return schema.model_validate(document)
    except ValidationError as error:
        raise InvalidBody(problems=problems_of(error)) from error
