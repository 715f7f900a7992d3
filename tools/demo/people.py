"""The schools and accounts of the demo: fictional, Indonesian, the same every time."""

import hashlib
from dataclasses import dataclass
from random import Random

from tools.demo.years import SchoolYear

PASSWORD = "Rahasia-Sekolah-26"  # noqa: S105 - the documented password of fictional people
#: The demo was all made at this instant, so that seeding twice finds the same people.
MADE_AT = "2026-01-05T00:00:00.000Z"
_MADE_AT_SECONDS = 1_767_571_200


#: What the people of a town in East Kalimantan believe, by how many of a hundred do.
RELIGIONS = {"ISLAM": 86, "PROTESTANT": 7, "CATHOLIC": 3, "BUDDHIST": 1.5, "HINDU": 1.5, "CONFUCIAN": 1}
#: Of each school this teacher is the principal, who teaches no subject.
PRINCIPAL = 3
#: Of each school this member of staff heads the administration.
HEAD_OF_ADMINISTRATION = 3


@dataclass(frozen=True)
class DemoSchool:
    """A school of the demo."""

    key: str
    name: str
    npsn: str | None
    students: int = 0
    #: Students who left with the end of the last school year. They are numbered behind the others.
    graduates: int = 0
    teachers: int = 0
    #: How many of the teachers have retired: the last ones.
    retired: int = 0
    staff: int = 0
    #: The religions of its students and teachers; each has a teacher of it.
    religions: tuple[str, ...] = tuple(RELIGIONS)
    #: Where the numbering of its people begins, so that no two schools give out the same NISN.
    serial: int = 0
    #: Whether some of its accounts have pictures, for which there has to be a bucket.
    has_pictures: bool = True

    @property
    def teaching(self) -> list[int]:
        """The numbers of the teachers who teach."""
        return [each for each in range(1, self.teachers - self.retired + 1) if each != PRINCIPAL]


SCHOOLS = (
    DemoSchool("platform", "Penyelenggara Core", None),
    DemoSchool(
        "smansa", "SMA Negeri 1 Contoh", "69900001", students=600, graduates=132, teachers=60, retired=2, staff=20
    ),
    DemoSchool(
        "smandua",
        "SMA Negeri 2 Contoh",
        "69900002",
        students=18,
        graduates=5,
        teachers=4,
        staff=2,
        religions=("ISLAM", "PROTESTANT"),
        serial=900,
    ),
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

    @property
    def id(self) -> str:
        return demo_id(self.email)


ACCOUNTS = (
    DemoUser("platform", "Rangga Wiratama", "platform@core.test", "platform administrator", True),
    DemoUser("smansa", "Ratna Kusumawardhani", "admin@smansa.test", "administrator", True),
    DemoUser("smansa", "Bambang Prasetyo", "principal@smansa.test", "principal", True),
    DemoUser("smansa", "Siti Rahmawati", "teacher@smansa.test", "teacher", True),
    DemoUser("smansa", "Agus Hermawan", "staff@smansa.test", "staff", True),
    DemoUser("smansa", "Fauzan Gifari", "student@smansa.test", "student", True),
    DemoUser("smandua", "Dewi Lestari", "admin@smandua.test", "administrator", True),
)
#: The school year of which the files of events/ speak.
EVENTS_YEAR = SchoolYear(2026)
#: Who may do everything in the demo's school, and who makes schools.
ADMINISTRATOR, PLATFORM_ADMINISTRATOR = "admin@smansa.test", "platform@core.test"
#: Who has a record.
STUDENT = "student@smansa.test"


def signed_in_for(path: str) -> str:
    """The address of the account with which the event on this path of the API is tried."""
    if path == "/api/users/me/person":
        return STUDENT
    # Whose account is a record's takes name and address from it; the platform administrator's is nobody's.
    of_nobody = path.startswith("/api/organizations") or path == "/api/auth/update-user"
    return PLATFORM_ADMINISTRATOR if of_nobody else ADMINISTRATOR


#: An account that is nobody's record and nobody's way in, for the files of events/ to change and delete.
GUEST = DemoUser("smansa", "Yuliana Maheswari", "guest@smansa.test", "staff", False)
#: Whose account a documented one is. The first of a kind is nobody's, because the files of events/ delete it.
PERSONS_ACCOUNTS = {
    (school, kind, number): next(each for each in ACCOUNTS if each.email == email)
    for school, kind, number, email in (
        ("smansa", "students", 2, STUDENT),
        ("smansa", "teachers", 2, "teacher@smansa.test"),
        ("smansa", "teachers", PRINCIPAL, "principal@smansa.test"),
        ("smansa", "staff", 2, "staff@smansa.test"),
        ("smansa", "staff", HEAD_OF_ADMINISTRATION, ADMINISTRATOR),
        ("smandua", "staff", 2, "admin@smandua.test"),
    )
}


#: Of those who sign in name, gender and religion are given; they are Muslims, as their names are.
_GENDERS = {
    "admin@smansa.test": "FEMALE",
    "principal@smansa.test": "MALE",
    "teacher@smansa.test": "FEMALE",
    "staff@smansa.test": "MALE",
    "student@smansa.test": "MALE",
    "admin@smandua.test": "FEMALE",
}


@dataclass(frozen=True)
class Place:
    """Somebody's place in the demo: the n-th person of a kind of a school, in a school year."""

    school: DemoSchool
    kind: str
    number: int
    year: SchoolYear

    @property
    def serial(self) -> int:
        """A number that nobody else of the demo has who is of the same kind."""
        return self.school.serial + self.number

    @property
    def documented(self) -> DemoUser | None:
        """The account of somebody who signs in."""
        return PERSONS_ACCOUNTS.get((self.school.key, self.kind, self.number))

    def given(self) -> dict[str, str]:
        """Name, gender and religion of somebody who signs in; nothing of others."""
        account = self.documented
        known = {"name": account.name, "gender": _GENDERS[account.email], "religion": "ISLAM"} if account else {}
        return known

    def dice(self) -> Random:
        """Dice of one's own, which fall the same every time."""
        return Random(f"{self.school.key}/{self.kind}/{self.number}")


def demo_id(key: str) -> str:
    """A fixed id for a thing of the demo, of the contract's form."""
    return f"{_MADE_AT_SECONDS:08x}{hashlib.sha256(key.encode()).hexdigest()[:16]}"
