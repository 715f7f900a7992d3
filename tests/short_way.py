"""The short way of a call to moto's table: no request is written, signed, routed, read and answered on the way.

That is nine tenths of what a call costs here, and the same for every call. What moto refuses goes the long way once
more, so that errors are botocore's own; a refused call has changed nothing. Calls to any other address, such as an
engine's or a black hole's, are botocore's as ever.
"""

import threading
from typing import Any

import pytest
from botocore import xform_name
from botocore.client import BaseClient
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.exceptions import ServiceException
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.models.utilities import dynamo_to_dict
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

#: moto copies a table while another thread writes to it, so a function's threads take turns.
TURNS = threading.RLock()
_METADATA = {"RequestId": "of-no-request", "HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}


def shorten(patch: pytest.MonkeyPatch) -> None:
    """Has every client's calls to moto's DynamoDB go the short way."""
    make_api_call = BaseClient._make_api_call

    def call(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        if is_motos(client):
            # Who listens to calls, as tests/rights.py does, hears of those that go the short way too.
            client._emit_api_params(arguments, client.meta.service_model.operation_model(operation), {})
            try:
                return _answer(client, operation, arguments)
            except (ServiceException, HTTPException):
                pass
        return make_api_call(client, operation, arguments)

    patch.setattr(BaseClient, "_make_api_call", call)


def is_motos(client: Any) -> bool:
    """Whether a client's table is moto's, which answers in place of Amazon's address."""
    meta = client.meta
    return meta.service_model.service_name == "dynamodb" and meta.endpoint_url.endswith(".amazonaws.com")


def table_of(client: Any, name: str) -> Table:
    """moto's own table. A transaction that fails puts another in its place, so nobody keeps it."""
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][client.meta.region_name].tables[name]


def items_in(table: Table) -> list[dict[str, Any]]:
    """The items as a scan would answer them, in its order."""
    return [{name: dynamo_to_dict(value) for name, value in item.attrs.items()} for item in table.all_items()]


def fill(table: Table, items: list[dict[str, Any]]) -> None:
    """Puts items in as a restored backup does: without a condition, and without a look at their types."""
    for each in items:
        partition, sort = (DynamoType(each[key]) for key in (table.hash_key_attr, table.range_key_attr))
        table.items[partition][sort] = Item(partition, sort, _copied(each))


def _answer(client: BaseClient, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    handler = DynamoHandler()
    handler.region, handler.current_account = client.meta.region_name, DEFAULT_ACCOUNT_ID
    handler.params = handler.body = _copied(arguments)
    handler.uri_match = {}
    with TURNS:
        result = dynamo_to_dict(getattr(handler, xform_name(operation))().result)
    told = client.meta.service_model.operation_model(operation).output_shape.members
    answer = {name: value for name, value in result.items() if name in told and value is not None}
    return answer | {"ResponseMetadata": dict(_METADATA)}


def _copied(value: Any) -> Any:
    """As deep a copy as the way over JSON makes: moto keeps what it is given."""
    if isinstance(value, dict):
        return {name: _copied(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(each) for each in value]
    return value
