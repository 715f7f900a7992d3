"""core.kernel.forms: what browsers post arrives as it was typed; nothing else arrives."""

from urllib.parse import urlencode

import pytest
from core.kernel.errors import BadRequest, CoreError
from core.kernel.forms import FORM, LARGEST_FORM, parse_form
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


@given(st.dictionaries(TEXT.filter(bool), TEXT, max_size=16))
def test_what_was_typed_arrives(fields):
    assert parse_form(urlencode(fields).encode(), f"{FORM}; charset=UTF-8") == fields


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body):
    try:
        fields = parse_form(body, FORM)
    except BadRequest:
        return
    assert all(isinstance(each, str) for each in fields.values())


def test_a_form_may_be_exactly_as_large_as_the_limit():
    assert len(parse_form(b"a=" + b"x" * (LARGEST_FORM - 2), FORM)["a"]) == LARGEST_FORM - 2
    with pytest.raises(CoreError) as raised:
        parse_form(b"a=" + b"x" * (LARGEST_FORM - 1), FORM)
    assert raised.value.status == 413
