"""Sessions as items, and the tokens that name them.

A token is 32 random bytes behind the ids of school and user, so that one BatchGetItem finds session and user
together. The table keeps only a hash of it: a dump of the table signs nobody in (acceptance B4).
"""

import base64
import hashlib
import re
import secrets
from datetime import UTC, datetime

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from core.kernel import clock
from core.kernel.table import Item
from core.users.models import belongings_of

SESSION_PREFIX = "SESSION#"
_ID_BYTES = 12
_SECRET_BYTES = 32
_HANDLE = re.compile(r"[0-9a-f]{64}")


class SessionItem(Item):
    """A signed-in client of a user. `expires_at` is epoch seconds; readers check it, TTL only cleans up."""

    id = UnicodeAttribute()
    epoch = NumberAttribute()
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    lifetime = NumberAttribute()
    ip_address = UnicodeAttribute(null=True)
    user_agent = UnicodeAttribute(null=True)
    remember = BooleanAttribute(default=True)

    @property
    def handle(self) -> str:
        """What names this session to its owner, who can end it with that and not use it."""
        return self.sort.removeprefix(SESSION_PREFIX)

    @property
    def ends_at(self) -> str:
        """The instant at which it ends unless it is used."""
        return clock.to_wire(datetime.fromtimestamp(int(self.expires_at), UTC))


def new_token(organization_id: str, user_id: str) -> str:
    """A new token: base64url of organization id, user id and 256 random bits."""
    return token_with(organization_id, user_id, secrets.token_bytes(_SECRET_BYTES))


def token_with(organization_id: str, user_id: str, secret: bytes) -> str:
    """The token that says whose it is, so that one read finds it, and proves it with 32 secret bytes."""
    return base64.urlsafe_b64encode(bytes.fromhex(organization_id + user_id) + secret).rstrip(b"=").decode()


def owner_of(token: str) -> tuple[str, str] | None:
    """The organization id and user id that a token claims, or None when it has no token's form."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 2 * _ID_BYTES + _SECRET_BYTES:
        return None
    return raw[:_ID_BYTES].hex(), raw[_ID_BYTES : 2 * _ID_BYTES].hex()


def hash_token(token: str) -> str:
    """What the table keeps of a token. The secret has 256 bits, so a fast hash without salt is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_handle(text: str) -> bool:
    """Whether this names a session as lists do. A handle is the hash of the token: it signs nobody in."""
    return bool(_HANDLE.fullmatch(text))


def session_key(organization_id: str, user_id: str, token_hash: str) -> tuple[type[SessionItem], str, str]:
    """Where the session with this token hash stands."""
    return SessionItem, belongings_of(organization_id, user_id), f"{SESSION_PREFIX}{token_hash}"
