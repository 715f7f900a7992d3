"""Pictures of accounts: /api/users/me/image and /api/users/{user_id}/image."""

from school.answers import Answer, tagged
from school.api import Api
from school.bodies import validate
from school.images import service
from school.images.schemas import AttachUpload, RequestUpload
from school.policy import Permission
from school.requests import Request, require_no_more
from school.users.schemas import to_wire

api = Api("images")
handler = api


# The caller's own come first: the routes below them would take `me` for an id.
@api.route("POST", "/api/users/me/image")
def upload_my_image(request: Request) -> Answer:
    """A link to upload the caller's own picture to, or with the key of an upload the picture itself."""
    return _upload(request, request.caller.user_id)


@api.route("POST", "/api/users/<user_id>/image", permission=Permission.USERS_WRITE)
def upload_image(request: Request, user_id: str) -> Answer:
    """The same for an account of the school."""
    return _upload(request, user_id)


def _upload(request: Request, user_id: str) -> Answer:
    request.require_no_query()
    document = request.document()
    if "key" not in document:
        return Answer(service.begin(request.caller, user_id, validate(RequestUpload, document)))
    body = validate(AttachUpload, document)
    user = service.attach(request.caller, user_id, body.key, request.expected_version)
    return tagged(user.version, to_wire(user), request)


@api.route("GET", "/api/users/me/image")
def get_my_image(request: Request) -> Answer:
    """The way to the caller's own picture."""
    return _show(request, request.caller.user_id)


@api.route("GET", "/api/users/<user_id>/image")
def get_image(request: Request, user_id: str) -> Answer:
    """The way to somebody's picture: one's own, or with the permission to read users."""
    return _show(request, user_id)


def _show(request: Request, user_id: str) -> Answer:
    # `version` makes the address of another picture another one. It is always the current picture that is answered.
    require_no_more(request.query.keys() - {"version"})
    return Answer(status=302, headers={"Location": service.link(request.caller, user_id)})
