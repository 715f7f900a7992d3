"""Where pictures of accounts lie in the bucket. Their keys are spelled here and nowhere else."""

import re

from core.users.schemas import PICTURES_PREFIX as PREFIX

#: The types that people upload, and the ending of their keys.
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def upload_prefix(organization_id: str, actor_id: str, user_id: str) -> str:
    """Under which keys lies what somebody uploads as the picture of a user, until it is checked.

    They are apart from the pictures, so that the bucket forgets all of them after a day.
    """
    return f"{uploads_of(organization_id)}{actor_id}/{user_id}/"


def uploads_of(organization_id: str) -> str:
    """Under which keys all uploads of a school lie."""
    return f"{PREFIX}uploads/{organization_id}/"


def is_upload_of(key: str, user_id: str) -> bool:
    """Whether the key of an upload says that it is of this user, whoever uploads it."""
    return key.split("/")[4] == user_id


def upload_id(prefix: str, key: str) -> str | None:
    """The id of an upload under `prefix`, or None for a key that was never handed out."""
    found = re.fullmatch(rf"{re.escape(prefix)}([0-9a-f]{{24}})\.(?:jpg|png|webp)", key)
    return found[1] if found else None


def picture_prefix(organization_id: str, user_id: str) -> str:
    """Under which keys the pictures of a user lie: the current one, and for moments the one before."""
    return f"{PREFIX}{organization_id}/{user_id}/"
