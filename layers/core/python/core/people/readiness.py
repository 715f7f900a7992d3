"""Whether Dapodik, the national school data, would take a student's record: what is missing and what contradicts.

A pure rule over the profile. A record is written all the same: a school fills it bit by bit.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from core.contract.outcomes import ERROR
from core.contract.shapes import Member, Shape
from core.contract.values import BOOLEAN, ID
from core.kernel.errors import Problem
from core.people.nik import MESSAGES, contradictions

REQUIRED = (
    "name",
    "nisn",
    "nik",
    "gender",
    "birthPlace",
    "birthDate",
    "religion",
    "familyCardNumber",
    "residenceType",
    "transportationMode",
    "mother.name",
    "address.street",
    "address.subDistrict",
    "address.district",
)
_DIGITS = {"nisn": 10, "nik": 16, "familyCardNumber": 16, "father.nik": 16, "mother.nik": 16, "guardian.nik": 16}
_PARENTS = {"father": "MALE", "mother": "FEMALE", "guardian": None}
#: A parent this much older than the child is one: anything less is a slip of the pen.
_YEARS_TO_A_CHILD = 10


def value_at(profile: dict[str, Any], path: str) -> Any:
    """The value at a path such as `mother.name`; None when it, or what holds it, is absent."""
    value: Any = profile
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def problems_of(profile: dict[str, Any]) -> list[Problem]:
    """Everything that Dapodik would refuse, missing members first."""
    missing = [Problem("missing", "Dapodik requires this.", path) for path in REQUIRED if not value_at(profile, path)]
    return [*missing, *_formats(profile), *_of_numbers(profile), *_of_parents(profile), *_of_siblings(profile)]


def is_ready(profile: dict[str, Any]) -> bool:
    """Whether nothing is missing and nothing contradicts."""
    return not problems_of(profile)


def _formats(profile: dict[str, Any]) -> Iterator[Problem]:
    for path, number in _DIGITS.items():
        value = value_at(profile, path)
        if value and not re.fullmatch(f"[0-9]{{{number}}}", str(value)):
            yield Problem("format", f"This has exactly {number} digits.", path)


def _of_numbers(profile: dict[str, Any]) -> Iterator[Problem]:
    nik, born = profile.get("nik"), profile.get("birthDate")
    for code in contradictions(nik, born, profile.get("gender")):
        yield Problem(code, MESSAGES[code], "nik")
    if nik and nik == profile.get("familyCardNumber"):
        yield Problem("nik_is_family_card", "NIK and family card number are the same; one of them is wrong.", "nik")
    nisn = profile.get("nisn")
    if nisn and born and nisn[:3] != born[1:4]:
        yield Problem("nisn_birth_year", "A NISN begins with the last three digits of the birth year.", "nisn")


def _of_parents(profile: dict[str, Any]) -> Iterator[Problem]:
    born = profile.get("birthDate")
    for parent, gender in _PARENTS.items():
        own = profile.get(parent) or {}
        for code in contradictions(own.get("nik"), own.get("birthDate"), gender):
            yield Problem(code, MESSAGES[code], f"{parent}.nik")
        if own.get("nik") and own["nik"] in (profile.get("nik"), profile.get("familyCardNumber")):
            yield Problem("nik_taken", "This NIK is the student's, or the family card's number.", f"{parent}.nik")
        if born and own.get("birthDate") and int(own["birthDate"][:4]) + _YEARS_TO_A_CHILD > int(born[:4]):
            yield Problem("parent_too_young", "This birth date is no parent's of this student.", f"{parent}.birthDate")


def _of_siblings(profile: dict[str, Any]) -> Iterator[Problem]:
    order, siblings = profile.get("birthOrder"), profile.get("numberOfSiblings")
    if order is not None and siblings is not None and order > siblings + 1:
        yield Problem("birth_order", "There are fewer siblings than the order of birth says.", "birthOrder")


def problems_as_seen(profile: dict[str, Any], hidden: frozenset[str]) -> list[Problem]:
    """The problems for somebody who may not see the members in `hidden`: they rest on the others alone.

    Whether a hidden member is missing or contradicts another would tell, change by change, what stands in it.
    """
    seen = {name: value for name, value in profile.items() if name not in hidden}
    return [each for each in problems_of(seen) if (each.field or "").partition(".")[0] not in hidden]


def contested(member: str) -> Problem:
    """A number was sent by somebody who may not see it, and not kept, because somebody else of the school has it."""
    message = f"A {member} was sent that somebody else of the school has, and not kept. Send the right one."
    return Problem(f"{member}_taken", message, member)


class Readiness(NamedTuple):
    """Whether Dapodik would take a record, as far as somebody may see it."""

    id: str
    problems: list[Problem]

    @property
    def ready(self) -> bool:
        return not self.problems


READINESS = Shape(
    "Readiness",
    Member("id", ID),
    Member("ready", BOOLEAN),
    Member("problems", ERROR, is_list=True),
    description="What Dapodik would refuse of a student's record.",
)


def readiness_of(
    person_id: str, profile: dict[str, Any], contested_members: Iterable[str], hidden: frozenset[str]
) -> Readiness:
    """The readiness for somebody who may not see the members in `hidden`; whoever sees all sees what is contested."""
    problems = problems_as_seen(profile, hidden)
    return Readiness(person_id, problems if hidden else [*problems, *map(contested, contested_members)])
