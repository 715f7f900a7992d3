"""Schools as items of the table."""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from school.table import Item

ORGANIZATION_SORT = "ORGANIZATION"


class OrganizationItem(Item):
    """A school that shares the deployment."""

    name = UnicodeAttribute()
    npsn = UnicodeAttribute(null=True)
    timezone = UnicodeAttribute(default="Asia/Makassar")
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    version = NumberAttribute(default=1)


def organization_item(organization_id: str, **members: Any) -> OrganizationItem:
    """The item of a school under its key."""
    return OrganizationItem(organization_id, ORGANIZATION_SORT, **members)
