"""The table: every way to read and write it.

One DynamoDB table holds everything. This module is the only one that knows pynamodb's errors: a failed
condition becomes the error that the rule named, a throttled or unreachable table becomes `Unavailable`,
after bounded, jittered retries that end long before API Gateway's 29 seconds.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import batched
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException, TransactWriteError, VerboseClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from core.kernel.clock import is_id
from core.kernel.errors import Conflict, CoreError, Existing, NotFound, Unavailable, together

# Whoever keeps something in the table needs both.
from core.kernel.items import Item as Item  # noqa: PLC0414 - an export
from core.kernel.settings import settings

#: All attempts at one call together may last this long, in seconds.
BUDGET_SECONDS = 6.0
#: Of one transaction; DynamoDB's limit.
MOST_WRITES = 100
#: Items of one BatchGetItem; DynamoDB's limit.
READ_AT_ONCE = 100
_FIRST_PAUSE_SECONDS = 0.025
_LONGEST_PAUSE_SECONDS = 0.8
_RETRIED = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_RETRIED_REASONS = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"})


def connection() -> Any:
    """The one connection that all items share: a client of its own for each would cost 120 ms apiece."""
    shared = Item._get_connection()
    _introduce(shared)
    return shared


@cache
def _introduce(connection: Any) -> None:
    # botocore would compose the header that says who calls anew for each call: a tenth of the call's work.
    connection.connection.session.set_default_client_config(Config(user_agent="core"))


def _cause(error: Exception) -> BaseException | None:
    """What botocore raised. pynamodb's copy of an answer leaves its status out."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    return cause.__cause__ if isinstance(cause, VerboseClientError) else cause


def _is_passing(error: Exception) -> bool:
    """Whether the same call may succeed a moment later."""
    cause = _cause(error)
    if isinstance(cause, ClientError):
        status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return cause.response.get("Error", {}).get("Code") in _RETRIED or status >= 500
    return isinstance(cause, BotoCoreError)


def _pauses() -> Iterator[float]:
    """Full-jitter exponential pauses, as many as fit into the budget."""
    deadline = time.monotonic() + BUDGET_SECONDS
    longest = _FIRST_PAUSE_SECONDS
    while True:
        pause = random.uniform(0, longest)
        if time.monotonic() + pause >= deadline:
            return
        yield pause
        longest = min(longest * 2, _LONGEST_PAUSE_SECONDS)


def _persist[Result](call: Callable[[], Result], is_passing: Callable[[Exception], bool] = _is_passing) -> Result:
    """Calls until it succeeds, fails for good, or the budget is used up.

    Raises:
        Unavailable: the table stayed throttled or unreachable.
    """
    for pause in _pauses():
        try:
            return call()
        except (PynamoDBException, ClientError, BotoCoreError) as error:
            if not is_passing(error):
                raise
        time.sleep(pause)
    raise Unavailable()


def get[ItemType: Item](model: type[ItemType], partition: str, sort: str) -> ItemType | None:
    """One item, read consistently, or None."""
    raw = _persist(lambda: connection().get_item(partition, sort, consistent_read=True)).get("Item")
    return model.from_raw_data(raw) if raw else None


def find[ItemType: Item](model: type[ItemType], partition: str, item_id: str) -> ItemType:
    """The item with the id that a path or a body names.

    Raises:
        NotFound: absent, or not an id at all.
    """
    item = get(model, partition, item_id.lower()) if is_id(item_id) else None
    if item is None:
        raise NotFound()
    return item


