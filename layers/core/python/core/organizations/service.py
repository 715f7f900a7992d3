"""What others need to know of a school."""

from core.kernel.errors import BadRequest, NotFound
from core.kernel.settings import settings
from core.kernel.table import get
from core.organizations.models import HostItem, OrganizationItem, host_key, organization_key
from core.organizations.schemas import normalize_host


def find(organization_id: str) -> OrganizationItem:
    """The school with this id, as its own functions see it.

    Raises:
        NotFound: there is none.
    """
    organization = get(*organization_key(organization_id))
    if organization is None:
        raise NotFound()
    return organization


def public_school(organization_id: str | None, host: str) -> str:
    """The id of the school whose public pages are asked for.

    Args:
        organization_id: as the request names it.
        host: what the client says that it called, a port with it or not. It only chooses among the hosts that platform
            administrators have given to schools.

    Raises:
        BadRequest: neither the request nor the deployment names a school, and the host is no school's.
    """
    found = organization_id or _school_at(host.partition(":")[0]) or settings().default_organization
    if found is None:
        raise BadRequest("Send organizationId.", code="required", field="organizationId")
    return found


def _school_at(host: str) -> str | None:
    try:
        key = host_key(normalize_host(host))
    except ValueError:
        return None
    claim = get(HostItem, *key)
    return claim.organization_id if claim else None
