"""The records of the demo's teachers and staff: what somebody teaches, was taught, and since when."""

from collections.abc import Collection
from datetime import date
from functools import cache
from random import Random
from typing import Any

from tools.demo.families import day_between, nik, people_for, phone
from tools.demo.livelihoods import drawn
from tools.demo.people import HEAD_OF_ADMINISTRATION, PRINCIPAL, DemoSchool, Place
from tools.demo.students import BLOOD, address, religion_of
from tools.demo.words import TOWNS
from tools.demo.years import SchoolYear, age

#: Who teaches a religion has it.
RELIGION_SUBJECTS = {
    "ISLAM": "Pendidikan Agama Islam",
    "PROTESTANT": "Pendidikan Agama Kristen",
    "CATHOLIC": "Pendidikan Agama Katolik",
    "HINDU": "Pendidikan Agama Hindu",
    "BUDDHIST": "Pendidikan Agama Buddha",
    "CONFUCIAN": "Pendidikan Agama Khonghucu",
}
#: How many teachers of a subject a large school has.
_TEACHERS = {
    "Matematika": 5,
    "Bahasa Indonesia": 5,
    "Bahasa Inggris": 5,
    "Fisika": 4,
    "Kimia": 4,
    "Biologi": 4,
    "Sejarah": 3,
    "Geografi": 3,
    "Ekonomi": 3,
    "Sosiologi": 3,
    RELIGION_SUBJECTS["ISLAM"]: 4,
    "Pendidikan Pancasila": 3,
    "PJOK": 3,
    "Informatika": 3,
    "Seni Budaya": 2,
}
_POSITIONS = {
    "Bendahara": ("S1", "D3"),
    "Operator Dapodik": ("S1", "D3"),
    "Pustakawan": ("S1", "D3"),
    "Laboran": ("D3", "S1"),
    "Administrasi kesiswaan": ("SMA", "D3", "S1"),
    "Administrasi kepegawaian": ("SMA", "D3", "S1"),
    "Petugas kebersihan": ("SMP", "SMA"),
    "Penjaga sekolah": ("SMP", "SMA"),
    "Teknisi komputer": ("SMA", "D3"),
}
_LEADERS = ("Kepala sekolah", "Kepala tata usaha")
_SEXES = {"MALE": "1", "FEMALE": "2"}
_UNSCHOOLED = ("Petugas kebersihan", "Penjaga sekolah")
_OLDER: dict[str, float] = {"PNS": 60, "PPPK": 22, "HONORARY_SCHOOL": 10, "GTT_PTT_PROVINCE": 8}
_YOUNGER: dict[str, float] = {"CPNS": 30, "PPPK": 30, "HONORARY_SCHOOL": 25, "GTT_PTT_PROVINCE": 15}
_MARRIED: dict[str, float] = {"MARRIED": 84, "SINGLE": 8, "WIDOWED": 5, "DIVORCED": 3}
_YOUNG: dict[str, float] = {"MARRIED": 30, "SINGLE": 70}
_YOUNG_UNTIL, _RETIRES_AT = 29, 60
#: The years of age at which somebody has finished a school.
_FINISHED = {"SMP": 15, "SMA": 18, "D3": 21, "S1": 22, "PROFESSION": 24, "S2": 25}
_HIGHER = ("D3", "S1", "PROFESSION", "S2")


@cache
def subjects_of(school: DemoSchool) -> dict[int, tuple[str, ...]]:
    """What each teacher teaches, by number: one subject, or in a small school several. No subject is without one."""
    of_religion = [RELIGION_SUBJECTS[each] for each in school.religions if each != "ISLAM"]
    every = [*_TEACHERS, *of_religion]
    dealt: dict[int, list[str]] = {number: [] for number in range(1, school.teachers + 1)}
    numbers = [each for each in dealt if each != PRINCIPAL]
    further = [name for level in range(1, 6) for name, number in _TEACHERS.items() if number > level]
    order = [*every, *further][: max(len(numbers), len(every))] if numbers else []
    for place, subject in enumerate(order):
        dealt[numbers[place % len(numbers)]].append(subject)
    return {number: tuple(subjects) for number, subjects in dealt.items()}


def _religion_taught(subjects: Collection[str]) -> str | None:
    return next((religion for religion, subject in RELIGION_SUBJECTS.items() if subject in subjects), None)


def _position(kind: str, number: int) -> str:
    if kind == "teachers":
        return "Kepala sekolah" if number == PRINCIPAL else "Guru"
    if number == HEAD_OF_ADMINISTRATION:
        return "Kepala tata usaha"
    return [*_POSITIONS][(number - 1) % len(_POSITIONS)]


