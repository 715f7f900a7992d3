"""Pictures as people upload them."""

import io

from core.kernel.table import get
from core.users.models import UserItem
from PIL import Image

from tests.bucket import keep, keys, remove
from tests.gateway import call

MINE = "/api/users/me/image"


def picture(kind="JPEG", size=(300, 200), color="red", **options):
    """A file of one color."""
    buffer = io.BytesIO()
    Image.new(options.pop("mode", "RGB"), size, color).save(buffer, kind, **options)
    return buffer.getvalue()


def stored(prefix="images/"):
    """The keys of the bucket that begin with `prefix`."""
    return set(keys(prefix))


def upload(token, content, kind="image/jpeg", path=MINE):
    """Asks for a link, puts the file where it leads, and returns its key."""
    body = {"fileName": "budi.jpg", "fileSize": len(content), "fileType": kind}
    key = call("images", "POST", path, token=token, json_body=body).result["key"]
    keep(key, content)
    return key


def attach(token, key, path=MINE, **options):
    """Makes the upload the picture."""
    return call("images", "POST", path, token=token, json_body={"key": key}, **options)


def empty() -> None:
    """Removes every picture."""
    remove("images/")


def user_of(school, who="student"):
    """The account as the table has it now."""
    user = school.people[who]
    return get(UserItem, user.partition, user.sort)


def path_of(user):
    """Where the picture of an account is."""
    return f"/api/users/{user.id}/image"