def get_many(keys: Sequence[tuple[type[Item], str, str]]) -> list[Any]:
    """Up to 100 items in one consistent BatchGetItem, in the order of `keys`, None for the absent ones.

    Items that a throttled table left unprocessed are asked for again within the budget.
    """
    if not keys:
        return []
    found: dict[tuple[str, str], dict[str, Any]] = {}
    wanted = list(dict.fromkeys((partition, sort) for _, partition, sort in keys))
    for pause in _pauses():
        asked = [{"pk": partition, "sk": sort} for partition, sort in wanted]
        answer = _persist(partial(connection().batch_get_item, asked, consistent_read=True))
        for raw in answer["Responses"].get(Item.Meta.table_name, []):
            found[raw["pk"]["S"], raw["sk"]["S"]] = raw
        left = answer.get("UnprocessedKeys", {}).get(Item.Meta.table_name, {}).get("Keys", [])
        if not left:
            raws = [(model, found.get((partition, sort))) for model, partition, sort in keys]
            return [model.from_raw_data(raw) if raw else None for model, raw in raws]
        wanted = [(key["pk"]["S"], key["sk"]["S"]) for key in left]
        time.sleep(pause)
    raise Unavailable()


def get_all(keys: Iterable[tuple[type[Item], str, str]], run: Callable[..., Iterable[list[Any]]] = map) -> list[Any]:
    """The same for any number of items: a BatchGetItem for every 100 of them.

    Args:
        keys: as for `get_many`.
        run: makes the calls, one after the other unless a pool's `map` is given.
    """
    return [item for found in run(get_many, list(batched(keys, READ_AT_ONCE, strict=False))) for item in found]


@dataclass(slots=True)
class Slice:
    """A run of raw items of a query and where the next one begins."""

    items: list[dict[str, Any]]
    last_key: dict[str, Any] | None
    count: int = 0


def query(
    partition: str,
    *,
    index: str | None = None,
    range_condition: Condition | None = None,
    filter_condition: Condition | None = None,
    start: dict[str, Any] | None = None,
    limit: int | None = None,
    forward: bool = True,
    count_only: bool = False,
) -> Slice:
    """One Query call: at most `limit` items looked at, base table reads consistent, index reads not."""
    answer = _persist(
        lambda: connection().query(
            partition,
            range_key_condition=range_condition,
            filter_condition=filter_condition,
            index_name=index,
            exclusive_start_key=start,
            limit=limit,
            scan_index_forward=forward,
            consistent_read=index is None,
            select="COUNT" if count_only else None,
        )
    )
    return Slice(answer.get("Items", []), answer.get("LastEvaluatedKey"), answer.get("Count", 0))


@dataclass(slots=True)
class Write:
    """One member of a transaction, and the error that its failed condition means."""

    order: int
    add: Callable[[TransactWrite], None]
    otherwise: CoreError | None = field(default=None)
    #: What stands there instead, where the failure is to tell whose it is.
    claim: type[Item] | None = None
    #: Says what the failure means by the item that stands there, or None, where it may mean more than one thing.
    judge: Callable[[dict[str, Any] | None], CoreError] | None = None

    def meaning(self, stands: dict[str, Any] | None) -> CoreError | None:
        """The error that the failed condition means, by the raw item that was met."""
        return self.judge(stands) if self.judge else self.otherwise

    def among_many(self) -> None:
        """Hears that it is one of the writes by which an operation does something to many at once."""


def check(model: type[Item], partition: str, sort: str, condition: Condition, otherwise: CoreError) -> Write:
    """The transaction holds only if the item meets `condition`."""
    return Write(0, lambda writes: writes.condition_check(model, partition, sort, condition), otherwise)


def delete(item: Item, condition: Condition | None = None, otherwise: CoreError | None = None) -> Write:
    """Deletes the item, if `condition` holds."""
    return Write(1, lambda writes: writes.delete(item, condition), otherwise)


def create(item: Item, otherwise: CoreError | None = None) -> Write:
    """Puts an item that must not be there yet. When it is a claim, the failure tells whose it is."""
    absent = Item.partition.does_not_exist()
    if type(item).holder is Item.holder:
        return put(item, absent, otherwise)
    return Write(2, lambda writes: writes.save(item, absent, return_values="ALL_OLD"), otherwise, type(item))


