"""The students, teachers and staff of the demo schools, with the distributions of a town in East Kalimantan.

Nobody is meant: NIKs and family cards lie in a regency that does not exist (6499), telephone numbers behind a prefix
that is not given out (0820). Everybody has dice of their own, so that a longer list leaves the others as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from core.people.nik import nik_digits

from tools.demo import names
from tools.demo.classes import grade_of
from tools.demo.people import PERSONS_ACCOUNTS, SCHOOLS, DemoSchool, DemoUser, demo_id

_ROLES = {"students": "student", "teachers": "teacher", "staff": "staff"}
#: Given genders of the documented people, whose names are given too.
_GENDERS = {"teacher@smansa.test": "FEMALE", "staff@smansa.test": "MALE", "student@smansa.test": "MALE"}
_ISLAM = 88
_RELIGION = {"ISLAM": _ISLAM, "PROTESTANT": 6, "CATHOLIC": 3, "BUDDHIST": 1.5, "HINDU": 1, "CONFUCIAN": 0.5}
_BLOOD = {"O": 37, "B": 29, "A": 26, "AB": 8}
_TRANSPORTATION = {
    "MOTORCYCLE": 50,
    "PRIVATE_CAR": 13,
    "MOTORCYCLE_TAXI": 11,
    "WALKING": 9,
    "PUBLIC_TRANSPORT": 7,
    "SCHOOL_SHUTTLE": 4,
    "BICYCLE": 4,
    "BOAT": 2,
}
_KILOMETRES = {"WALKING": 0.8, "BICYCLE": 2.0}
_RESIDENCE = {"WITH_PARENTS": 86, "WITH_GUARDIAN": 6, "BOARDING_HOUSE": 5, "DORMITORY": 2, "ORPHANAGE": 1}
_FATHERS_INCOME = {
    "FROM_2M_TO_5M": 39,
    "FROM_1M_TO_2M": 24,
    "FROM_5M_TO_20M": 18,
    "FROM_500K_TO_1M": 11,
    "BELOW_500K": 4,
    "ABOVE_20M": 2,
    "NONE": 2,
}
_MOTHERS_INCOME = {"NONE": 56, "FROM_1M_TO_2M": 14, "FROM_2M_TO_5M": 17, "FROM_500K_TO_1M": 7, "FROM_5M_TO_20M": 6}
_EDUCATION = {"SMA": 45, "S1": 20, "SMP": 15, "SD": 12, "D3": 5, "S2": 2, "NONE": 1}
_EMPLOYMENT = {"PNS": 48, "PPPK": 24, "HONORARY_SCHOOL": 14, "GTT_PTT_PROVINCE": 9, "CPNS": 5}
_MARITAL = {"MARRIED": 78, "SINGLE": 18, "WIDOWED": 4}
#: What Dapodik wants and a school often lacks: one student in twelve misses one of these.
_OFTEN_MISSING = ("familyCardNumber", "birthCertificateNumber", "mother", "address", "nisn")
#: The first and last birthday of each grade.
_BORN = {
    10: (date(2009, 7, 1), date(2010, 12, 31)),
    11: (date(2008, 9, 1), date(2009, 12, 31)),
    12: (date(2007, 12, 1), date(2008, 12, 31)),
}


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demo and the account that comes with it."""

    school: DemoSchool
    kind: str
    number: int
    profile: dict[str, Any]
    account: DemoUser

    @property
    def id(self) -> str:
        return person_id(self.school.key, self.kind, self.number)


def person_id(school_key: str, kind: str, number: int) -> str:
    """The id of the n-th person of a kind; the first school's are those that the events speak of."""
    prefix = "" if school_key == "smansa" else f"{school_key}/"
    return demo_id(f"{prefix}{kind}/{number}")


def population() -> Iterator[DemoPerson]:
    """Everybody, always the same ones."""
    for school in SCHOOLS:
        for kind in _ROLES:
            for number in range(1, getattr(school, kind) + 1):
                yield demo_person(school, kind, number)


