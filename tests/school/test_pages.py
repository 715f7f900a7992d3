"""Cursors and list parameters, as pure rules."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from school.errors import BadRequest
from school.pages import parse, seal, unseal

KEYS = st.dictionaries(st.sampled_from(["pk", "sk", "name_key"]), st.fixed_dictionaries({"S": st.text()}))
OPTIONS = {"route": "/api/x", "caller_key": "a/b", "sorts": ("name", "-name"), "fields": ("id", "name")}


@given(KEYS, st.text())
def test_a_cursor_opens_with_what_it_was_made_for(key, binding):
    assert unseal(seal(key, binding), binding) == key


@given(KEYS, st.text(), st.text())
def test_a_cursor_of_another_caller_route_or_filter_does_not_open(key, binding, other):
    if binding != other:
        with pytest.raises(BadRequest) as refused:
            unseal(seal(key, binding), other)
        assert refused.value.problems[0].code == "invalid_cursor"


@given(KEYS, st.integers(min_value=0), st.integers(1, 255))
def test_a_flipped_byte_is_noticed_wherever_it_is(key, position, flip):
    raw = bytearray(base64.urlsafe_b64decode(seal(key, "x") + "==="))
    raw[position % len(raw)] ^= flip
    with pytest.raises(BadRequest):
        unseal(base64.urlsafe_b64encode(raw).decode().rstrip("="), "x")


@given(st.text(max_size=80))
def test_no_text_at_all_breaks_the_reading_of_a_cursor(text):
    with pytest.raises(BadRequest):
        unseal(text, "x")


def test_no_key_is_readable_in_a_cursor():
    cursor = seal({"name_key": {"S": "budi santoso"}}, "x")
    assert b"budi" not in base64.urlsafe_b64decode(cursor + "===")


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
