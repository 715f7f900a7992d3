"""Fathers, mothers and guardians of the demo's students: who a student lives with has them on record."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from core.people.nik import nik_digits

from tools.demo import words
from tools.demo.livelihoods import DECEASED, drawn, livelihood
from tools.demo.peoples import PEOPLES, People, family_of

_WITH_GUARDIAN, _ORPHANAGE = "WITH_GUARDIAN", "ORPHANAGE"
#: With whom a student lives who is not with the parents, and has a guardian.
GUARDED = (_WITH_GUARDIAN, _ORPHANAGE)
#: How many of a hundred have lost both parents, the father, the mother or neither.
_LOST: dict[str, dict[str, float]] = {
    _ORPHANAGE: {"father mother": 60, "father": 40},
    _WITH_GUARDIAN: {"father mother": 15, "father": 20, "mother": 20, "": 45},
    "": {"father": 4, "mother": 1.5, "": 94.5},
}


def nik(dice: Random, birth_date: str, gender: str, serial: int) -> str:
    """A NIK that fits its holder, of a regency that does not exist."""
    return f"6499{dice.randrange(1, 11):02}{nik_digits(birth_date, gender)}{serial % 10_000:04}"


def phone(dice: Random) -> str:
    """A telephone number behind a prefix that nobody has."""
    return f"+62 820-{dice.randrange(10_000):04}-{dice.randrange(10_000):04}"


def day_between(dice: Random, first: date, last: date) -> str:
    """A day from the first to the last one."""
    return date.fromordinal(dice.randrange(first.toordinal(), last.toordinal() + 1)).isoformat()


@dataclass(frozen=True)
class Household:
    """The family of one student: whose names, and with whom the student lives."""

    dice: Random
    people: People
    residence: str
    child_born: str
    serial: int

    def records(self) -> dict[str, Any]:
        """Father and mother, and the guardian of who has one."""
        lost = drawn(self.dice, _LOST.get(self.residence, _LOST[""]))
        father = self._adult("MALE", 21, 42, 3000, lost="father" in lost)
        family = family_of(father["name"])
        mother = self._adult("FEMALE", 19, 40, 6000, lost="mother" in lost, other_than=family)
        guardian = {"guardian": self._guardian(family)} if self.residence in GUARDED else {}
        return {"father": father, "mother": mother, **guardian}

    def _adult(
        self,
        gender: str,
        youngest: int,
        oldest: int,
        serial: int,
        *,
        lost: bool = False,
        family: str | None = None,
        other_than: str = "",
    ) -> dict[str, Any]:
        dice, year = self.dice, int(self.child_born[:4])
        born = day_between(dice, date(year - oldest, 1, 1), date(year - youngest, 12, 31))
        own = livelihood(dice, gender)
        found = {
            "name": self.people.name(dice, gender, dice.randrange(1, 4), family, other_than),
            "nik": nik(dice, born, gender, serial + self.serial),
            "birthPlace": dice.choice(words.TOWNS),
            "birthDate": born,
            **own,
            "phoneNumber": phone(dice),
        }
        if lost:
            found |= {"occupation": DECEASED, "income": "NONE"}
            del found["phoneNumber"]
        return found

    def _guardian(self, family: str) -> dict[str, Any]:
        """An uncle or aunt, a grandparent, or whoever runs the orphanage."""
        gender = self.dice.choice(("MALE", "FEMALE"))
        kin = family if self.people.inherits and self.residence == _WITH_GUARDIAN else None
        guardian = self._adult(gender, 25, 45, 9000, family=kin)
        if self.residence == _ORPHANAGE:
            guardian |= {"occupation": "Pengurus panti asuhan", "income": "FROM_2M_TO_5M", "education": "SMA"}
        return guardian


def people_for(dice: Random, religion: str) -> People:
    """A people of this religion."""
    return dice.choice(PEOPLES[religion])
