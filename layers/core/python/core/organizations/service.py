"""What others need to know of a school."""

from core.kernel.errors import NotFound
from core.kernel.table import get
from core.organizations.models import OrganizationItem, organization_key


def find(organization_id: str) -> OrganizationItem:
    """The school with this id, as its own functions see it.

    Raises:
        NotFound: there is none.
    """
    organization = get(*organization_key(organization_id))
    if organization is None:
        raise NotFound()
    return organization
