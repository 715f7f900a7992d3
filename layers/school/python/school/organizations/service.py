"""What others need to know of a school."""

from school.errors import NotFound
from school.organizations.models import ORGANIZATION_SORT, OrganizationItem
from school.table import get


def find(organization_id: str) -> OrganizationItem:
    """The school with this id, as its own functions see it.

    Raises:
        NotFound: there is none.
    """
    organization = get(OrganizationItem, organization_id, ORGANIZATION_SORT)
    if organization is None:
        raise NotFound()
    return organization
