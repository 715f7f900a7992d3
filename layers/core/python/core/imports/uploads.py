"""What a request sends to be imported: a form with a file, a JSON document, or the key of an upload."""

import re
from email.message import Message
from typing import Any, NamedTuple

from core.imports import limits
from core.imports.models import upload_prefix
from core.kernel import aws
from core.kernel.bodies import Body, validate
from core.kernel.errors import BadRequest, NotFound, PayloadTooLarge, UnsupportedMediaType
from core.kernel.policy import Caller

_MOST_PARTS = 20
#: What may become of people who are there already.
EXISTING = ("update", "skip")


class ImportOptions(Body):
    """`options` of an import."""

    #: `update` what differs, or `skip` whoever is there already.
    existing: str = "update"

    @property
    def keeps_existing(self) -> bool:
        return self.existing == "skip"


class ImportDocument(Body):
    """The JSON of an import: rows, or the key of an upload."""

    data: list[Any] | None = None
    fileKey: str | None = None
    options: ImportOptions | None = None


class Upload(NamedTuple):
    """What was sent: a file's bytes, or the rows of a JSON document; and how to import them."""

    options: ImportOptions
    file: bytes | None = None
    data: list[Any] | None = None


def media_type(content_type: str) -> str:
    """A content type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def from_document(caller: Caller, document: dict[str, Any]) -> Upload:
    """What a JSON document sends.

    Raises:
        BadRequest: unknown members; neither rows nor a key, or both.
        NotFound: nobody uploaded anything under this key, or somebody else did.
    """
    body = validate(ImportDocument, document)
    options = _checked(body.options or ImportOptions())
    if (body.data is None) == (body.fileKey is None):
        raise BadRequest("Send either data or fileKey.", code="required", field="data")
    if body.fileKey is None:
        return Upload(options, data=body.data)
    prefix = upload_prefix(caller.organization_id, caller.user_id)
    is_own = bool(re.fullmatch(rf"{prefix}[A-Za-z0-9_-][A-Za-z0-9._-]{{0,199}}", body.fileKey))
    file = aws.get_object(body.fileKey, limits.MOST_BYTES) if is_own else None
    if file is None:
        raise NotFound("There is no upload of yours under this key. Upload the file first.", field="fileKey")
    return Upload(options, file=file)


def _checked(options: ImportOptions) -> ImportOptions:
    if options.existing not in EXISTING:
        raise BadRequest("existing is update or skip.", field="options.existing")
    return options


def from_form(body: bytes, content_type: str) -> Upload:
    """What a form sends: `file`, and `existing` if it is to be skipped (RFC 7578).

    Raises:
        BadRequest: the form is broken, has no file, or has other fields.
    """
    if len(body) > limits.MOST_BYTES + 64 * 1024:
        raise limits.too_large()
    fields = _form_fields(body, content_type)
    file = fields.pop("file", None)
    existing = fields.pop("existing", b"update")
    if fields:
        name = sorted(fields)[0]
        raise BadRequest("This field does not exist here.", code="unknown_member", field=name[:100])
    if file is None:
        raise BadRequest("Send the file in the field named file.", code="required", field="file")
    return Upload(_checked(ImportOptions(existing=existing.decode("utf-8", "replace"))), file=file)


def _form_fields(body: bytes, content_type: str) -> dict[str, bytes]:
    boundary = _parameter("content-type", content_type, "boundary")
    broken = BadRequest("The form is broken: its parts do not stand between its boundaries.", code="malformed_form")
    if not boundary or len(boundary) > 70 or not boundary.isascii():
        raise broken
    mark = b"--" + boundary.encode()
    parts = (b"\r\n" + body).split(b"\r\n" + mark, _MOST_PARTS + 1)
    if len(parts) > _MOST_PARTS + 1:
        raise PayloadTooLarge("The form has too many parts.", code="too_many_parts")
    if len(parts) < 2 or not parts[-1].startswith(b"--"):
        raise broken
    fields: dict[str, bytes] = {}
    for part in parts[1:-1]:
        head, separator, content = part.lstrip(b" \t").removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = _field_name(head)
        if not separator or name is None:
            raise broken
        if name in fields:
            raise BadRequest("A field stands twice in the form.", code="repeated_member", field=name[:100])
        fields[name] = content
    return fields


def _field_name(head: bytes) -> str | None:
    for line in head[:4096].decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            return _parameter("content-disposition", value.strip(), "name")
    return None


def _parameter(header: str, value: str, name: str) -> str | None:
    """A parameter of a header, with its quotes undone."""
    message = Message()
    message[header] = value.replace("\r", " ").replace("\n", " ")
    found = message.get_param(name, header=header)
    return found if isinstance(found, str) else None


def refuse_type() -> UnsupportedMediaType:
    """What was sent is neither a form nor JSON."""
    return UnsupportedMediaType("Send multipart/form-data with a file, or application/json.")
