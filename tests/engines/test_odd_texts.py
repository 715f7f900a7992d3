"""Acceptance C8 on Amazon's own DynamoDB Local, which refuses the keys that moto and the local cloud take."""

import pytest
from botocore.exceptions import ClientError
from core.kernel import aws
from core.kernel.lists import attribute
from core.kernel.table import create, query, transact
from core.users.models import EmailItem
from pynamodb.exceptions import PynamoDBException

from tests.engines.processes import DYNAMODB_LOCAL
from tests.functions.authorization_world import build_world
from tests.odd_texts import KEYS, TIMES, answered, in_bodies, in_queries, unlike
from tests.strict_keys import refusing_odd_keys
from tests.wire import intercepted
from tools.authorization.operations import RULES
from tools.authorization.rules import Target

#: Lists, and what makes or names something. Nothing is undone here, so the administrator stays signed in.
_NAMING = [
    each
    for each in unlike()
    if RULES[each].target in (Target.NOTHING, Target.GRANT, Target.CLASS, Target.ROLE, Target.STUDENT)
    and not any(word in each for word in ("/auth/", "password", "/import", "DELETE"))
]


@pytest.mark.proof
@pytest.mark.parametrize("engine", [DYNAMODB_LOCAL], indirect=True)
def test_c8_no_text_becomes_a_key_that_dynamodb_refuses(table, monkeypatch):
    # There is no bucket here.
    monkeypatch.setattr(aws, "put_object", lambda *_: None)
    monkeypatch.setattr(aws, "send_messages", lambda *_: None)
    monkeypatch.setattr(aws, "objects_under", lambda *_: [])
    world = build_world()
    failed = []
    for operation in _NAMING:
        for where, options in (*in_bodies(world, operation, KEYS), *in_queries(world, operation, (*KEYS, *TIMES))):
            if answered(world, operation, options).status >= 500:
                failed.append((operation, where))
    assert failed == []


def put_of(partition, sort, **members):
    item = EmailItem(partition, sort, organization_id="x", user_id="y", **members)
    return lambda: transact(create(item))


def range_of(condition):
    return lambda: query("p", range_condition=condition)


SORT = attribute("sk")


@pytest.mark.parametrize("engine", [DYNAMODB_LOCAL], indirect=True)
@pytest.mark.parametrize(
    ("ask", "refused"),
    [
        (put_of("p" * 2048, "s"), False),
        (put_of("p" * 2049, "s"), True),
        (put_of("p", "s" * 1024), False),
        (put_of("p", "s" * 1025), True),
        (put_of("p", "\u00e9" * 513), True),
        (put_of("p", ""), True),
        (put_of("p", "s", list_key="l", name_key="n" * 1024), False),
        (put_of("p", "s", list_key="l", name_key="n" * 1025), True),
        (range_of(SORT.startswith("")), True),
        (range_of(SORT.startswith("s" * 1025)), True),
        (range_of(SORT.between("a", "b")), False),
        (range_of(SORT.between("b", "a")), True),
    ],
)
def test_tests_on_moto_refuse_the_keys_that_dynamodb_refuses(table, ask, refused):
    def answer():
        try:
            ask()
        except (PynamoDBException, ClientError):
            return "refused"
        return "taken"

    wanted = "refused" if refused else "taken"
    assert answer() == wanted
    with intercepted(lambda _, *asked: refusing_odd_keys(lambda *_: {}, *asked)):
        assert answer() == wanted
