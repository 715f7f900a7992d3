"""What a NIK, the national identity number, says about its holder, and whether the record says the same.

Digits 7 to 12 are the birth date as day, month and the year's last two digits; a woman's day is 40 higher. A NIK that
contradicts its record is reported and never refused: Dukcapil has issued such numbers, and a school can't change them.
"""

import re
from datetime import date

#: What can be wrong with a NIK that has 16 digits, by code, with the sentence that a report shows.
MESSAGES = {
    "nik_impossible_date": "Digits 7 to 12 of the NIK are no birth date.",
    "nik_birth_date": "The NIK names another birth date.",
    "nik_gender": "The NIK names the other gender.",
}
_NIK = re.compile(r"[0-9]{16}")
_WOMANS_DAYS = 40


def nik_digits(birth_date: str, gender: str) -> str:
    """Digits 7 to 12 of the NIK of somebody of this gender, born on this day."""
    year, month, day = birth_date.split("-")
    return f"{int(day) + _WOMANS_DAYS * (gender == 'FEMALE'):02d}{month}{year[2:]}"


def contradictions(nik: str | None, birth_date: str | None, gender: str | None) -> list[str]:
    """The codes of what the NIK contradicts, in the order of `MESSAGES`; none when one of both sides is absent.

    Args:
        nik: 16 digits; anything else has nothing to say, its format is refused elsewhere.
        birth_date: as `YYYY-MM-DD`.
        gender: `MALE` or `FEMALE`.
    """
    if not nik or not _NIK.fullmatch(nik):
        return []
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    named_gender = "MALE"
    if day > _WOMANS_DAYS:
        named_gender, day = "FEMALE", day - _WOMANS_DAYS
    found = []
    if not _exists(day, month, year):
        found.append("nik_impossible_date")
    elif birth_date and (birth_date[8:10], birth_date[5:7], birth_date[2:4]) != (f"{day:02d}", nik[8:10], nik[10:12]):
        found.append("nik_birth_date")
    if gender and gender != named_gender:
        found.append("nik_gender")
    return found


def _exists(day: int, month: int, year: int) -> bool:
    try:
        # Every year of 2000 to 2099 that four divides is a leap year, as in 1901 to 1999: the century doesn't matter.
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True
