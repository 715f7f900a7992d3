"""The records of the demo's students."""

from datetime import date, timedelta
from random import Random
from typing import Any

from tools.demo import words
from tools.demo.classes import Way, way_of
from tools.demo.families import Household, nik, people_for, phone
from tools.demo.livelihoods import drawn
from tools.demo.people import RELIGIONS, DemoSchool, Place
from tools.demo.peoples import family_of
from tools.demo.years import SchoolYear

BLOOD: dict[str, float] = {"O": 37, "B": 29, "A": 26, "AB": 8}
_TRANSPORTATION: dict[str, float] = {
    "MOTORCYCLE": 50,
    "PRIVATE_CAR": 13,
    "MOTORCYCLE_TAXI": 11,
    "WALKING": 9,
    "PUBLIC_TRANSPORT": 7,
    "SCHOOL_SHUTTLE": 4,
    "BICYCLE": 4,
    "BOAT": 2,
}
#: Who lives in a house for students lives near the school.
_NEAR: dict[str, float] = {"WALKING": 6, "BICYCLE": 2, "MOTORCYCLE": 2}
_KILOMETRES = {"WALKING": 0.8, "BICYCLE": 2.0}
_RESIDENCE: dict[str, float] = {
    "WITH_PARENTS": 84,
    "WITH_GUARDIAN": 7,
    "BOARDING_HOUSE": 5,
    "DORMITORY": 2,
    "ORPHANAGE": 1.5,
}
_HOUSES = ("BOARDING_HOUSE", "DORMITORY", "ORPHANAGE")
#: What Dapodik wants and a school often lacks: one student in twelve misses one of these.
_OFTEN_MISSING = ("familyCardNumber", "birthCertificateNumber", "mother", "address", "nisn")
#: Days after 1 July sixteen years before the tenth grade, and how many of a hundred are born then: the most turn 16 in
#: that school year, some began school early or late.
_BORN = {(0, 365): 84, (-180, 0): 13, (365, 480): 3}


def religion_of(dice: Random, school: DemoSchool) -> str:
    """A religion that the school has."""
    return drawn(dice, {each: RELIGIONS[each] for each in school.religions})


def _birth_date(dice: Random, grade: int, year: SchoolYear) -> str:
    [(first, last)] = dice.choices(list(_BORN), list(_BORN.values()))
    begin = date(year.begins - 16 - (grade - 10), 7, 1)
    return (begin + timedelta(days=dice.randrange(first, last))).isoformat()


def address(dice: Random, places: tuple[tuple[str, str, str], ...] = words.PLACES) -> dict[str, Any]:
    """An address in Samarinda."""
    sub_district, district, postal_code = dice.choice(places)
    return {
        "street": f"Jl. {dice.choice(words.STREETS)} No. {dice.randrange(1, 120)}",
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


def student(place: Place) -> dict[str, Any]:
    """The profile of a student, without an email."""
    dice, given, way = place.dice(), place.given(), way_of(place.school, place.number)
    religion = given.get("religion") or religion_of(dice, place.school)
    gender = given.get("gender") or dice.choice(("MALE", "FEMALE"))
    people = people_for(dice, religion)
    born = _birth_date(dice, way.age_grade, place.year)
    siblings = dice.choices((0, 1, 2, 3, 4), (10, 38, 32, 14, 6))[0]
    order = dice.randrange(1, siblings + 2)
    residence = drawn(dice, _RESIDENCE)
    family = Household(dice, people, residence, born, place.serial).records()
    inherited = family_of(family["father"]["name"]) if people.inherits else None
    profile = {
        "name": given.get("name") or people.name(dice, gender, order, inherited),
        "gender": gender,
        "religion": religion,
        "nik": nik(dice, born, gender, place.serial),
        "nisn": f"{born[1:4]}99{place.serial:05}",
        **_numbers(dice, place, way, born),
        "birthPlace": dice.choice(words.ELSEWHERE if residence in ("BOARDING_HOUSE", "DORMITORY") else words.TOWNS),
        "birthDate": born,
        "nationality": "Indonesia",
        "phoneNumber": phone(dice),
        "bloodType": drawn(dice, BLOOD),
        **_body(dice, gender),
        "residenceType": residence,
        **_journey(dice, residence),
        "birthOrder": order,
        "siblings": siblings,
        "numberOfSiblings": siblings,
        **family,
        "educationHistory": _schools(dice, place, way),
    }
    if dice.random() < 0.025:
        profile["specialNeeds"] = [dice.choice(words.SPECIAL_NEEDS)]
    if dice.random() < 0.1:
        profile["landline"] = f"+62 541-{dice.randrange(10_000):04}00"
    missing = dice.choice(_OFTEN_MISSING) if place.number % 12 == 0 else ""
    return {name: value for name, value in profile.items() if name != missing}


def _entered(place: Place, way: Way) -> SchoolYear:
    """The school year in which the student came into the tenth grade."""
    return SchoolYear(place.year.begins - (way.age_grade - 10))


def _numbers(dice: Random, place: Place, way: Way, born: str) -> dict[str, Any]:
    entered = _entered(place, way).begins % 100
    registered = int(born[:4]) + dice.randrange(2)
    issued = f"{dice.randrange(1, 29):02}{dice.randrange(1, 13):02}{dice.randrange(8, 24):02}"
    return {
        "nipd": f"{entered:02}{(entered + 1) % 100:02}.10.{place.number:03}",
        "familyCardNumber": f"6499{dice.randrange(1, 11):02}{issued}{place.number:04}",
        "birthCertificateNumber": f"6499-LT-{dice.randrange(1, 29):02}12{registered}-{place.number:04}",
    }


def _body(dice: Random, gender: str) -> dict[str, Any]:
    height = dice.gauss(167, 6.5) if gender == "MALE" else dice.gauss(156, 5.5)
    return {
        "height": round(height),
        "weight": round(max(15.5, dice.gauss(20.8, 2.6)) * (height / 100) ** 2),
        "headCircumference": round(dice.gauss(55, 1.4)),
        "hobby": dice.choice(words.HOBBIES),
        "aspiration": dice.choice(words.ASPIRATIONS),
    }


def _journey(dice: Random, residence: str) -> dict[str, Any]:
    near = residence in _HOUSES
    by = drawn(dice, _NEAR if near else _TRANSPORTATION)
    usual = 0.8 if near else _KILOMETRES.get(by, 5.5)
    kilometres = max(0.1, dice.gauss(usual, usual / 3))
    return {
        "transportationMode": by,
        "distance": round(kilometres * 1000),
        "travelTime": max(2, round(kilometres * (12 if by == "WALKING" else 4))),
        "address": address(dice, words.ACROSS_THE_RIVER if by == "BOAT" else words.PLACES),
    }


def _schools(dice: Random, place: Place, way: Way) -> list[dict[str, Any]]:
    """The schools that the student has behind."""
    before = f"SMP Negeri {dice.randrange(1, 9)} Contoh"
    found = [_attended("SMP", before, _entered(place, way).begins, 3)]
    if way.now is None:
        found.append(_attended("SMA", place.school.name, place.year.begins, 3))
    elif way.now > 10 and way.before is None:
        found.append(_attended("SMA", "SMA Negeri 3 Contoh", place.year.begins, way.now - 10))
    return found


def _attended(level: str, institution: str, until: int, years: int) -> dict[str, Any]:
    return {"level": level, "institution": institution, "startYear": until - years, "endYear": until}
