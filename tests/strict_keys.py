"""What DynamoDB refuses of keys, and moto and the local cloud let pass."""

import re
from typing import Any

from tests.wire import Arguments, Send, refusal

_PARTITIONS = ("pk", "list_key", "change_list_key")
_SORTS = ("sk", "name_key", "change_key")
_MOST_BYTES = dict.fromkeys(_PARTITIONS, 2048) | dict.fromkeys(_SORTS, 1024)


def refusing_odd_keys(send: Send, operation: str, arguments: Arguments) -> Any:
    """Sends what DynamoDB would take. A key is neither empty nor longer than its limit, and no range ends before
    it begins.

    Source: Amazon DynamoDB Developer Guide, "Service, account, and table quotas"; seen on DynamoDB Local.
    """
    for keys in _keys_of(operation, arguments):
        for name, most in _MOST_BYTES.items():
            if name in keys and not 1 <= len(keys[name]["S"].encode()) <= most:
                raise refusal(400, "ValidationException")
    if operation == "Query" and not _is_range(arguments):
        raise refusal(400, "ValidationException")
    return send(operation, arguments)


def _keys_of(operation: str, arguments: Arguments) -> list[dict[str, Any]]:
    if operation == "TransactWriteItems":
        writes = [write for entry in arguments["TransactItems"] for write in entry.values()]
        return [write.get("Item") or write["Key"] for write in writes]
    if operation == "BatchGetItem":
        return [key for each in arguments["RequestItems"].values() for key in each["Keys"]]
    return [arguments[name] for name in ("Key", "ExclusiveStartKey") if name in arguments]


def _is_range(arguments: Arguments) -> bool:
    """Whether a query's condition on the sort key can hold for any key."""
    values = arguments["ExpressionAttributeValues"]
    _, *bounds = (values[name]["S"] for name in re.findall(r":\d+", arguments["KeyConditionExpression"]))
    return bounds == sorted(bounds) and all(1 <= len(each.encode()) <= 1024 for each in bounds)
