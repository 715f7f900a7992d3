"""Pictures of accounts as they cross the wire."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from core.contract.shapes import Member, Shape
from core.contract.values import ADDRESS, INSTANT, TEXT, Value
from core.images.models import ENDINGS
from core.kernel.bodies import Body, clean_line

MOST_BYTES = 2 * 1024 * 1024


def _number(value: Any) -> Any:
    """Clients may send a size as digits in a string; the contract tolerates that."""
    is_digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16
    return int(value) if is_digits else value


def _size(size: int) -> int:
    if not 1 <= size <= MOST_BYTES:
        raise ValueError(f"A picture has between 1 and {MOST_BYTES} bytes.")
    return size


def _type(text: str) -> str:
    if text not in ENDINGS:
        raise ValueError(f"Send one of {', '.join(ENDINGS)}.")
    return text


class RequestUpload(Body):
    """POST /api/users/{user_id}/image, the first step: what is going to be uploaded."""

    #: Nothing comes of it: the key is made here, so that no name of a file ever reaches one.
    fileName: Annotated[str, Field(max_length=255), AfterValidator(clean_line)]
    fileSize: Annotated[int, BeforeValidator(_number), AfterValidator(_size)]
    fileType: Annotated[str, AfterValidator(_type)]


class AttachUpload(Body):
    """POST /api/users/{user_id}/image, the second step: what was uploaded."""

    key: Annotated[str, Field(max_length=500)]


_HEADERS = Shape(
    "ImageUploadHeaders",
    Member("Content-Type", TEXT, "content_type"),
    Member("Content-Length", TEXT, lambda upload: str(upload.size)),
    description="What the upload has to carry.",
)
UPLOAD = Shape(
    "ImageUpload",
    Member("url", ADDRESS),
    Member("method", Value({"const": "PUT"}), lambda upload: "PUT"),
    Member("headers", _HEADERS, lambda upload: upload),
    Member("key", TEXT, description="What to send as `key` when the upload is done."),
    Member("expiresAt", INSTANT),
    description="Where and how to upload a picture.",
)
