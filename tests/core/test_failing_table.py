"""Acceptance D3: a table that throttles, conflicts, leaves work undone or does not answer."""

import itertools
import random
import socket
import threading

import pytest
from core.kernel import table as kernel
from core.kernel.errors import Conflict, Unavailable
from core.kernel.table import MOST_WRITES, Item, connection, create, get_many, put, transact
from core.users.models import UserItem, users_of
from pynamodb.exceptions import TransactWriteError

from tests.gateway import call
from tests.schools import everything
from tests.wire import Refusing, intercepted, refusal

NEW = "Kunci-Baru-Untuk-Siswa"
THROTTLED = refusal(400, "ThrottlingException")


def cancelled(*reasons):
    """The error of a transaction of which these became, one for each item."""
    listed = [{"Code": each, "Message": "injected"} for each in reasons]
    return refusal(400, "TransactionCanceledException", CancellationReasons=listed)


CONFLICT = cancelled("TransactionConflict")
#: Which DynamoDB gives for an item of a table, an index or a partition that has too much to do.
TOO_BUSY = cancelled("None", "ThrottlingError", "None")
TOO_MANY = cancelled("ProvisionedThroughputExceeded", "None")
BROKEN = refusal(500, "InternalServerError")
#: With a code that nobody foresaw.
UNKNOWN = refusal(500, "InternalFailure")
PASSING = {
    "throttled": THROTTLED,
    "conflict": CONFLICT,
    "busy": TOO_BUSY,
    "many": TOO_MANY,
    "broken": BROKEN,
    "unknown": UNKNOWN,
}
#: What attempts and pauses together must stay within, in seconds: every dependency's failure is a 503 before this.
LONGEST = 10


@pytest.fixture
def clockwork(monkeypatch):
    """Time that passes only while somebody waits, so that bounded retries are seen without waiting for them."""
    pauses: list[float] = []
    now = itertools.count(step=0.001)
    monkeypatch.setattr(kernel.time, "monotonic", lambda: next(now) + sum(pauses))
    monkeypatch.setattr(kernel.time, "sleep", pauses.append)
    return pauses


def reset(school, token):
    path = f"/api/users/{school.people['student'].id}/password"
    return call("users", "PATCH", path, token=token, json_body={"password": NEW})


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
def test_a_write_refused_twice_succeeds_at_the_third_attempt(school, clockwork, answer):
    refusing = Refusing("TransactWriteItems", answer, times=2)
    token = school.token("administrator")
    with intercepted(refusing):
        assert reset(school, token).status == 200
    assert refusing.seen == 3
    assert len(clockwork) == 2


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
def test_a_write_refused_for_good_is_503_in_bounded_time_and_changes_nothing(table, school, clockwork, answer):
    token = school.token("administrator")
    before = everything(table)
    refusing = Refusing("TransactWriteItems", answer)
    with intercepted(refusing):
        reply = reset(school, token)
    assert (reply.status, reply.codes) == (503, [(None, "unavailable")])
    assert int(reply.headers["retry-after"]) >= 1
    assert everything(table) == before
    assert sum(clockwork) < kernel.BUDGET_SECONDS < LONGEST
    assert 3 < refusing.seen < 60


def test_a_transaction_whose_condition_failed_is_not_tried_again_for_what_else_was_busy(table, clockwork):
    refusing = Refusing("TransactWriteItems", cancelled("ConditionalCheckFailed", "ThrottlingError"))
    with intercepted(refusing), pytest.raises(Conflict, match="taken"):
        transact(*(create(Item("a#USERS", each), Conflict("taken")) for each in "ab"))
    assert (refusing.seen, clockwork) == (1, [])


def test_a_transaction_that_no_waiting_makes_possible_is_sent_once(table, clockwork):
    refusing = Refusing("TransactWriteItems", cancelled("None", "ItemCollectionSizeLimitExceeded"))
    with intercepted(refusing), pytest.raises(TransactWriteError):
        transact(*(create(Item("a#USERS", each)) for each in "ab"))
    assert (refusing.seen, clockwork) == (1, [])


