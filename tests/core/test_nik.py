"""core.people.nik: what a NIK says of its holder is held against the record, and nothing makes the rule fail."""

from datetime import date

import pytest
from core.people.nik import MESSAGES, contradictions, nik_digits
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31)).filter(
    lambda day: (day.month, day.day, day.year) != (2, 29, 1900)
)
GENDERS = st.sampled_from(["MALE", "FEMALE"])


def nik(birth_date, gender):
    return "647201" + nik_digits(birth_date.isoformat(), gender) + "0001"


@given(DAYS, GENDERS)
def test_the_nik_of_a_day_and_gender_contradicts_neither(birth_date, gender):
    assert contradictions(nik(birth_date, gender), birth_date.isoformat(), gender) == []


@given(DAYS, GENDERS)
def test_the_other_gender_is_one_contradiction_and_the_birth_date_still_holds(birth_date, gender):
    other = {"MALE": "FEMALE", "FEMALE": "MALE"}[gender]
    assert contradictions(nik(birth_date, gender), birth_date.isoformat(), other) == ["nik_gender"]


@given(DAYS, DAYS, GENDERS)
def test_another_birth_date_contradicts_unless_only_the_century_differs(born, written, gender):
    same = (born.day, born.month, born.year % 100) == (written.day, written.month, written.year % 100)
    assert contradictions(nik(born, gender), written.isoformat(), gender) == ([] if same else ["nik_birth_date"])


@given(st.text(max_size=20) | st.from_regex(r"[0-9]{16}", fullmatch=True), DAYS | st.none(), GENDERS | st.none())
def test_any_text_is_judged_without_failing(text, birth_date, gender):
    found = contradictions(text, birth_date and birth_date.isoformat(), gender)
    assert set(found) <= MESSAGES.keys()


@pytest.mark.parametrize("digits", ["000110", "320110", "400110", "720110", "990110", "300210", "011310", "010010"])
def test_a_day_that_never_was_is_said_to_be_impossible(digits):
    assert "nik_impossible_date" in contradictions(f"647201{digits}0001", "2010-05-17", None)


def test_who_has_no_nik_or_no_birth_date_contradicts_nothing():
    assert contradictions(None, "2010-05-17", "MALE") == []
    assert contradictions("6472011705100001", None, None) == []
