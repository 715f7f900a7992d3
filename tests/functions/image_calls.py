"""The calls of pictures whose costs are measured, and the pictures that they need."""

from tests.images import attach, picture, upload

#: Stands in a body for the key of an upload.
UPLOAD = "{upload}"
_BODY = {"fileName": "budi.jpg", "fileSize": 183042, "fileType": "image/jpeg"}

CALLS = {
    "POST /api/users/me/image": {"json_body": _BODY},
    "POST /api/users/me/image, the upload": {"json_body": {"key": UPLOAD}},
    "POST /api/users/{user_id}/image": {"json_body": _BODY},
    "POST /api/users/{user_id}/image, the upload": {"json_body": {"key": UPLOAD}},
}


def upload_for(school, operation, token):
    """The key of an upload that an operation needs, which has become the picture where a picture is asked for."""
    if "/image" not in operation:
        return ""
    path = operation.split()[1].rstrip(",").format(user_id=school.people["student"].id)
    key = upload(token, picture(), path=path)
    if operation.startswith("GET"):
        assert attach(token, key, path).status == 200
    return key
