"""Everybody in the demo schools, with the distributions of a town in East Kalimantan.

Nobody is meant: NIKs and family cards lie in a regency that does not exist (6499), telephone numbers behind a prefix
that is not given out (0820). Everybody has dice of their own, so that a longer list leaves the others as they are. The
same school year gives the same people; of another year they are as old as they were, so that birth dates move.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tools.demo.classes import DemoClass, rosters, way_of
from tools.demo.employees import employee
from tools.demo.people import SCHOOLS, DemoSchool, DemoUser, Place, demo_id
from tools.demo.students import student
from tools.demo.years import SchoolYear

ROLES = {"students": "student", "teachers": "teacher", "staff": "staff"}


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demo and the account that comes with it."""

    school: DemoSchool
    kind: str
    number: int
    profile: dict[str, Any]
    account: DemoUser
    #: Of a student, the oldest first.
    classes: list[DemoClass] = field(default_factory=list)

    @property
    def id(self) -> str:
        return person_id(self.school.key, self.kind, self.number)

    @property
    def has_graduated(self) -> bool:
        """Whether it is a student who left with the end of the last school year."""
        return self.kind == "students" and way_of(self.school, self.number).now is None

    @property
    def is_active(self) -> bool:
        """Whether the person is at the school: not who has graduated, moved away in the year, or retired."""
        if self.kind == "students":
            return not self.has_graduated and self.number % 80 != 47
        return (
            self.number <= self.school.teachers - self.school.retired if self.kind == "teachers" else self.number != 20
        )

    @property
    def has_picture(self) -> bool:
        """Whether the account has a picture: who signs in, and some others."""
        some = {"students": (60, 7), "teachers": (20, 6)}.get(self.kind)
        is_one = self.account.has_password or (some and self.is_active and self.number % some[0] == some[1])
        return bool(is_one and self.school.has_pictures)


def person_id(school_key: str, kind: str, number: int) -> str:
    """The id of the n-th person of a kind; the first school's are those that the events speak of."""
    prefix = "" if school_key == "smansa" else f"{school_key}/"
    return demo_id(f"{prefix}{kind}/{number}")


class Population:
    """The people of a school in a school year."""

    def __init__(self, school: DemoSchool, year: SchoolYear) -> None:
        self.school, self.year = school, year

    @cached_property
    def _rosters(self) -> dict[int, list[DemoClass]]:
        return rosters(self.school, self.year)

    def of(self, kind: str) -> Iterator[DemoPerson]:
        """Everybody of a kind."""
        further = self.school.graduates if kind == "students" else 0
        return (self.person(kind, number) for number in range(1, getattr(self.school, kind) + further + 1))

    def person(self, kind: str, number: int) -> DemoPerson:
        """The n-th person of a kind."""
        school, place = self.school, Place(self.school, kind, number, self.year)
        profile = student(place) if kind == "students" else employee(place)
        account = place.documented
        if account is None:
            first, *_, last = profile["name"].lower().split()
            email = f"{first}.{last}.{kind[0]}{number}@{school.key}.test"
            account = DemoUser(school.key, profile["name"], email, ROLES[kind], False)
        classes = self._rosters[number] if kind == "students" else []
        return DemoPerson(school, kind, number, profile | {"email": account.email}, account, classes)


def population(year: SchoolYear) -> Iterator[DemoPerson]:
    """Everybody of a school year, always the same ones. Teachers come first, because classes name them."""
    for school in SCHOOLS:
        people = Population(school, year)
        for kind in ("teachers", "staff", "students"):
            yield from people.of(kind)
