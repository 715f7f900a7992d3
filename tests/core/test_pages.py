"""List parameters and their cursors, as pure rules."""

import pytest
from core.kernel.cursors import parse
from core.kernel.errors import BadRequest
from hypothesis import given
from hypothesis import strategies as st

OPTIONS = {"route": "/api/x", "caller_key": "a/b", "sorts": ("name", "-name"), "fields": ("id", "name")}


def test_a_cursor_of_another_caller_route_or_filter_is_refused():
    mine = parse({}, **OPTIONS).next_cursor({"sk": {"S": "x"}})
    assert parse({"cursor": [mine]}, **OPTIONS).cursor == {"sk": {"S": "x"}}
    for other in ({"caller_key": "a/c"}, {"route": "/api/y"}, {"sorts": ("-name",)}):
        with pytest.raises(BadRequest) as refused:
            parse({"cursor": [mine]}, **OPTIONS | other)
        assert refused.value.problems[0].code == "invalid_cursor"


@given(st.dictionaries(st.text(max_size=12), st.lists(st.text(max_size=20), min_size=1, max_size=2), max_size=4))
def test_any_parameters_are_read_or_refused_with_their_names(parameters):
    try:
        assert 1 <= parse(parameters, **OPTIONS).limit <= 100
        fields = set()
    except BadRequest as error:
        fields = {problem.field for problem in error.problems}
    assert fields <= parameters.keys()


@given(st.integers())
def test_limit_is_1_to_100_and_nothing_else(number):
    try:
        assert parse({"limit": [str(number)]}, **OPTIONS).limit == number
        assert 1 <= number <= 100
    except BadRequest:
        assert not 1 <= number <= 100


def test_all_failing_parameters_are_reported_at_once():
    with pytest.raises(BadRequest) as refused:
        parse({"limit": ["0"], "page": ["x"], "sort": ["age"], "fields": ["hash"], "what": ["?"]}, **OPTIONS)
    assert {(each.field, each.code) for each in refused.value.problems} == {
        ("limit", "out_of_range"),
        ("page", "out_of_range"),
        ("sort", "unknown_sort"),
        ("fields", "unknown_field"),
        ("what", "unknown_parameter"),
    }
