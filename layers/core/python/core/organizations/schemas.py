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


def _npsn(text: str) -> str:
    if not _NPSN.fullmatch(text):
        raise ValueError("An NPSN has 8 digits.")
    return text


def _timezone(text: str) -> str:
    if text not in ZONES:
        raise ValueError(f"This must be one of {', '.join(ZONES)}.")
    return text


Name = Annotated[str, Field(max_length=200), AfterValidator(clean_name)]
Npsn = Annotated[str, AfterValidator(_npsn)]
Timezone = Annotated[str, AfterValidator(_timezone)]


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
    description="A school of this deployment. Only the platform's own organization has no NPSN.",
)
