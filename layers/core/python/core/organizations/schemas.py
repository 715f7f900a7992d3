"""What the operations of organizations take and answer."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from core.contract.shapes import Member, record
from core.contract.values import ID, TEXT, Value, one_of
from core.kernel.bodies import Body, clean_name
from core.kernel.local_time import ZONES
from core.organizations.models import TIMEZONE
from core.users.schemas import Email

_NPSN = re.compile(r"[0-9]{8}")
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_LONGEST_HOST = 253
_MOST_HOSTS = 10


def _npsn(text: str) -> str:
    if not _NPSN.fullmatch(text):
        raise ValueError("An NPSN has 8 digits.")
    return text


def normalize_host(text: str) -> str:
    """The one form in which the name of a host is kept and compared: ASCII, lower case, without a port.

    Raises:
        ValueError: it is none.
    """
    host = text.lower()
    if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host):
        raise ValueError("This must be the name of a host such as www.sman1.sch.id, without https:// and port.")
    return host


def _once(hosts: list[str]) -> list[str]:
    return list(dict.fromkeys(hosts))


def _timezone(text: str) -> str:
    if text not in ZONES:
        raise ValueError(f"This must be one of {', '.join(ZONES)}.")
    return text


Name = Annotated[str, Field(max_length=200), AfterValidator(clean_name)]
Npsn = Annotated[str, AfterValidator(_npsn)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Hosts = Annotated[
    list[Annotated[str, AfterValidator(normalize_host)]], Field(max_length=_MOST_HOSTS), AfterValidator(_once)
]


class FirstAdministrator(Body):
    """Who is invited to administer a new school."""

    name: Name
    email: Email


class CreateOrganization(Body):
    """POST /api/organizations."""

    name: Name
    npsn: Npsn
    timezone: Timezone = TIMEZONE
    administrator: FirstAdministrator


class UpdateOrganization(Body):
    """PATCH /api/organizations/{organization_id}. None of its members can be cleared."""

    name: Name = ""
    npsn: Npsn = ""
    timezone: Timezone = TIMEZONE
    hosts: Hosts = Field(default_factory=list)

    def changes(self) -> dict[str, Any]:
        """The members that were sent."""
        return self.model_dump(exclude_unset=True)


NPSN = Value({"type": "string", "pattern": "^[0-9]{8}$"})
TIMEZONES = one_of(ZONES)
ORGANIZATION = record(
    "Organization",
    Member("id", ID),
    Member("name", TEXT),
    Member("npsn", NPSN, nullable=True),
    Member("timezone", TIMEZONES),
    Member(
        "hosts",
        TEXT,
        lambda record: list(record.hosts),
        is_list=True,
        description="The names of the hosts at which the public directory is this school's.",
    ),
    description="A school of this deployment. Only the platform's own organization has no NPSN.",
)
