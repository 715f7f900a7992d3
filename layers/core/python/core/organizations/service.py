"""What others need to know of a school."""

from core.kernel.errors import NotFound
from core.kernel.table import get
from core.organizations.models import ORGANIZATION_SORT, OrganizationItem


def find(organization_id: str) -> OrganizationItem:
    """The school with this id, as its own functions see it.

    Raises:
        NotFound: there is none.
    """
    organization = get(OrganizationItem, organization_id, ORGANIZATION_SORT)
    if organization is None:
        raise NotFound()
    return organization
