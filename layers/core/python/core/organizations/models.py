"""Schools as items of the table. Their keys are spelled here and nowhere else."""

from typing import Any

from pynamodb.attributes import ListAttribute, UnicodeAttribute

from core.kernel.records import Record
from core.kernel.table import Item

#: The partition in which platform administrators find the schools. It holds nothing of what is in them.
ORGANIZATIONS = "ORGANIZATIONS"
TIMEZONE = "Asia/Makassar"


class OrganizationItem(Item):
    """What a school's own functions need to know of it. It stands in the school's partition, as all that they read."""

    name = UnicodeAttribute()
    npsn = UnicodeAttribute(null=True)
    timezone = UnicodeAttribute(default=TIMEZONE)


class OrganizationRecord(Record):
    """A school that shares the deployment, as platform administrators list and change it."""

    npsn = UnicodeAttribute(null=True)
    timezone = UnicodeAttribute(default=TIMEZONE)
    #: The names of the hosts at which the public directory is this school's.
    hosts: Any = ListAttribute(of=UnicodeAttribute, default=list)

    def identifiers(self) -> list[str | None]:
        return [self.npsn]


class _Claimed:
    """What only one of all schools has: whose it is."""

    organization_id: Any

    @property
    def holder(self) -> tuple[str, str]:
        return "organizations", self.organization_id


class NpsnItem(_Claimed, Item):
    """The claim of a school on its number."""

    organization_id = UnicodeAttribute()


def npsn_key(npsn: str) -> tuple[str, str]:
    """Where the claim on a school's number stands."""
    return f"NPSN#{npsn}", "CLAIM"


class HostItem(_Claimed, Item):
    """The claim of a school on the name of a host."""

    organization_id = UnicodeAttribute()


def host_key(host: str) -> tuple[str, str]:
    """Where the claim on a host's name stands."""
    return f"HOST#{host}", "CLAIM"


def organization_key(organization_id: str) -> tuple[type[OrganizationItem], str, str]:
    """Where a school's own functions find what they need to know of it."""
    return OrganizationItem, organization_id, "ORGANIZATION"


def organization_item(record: OrganizationRecord) -> OrganizationItem:
    """What a school's own functions see of it."""
    _, partition, sort = organization_key(record.id)
    item = OrganizationItem(partition, sort, name=record.name, npsn=record.npsn)
    item.timezone = record.timezone
    return item
