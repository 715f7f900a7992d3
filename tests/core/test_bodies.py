"""Reading bodies strictly (acceptance C2), as a pure rule."""

import json

import pytest
from core.kernel.bodies import LARGEST_BODY, clean_line, parse
from core.kernel.errors import BadRequest, PayloadTooLarge
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(st.characters(codec="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXT, JSON, max_size=4))
def test_every_plain_document_is_read_as_it_is(document):
    assert parse(json.dumps(document).encode(), "application/json; charset=utf-8") == document


@given(st.binary(max_size=300))
def test_no_bytes_at_all_do_more_than_be_refused(body):
    try:
        document = parse(body, "application/json")
    except BadRequest:
        return
    assert isinstance(document, dict)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"a":"\xff"}',
        b"[" * 100_000,
        b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"a":' * 20_000,
        b'{"a":' + b"9" * 5_000 + b"}",
        b"\xef\xbb\xbf{}x",
        b"",
        b"[]",
        b"1",
    ],
    ids=lambda body: repr(body[:16]),
)
def test_what_parsers_disagree_about_is_400(body):
    with pytest.raises(BadRequest) as refused:
        parse(body, "application/json")
    assert refused.value.problems[0].code == "malformed_json"


def test_a_body_over_the_limit_is_413_before_it_is_parsed():
    with pytest.raises(PayloadTooLarge):
        parse(b"{" + b" " * LARGEST_BODY, "application/json")


def test_a_body_of_exactly_the_limit_is_taken():
    assert parse(b"{" + b" " * (LARGEST_BODY - 2) + b"}", "application/json") == {}


@pytest.mark.parametrize("character", [*"\x00\x1f\x7f\x9f\u2028\u2029", *"\u202a\u202e\u2066\u2069"])
def test_a_line_holds_no_character_that_controls_or_turns_the_writing(character):
    with pytest.raises(ValueError, match="control"):
        clean_line(f"Budi{character}Santoso")
