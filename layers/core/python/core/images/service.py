"""The rules of pictures of accounts: where one is uploaded, and how an upload becomes the picture.

An upload can be overwritten for as long as its link holds, so it is only ever read once. The picture is drawn anew from
what was read and lies under a key that no link was ever handed out for.
"""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from core.accounts import service as accounts
from core.images.drawing import redrawn
from core.images.models import ENDINGS, is_upload_of, picture_prefix, upload_id, upload_prefix, uploads_of
from core.images.schemas import MOST_BYTES, RequestUpload
from core.kernel import aws, clock
from core.kernel.errors import NotFound
from core.kernel.policy import Caller
from core.users import service as users
from core.users.models import UserItem
from core.users.schemas import is_picture

_UPLOAD_SECONDS = 300
#: A link is made for each request, so it only has to last until the browser has followed it.
_DOWNLOAD_SECONDS = 300
#: Older pictures that are nobody's were left by a request that was stopped; younger ones may be about to be set.
_LEFT_BEHIND = timedelta(minutes=10)


class Upload(NamedTuple):
    """Where and how somebody may upload a picture."""

    url: str
    key: str
    content_type: str
    size: int
    expires_at: str


def begin(actor: Caller, user_id: str, body: RequestUpload) -> Upload:
    """Where and how to upload a picture of this user.

    Raises:
        NotFound: there is no such user.
        Forbidden: the account is stronger than the actor's.
    """
    user = accounts.find_to_change(actor, user_id)
    prefix = upload_prefix(user.organization_id, actor.user_id, user.id)
    key = f"{prefix}{clock.new_id()}.{ENDINGS[body.fileType]}"
    until = clock.now() + timedelta(seconds=_UPLOAD_SECONDS)
    url = aws.upload_link(key, body.fileType, body.fileSize, _UPLOAD_SECONDS)
    return Upload(url, key, body.fileType, body.fileSize, clock.to_wire(until))


def attach(actor: Caller, user_id: str, key: str, expected: int | None) -> UserItem:
    """Makes an upload the user's picture. A repetition completes what was interrupted.

    Args:
        actor: who uploaded it.
        user_id: whose picture it becomes.
        key: what `begin` answered.
        expected: the version that `If-Match` names.

    Raises:
        NotFound: there is no such user, or no upload of the actor's for this user under the key.
        Forbidden: the account is stronger than the actor's.
        PayloadTooLarge: the upload is larger than a picture may be.
        Impossible: the upload is no picture, or not one of ours.
        Unavailable: bucket or drawing failed for the moment.
    """
    user = accounts.find_to_change(actor, user_id)
    upload = upload_id(upload_prefix(user.organization_id, actor.user_id, user.id), key)
    content = aws.get_object(key, MOST_BYTES) if upload else None
    prefix = picture_prefix(user.organization_id, user.id)
    if content is None:
        if upload and (user.image or "").startswith(f"{prefix}{upload}-"):
            return user
        message = "There is no upload of yours for this user under this key. Upload the file first."
        raise NotFound(message, field="key")
    # With the content in its name, a second upload over the first never changes a picture that somebody has seen.
    digest = hashlib.sha256(content).hexdigest()[:24]
    picture = f"{prefix}{upload}-{digest}.jpg"
    aws.put_object(picture, redrawn(content, key.rpartition(".")[2]))
    try:
        user, before = accounts.set_image(actor, user.id, picture, expected)
    except NotFound:
        # The account went while the picture was drawn: its erasure may have looked here before this one lay here.
        aws.delete_object(picture)
        raise
    _tidy(prefix, picture, before)
    # Last of all: as long as the upload is there, a repetition does the rest.
    aws.delete_object(key)
    return user


def _tidy(prefix: str, current: str, before: str | None) -> None:
    limit = clock.now() - _LEFT_BEHIND
    for key, changed_at in aws.objects_under(prefix):
        if key != current and (key == before or changed_at < limit):
            aws.delete_object(key)


def forget_all(organization_id: str, user_id: str) -> None:
    """Removes every picture of a user, also those that were only uploaded. What is gone already is gone.

    Raises:
        Unavailable: S3 did not answer; asking again removes the rest.
    """
    for key, _ in aws.objects_under(picture_prefix(organization_id, user_id)):
        aws.delete_object(key)
    for key, _ in aws.objects_under(uploads_of(organization_id)):
        if is_upload_of(key, user_id):
            aws.delete_object(key)


def link(actor: Caller, user_id: str) -> str:
    """A link to the user's picture that holds for minutes.

    Raises:
        NotFound: there is no such user, or no picture of ours: the image of the account is an address elsewhere.
    """
    user = users.find(actor.organization_id, user_id)
    if user.image is None or not is_picture(user.image):
        raise NotFound()
    return aws.download_link(user.image, f"{user.id}.jpg", "image/jpeg", _DOWNLOAD_SECONDS)