def test_a_read_refused_for_good_is_503_and_grants_nothing(school, clockwork):
    token = school.token("administrator")
    with intercepted(Refusing("BatchGetItem", THROTTLED)):
        assert call("users", "GET", "/api/users", token=token).status == 503
        assert call("auth", "GET", "/api/auth/get-session", token=token).status == 503


def test_items_left_unprocessed_are_asked_for_again(school, clockwork):
    people = list(school.people.values())
    calls = []

    def leave_half(send, operation, arguments):
        calls.append(operation)
        keys = arguments["RequestItems"]["core-test"]["Keys"]
        now, later = keys[: (len(keys) + 1) // 2], keys[(len(keys) + 1) // 2 :]
        answer = send(operation, {"RequestItems": {"core-test": {"Keys": now, "ConsistentRead": True}}})
        return answer | ({"UnprocessedKeys": {"core-test": {"Keys": later}}} if later else {})

    with intercepted(leave_half):
        found = get_many([(UserItem, users_of(school.id), person.id) for person in people])
    assert [user.id for user in found] == [person.id for person in people]
    assert len(calls) == 3


def test_items_left_unprocessed_for_good_are_unavailable(school, clockwork):
    keys = [{"pk": {"S": users_of(school.id)}, "sk": {"S": school.people["student"].id}}]
    undone = {"Responses": {}, "UnprocessedKeys": {"core-test": {"Keys": keys}}}
    with intercepted(lambda *_: undone), pytest.raises(Unavailable):
        get_many([(UserItem, users_of(school.id), school.people["student"].id)])
    assert sum(clockwork) < kernel.BUDGET_SECONDS


def test_the_pauses_are_jittered_and_grow(monkeypatch):
    monkeypatch.setattr(kernel.time, "monotonic", lambda: 0.0)
    random.seed(26)
    some, others = ([next(pauses) for _ in range(200)] for pauses in (kernel._pauses(), kernel._pauses()))
    assert some != others
    assert max(some[:1]) <= 0.025
    assert 0.4 < max(some) <= 0.8


@pytest.fixture
def black_hole(monkeypatch):
    """A table that takes connections, which are listed, and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        accepted = []

        def accept():
            while True:
                accepted.append(listener.accept())

        threading.Thread(target=accept, daemon=True).start()
        monkeypatch.setattr(Item.Meta, "host", f"http://127.0.0.1:{listener.getsockname()[1]}")
        monkeypatch.setattr(Item, "_connection", None)
        connection()
        yield accepted


def test_a_black_holed_table_is_503_after_what_ten_seconds_hold_and_grants_nothing(school, black_hole, monkeypatch):
    configured = connection().connection.client.meta.config
    attempt = configured.connect_timeout + configured.read_timeout
    pauses: list[float] = []
    # Each attempt lasts as long as it may, however fast the machine is; that it ends at all shows its timeout.
    monkeypatch.setattr(kernel.time, "monotonic", lambda: attempt * len(black_hole) + sum(pauses))
    monkeypatch.setattr(kernel.time, "sleep", pauses.append)
    reply = call("users", "GET", "/api/users/me", token="A" * 75)
    assert reply.status == 503
    assert len(black_hole) > 1
    assert attempt * len(black_hole) + sum(pauses) < LONGEST


def test_what_is_more_than_a_transaction_takes_is_refused_with_what_to_do_and_not_sent(table):
    items = [Item("a#USERS", str(number)) for number in range(MOST_WRITES + 1)]
    with pytest.raises(Conflict, match="Take the person out") as refused:
        transact(*(put(item) for item in items))
    assert refused.value.problems[0].code == "too_much_at_once"
    assert everything(table) == []
    transact(*(put(item) for item in items[1:]))
    assert len(everything(table)) == MOST_WRITES
