"""The classes of the demo schools: every student sits in one, and it has a homeroom teacher."""

from dataclasses import dataclass

from tools.demo.people import DemoSchool, demo_id

#: The year in which the demo was made.
ACADEMIC_YEAR = "2025/2026"
CAPACITY = 36
_ROMAN = {10: "X", 11: "XI", 12: "XII"}
#: The first teachers are those whom the files of events/ delete and who sign in.
_FIRST_HOMEROOM_TEACHER = 3


@dataclass(frozen=True)
class DemoClass:
    """A class of the demo."""

    school: DemoSchool
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
        return demo_id(f"{prefix}classes/{self.name}")


def _sections(school: DemoSchool) -> int:
    """How many classes a grade has: each takes a third of the students."""
    return -(-school.students // (len(_ROMAN) * CAPACITY))


def classes_of(school: DemoSchool) -> list[DemoClass]:
    """The classes of a school, always the same ones."""
    places = [(grade, section) for grade in _ROMAN for section in range(1, _sections(school) + 1)]
    return [
        DemoClass(school, grade, section, _FIRST_HOMEROOM_TEACHER + number % max(1, school.teachers - 2))
        for number, (grade, section) in enumerate(places)
    ]


def grade_of(number: int) -> int:
    """The grade of the n-th student."""
    return 10 + (number - 1) % len(_ROMAN)


def class_of(school: DemoSchool, number: int) -> DemoClass:
    """The class of the n-th student of a school."""
    sections = _sections(school)
    section = 1 + (number - 1) // len(_ROMAN) % sections
    return classes_of(school)[(grade_of(number) - 10) * sections + section - 1]
