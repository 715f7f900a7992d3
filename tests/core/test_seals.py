"""Sealed documents: cursors, and passwords that wait in files (acceptance C6)."""

import base64
import string

import pytest
from core.kernel.seals import Broken, seal, unseal
from hypothesis import given
from hypothesis import strategies as st

KEY = b"a key"
DOCUMENTS = st.dictionaries(st.sampled_from(["pk", "sk", "name_key"]), st.fixed_dictionaries({"S": st.text()}))


@given(DOCUMENTS, st.text())
def test_a_seal_opens_with_what_it_was_made_for(document, binding):
    assert unseal(KEY, seal(KEY, document, binding), binding) == document


@given(DOCUMENTS, st.text(), st.text())
def test_a_seal_for_something_else_does_not_open(document, binding, other):
    if binding != other:
        with pytest.raises(Broken):
            unseal(KEY, seal(KEY, document, binding), other)


def test_a_seal_of_another_key_does_not_open():
    with pytest.raises(Broken):
        unseal(KEY, seal(b"another key", {}, "x"), "x")


@given(DOCUMENTS, st.integers(min_value=0), st.integers(1, 255))
def test_a_flipped_byte_is_noticed_wherever_it_is(document, position, flip):
    raw = bytearray(base64.urlsafe_b64decode(seal(KEY, document, "x") + "==="))
    raw[position % len(raw)] ^= flip
    with pytest.raises(Broken):
        unseal(KEY, base64.urlsafe_b64encode(raw).decode().rstrip("="), "x")


def test_none_of_thousands_of_seals_in_which_a_letter_is_another_one_opens():
    text = "x" * 40
    sealed = base64.urlsafe_b64decode(seal(KEY, text, "x") + "===")
    for place in range(len(text)):
        for letter in string.ascii_letters.replace("x", ""):
            raw = bytearray(sealed)
            raw[place - len(text) - 1] ^= ord("x") ^ ord(letter)
            with pytest.raises(Broken):
                unseal(KEY, base64.urlsafe_b64encode(raw).decode().rstrip("="), "x")


@given(st.text(max_size=80))
def test_no_text_at_all_breaks_the_reading_of_a_seal(text):
    with pytest.raises(Broken):
        unseal(KEY, text, "x")


def test_nothing_is_readable_in_a_seal():
    sealed = seal(KEY, {"name_key": {"S": "budi santoso"}}, "x")
    assert b"budi" not in base64.urlsafe_b64decode(sealed + "===")
