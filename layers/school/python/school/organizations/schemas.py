"""What the operations of organizations take and answer."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from school.bodies import Body, clean_line
from school.local_time import ZONES
from school.organizations.models import TIMEZONE, OrganizationRecord
from school.users.schemas import Email

ORGANIZATION_MEMBERS = ("id", "name", "npsn", "timezone", "createdAt", "updatedAt")
_NPSN = re.compile(r"[0-9]{8}")


def _npsn(text: str) -> str:
    if not _NPSN.fullmatch(text):
        raise ValueError("An NPSN has 8 digits.")
    return text


def _timezone(text: str) -> str:
    if text not in ZONES:
        raise ValueError(f"This must be one of {', '.join(ZONES)}.")
    return text


Name = Annotated[str, Field(max_length=200), AfterValidator(clean_line)]
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


def to_wire(record: OrganizationRecord) -> dict[str, Any]:
    """The contract's Organization; what only the changes feed shows of a deleted record never is."""
    return {
        "id": record.id,
        "name": record.name,
        "npsn": record.npsn,
        "timezone": record.timezone,
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
    }
