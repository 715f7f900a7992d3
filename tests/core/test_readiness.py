"""core.people.readiness: a whole record is ready, every gap has its name, and nothing makes the rule fail."""

from copy import deepcopy

import pytest
from core.people.kinds import SENSITIVE
from core.people.models import PersonItem
from core.people.readiness import REQUIRED, is_ready, problems_as_seen, problems_of, value_at
from hypothesis import given
from hypothesis import strategies as st

WHOLE = {
    "name": "Budi Santoso",
    "nisn": "0100000001",
    "nik": "6499011705100001",
    "gender": "MALE",
    "birthPlace": "Samarinda",
    "birthDate": "2010-05-17",
    "religion": "ISLAM",
    "familyCardNumber": "6499010101100001",
    "residenceType": "WITH_PARENTS",
    "transportationMode": "MOTORCYCLE",
    "mother": {"name": "Siti", "nik": "6499015203850001", "birthDate": "1985-03-12"},
    "address": {"street": "Jl. Contoh 1", "subDistrict": "Air Putih", "district": "Samarinda Ulu"},
    "birthOrder": 2,
    "numberOfSiblings": 1,
}
VALUES = st.none() | st.text(max_size=18) | st.from_regex(r"[0-9]{10}|[0-9]{16}", fullmatch=True)
DATES = st.none() | st.dates().map(str)
PARENTS = st.none() | st.fixed_dictionaries({}, optional={"name": VALUES, "nik": VALUES, "birthDate": DATES})


def changed(path, value):
    profile = deepcopy(WHOLE)
    holder = profile
    *parents, name = path.split(".")
    for each in parents:
        holder = holder.setdefault(each, {})
    holder[name] = value
    return profile


def found(profile):
    return {(each.field, each.code) for each in problems_of(profile)}


def test_a_whole_record_is_ready():
    assert problems_of(WHOLE) == []


@pytest.mark.parametrize("path", REQUIRED)
def test_a_required_member_that_is_absent_is_missing_and_nothing_else(path):
    assert found(changed(path, None)) == {(path, "missing")}


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("nik", "6499015705100001", ("nik", "nik_gender")),
        ("nik", "6499011805100001", ("nik", "nik_birth_date")),
        ("nik", "6499013202100001", ("nik", "nik_impossible_date")),
        ("familyCardNumber", WHOLE["nik"], ("nik", "nik_is_family_card")),
        ("nisn", "0090000001", ("nisn", "nisn_birth_year")),
        ("familyCardNumber", "649901", ("familyCardNumber", "format")),
        ("mother.nik", "6499011203850001", ("mother.nik", "nik_gender")),
        ("mother.birthDate", "2005-03-12", ("mother.birthDate", "parent_too_young")),
        ("guardian.nik", WHOLE["nik"], ("guardian.nik", "nik_taken")),
        ("guardian.nik", WHOLE["familyCardNumber"], ("guardian.nik", "nik_taken")),
        ("birthOrder", 3, ("birthOrder", "birth_order")),
    ],
)
def test_a_contradiction_is_named_at_its_member(path, value, problem):
    assert problem in found(changed(path, value))


@pytest.mark.parametrize("contested", [None, ["nik"]])
def test_a_list_of_the_complete_leaves_out_who_has_a_number_that_is_somebody_elses(contested):
    student = PersonItem(kind="students", profile=WHOLE, contested=contested)
    assert student.filter_values()["readiness"] is (contested is None)


def test_a_parent_of_just_ten_years_more_contradicts_nothing():
    assert WHOLE["birthDate"] == "2010-05-17"
    assert found(changed("guardian.birthDate", "2000-12-31")) == set()


@given(
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("name", "nisn", "nik", "familyCardNumber", "religion", "birthPlace"), VALUES),
            "gender": st.sampled_from(["MALE", "FEMALE", None]),
            "birthDate": DATES,
            **dict.fromkeys(("father", "mother", "guardian"), PARENTS),
            "birthOrder": st.none() | st.integers(1, 30),
            "numberOfSiblings": st.none() | st.integers(0, 30),
        },
    )
)
def test_any_record_is_judged_and_who_may_not_see_a_member_learns_nothing_of_it(profile):
    problems = problems_of(profile)
    assert is_ready(profile) == (not problems)
    assert all(each.field for each in problems)
    assert all(not value_at(profile, each.field) for each in problems if each.code == "missing")
    seen = {name: value for name, value in profile.items() if name not in SENSITIVE}
    told = problems_as_seen(profile, SENSITIVE)
    assert told == problems_as_seen(seen, SENSITIVE), "nothing of it rests on what is hidden"
    assert set(told) <= set(problems)
    assert not any(each.field.partition(".")[0] in SENSITIVE for each in told)
