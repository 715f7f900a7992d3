"""Users as they cross the wire."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from core.contract.shapes import Member, record
from core.contract.values import ADDRESS, BOOLEAN, EMAIL, ID, TEXT
from core.kernel.bodies import CONTROL, Body, clean_name
from core.kernel.settings import settings
from core.users.models import UserItem

# The characters of an address that mail servers agree on, ASCII only: letters that merely look or fold alike
# (a dotless i, a ligature, the Kelvin sign) can then never reach another person's address (acceptance B8).
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_LONGEST_EMAIL = 254
#: Under which all keys of pictures lie. An address begins with https://, so one is never taken for the other.
PICTURES_PREFIX = "images/"


def normalize_email(text: str) -> str:
    """The one form in which an address is kept and compared: lower case, ASCII.

    Raises:
        ValueError: it is not an email address.
    """
    if not text.isascii():
        raise ValueError("This is not an email address: it has characters other than ASCII.")
    email = text.lower()
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email) or len(email.partition("@")[0]) > 64:
        raise ValueError("This is not an email address.")
    return email


def _image(text: str) -> str:
    if not text.startswith("https://") or CONTROL.search(text) or " " in text:
        raise ValueError("This must be an address that begins with https://.")
    return text


Email = Annotated[str, AfterValidator(normalize_email)]
Name = Annotated[str, Field(max_length=200), AfterValidator(clean_name)]
ImageAddress = Annotated[str, Field(max_length=2000), AfterValidator(_image)]


class CreateUser(Body):
    """POST /api/users."""

    name: Name
    email: Email
    secondaryEmail: Email | None = None
    image: ImageAddress | None = None
    password: str | None = None


class _PatchBody(Body):
    def changes(self) -> dict[str, Any]:
        """The members that were sent, null included."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class UpdateUser(_PatchBody):
    """PATCH /api/users/{user_id}. Required members can't be cleared, optional ones can with null."""

    name: Name = ""
    email: Email = ""
    secondaryEmail: Email | None = None
    image: ImageAddress | None = None


class UpdateOwn(_PatchBody):
    """POST /api/auth/update-user: what better-auth's client changes of its user."""

    name: Name = ""
    image: ImageAddress | None = None


class UpdateMe(UpdateOwn):
    """PATCH /api/users/me."""

    secondaryEmail: Email | None = None


class SetPassword(Body):
    """PATCH /api/users/{user_id}/password (seed: core-reset-user-password)."""

    password: str


def is_picture(image: str | None) -> bool:
    """Whether an account's image is the key of a picture in the bucket, and not an address elsewhere."""
    return image is not None and image.startswith(PICTURES_PREFIX)


def image_address(user: UserItem) -> str | None:
    """Where the account's image is. For a picture of ours it is an operation that leads on to a link of minutes.

    So the address of a picture neither ages nor opens anything to whoever finds it, and stays the same while the
    picture does.
    """
    if user.image is None or not is_picture(user.image):
        return user.image
    name = user.image.rpartition("/")[2].partition(".")[0]
    return f"{settings().public_origin}/api/users/{user.id}/image?version={name}"


#: The contract's User: never a hash, never a token.
USER = record(
    "User",
    Member("id", ID),
    Member("name", TEXT),
    Member("email", EMAIL),
    Member("emailVerified", BOOLEAN),
    Member("secondaryEmail", EMAIL, nullable=True),
    Member("roles", ID, lambda user: list(user.roles), is_list=True, description="Ids of roles."),
    Member("image", ADDRESS, image_address, nullable=True),
    Member("active", BOOLEAN),
    description="An account.",
)