def demo_person(school: DemoSchool, kind: str, number: int) -> DemoPerson:
    """The n-th person of a kind of a school."""
    dice = Random(f"{school.key}/{kind}/{number}")
    account = PERSONS_ACCOUNTS.get((school.key, kind, number))
    gender = _GENDERS[account.email] if account else dice.choice(("MALE", "FEMALE"))
    name = account.name if account else _name(dice, gender)
    if account is None:
        first, *_, last = name.lower().split()
        email = f"{first}.{last}.{kind[0]}{number}@{school.key}.test"
        account = DemoUser(school.key, name, email, _ROLES[kind], False)
    known = {"name": name, "email": account.email, "gender": gender}
    profile = _student(dice, number, known) if kind == "students" else _employee(dice, kind, number, known)
    return DemoPerson(school, kind, number, profile, account)


def _name(dice: Random, gender: str) -> str:
    given = dice.sample(names.GIVEN[gender], dice.choice((1, 2, 2)))
    return " ".join([*given, dice.choice([each for each in names.FAMILY[gender] if each not in given])])


def _drawn(dice: Random, weights: dict[str, float] | dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]


def _day(dice: Random, first: date, last: date) -> str:
    return (first + timedelta(days=dice.randrange((last - first).days + 1))).isoformat()


def _nik(dice: Random, birth_date: str, gender: str, number: int) -> str:
    return f"6499{dice.randrange(1, 11):02}{nik_digits(birth_date, gender)}{number:04}"


def _phone(dice: Random) -> str:
    return f"+62 820-{dice.randrange(10_000):04}-{dice.randrange(10_000):04}"


def _address(dice: Random) -> dict[str, Any]:
    sub_district, district, postal_code = dice.choice(names.PLACES)
    return {
        "street": f"Jl. {dice.choice(names.STREETS)} No. {dice.randrange(1, 120)}",
        "rt": f"{dice.randrange(1, 40):03}",
        "rw": f"{dice.randrange(1, 12):03}",
        "subDistrict": sub_district,
        "district": district,
        "city": "Samarinda",
        "province": "Kalimantan Timur",
        "postalCode": postal_code,
        "country": "Indonesia",
        "location": {
            "type": "Point",
            "coordinates": [round(dice.gauss(117.15, 0.03), 5), round(dice.gauss(-0.49, 0.03), 5)],
        },
    }


def _personal(dice: Random, birth_date: str, gender: str, number: int) -> dict[str, Any]:
    return {
        "nik": _nik(dice, birth_date, gender, number),
        "religion": _drawn(dice, _RELIGION),
        "birthPlace": dice.choice(names.TOWNS),
        "birthDate": birth_date,
        "nationality": "Indonesia",
        "phoneNumber": _phone(dice),
        "address": _address(dice),
        "bloodType": _drawn(dice, _BLOOD),
    }


def _parent(dice: Random, gender: str, child: str, number: int) -> dict[str, Any]:
    year = int(child[:4])
    born = _day(dice, date(year - 42, 1, 1), date(year - 21, 12, 31))
    income = _drawn(dice, _FATHERS_INCOME if gender == "MALE" else _MOTHERS_INCOME)
    return {
        "name": _name(dice, gender),
        "nik": _nik(dice, born, gender, number),
        "birthPlace": dice.choice(names.TOWNS),
        "birthDate": born,
        "education": _drawn(dice, _EDUCATION),
        "occupation": ("Ibu rumah tangga" if gender == "FEMALE" else "Tidak bekerja")
        if income == "NONE"
        else dice.choice(names.JOBS),
        "income": income,
        "phoneNumber": _phone(dice),
    }


