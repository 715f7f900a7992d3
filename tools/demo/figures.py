"""docs/demo.md: the demo schools in figures, as a person would check them. `make demo-figures` writes it.

The page is of one school year, so that it says the same on every day; a test holds it to what the code makes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from core.people.enumerations import EDUCATION, INCOME, RELIGION, RESIDENCE, TRANSPORTATION
from core.people.readiness import problems_of

from tools.demo.classes import DemoClass, classes_of, way_of
from tools.demo.employees import RELIGION_SUBJECTS
from tools.demo.livelihoods import DECEASED
from tools.demo.people import ACCOUNTS, EVENTS_YEAR, PASSWORD, SCHOOLS, DemoSchool
from tools.demo.population import DemoPerson, Population
from tools.demo.years import SchoolYear, age
from tools.sam_template import ROOT

PAGE = ROOT / "docs/demo.md"
YEAR = EVENTS_YEAR
_KIN = ("father", "mother", "guardian")
_HEAD = f"""# The demo school in figures

Written by `make demo-figures` for the school year {YEAR.name}; don't edit it here. `make start` makes the demo of the
school year that it is, from July to June: in a later one everybody is born later, and the figures are much the same.

Nobody is meant, all of it is fictional. Names are drawn from lists, NIKs and family cards lie in a regency that does
not exist (6499), telephone numbers behind a prefix that nobody has (0820), and pictures are drawn by code. Tests
(`tests/core/test_demo.py`, `test_demo_people.py`) hold for several dates what the figures show: who lives with a
guardian has one, NIKs fit birth dates and genders, names fit religions, educations occupations, and ages grades."""


def _table(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; numbers are aligned to the right."""
    cells = [[str(each) for each in row] for row in rows]
    numeric = [all(row[place].replace(" to ", "").isdigit() for row in cells) for place in range(len(headers))]
    rule = "|".join("---:" if each else "---" for each in numeric)
    return "\n".join([f"| {' | '.join(headers)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in cells)])


def _span(numbers: Iterable[int]) -> str:
    found = sorted(numbers)
    return f"{found[0]} to {found[-1]}"


class Figures:
    """The figures of one school."""

    def __init__(self, school: DemoSchool, year: SchoolYear = YEAR) -> None:
        self.school, self.year = school, year
        people = Population(school, year)
        self.teachers, self.staff = list(people.of("teachers")), list(people.of("staff"))
        self.everybody = list(people.of("students"))
        self.students = [each for each in self.everybody if not each.has_graduated]

    @cached_property
    def _of_class(self) -> dict[DemoClass, list[DemoPerson]]:
        found: dict[DemoClass, list[DemoPerson]] = {each: [] for each in classes_of(self.school, self.year)}
        for student in self.everybody:
            for each in student.classes:
                found[each].append(student)
        return found

    def _count(self, of: Callable[[DemoPerson], Any]) -> Counter[Any]:
        return Counter(of(each) for each in self.students)

    def classes(self) -> str:
        """Both years' classes with their homeroom teachers."""
        parts = []
        for year in (self.year, self.year.before):
            rows = [
                (each.name, len(own), *_genders(own), self.teachers[each.teacher - 1].profile["name"])
                for each, own in self._of_class.items()
                if each.year == year
            ]
            table = _table(("Class", "Students", "Girls", "Boys", "Homeroom teacher"), rows)
            parts.append(f"### {year.name}\n\n{table}")
        return "\n\n".join(parts)

    def ages(self) -> str:
        """How old the students of each grade are when the year begins and ends."""
        rows = []
        for grade in (10, 11, 12):
            own = [each for each in self.students if each.classes[-1].grade == grade]
            repeating = sum(_way(each) == (grade, grade) for each in own)
            ages = (_span(age(e.profile["birthDate"], day) for e in own) for day in self._ends)
            rows.append((grade, len(own), *_genders(own), *ages, repeating))
        days = [f"{day.day} {day:%B %Y}" for day in self._ends]
        return _table(("Grade", "Students", "Girls", "Boys", *(f"Age, {day}" for day in days), "Repeat it"), rows)

    @property
    def _ends(self) -> tuple[Any, Any]:
        return self.year.first_day, self.year.last_day

    def ways(self) -> str:
        """Where this year's students were last year, and where last year's are."""
        ways = Counter(_way(each) for each in self.everybody)
        words = {
            (11, 10): "from grade 10 to 11",
            (12, 11): "from grade 11 to 12",
            (10, None): "new in grade 10",
            (11, None): "from another school to grade 11",
            (12, None): "from another school to grade 12",
            (10, 10): "in grade 10 once more",
            (None, 12): "left from grade 12",
        }
        return _table(("Between the years", "Students"), [(text, ways[way]) for way, text in words.items()])

    def religions(self) -> str:
        """Students and teachers of each religion, and who teaches it."""
        students = self._count(lambda each: each.profile["religion"])
        teachers = Counter(each.profile["religion"] for each in self.teachers)
        rows = []
        for religion in (each for each in RELIGION if students[each]):
            subject = RELIGION_SUBJECTS[religion]
            own = [each.profile["name"] for each in self.teachers if subject in each.profile.get("subjects", [])]
            rows.append((religion, students[religion], teachers[religion], subject, ", ".join(own)))
        return _table(("Religion", "Students", "Teachers", "Subject", "Taught by"), rows)

    def residences(self) -> str:
        """With whom students live, and how many of them have a guardian."""
        living = self._count(lambda each: each.profile["residenceType"])
        guarded = self._count(lambda each: "guardian" in each.profile and each.profile["residenceType"])
        rows = [(each, living[each], guarded[each]) for each in RESIDENCE if living[each]]
        return _table(("Lives", "Students", "With a guardian's record"), rows)

    def journeys(self) -> str:
        """How students come to school."""
        modes = self._count(lambda each: each.profile["transportationMode"])
        return _table(("Comes", "Students"), [(each, modes[each]) for each in TRANSPORTATION if modes[each]])

    def families(self) -> str:
        """What parents and guardians do, with which schools behind them and for what a month."""
        rows = []
        found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for each in self.students:
            for kin in _KIN:
                if own := each.profile.get(kin):
                    found.setdefault(own["occupation"], []).append((kin, own))
        for occupation in sorted(found, key=lambda each: (each == DECEASED, each)):
            own = found[occupation]
            kinds = Counter(kin for kin, _ in own)
            spans = (_words(EDUCATION, own, "education"), _words(INCOME, own, "income"))
            rows.append((occupation, *(kinds[kin] for kin in _KIN), *spans))
        return _table(("Occupation", "Fathers", "Mothers", "Guardians", "Education", "Income"), rows)

    def readiness(self) -> str:
        """How many records Dapodik would take, and what the others lack."""
        problems = {each.id: problems_of(each.profile) for each in self.students}
        members = Counter(problem.field for own in problems.values() for problem in own)
        ready = sum(not own for own in problems.values())
        rows = [("complete", ready), ("incomplete", len(problems) - ready)]
        rows += [(f"lack `{member}`", number) for member, number in sorted(members.items())]
        return _table(("For Dapodik", "Students"), rows)

    def others(self) -> str:
        """Who is not active, has a picture or needs help."""
        kinds = {"Students": self.students, "Graduates": [each for each in self.everybody if each.has_graduated]}
        kinds |= {"Teachers": self.teachers, "Staff": self.staff}
        rows = [
            (
                kind,
                len(own),
                sum(not each.is_active for each in own),
                sum(each.has_picture for each in own),
                sum("specialNeeds" in each.profile for each in own),
            )
            for kind, own in kinds.items()
        ]
        return _table(("", "Records", "Not active", "With a picture", "With special needs"), rows)

    def employment(self) -> str:
        """Positions and status of those who work there."""
        found = Counter(
            (each.profile["position"], each.profile["employmentStatus"]) for each in (*self.teachers, *self.staff)
        )
        positions = dict.fromkeys(position for position, _ in found)
        statuses = ("PNS", "CPNS", "PPPK", "GTT_PTT_PROVINCE", "HONORARY_SCHOOL")
        rows = [(each, *(found[each, status] for status in statuses)) for each in positions]
        return _table(("Position", *statuses), rows)


def _way(student: DemoPerson) -> tuple[int | None, int | None]:
    way = way_of(student.school, student.number)
    return way.now, way.before


def _genders(people: Sequence[DemoPerson]) -> tuple[int, int]:
    girls = sum(each.profile["gender"] == "FEMALE" for each in people)
    return girls, len(people) - girls


def _words(order: dict[str, str], adults: list[tuple[str, dict[str, Any]]], member: str) -> str:
    """The words that are met, in the order of the enumeration."""
    met = {own[member] for _, own in adults}
    return ", ".join(each for each in order if each in met)


def _accounts() -> str:
    people = [
        person
        for school in SCHOOLS
        for kind in ("teachers", "staff", "students")
        for person in Population(school, YEAR).of(kind)
    ]
    owners = {each.account.email: each for each in people}
    rows = []
    for account in ACCOUNTS:
        owner = owners.get(account.email)
        record = "none" if owner is None else owner.profile.get("position") or f"student of {owner.classes[-1].name}"
        rows.append((f"`{account.email}`", account.role, account.name, account.school, record))
    return _table(("Address", "Role", "Name", "School", "Record"), rows)


def _schools() -> str:
    rows = []
    for school in SCHOOLS[1:]:
        own = Figures(school)
        graduates = len(own.everybody) - len(own.students)
        classes = Counter(each.year for each in classes_of(school, YEAR))
        numbers = (len(own.students), graduates, len(own.teachers), len(own.staff))
        rows.append((school.name, *numbers, classes[YEAR], classes[YEAR.before]))
    last = YEAR.before.name
    return _table(("School", "Students", f"Left in {last}", "Teachers", "Staff", "Classes", f"Classes of {last}"), rows)


def page() -> str:
    """The page."""
    figures = Figures(SCHOOLS[1])
    parts = {
        f"Who signs in, all with `{PASSWORD}`": _accounts(),
        "The schools": _schools(),
        "Grades and ages": figures.ages(),
        "From last year to this": figures.ways(),
        "Religions": figures.religions(),
        "Where students live": figures.residences(),
        "How students come": figures.journeys(),
        "Fathers, mothers and guardians": figures.families(),
        "Readiness": figures.readiness(),
        "Who is away, shown or in need": figures.others(),
        "Work": figures.employment(),
        "Classes": figures.classes(),
    }
    text = "\n\n".join(f"## {title}\n\n{body}" for title, body in parts.items())
    rest = f"All that follows the schools' table is of {SCHOOLS[1].name}."
    return f"{_HEAD}\n\n{rest}\n\n{text}\n"


def main() -> None:
    """Writes the page."""
    PAGE.write_text(page())
    print(f"Wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
