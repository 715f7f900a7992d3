"""core.kernel.folding: what of a text is compared, and that it always fits into a key."""

import pytest
from core.kernel.bodies import clean_name
from core.kernel.folding import LONGEST_SORT_KEY, LONGEST_TERM, fold, fold_key, fold_term
from hypothesis import given
from hypothesis import strategies as st

LIGATURE = "\ufdfa"
TROUBLE = st.text("a\u00e9\ufdfa\U0001f600 ", max_size=400)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | TROUBLE


@given(texts, st.sampled_from([0, 10, 25]))
def test_a_folded_text_fits_into_a_key_beside_what_else_stands_there(text, beside):
    assert len(fold_key(text, beside=beside).encode()) + beside <= LONGEST_SORT_KEY
    assert len(fold_term(text)) <= LONGEST_TERM


@given(texts, texts)
def test_two_texts_share_a_key_only_if_they_fold_alike(one, other):
    assert (fold_key(one) == fold_key(other)) == (fold(one) == fold(other))


def test_long_texts_stay_in_their_order():
    names = [f"{first}{LIGATURE * 150}{last}" for first in "abc" for last in "xy"]
    keys = [fold_key(name) for name in names]
    assert len(set(keys)) == len(names)
    assert [key[0] for key in sorted(keys)] == list("aabbcc")


def test_a_short_text_is_its_own_key():
    assert fold_key("  Andr\u00e9  SANTOSO ") == "andre santoso"
    assert fold_key("a" * LONGEST_SORT_KEY) == "a" * LONGEST_SORT_KEY


@pytest.mark.parametrize("name", ["\u0301", "\u0301" * 200, "\u00b4", " \u0308 ", "\u00a0", ""])
def test_a_name_of_which_nothing_is_left_is_none(name):
    with pytest.raises(ValueError, match=r"This (needs a letter|must not be empty)"):
        clean_name(name)


@pytest.mark.parametrize("name", ["\u00c9", "X-1", "7", "\u5f20", "-", "\U0001f600"])
def test_a_name_of_one_character_is_one(name):
    assert clean_name(f" {name} ") == name