def put(item: Item, condition: Condition | None = None, otherwise: CoreError | None = None) -> Write:
    """Puts the item in place of whatever is there, if `condition` holds."""
    return Write(2, lambda writes: writes.save(item, condition), otherwise)


def update(
    item: Item, actions: list[Action], condition: Condition | None = None, otherwise: CoreError | None = None
) -> Write:
    """Changes members of the item, if `condition` holds."""
    return Write(3, lambda writes: writes.update(item, actions, condition), otherwise)


def update_judged[ItemType: Item](
    item: ItemType, actions: list[Action], condition: Condition, judge: Callable[[ItemType | None], CoreError]
) -> Write:
    """Changes members of the item, if `condition` holds; if not, `judge` says by what stands there what that means."""

    def judged(stands: dict[str, Any] | None) -> CoreError:
        return judge(type(item).from_raw_data(stands) if stands else None)

    def add(writes: TransactWrite) -> None:
        writes.update(item, actions, condition, return_values="ALL_OLD")

    return Write(3, add, judge=judged)


def transact(*writes: Write) -> None:
    """Writes all or nothing, exactly once.

    Every attempt carries the same client request token, so that an attempt whose acknowledgement got lost is
    not applied again and not mistaken for a conflict. A single write goes through here too, for that reason.

    Raises:
        CoreError: the `otherwise` of the first write whose condition failed; of several that conflict about a member,
            one that names them all.
        Conflict: they are more than a transaction takes; code `too_much_at_once`.
        Unavailable: the table stayed busy or unreachable; nothing, or everything, was written, and the caller may
            send the request again.
    """
    if len(writes) > MOST_WRITES:
        message = "This changes too much at once. Take the person out of some roles or classes first."
        raise Conflict(message, code="too_much_at_once")
    token = str(uuid.uuid4())
    ordered = sorted(writes, key=lambda write: write.order)

    def attempt() -> None:
        with TransactWrite(connection=connection().connection, client_request_token=token) as transaction:
            for write in ordered:
                write.add(transaction)

    try:
        _persist(attempt, _transaction_is_passing)
    except TransactWriteError as error:
        if refusal := _refusal(ordered, error):
            raise refusal from error
        raise


def _refusal(writes: list[Write], error: TransactWriteError) -> CoreError | None:
    """What the failed conditions of a transaction mean together."""
    reasons = zip(writes, error.cancellation_reasons, strict=False)
    failed = [(write, each) for write, each in reasons if each is not None and each.code == "ConditionalCheckFailed"]
    meanings = [(write.meaning(each.raw_item), write.claim, each.raw_item) for write, each in failed]
    told = [(meaning, claim, raw) for meaning, claim, raw in meanings if meaning is not None]
    if not told:
        return None
    first, claim, _ = told[0]
    if claim is None or type(first) is not Conflict:
        return first
    claims = [(each, claim, raw) for each, claim, raw in told if claim is not None and type(each) is Conflict]
    return together([(each, _holder(each, claim, raw)) for each, claim, raw in claims])


def _holder(conflict: CoreError, claim: type[Item], raw: dict[str, Any] | None) -> Existing | None:
    there = claim.from_raw_data(raw) if raw else None
    if there is None or there.holder is None:
        return None
    return Existing(conflict.problems[0].field, *there.holder, there.organization_id)


def _transaction_is_passing(error: Exception) -> bool:
    if isinstance(error, TransactWriteError):
        codes = {reason.code for reason in error.cancellation_reasons if reason is not None}
        if codes:
            return bool(codes & _RETRIED_REASONS) and "ConditionalCheckFailed" not in codes
    return _is_passing(error)


def is_reachable() -> bool:
    """Whether the table answers within one attempt; for the health operation."""
    try:
        connection().get_item(f"HEALTH#{settings().stage}", "HEALTH")
    except (PynamoDBException, ClientError, BotoCoreError):
        return False
    return True
