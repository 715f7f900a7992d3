"""The classes of the demo schools, of this school year and the last: every student sits in one of each year.

This year's XI-1 were X-1 last year, but for who came from another school and who is in the tenth grade once more. The
twelfth grade of last year has left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tools.demo.people import DemoSchool, demo_id
from tools.demo.years import SchoolYear

CAPACITY = 36
_ROMAN = {10: "X", 11: "XI", 12: "XII"}


@dataclass(frozen=True)
class DemoClass:
    """A class of the demo."""

    school: DemoSchool
    year: SchoolYear
    #: Whether it is of the year before the demo's.
    is_former: bool
    grade: int
    section: int
    #: The number of the homeroom teacher among the teachers of the school.
    teacher: int

    @property
    def name(self) -> str:
        return f"{_ROMAN[self.grade]}-{self.section}"

    @property
    def id(self) -> str:
        prefix = "" if self.school.key == "smansa" else f"{self.school.key}/"
        return demo_id(f"{prefix}classes/{'before/' if self.is_former else ''}{self.name}")


def _sections(students: int) -> int:
    """How many classes so many students of one grade make."""
    return -(-students // CAPACITY)


@cache
def _places(school: DemoSchool, *, is_former: bool) -> list[tuple[int, int]]:
    """Grade and section of each class of a year."""
    own = _sections(-(-school.students // len(_ROMAN)))
    sections = dict.fromkeys(_ROMAN, own) | ({12: _sections(school.graduates)} if is_former else {})
    return [(grade, section) for grade in _ROMAN for section in range(1, sections[grade] + 1)]


def _classes(school: DemoSchool, year: SchoolYear, *, is_former: bool) -> list[DemoClass]:
    places = _places(school, is_former=is_former)
    # The first teacher is deleted by the files of events/. The second, who signs in, has the class of the student who
    # does: XI-1. A year before, everybody had another one.
    teachers = school.teaching[1:] if len(school.teaching) > len(places) else school.teaching
    first = len(teachers) // 2 if is_former else -_sections(-(-school.students // len(_ROMAN)))
    return [
        DemoClass(school, year, is_former, grade, section, teachers[(first + number) % len(teachers)])
        for number, (grade, section) in enumerate(places)
    ]


def classes_of(school: DemoSchool, year: SchoolYear) -> list[DemoClass]:
    """The classes of a school, those of the former year first; of the same school year always the same ones."""
    former = _classes(school, year.before, is_former=True)
    return [*former, *_classes(school, year, is_former=False)] if school.students else []


@dataclass(frozen=True)
class Way:
    """The grades of a student this year and last year, None where the student was not here."""

    now: int | None
    before: int | None

    @property
    def age_grade(self) -> int:
        """The grade of those who are as old."""
        return 13 if self.now is None else max(self.now, (self.before or 0) + 1)


def way_of(school: DemoSchool, number: int) -> Way:
    """How the n-th student of a school came to where the student is."""
    if number > school.students:
        return Way(None, 12)
    grade = 10 + (number - 1) % len(_ROMAN)
    if number % 159 == 1 and number > 1:
        return Way(grade, grade)
    is_new = grade == 10 or number % 70 == 20
    return Way(grade, None if is_new else grade - 1)


def places_of(school: DemoSchool, number: int) -> Iterator[tuple[bool, int, int]]:
    """Whether a class is of the former year, its grade and its section, for each class of the n-th student."""
    way = way_of(school, number)
    order = (number - 1) // len(_ROMAN) if way.now else number - school.students - 1
    for is_former, grade in ((True, way.before), (False, way.now)):
        if grade:
            sections = sum(each == grade for each, _ in _places(school, is_former=is_former))
            yield is_former, grade, 1 + order % sections


def rosters(school: DemoSchool, year: SchoolYear) -> dict[int, list[DemoClass]]:
    """The classes of each student of a school, by number, the oldest class first."""
    found = {(each.is_former, each.grade, each.section): each for each in classes_of(school, year)}
    return {
        number: [found[place] for place in places_of(school, number)]
        for number in range(1, school.students + school.graduates + 1)
    }
