"""API tokens: made by an administrator for a program, which then acts as that administrator.

A token carries no right of its own. It holds while its creator's account lives and carries the same epoch, and may do
what the creator may at that moment.
"""

import hmac
from datetime import timedelta

from core.api_tokens.models import ApiTokenItem, api_token_key, api_tokens_of, named_by, new_secret
from core.api_tokens.schemas import ApiTokenType, CreateApiToken
from core.audit.models import done_by
from core.kernel import clock
from core.kernel.errors import BadRequest, Forbidden, NotFound
from core.kernel.policy import Caller
from core.kernel.records import unchanged
from core.kernel.table import Item, create, delete, get, query, transact, update
from core.roles.strength import require_strength
from core.sessions.models import hash_token
from core.sessions.service import caller_behind
from core.users.models import UserItem, users_of

_ALL = "*"
_DEFAULT_ENVIRONMENT = "default"
_KEPT_SECONDS = 30 * 24 * 3600
_SEEN_EVERY = timedelta(minutes=1)


def make(actor: Caller, wanted: CreateApiToken) -> tuple[ApiTokenItem, str]:
    """A new token, and its secret, which is known only now.

    Raises:
        BadRequest: the members contradict each other, or the token would have expired already.
    """
    _require_sense(wanted)
    at = clock.now()
    token_id = clock.new_id(at)
    _, partition, sort = api_token_key(actor.organization_id, token_id)
    is_admin = wanted.type == ApiTokenType.ADMIN
    item = ApiTokenItem(
        partition,
        sort,
        name=wanted.name,
        type=wanted.type.value,
        environment=_ALL if is_admin else wanted.environment or _DEFAULT_ENVIRONMENT,
        projects=wanted.all_projects,
        created_by=actor.user_id,
        created_at=clock.to_wire(at),
        epoch=actor.api_token_epoch,
    )
    if wanted.expiresAt:
        item.valid_until = wanted.expiresAt
        item.expires_at = int(clock.from_wire(wanted.expiresAt).timestamp()) + _KEPT_SECONDS
    secret = new_secret(item)
    item.hashed = hash_token(secret)
    transact(create(item), done_by(actor, "api-tokens.create", item.id))
    return item, secret


def _require_sense(wanted: CreateApiToken) -> None:
    if not wanted.name:
        raise BadRequest("The .tokenName property is required. It was not present on the data you sent.")
    if wanted.project is not None and wanted.projects is not None:
        raise BadRequest("Send either the .project or the .projects property, not both.")
    if wanted.type == ApiTokenType.ADMIN:
        if wanted.all_projects != [_ALL]:
            raise BadRequest("Admin token cannot be scoped to single project")
        if wanted.environment not in (None, _ALL):
            raise BadRequest("Admin token cannot be scoped to single environment")
    elif wanted.environment == _ALL:
        raise BadRequest("Client token cannot be scoped to all environments")
    if wanted.expiresAt and clock.from_wire(wanted.expiresAt) <= clock.now():
        raise BadRequest("The .expiresAt property should be in the future.")


def listing(organization_id: str) -> list[ApiTokenItem]:
    """All API tokens of a school in order of creation, the expired ones too."""
    items: list[ApiTokenItem] = []
    start = None
    while True:
        run = query(api_tokens_of(organization_id), start=start)
        items += [ApiTokenItem.from_raw_data(raw) for raw in run.items]
        start = run.last_key
        if start is None:
            return items


def revoke(actor: Caller, named: str) -> None:
    """Ends a token on its next request.

    Args:
        actor: who ends it.
        named: its secret, its id, or what lists show in the secret's place.

    Raises:
        NotFound: there is no such token in the actor's school.
        Forbidden: its creator's account is stronger than the actor's.
        Overtaken: that account or one of its roles was changed at the same moment.
    """
    item = _named(actor.organization_id, named)
    creator = get(UserItem, users_of(actor.organization_id), item.created_by)
    reach = [unchanged(creator), *require_strength(actor, creator)] if creator is not None else []
    gone = delete(item, Item.partition.exists(), NotFound())
    transact(*reach, gone, done_by(actor, "api-tokens.delete", item.id))


def _named(organization_id: str, named: str) -> ApiTokenItem:
    last = named.rpartition(".")[2]
    if clock.is_id(last):
        item = get(*api_token_key(organization_id, last.lower()))
    else:
        claimed = named_by(named)
        item = get(*api_token_key(*claimed)) if claimed and claimed[0] == organization_id else None
        if item and not hmac.compare_digest(item.hashed, hash_token(named)):
            item = None
    if item is None:
        raise NotFound()
    return item


def caller_of(secret: str) -> Caller | None:
    """The caller behind a secret: the token's creator, as the table knows them now. None when it does not hold.

    Raises:
        Forbidden: the token holds, and is for Unleash's clients only.
    """
    claimed = named_by(secret)
    item = get(*api_token_key(*claimed)) if claimed else None
    if item is None or not hmac.compare_digest(item.hashed, hash_token(secret)):
        return None
    if item.valid_until is not None and item.valid_until <= clock.to_wire(clock.now()):
        return None
    user = get(UserItem, users_of(item.organization_id), item.created_by)
    if user is None or user.deleted_at or not user.active or user.api_token_epoch != item.epoch:
        return None
    _note_use(item)
    if item.type != ApiTokenType.ADMIN:
        raise Forbidden("invalid token: expected a different token type for this endpoint", code="wrong_token_type")
    return caller_behind(user)


def _note_use(item: ApiTokenItem) -> None:
    """Notes that the token was used, at most once a minute. The request does not fail when this does."""
    at = clock.now()
    before = clock.to_wire(at - _SEEN_EVERY)
    if item.seen_at is not None and item.seen_at > before:
        return
    overdue = Item.partition.exists() & (ApiTokenItem.seen_at.does_not_exist() | (ApiTokenItem.seen_at <= before))
    try:
        transact(update(item, [ApiTokenItem.seen_at.set(clock.to_wire(at))], overdue, NotFound()))
    except Exception:  # noqa: BLE001 - whatever it is, the request goes on
        return
