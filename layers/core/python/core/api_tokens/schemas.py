"""API tokens as they cross the wire: the shapes of Unleash's API."""

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from core.api_tokens.models import ApiTokenItem
from core.kernel import clock
from core.kernel.bodies import Body
from core.users.schemas import Name

_ALL = "*"
_SCOPE = re.compile(r"[A-Za-z0-9_~-]{1,100}|\*")


class ApiTokenType(StrEnum):
    """What a token is for. Only an admin token opens operations here; the others are Unleash's for its clients."""

    ADMIN = "admin"
    BACKEND = "backend"
    CLIENT = "client"
    FRONTEND = "frontend"


def _type(value: Any) -> Any:
    """Unleash takes the type in any case."""
    known = {each.value: each for each in ApiTokenType}
    return known.get(value.lower(), value) if isinstance(value, str) else value


def _scope(text: str) -> str:
    if not _SCOPE.fullmatch(text):
        raise ValueError("should be a name of letters, digits, - and _, or *")
    return text


def _instant(text: str) -> str:
    try:
        return clock.to_wire(clock.from_wire(text))
    except ValueError as error:
        raise ValueError('should match format "date-time"') from error


Scope = Annotated[str, AfterValidator(_scope)]


class CreateApiToken(Body):
    """POST /api/admin/api-tokens. `username` is Unleash's former name of `tokenName`."""

    tokenName: Annotated[Name, Field(max_length=100)] | None = None
    username: Annotated[Name, Field(max_length=100)] | None = None
    type: Annotated[ApiTokenType, BeforeValidator(_type)]
    environment: Scope | None = None
    project: Scope | None = None
    projects: Annotated[list[Scope], Field(min_length=1, max_length=50)] | None = None
    expiresAt: Annotated[str, AfterValidator(_instant)] | None = None

    @property
    def name(self) -> str:
        return self.tokenName or self.username or ""

    @property
    def all_projects(self) -> list[str]:
        """The projects, however they were named. All of them contain each."""
        named = self.projects or [self.project or _ALL]
        return [_ALL] if _ALL in named else list(dict.fromkeys(named))


def to_wire(item: ApiTokenItem, secret: str | None = None) -> dict[str, Any]:
    """Unleash's apiTokenSchema.

    Args:
        item: the token.
        secret: the secret, which is known only when the token is made. Later its place is taken by its beginning and
            the token's id: that deletes the token and opens nothing.
    """
    return {
        "secret": secret or f"{item.scope}.{item.id}",
        "tokenName": item.name,
        "type": item.type,
        "environment": item.environment,
        "project": ",".join(item.projects),
        "projects": list(item.projects),
        "expiresAt": item.valid_until,
        "createdAt": item.created_at,
        "seenAt": item.seen_at,
        "alias": None,
    }
