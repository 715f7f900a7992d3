"""Having pictures drawn anew by the function that may do nothing else."""

from base64 import b64decode, b64encode

from core.images.schemas import MOST_BYTES
from core.kernel import aws
from core.kernel.errors import CoreError, Impossible
from core.kernel.settings import settings

_JPEG = b"\xff\xd8\xff"


def redrawn(content: bytes, ending: str) -> bytes:
    """The picture as a JPEG without anything else that the file held.

    Args:
        content: the upload, which its link kept small enough for an event of Lambda (6 MB in base64).
        ending: what it was announced as: jpg, png or webp.

    Raises:
        Impossible: it is no picture of that type, hides something else, or is too small or too large.
        Unavailable: the function is busy, or did not get through with it.
    """
    answer = aws.invoke(settings().pictures_function, {"content": b64encode(content).decode(), "ending": ending})
    if refused := answer.get("refused"):
        raise Impossible(refused["message"], code=refused["code"], field="key")
    picture = b64decode(answer["picture"])
    # Whoever broke the decoder may answer anything, and it would be kept.
    if not picture.startswith(_JPEG) or len(picture) > MOST_BYTES:
        raise CoreError()
    return picture
