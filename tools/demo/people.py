"""The people of the demo schools: fictional, Indonesian, the same every time."""

import hashlib
import random
from dataclasses import dataclass

PASSWORD = "Rahasia-Sekolah-26"  # noqa: S105 - the documented password of fictional people
#: Demo accounts were all made at this instant, so that seeding twice finds the same people.
MADE_AT = "2026-01-05T00:00:00.000Z"
_MADE_AT_SECONDS = 1_767_571_200


@dataclass(frozen=True)
class DemoSchool:
    """A school of the demo."""

    key: str
    name: str
    npsn: str | None
    people: int


SCHOOLS = (
    DemoSchool("platform", "Penyelenggara Core", None, 0),
    DemoSchool("smansa", "SMA Negeri 1 Contoh", "69900001", 60),
    DemoSchool("smandua", "SMA Negeri 2 Contoh", "69900002", 24),
)


@dataclass(frozen=True)
class DemoUser:
    """An account of the demo. Only the documented ones have a password."""

    school_key: str
    name: str
    email: str
    role: str
    has_password: bool

    @property
    def school(self) -> str:
        return next(each.name for each in SCHOOLS if each.key == self.school_key)


ACCOUNTS = (
    DemoUser("platform", "Rangga Wiratama", "platform@core.test", "platform administrator", True),
    DemoUser("smansa", "Ratna Kusumawardhani", "admin@smansa.test", "administrator", True),
    DemoUser("smansa", "Bambang Prasetyo", "principal@smansa.test", "principal", True),
    DemoUser("smansa", "Siti Rahmawati", "teacher@smansa.test", "teacher", True),
    DemoUser("smansa", "Agus Hermawan", "staff@smansa.test", "staff", True),
    DemoUser("smansa", "Fauzan Gifari", "student@smansa.test", "student", True),
    DemoUser("smandua", "Dewi Lestari", "admin@smandua.test", "administrator", True),
)

_GIVEN = [
    "Adi",
    "Aisyah",
    "Anisa",
    "Arif",
    "Ayu",
    "Bagas",
    "Bayu",
    "Cahya",
    "Citra",
    "Dian",
    "Dimas",
    "Dinda",
    "Eka",
    "Fajar",
    "Farah",
    "Fitri",
    "Galih",
    "Gita",
    "Hana",
    "Hendra",
    "Indah",
    "Intan",
    "Irfan",
    "Joko",
    "Kartika",
    "Kevin",
    "Laras",
    "Lukman",
    "Maya",
    "Mega",
    "Nabila",
    "Nadia",
    "Nanda",
    "Novi",
    "Putra",
    "Putri",
    "Rafi",
    "Raka",
    "Rani",
    "Rizky",
    "Sari",
    "Satria",
    "Tania",
    "Teguh",
    "Tiara",
    "Umar",
    "Vina",
    "Wahyu",
    "Wulan",
    "Yoga",
    "Yusuf",
    "Zahra",
]
_FAMILY = [
    "Anggraini",
    "Firmansyah",
    "Gunawan",
    "Handayani",
    "Hidayat",
    "Kurniawan",
    "Lestari",
    "Maulana",
    "Nugraha",
    "Nurhaliza",
    "Pangestu",
    "Permata",
    "Pratama",
    "Purnomo",
    "Ramadhan",
    "Saputra",
    "Setiawan",
    "Simanjuntak",
    "Suryani",
    "Susanto",
    "Syahputra",
    "Utami",
    "Wibowo",
    "Wijaya",
    "Wulandari",
]


def demo_id(key: str) -> str:
    """A fixed id for a thing of the demo, of the contract's form."""
    return f"{_MADE_AT_SECONDS:08x}{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def everybody() -> list[DemoUser]:
    """All accounts of all demo schools, always the same ones."""
    dice = random.Random(26)
    users = list(ACCOUNTS)
    for school in SCHOOLS:
        for number in range(1, school.people + 1):
            name = f"{dice.choice(_GIVEN)} {dice.choice(_GIVEN)} {dice.choice(_FAMILY)}"
            role = "teacher" if number % 10 == 0 else "student"
            users.append(DemoUser(school.key, name, f"{number:05d}@{school.key}.test", role, False))
    return users
