"""What the text of a query parameter is read as: a range holds both its ends and nothing beside them."""

import pytest
from core.contract.operations import Listing
from core.contract.values import DATE, line, whole

from tools.openapi.operations import declarations


def ranges():
    """The ranges that lists are filtered by."""
    filters = [each.operation.query.filters for each in declarations() if isinstance(each.operation.query, Listing)]
    values = [value for each in filters for value in each.values()]
    return {(each.schema["minimum"], each.schema["maximum"]): each for each in values if "minimum" in each.schema}


def test_a_range_holds_both_its_ends():
    found = ranges()
    assert found
    for (least, most), value in found.items():
        assert [value.read(str(each)) for each in (least, most)] == [least, most]


@pytest.mark.parametrize("text", ["0", "14", "1.0", "-1", "", " 1", "\uff11", "one"])
def test_what_lies_beside_a_range_is_refused_with_its_ends(text):
    with pytest.raises(ValueError, match="from 1 to 13"):
        whole(1, 13).read(text)


@pytest.mark.parametrize("text", ["", "  ", "x" * 31])
def test_a_line_has_something_to_read_and_an_end(text):
    with pytest.raises(ValueError, match="1 to 30"):
        line(30).read(text)


@pytest.mark.parametrize("text", ["", "20101231", "2010-W52-5", "2010-12-31T00:00"])
def test_a_date_has_one_way_to_be_written(text):
    with pytest.raises(ValueError, match="2010-12-31"):
        DATE.read(text)
