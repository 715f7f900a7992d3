"""What every operation takes and answers, for machines: /openapi.json."""

import hashlib
from pathlib import Path

from core.contract.operations import Bare
from core.contract.values import Value
from core.http.answers import JSON, Answer
from core.http.api import Api
from core.http.requests import Request

_CACHED_SECONDS = 300
_DOCUMENT = Value({"type": "object", "description": "The document, in OpenAPI 3.1."})
#: A link to docs/openapi.json, which `sam build` follows and writes without its white space.
_TEXT = (Path(__file__).parent / "openapi.json").read_text("utf-8")
_HEADERS = {
    "Cache-Control": f"public, max-age={_CACHED_SECONDS}",
    "ETag": f'"{hashlib.sha256(_TEXT.encode()).hexdigest()[:16]}"',
}
api = Api("openapi")
handler = api


@api.operation("GET", "/openapi.json", sessionless=True, answers=Bare(_DOCUMENT), cached_seconds=_CACHED_SECONDS)
def get_document(request: Request) -> Answer:
    """Retrieves the OpenAPI document of this deployment.

    It is ready-made text, so it goes out as it is.
    """
    if request.has_already(_HEADERS["ETag"]):
        return Answer(status=304, headers=_HEADERS)
    return Answer(_TEXT, content_type=f"{JSON}; charset=utf-8", headers=_HEADERS)
