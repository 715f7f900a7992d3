"""Reading what an HTML form posts, as strictly as JSON is read."""

from urllib.parse import parse_qsl

from core.kernel.errors import BadRequest, PayloadTooLarge, UnsupportedMediaType

FORM = "application/x-www-form-urlencoded"
#: The longest password in the longest encoding, and a token, are a tenth of this.
LARGEST_FORM = 16 * 1024
_MOST_FIELDS = 16


def parse_form(body: bytes, content_type: str) -> dict[str, str]:
    """The fields of a form.

    Raises:
        PayloadTooLarge: more than 16 KiB.
        UnsupportedMediaType: the content type is not that of a form.
        BadRequest: it is not UTF-8, or a field stands in it twice.
    """
    if len(body) > LARGEST_FORM:
        raise PayloadTooLarge(f"The form is larger than {LARGEST_FORM // 1024} KiB.")
    if content_type.split(";", maxsplit=1)[0].strip().lower() != FORM:
        raise UnsupportedMediaType(f"Send the form as {FORM}.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise BadRequest("The form can't be read.", code="malformed_form") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadRequest("A field stands twice in the form.", code="malformed_form")
    return fields
