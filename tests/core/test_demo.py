"""tools.demo: the demo schools are fictional, consistent, believable, and the same every time (acceptance F3)."""

from collections import Counter, defaultdict
from datetime import date

import pytest
from core.classes.names import renamed
from core.kernel import clock
from core.people.kinds import KINDS
from core.people.nik import contradictions
from core.people.service import validated
from hypothesis import given
from hypothesis import strategies as st

from tests.demo import EACH_SCHOOL, SMANSA, at_school, days, everybody, students, year_of_the_day  # noqa: F401 - fixtures
from tools.demo import figures, years
from tools.demo.classes import CAPACITY, classes_of, way_of
from tools.demo.population import Population, population
from tools.demo.years import SchoolYear, age, year_of

#: Everybody is there for years, and nobody was born after the demo was written.
ANY_DAY = st.dates(date(2026, 7, 1), date(2060, 6, 30))


@pytest.mark.parametrize(
    ("at", "name"),
    [
        ("2026-06-30T16:59:59Z", "2025/2026"),
        ("2026-06-30T17:00:00Z", "2026/2027"),
        ("2026-12-31T23:00:00Z", "2026/2027"),
        ("2028-02-29T05:00:00Z", "2027/2028"),
    ],
)
def test_the_school_year_begins_on_1_july_in_jakarta(monkeypatch, at, name):
    monkeypatch.setattr(clock, "now", lambda: clock.from_wire(at))
    assert years.current(clock.now()).name == name


@given(ANY_DAY)
def test_every_day_lies_in_its_school_year(day):
    year = year_of(day)
    assert year.first_day <= day <= year.last_day
    assert SchoolYear(year.begins + 1).first_day.toordinal() == year.last_day.toordinal() + 1


def test_the_first_school_has_600_students_60_teachers_and_20_staff(year):
    numbers = Counter(each.kind for each in everybody(year) if each.school == SMANSA)
    assert numbers == {"students": 600 + 132, "teachers": 60, "staff": 20}
    assert len(at_school(year)) == 600


def test_the_page_of_figures_is_as_make_demo_figures_writes_it():
    assert figures.PAGE.read_text() == figures.page(), "docs/demo.md is not what the demo is: run `make demo-figures`."


def test_everybody_is_the_same_every_time():
    year = SchoolYear(2026)
    assert list(population(year)) == everybody(year)


def test_every_record_is_one_that_the_api_would_take(year):
    for each in everybody(year):
        assert validated(KINDS[each.kind], each.profile) == each.profile


@given(ANY_DAY, st.integers(1, SMANSA.students))
def test_students_are_as_old_as_their_grade_on_every_day(day, number):
    person = Population(SMANSA, year_of(day)).person("students", number)
    way = way_of(SMANSA, number)
    assert way.now is not None
    years_old = age(person.profile["birthDate"], day)
    # Who repeats a grade is a year older than the others.
    assert 14 <= years_old - (way.age_grade - 10) <= 17
    assert 14 <= years_old - (way.now - 10) <= 18


@given(ANY_DAY, st.integers(1, SMANSA.teachers), st.sampled_from(["teachers", "staff"]))
def test_who_works_at_the_school_is_of_age_and_not_retired_on_every_day(day, number, kind):
    number = min(number, getattr(SMANSA, kind))
    person = Population(SMANSA, year_of(day)).person(kind, number)
    years_old = age(person.profile["birthDate"], day)
    assert (24 <= years_old < 60) if kind == "staff" or person.is_active else (60 <= years_old <= 63)


@given(ANY_DAY, st.integers(1, SMANSA.students + SMANSA.graduates))
def test_every_nik_and_nisn_of_a_student_fits_on_every_day(day, number):
    profile = Population(SMANSA, year_of(day)).person("students", number).profile
    genders = {"father": "MALE", "mother": "FEMALE", "guardian": None}
    holders = [(profile, profile["gender"]), *((profile[each], genders[each]) for each in genders if each in profile)]
    for holder, gender in holders:
        assert contradictions(holder["nik"], holder["birthDate"], gender) == []
        assert holder["nik"].startswith("6499"), "a regency that does not exist"
    assert profile.get("nisn", profile["birthDate"][1:4])[:3] == profile["birthDate"][1:4]


def test_every_nik_of_who_works_there_fits(year):
    for each in everybody(year):
        if each.kind != "students":
            assert contradictions(each.profile["nik"], each.profile["birthDate"], each.profile["gender"]) == []


@pytest.mark.parametrize("member", ["nik", "nisn", "nipd", "nip", "nuptk", "email"])
def test_an_identifier_is_nobody_elses(year, member):
    # A NIPD is a school's own; everything else is one person's in the whole country.
    seen = Counter(
        (each.school.key if member == "nipd" else "", each.profile[member])
        for each in everybody(year)
        if each.profile.get(member)
    )
    assert seen.most_common(1)[0][1] == 1


@EACH_SCHOOL
def test_classes_are_of_this_year_and_the_last_and_each_has_a_homeroom_teacher_of_its_own(year, school):
    for its_year in (year.before, year):
        own = [each for each in classes_of(school, year) if each.year == its_year]
        assert len({each.teacher for each in own}) == len(own)
        assert {each.teacher for each in own} <= set(school.teaching)
    assert len({each.id for each in classes_of(school, year)}) == len(classes_of(school, year))


def test_this_year_has_18_classes_and_last_years_twelfth_grade_was_smaller(year):
    names = defaultdict(list)
    for each in classes_of(SMANSA, year):
        names[each.year].append(each.name)
    assert names[year] == [f"{grade}-{section}" for grade in ("X", "XI", "XII") for section in range(1, 7)]
    assert names[year.before] == [each for each in names[year] if each not in ("XII-5", "XII-6")]


@EACH_SCHOOL
def test_last_years_tenth_grade_is_this_years_eleventh(year, school):
    went, seats = Counter(), Counter()
    for each in students(year, school):
        seats.update(each.classes)
        assert len({place.year for place in each.classes}) == len(each.classes)
        *former, last = each.classes
        if former:
            went[renamed(former[0].name, former[0].grade, former[0].grade + 1) == last.name] += 1
        # Who has graduated was in the highest grade last year, and is in no class of this one.
        assert (last.grade == 12 and last.year == year.before) == each.has_graduated
    assert max(seats.values()) <= CAPACITY
    assert set(seats) == set(classes_of(school, year))
    # Six came from other schools, three are in the tenth grade once more.
    assert went == ({True: 394, False: 3} if school == SMANSA else {True: 12})


def test_graduates_and_a_few_others_are_not_active(year):
    away = Counter(each.kind for each in everybody(year) if each.school == SMANSA and not each.is_active)
    assert away == {"students": 132 + 7, "teachers": 2, "staff": 1}
    for each in students(year):
        schools = [place["institution"] for place in each.profile["educationHistory"]]
        assert (SMANSA.name in schools) == each.has_graduated
