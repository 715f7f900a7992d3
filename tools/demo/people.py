"""The schools and accounts of the demo: fictional, Indonesian, the same every time."""

import hashlib
from dataclasses import dataclass

PASSWORD = "Rahasia-Sekolah-26"  # noqa: S105 - the documented password of fictional people
#: The demo was all made at this instant, so that seeding twice finds the same people.
MADE_AT = "2026-01-05T00:00:00.000Z"
_MADE_AT_SECONDS = 1_767_571_200


@dataclass(frozen=True)
class DemoSchool:
    """A school of the demo."""

    key: str
    name: str
    npsn: str | None
    students: int = 0
    teachers: int = 0
    staff: int = 0


SCHOOLS = (
    DemoSchool("platform", "Penyelenggara Core", None),
    DemoSchool("smansa", "SMA Negeri 1 Contoh", "69900001", students=600, teachers=60, staff=20),
    DemoSchool("smandua", "SMA Negeri 2 Contoh", "69900002", students=18, teachers=4, staff=2),
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
#: Who may do everything in the demo's school, and who makes schools.
ADMINISTRATOR, PLATFORM_ADMINISTRATOR = "admin@smansa.test", "platform@core.test"
#: Who has a record.
STUDENT = "student@smansa.test"


def signed_in_for(path: str) -> str:
    """The address of the account with which the event on this path of the API is tried."""
    if path == "/api/users/me/person":
        return STUDENT
    return PLATFORM_ADMINISTRATOR if path.startswith("/api/organizations") else ADMINISTRATOR


#: An account that is nobody's record and nobody's way in, for the files of events/ to change and delete.
GUEST = DemoUser("smansa", "Yuliana Maheswari", "guest@smansa.test", "staff", False)
#: Whose account a documented one is: always the second of a kind, because the files of events/ delete the first.
PERSONS_ACCOUNTS = {
    (account.school_key, {"student": "students", "teacher": "teachers"}.get(account.role, account.role), 2): account
    for account in ACCOUNTS
    if account.role in ("student", "teacher", "staff")
}


def demo_id(key: str) -> str:
    """A fixed id for a thing of the demo, of the contract's form."""
    return f"{_MADE_AT_SECONDS:08x}{hashlib.sha256(key.encode()).hexdigest()[:16]}"
