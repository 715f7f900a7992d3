"""tools.demo: the demo schools are fictional, consistent, believable, and the same every time (acceptance F3)."""

from collections import Counter
from datetime import date

import pytest
from core.people.kinds import KINDS
from core.people.nik import contradictions
from core.people.service import validated

from tests.schools import everything
from tools.demo import seed
from tools.demo.classes import CAPACITY, class_of, classes_of
from tools.demo.people import ACCOUNTS, MADE_AT, PERSONS_ACCOUNTS, SCHOOLS
from tools.demo.population import demo_person, population

PEOPLE = list(population())
STUDENTS = [each.profile for each in PEOPLE if each.kind == "students" and each.school.key == "smansa"]


def test_the_first_school_has_600_students_60_teachers_and_20_staff():
    assert Counter(each.kind for each in PEOPLE if each.school.key == "smansa") == {
        "students": 600,
        "teachers": 60,
        "staff": 20,
    }
    assert sum(each.school.key == "smandua" for each in PEOPLE) == 24


def test_everybody_is_the_same_every_time():
    assert [demo_person(each.school, each.kind, each.number) for each in PEOPLE] == PEOPLE


def test_every_record_is_one_that_the_api_would_take():
    for each in PEOPLE:
        assert validated(KINDS[each.kind], each.profile) == each.profile


def test_every_nik_fits_its_holder_and_lies_in_no_real_regency():
    for each in PEOPLE:
        holders = [each.profile, each.profile.get("father"), each.profile.get("mother")]
        for holder, gender in zip(holders, (each.profile["gender"], "MALE", "FEMALE"), strict=True):
            if holder:
                assert contradictions(holder["nik"], holder["birthDate"], gender) == []
                assert holder["nik"].startswith("6499")


@pytest.mark.parametrize("member", ["nik", "nisn", "nipd", "nip", "nuptk", "email"])
def test_an_identifier_is_nobody_elses_in_the_school(member):
    seen = Counter((each.school.key, each.profile.get(member)) for each in PEOPLE if each.profile.get(member))
    assert seen.most_common(1)[0][1] == 1


def test_students_are_15_to_18_years_old():
    today = date.fromisoformat(MADE_AT[:10])
    ages = {(today - date.fromisoformat(each["birthDate"])).days // 365.25 for each in STUDENTS}
    assert ages == {15, 16, 17, 18} or ages == {15, 16, 17}


@pytest.mark.parametrize(
    ("member", "value", "least", "most"),
    [("gender", "FEMALE", 44, 56), ("religion", "ISLAM", 80, 94), ("transportationMode", "MOTORCYCLE", 42, 58)],
)
def test_distributions_are_believable(member, value, least, most):
    assert least <= 100 * sum(each[member] == value for each in STUDENTS) / len(STUDENTS) <= most


def test_the_documented_accounts_of_a_kind_are_peoples_accounts():
    assert {each.email for each in PERSONS_ACCOUNTS.values()} == {
        "student@smansa.test",
        "teacher@smansa.test",
        "staff@smansa.test",
    }
    emails = [each.account.email for each in PEOPLE if each.account.has_password]
    assert sorted(emails) == sorted(each.email for each in PERSONS_ACCOUNTS.values())
    assert all(each in ACCOUNTS for each in PERSONS_ACCOUNTS.values())


def test_every_student_has_a_place_in_a_class_of_the_own_grade():
    for school in SCHOOLS:
        seats = Counter(class_of(school, number) for number in range(1, school.students + 1))
        assert set(seats) == set(classes_of(school))
        assert max(seats.values(), default=0) <= CAPACITY
        assert all(each.teacher <= school.teachers for each in seats)
    names = [each.name for each in classes_of(SCHOOLS[1])]
    assert names == [f"{grade}-{section}" for grade in ("X", "XI", "XII") for section in range(1, 7)]


def test_the_classes_of_the_demo_count_their_students(table):
    seed.seed_classes()
    seed.seed_people([each for each in PEOPLE if each.kind == "students" and each.number < 6], at_once=1)
    counts = {each["student_count"]["N"] for each in everything(table) if "student_count" in each}
    seats = [each for each in everything(table) if "#CLASS#" in each["pk"]["S"]]
    assert counts == {"0", "1", "2"}
    assert len(seats) == 10


def test_seeding_twice_changes_nothing(table):
    some = [each for each in PEOPLE if each.number < 4]

    def run():
        return seed.seed_schools(), seed.seed_accounts(), seed.seed_classes(), seed.seed_people(some, at_once=1)

    assert run() == (3, 5, 18 + 3, len(some))
    before = everything(table)
    assert run() == (0, 0, 0, 0)
    assert everything(table) == before
