"""API tokens as they cross the wire: the shapes of Unleash's API."""

import re
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field

from core.api_tokens.models import ApiTokenItem
from core.contract.shapes import Member, Shape
from core.contract.values import INSTANT, TEXT, one_of
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


class ShownToken(NamedTuple):
    """A token as it is shown; with its secret only when it has just been made."""

    item: ApiTokenItem
    made: str | None = None

    @property
    def secret(self) -> str:
        """The secret; later its beginning and the token's id, which deletes the token and opens nothing."""
        return self.made or f"{self.item.scope}.{self.item.id}"


API_TOKEN = Shape(
    "UnleashApiToken",
    Member(
        "secret",
        TEXT,
        description="Shown when the token is made and never again. Later its beginning and the token's id stand here, "
        "which delete the token and open nothing.",
    ),
    Member("tokenName", TEXT, "item.name"),
    Member("type", one_of(ApiTokenType), "item.type"),
    Member("environment", TEXT, "item.environment"),
    Member("project", TEXT, lambda token: ",".join(token.item.projects)),
    Member("projects", TEXT, lambda token: list(token.item.projects), is_list=True),
    Member("expiresAt", INSTANT, "item.valid_until", nullable=True),
    Member("createdAt", INSTANT, "item.created_at"),
    Member("seenAt", INSTANT, "item.seen_at", nullable=True),
    Member("alias", TEXT, lambda token: None, nullable=True),
    description="Unleash's apiTokenSchema.",
)
API_TOKENS = Shape(
    "UnleashApiTokens",
    Member("tokens", API_TOKEN, lambda items: [ShownToken(each) for each in items], is_list=True),
    description="Unleash's apiTokensSchema.",
)
