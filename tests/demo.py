"""The demo's people in tests: whoever there is in a school year, on days at which a year begins, ends or is odd."""

from datetime import UTC, date, datetime
from functools import cache

import pytest
from core.kernel import clock

from tools.demo import years
from tools.demo.people import SCHOOLS
from tools.demo.population import population

#: The first and the last day of a school year, a new year's eve, and a day that most years don't have.
DAYS = [date(2026, 7, 1), date(2027, 6, 30), date(2026, 12, 31), date(2028, 2, 29)]
SMANSA = SCHOOLS[1]
EACH_SCHOOL = pytest.mark.parametrize("school", SCHOOLS[1:], ids=lambda school: school.key)


@cache
def everybody(year):
    """Everybody of a school year."""
    return list(population(year))


def students(year, school=SMANSA):
    """The students of a school with those who have left."""
    return [each for each in everybody(year) if each.kind == "students" and each.school == school]


def at_school(year, school=SMANSA):
    """The students of a school without those who have left."""
    return [each for each in students(year, school) if not each.has_graduated]


@pytest.fixture(name="day", params=DAYS, ids=str)
def days(request, monkeypatch):
    """A day on which it is noon in Jakarta."""
    at = datetime(*request.param.timetuple()[:3], 5, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    return request.param


@pytest.fixture(name="year")
def year_of_the_day(day):
    """The school year of that day."""
    return years.current(clock.now())
