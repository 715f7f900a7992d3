"""Replaces moto by an engine with real concurrency, for the tests of this folder."""

import pytest
from core.kernel import table as kernel
from core.kernel.table import Item, connection

from tests.engines.processes import DYNAMODB_LOCAL, LOCAL_CLOUD, client, running
from tests.waiting import HANGING_SECONDS
from tools.sam_template import table_definition


@pytest.fixture(scope="session", params=[LOCAL_CLOUD, DYNAMODB_LOCAL])
def engine(request, tmp_path_factory):
    """The address of a running engine."""
    with running(request.param, tmp_path_factory.mktemp("engine")) as endpoint:
        yield endpoint


@pytest.fixture
def table(engine, monkeypatch):
    """An empty table on the engine, under the models."""
    own = client(engine)
    own.create_table(**table_definition("core-test"))
    monkeypatch.setattr(Item.Meta, "host", engine)
    # A hundred racers on two cores take long. What they show is who wins, and that must not depend on patience.
    monkeypatch.setattr(Item.Meta, "connect_timeout_seconds", HANGING_SECONDS)
    monkeypatch.setattr(Item.Meta, "read_timeout_seconds", HANGING_SECONDS)
    monkeypatch.setattr(kernel, "BUDGET_SECONDS", float(HANGING_SECONDS))
    monkeypatch.setattr(Item, "_connection", None)
    # Made before the race, or every racer would make a client of its own.
    assert connection().connection.client
    yield own
    own.delete_table(TableName="core-test")
