"""API tokens as items, and the secrets that name them.

A secret is `<projects>:<environment>.` and then, as a session's token, 256 random bits behind two ids: the school's
and the token's. So one GetItem finds it. The table keeps only a hash of the whole secret: nothing that is stored
opens anything (acceptance B4).
"""

from typing import Any

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute

from core.kernel.table import Item
from core.sessions.models import new_token, owner_of

#: What stands in a secret for several projects.
SEVERAL = "[]"


class ApiTokenItem(Item):
    """An API token. `partition` is the school's tokens, `sort` the token's id: in order of creation."""

    hashed = UnicodeAttribute()
    name = UnicodeAttribute()
    type = UnicodeAttribute()
    environment = UnicodeAttribute()
    projects: Any = ListAttribute(of=UnicodeAttribute, default=list)
    created_by = UnicodeAttribute()
    created_at = UnicodeAttribute()
    #: The creator's `api_token_epoch` when the token was made: it holds only while the two are equal.
    epoch = NumberAttribute()
    #: As on the wire, to the millisecond; None for one without end.
    valid_until = UnicodeAttribute(null=True)
    seen_at = UnicodeAttribute(null=True)

    @property
    def id(self) -> str:
        return self.sort

    @property
    def scope(self) -> str:
        """The beginning of the secret, which says what it is for."""
        return f"{self.projects[0] if len(self.projects) == 1 else SEVERAL}:{self.environment}"


def api_tokens_of(organization_id: str) -> str:
    """The partition of a school's API tokens."""
    return f"{organization_id}#API_TOKENS"


def api_token_key(organization_id: str, token_id: str) -> tuple[type[ApiTokenItem], str, str]:
    """Where an API token stands."""
    return ApiTokenItem, api_tokens_of(organization_id), token_id


def new_secret(item: ApiTokenItem) -> str:
    """A new secret that leads to this item."""
    return f"{item.scope}.{new_token(item.organization_id, item.id)}"


def named_by(secret: str) -> tuple[str, str] | None:
    """The organization id and token id that a secret claims, or None when it has no secret's form."""
    return owner_of(secret.rpartition(".")[2])