def _birth_date(dice: Random, year: SchoolYear, *, leads: bool, retired: bool) -> str:
    """Whoever works is 24 to 58 all year; whoever leads a school or its administration is not young."""
    youngest, oldest = (_RETIRES_AT, 61) if retired else (45, 55) if leads else (24, 57)
    return day_between(dice, date(year.begins - oldest - 1, 7, 2), date(year.begins - youngest, 7, 1))


def employee(place: Place) -> dict[str, Any]:
    """The profile of a teacher or member of staff, without an email."""
    dice, given, school = place.dice(), place.given(), place.school
    teaches = place.kind == "teachers"
    subjects = subjects_of(school)[place.number] if teaches else ()
    position = _position(place.kind, place.number)
    religion = given.get("religion") or _religion_taught(subjects) or religion_of(dice, school)
    gender = given.get("gender") or dice.choice(("MALE", "FEMALE"))
    people = people_for(dice, religion)
    born = _birth_date(
        dice,
        place.year,
        leads=position in _LEADERS,
        retired=teaches and place.number > school.teachers - school.retired,
    )
    serial = place.serial + (1000 if teaches else 2000)
    profile: dict[str, Any] = {
        "name": given.get("name") or people.name(dice, gender, dice.randrange(1, 5)),
        "gender": gender,
        "religion": religion,
        "nik": nik(dice, born, gender, serial),
        "birthPlace": dice.choice(TOWNS),
        "birthDate": born,
        "nationality": "Indonesia",
        "phoneNumber": phone(dice),
        "address": address(dice),
        "bloodType": drawn(dice, BLOOD),
        "npwp": f"00.{dice.randrange(1000):03}.{dice.randrange(1000):03}.0-999.{serial:04}",
        "nuptk": f"{dice.randrange(10)}{born[2:4]}{born[5:7]}{born[8:10]}99{_SEXES[gender]}{serial:06}",
        "position": position,
        **_employment(dice, place, position, born),
        "maritalStatus": drawn(dice, _YOUNG if age(born, place.year.first_day) <= _YOUNG_UNTIL else _MARRIED),
    }
    if profile["employmentStatus"] in ("PNS", "CPNS", "PPPK"):
        began = profile["employmentStartDate"]
        profile["nip"] = f"{born.replace('-', '')}{began[:4]}{began[5:7]}{_SEXES[gender]}{serial % 1000:03}"
    if profile["maritalStatus"] == "MARRIED":
        profile["spouseName"] = people.name(dice, "FEMALE" if gender == "MALE" else "MALE")
    if subjects:
        profile["subjects"] = list(subjects)
    return profile


def _employment(dice: Random, place: Place, position: str, born: str) -> dict[str, Any]:
    """Education, status, and since when."""
    years = age(born, place.year.first_day)
    level = _education(dice, place.kind, position, years)
    status = _status(dice, position, level, years)
    return {
        "employmentStatus": status,
        "employmentStartDate": _began(dice, born, status, level, place.year),
        "educationHistory": [_graduation(level, born)],
    }


def _education(dice: Random, kind: str, position: str, years: int) -> str:
    if position == "Kepala sekolah":
        return "S2"
    if position == "Kepala tata usaha":
        return "S1"
    if kind == "teachers":
        return dice.choices(("S1", "PROFESSION", "S2"), (70, 20, 10))[0] if years > _YOUNG_UNTIL else "S1"
    return dice.choice(_POSITIONS[position])


def _status(dice: Random, position: str, level: str, years: int) -> str:
    if position in _LEADERS or years >= _RETIRES_AT:
        return "PNS"
    if position in _UNSCHOOLED or level not in _HIGHER:
        return dice.choice(("HONORARY_SCHOOL", "GTT_PTT_PROVINCE"))
    return drawn(dice, _YOUNGER if years <= _YOUNG_UNTIL else _OLDER)


def _began(dice: Random, born: str, status: str, level: str, year: SchoolYear) -> str:
    """When the employment began: never before the education was finished, nor in this school year."""
    last, finished = date(year.begins - 1, 12, 31), int(born[:4]) + _FINISHED[level] + 1
    first = {"CPNS": year.begins - 1, "PPPK": year.begins - 5}.get(status, finished)
    latest = date(min(int(born[:4]) + 34, last.year - 2), 12, 31) if status == "PNS" else last
    return day_between(dice, date(max(first, finished), 1, 1) if finished <= latest.year else latest, latest)


def _graduation(level: str, born: str) -> dict[str, Any]:
    higher = "Universitas Contoh Mahakam" if level != "D3" else "Politeknik Contoh Mahakam"
    institution = higher if level in _HIGHER else f"{level} Negeri 4 Contoh"
    return {"level": level, "institution": institution, "endYear": int(born[:4]) + _FINISHED[level]}
