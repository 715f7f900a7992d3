"""What clients that are generated from the OpenAPI document rest on."""

from collections import Counter

from tools.openapi.operations import declarations


def test_no_two_operations_have_the_same_name():
    assert [name for name, count in Counter(each.id for each in declarations()).items() if count > 1] == []
