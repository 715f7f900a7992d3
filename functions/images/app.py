"""Pictures of accounts: /api/users/me/image and /api/users/{user_id}/image."""

from typing import Any

from core.contract.operations import Bare, Declaration, One, Parameter, Plain
from core.contract.values import TEXT
from core.http.answers import With
from core.http.api import Api
from core.http.requests import Request
from core.images import service
from core.images.schemas import UPLOAD, AttachUpload, RequestUpload
from core.kernel.bodies import validate
from core.kernel.policy import Permission
from core.users.schemas import USER

_ATTACHED = One(USER)
_NO_PICTURES = ("not_a_picture", "picture_too_large", "picture_too_small")
_UPLOADING: Declaration = {
    "takes": (RequestUpload, AttachUpload),
    "or_answers": (_ATTACHED,),
    "errors": {403: ("stronger_account",), 404: ("not_found",), 422: _NO_PICTURES},
}
_VERSION = Parameter("version", TEXT, "Makes the address of another picture another one; the current one is answered.")
api = Api("images")
handler = api


# The caller's own come first: the routes below them would take `me` for an id.
@api.operation("POST", "/api/users/me/image", answers=Plain(UPLOAD), **_UPLOADING)
def upload_my_image(request: Request, document: dict[str, Any], expected: int | None) -> With:
    """Gives a link to upload the caller's own picture to; sent the key of an upload, makes that the picture."""
    return _upload(request, request.caller.user_id, document, expected)


@api.operation(
    "POST",
    "/api/users/{user_id}/image",
    permission=Permission.USERS_WRITE,
    answers=Plain(UPLOAD),
    **_UPLOADING,
)
def upload_image(request: Request, user_id: str, document: dict[str, Any], expected: int | None) -> With:
    """Gives a link to upload an account's picture to; sent the key of an upload, makes that the picture."""
    return _upload(request, user_id, document, expected)


def _upload(request: Request, user_id: str, document: dict[str, Any], expected: int | None) -> With:
    if "key" not in document:
        return With(service.begin(request.caller, user_id, validate(RequestUpload, document)))
    key = validate(AttachUpload, document).key
    return With(service.attach(request.caller, user_id, key, expected), answers=_ATTACHED)


@api.operation("GET", "/api/users/me/image", query=(_VERSION,), answers=Bare(None, 302), errors={404: ("not_found",)})
def get_my_image(request: Request) -> With:
    """Leads to the caller's own picture, by a link that holds for five minutes."""
    return _link(request, request.caller.user_id)


@api.operation(
    "GET",
    "/api/users/{user_id}/image",
    permission=Permission.USERS_READ,
    own="user_id",
    query=(_VERSION,),
    answers=Bare(None, 302),
)
def get_image(request: Request, user_id: str) -> With:
    """Leads to the picture of an account, by a link that holds for five minutes."""
    return _link(request, user_id)


def _link(request: Request, user_id: str) -> With:
    return With(None, headers={"Location": service.link(request.caller, user_id)})