def _student(dice: Random, number: int, known: dict[str, Any]) -> dict[str, Any]:
    grade = grade_of(number)
    born = _day(dice, *_BORN[grade])
    height = dice.gauss(167, 6.5) if known["gender"] == "MALE" else dice.gauss(156, 5.5)
    by = _drawn(dice, _TRANSPORTATION)
    kilometres = max(0.1, dice.gauss(_KILOMETRES.get(by, 5.5), _KILOMETRES.get(by, 5.5) / 3))
    siblings = dice.choices((0, 1, 2, 3, 4), (10, 38, 32, 14, 6))[0]
    entered = 35 - grade
    profile = {
        **known,
        **_personal(dice, born, known["gender"], number),
        "nisn": f"{born[1:4]}99{number:05}",
        "nipd": f"{entered}{entered + 1}.10.{number:03}",
        "familyCardNumber": f"6499{dice.randrange(1, 11):02}{dice.randrange(1, 29):02}{dice.randrange(1, 13):02}"
        f"{dice.randrange(8, 24):02}{number:04}",
        "birthCertificateNumber": f"6499-LT-{dice.randrange(1, 29):02}012012-{number:04}",
        "height": round(height),
        "weight": round(dice.gauss(20.8, 2.6) * (height / 100) ** 2),
        "headCircumference": round(dice.gauss(55, 1.4)),
        "hobby": dice.choice(names.HOBBIES),
        "aspiration": dice.choice(names.ASPIRATIONS),
        "residenceType": _drawn(dice, _RESIDENCE),
        "transportationMode": by,
        "distance": round(kilometres * 1000),
        "travelTime": max(2, round(kilometres * (12 if by == "WALKING" else 4))),
        "birthOrder": dice.randrange(1, siblings + 2),
        "siblings": siblings,
        "numberOfSiblings": siblings,
        "father": _parent(dice, "MALE", born, 3000 + number),
        "mother": _parent(dice, "FEMALE", born, 6000 + number),
        "educationHistory": [
            {"level": "SMP", "institution": f"SMP Negeri {dice.randrange(1, 9)} Contoh", "endYear": 2000 + entered}
        ],
    }
    missing = dice.choice(_OFTEN_MISSING) if number % 12 == 0 else ""
    return {name: value for name, value in profile.items() if name != missing}


def _employee(dice: Random, kind: str, number: int, known: dict[str, Any]) -> dict[str, Any]:
    born = _day(dice, date(1967, 1, 1), date(2000, 12, 31))
    began = _day(dice, date(int(born[:4]) + 23, 1, 1), date(2025, 7, 1))
    status, marital = _drawn(dice, _EMPLOYMENT), _drawn(dice, _MARITAL)
    teaching = kind == "teachers"
    unique = (1000 if teaching else 2000) + number
    sex, other = ("1", "FEMALE") if known["gender"] == "MALE" else ("2", "MALE")
    profile = {
        **known,
        **_personal(dice, born, known["gender"], unique),
        "nuptk": f"{dice.randrange(10)}{born[2:4]}{born[5:7]}{born[8:10]}99{sex}{unique:06}"[:16],
        "npwp": f"00.{dice.randrange(1000):03}.{dice.randrange(1000):03}.0-999.{unique:04}",
        "employmentStatus": status,
        "employmentStartDate": began,
        "position": "Guru" if teaching else names.POSITIONS[(number - 1) % len(names.POSITIONS)],
        "maritalStatus": marital,
        "educationHistory": [
            {
                "level": "S1" if teaching else dice.choice(("SMA", "D3", "S1")),
                "institution": "Universitas Contoh Mahakam",
                "endYear": int(born[:4]) + 22,
            }
        ],
    }
    if status in ("PNS", "CPNS", "PPPK"):
        profile["nip"] = f"{born.replace('-', '')}{began[:4]}{began[5:7]}{sex}{number if teaching else 500 + number:03}"
    if marital == "MARRIED":
        profile["spouseName"] = _name(dice, other)
    if teaching:
        profile["subjects"] = [names.SUBJECTS[(number - 1) % len(names.SUBJECTS)]]
    return profile
