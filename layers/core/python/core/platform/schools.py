"""What platform administrators do with the schools that share a deployment."""

from typing import Any

from core.accounts.service import opening
from core.audit.models import done_by
from core.audit.updates import updated
from core.kernel import clock, listings, records
from core.kernel.cursors import Page, PageRequest
from core.kernel.errors import Conflict
from core.kernel.policy import ADMINISTRATOR, Caller, acting_in, require_ceiling
from core.kernel.records import copy_of, created, searchable_anew
from core.kernel.table import Write, create, delete, put, transact
from core.organizations.models import (
    ORGANIZATIONS,
    HostItem,
    NpsnItem,
    OrganizationRecord,
    host_key,
    npsn_key,
    organization_item,
)
from core.users.models import UserItem, users_of


def find(organization_id: str) -> OrganizationRecord:
    """The school with this id, as platform administrators see it. Raises NotFound."""
    return records.find(OrganizationRecord, ORGANIZATIONS, organization_id)


def listing(request: PageRequest) -> Page:
    """A page of the schools."""
    return listings.listing(OrganizationRecord, ORGANIZATIONS, request)


def founding(record: OrganizationRecord) -> list[Write]:
    """The writes of a new school: itself, what its functions see of it, its number and its place in lists."""
    there = Conflict("This organization is being made at the same moment. Try again.", code="busy")
    writes = [*created(record, there), put(organization_item(record))]
    return [*writes, *([_claimed(record)] if record.npsn else [])]


def create_organization(
    actor: Caller, members: dict[str, Any], administrator: dict[str, Any]
) -> tuple[OrganizationRecord, UserItem]:
    """A new school with its first administrator, who gets a link by mail to choose a password.

    All of it is one transaction: a school without anybody who can enter it is of no use.

    Args:
        actor: who founds it.
        members: name, npsn and timezone.
        administrator: name and email of the account.

    Raises:
        Conflict: another school has the number, or another account the address.
        Forbidden: the actor does not hold what an administrator may do (acceptance A6).
    """
    require_ceiling(actor, ADMINISTRATOR.permissions)
    at = clock.now()
    stamp = clock.to_wire(at)
    record = OrganizationRecord(ORGANIZATIONS, clock.new_id(at), created_at=stamp, updated_at=stamp, **members)
    user = UserItem(users_of(record.id), clock.new_id(at), roles=[ADMINISTRATOR.id], **administrator)
    user.created_at = user.updated_at = stamp
    audit = done_by(acting_in(actor, record.id), "organizations.create", record.id)
    transact(*founding(record), *opening(user, None, invited_by=actor.user_id), audit)
    return record, user


def _claimed(record: OrganizationRecord) -> Write:
    taken = Conflict("Another school has this NPSN. Check the number.", code="npsn_taken", field="npsn")
    return create(NpsnItem(*npsn_key(record.npsn), organization_id=record.id), taken)


def _members_of(record: OrganizationRecord) -> dict[str, Any]:
    return {"name": record.name, "npsn": record.npsn, "timezone": record.timezone, "hosts": list(record.hosts)}


def _hosts_claimed(before: OrganizationRecord, after: OrganizationRecord) -> list[Write]:
    """The writes that give up the hosts which are no longer the school's, and claim those that are new."""
    taken = Conflict("Another school has this host.", code="host_taken", field="hosts")
    new = [HostItem(*host_key(each), organization_id=after.id) for each in after.hosts if each not in before.hosts]
    old = [HostItem(*host_key(each)) for each in before.hosts if each not in after.hosts]
    return [*(create(each, taken) for each in new), *(delete(each) for each in old)]


def update_organization(
    actor: Caller, organization_id: str, changes: dict[str, Any], expected: int | None
) -> OrganizationRecord:
    """Changes the members in `changes`; the school's own functions see them at once.

    Raises:
        NotFound: there is no such school.
        Conflict: another school has the new number, or one of the hosts.
        PreconditionFailed: the school is not at the expected version.
    """

    def decide(record: OrganizationRecord) -> list[Write] | None:
        before = copy_of(record)
        for name, value in changes.items():
            setattr(record, name, value)
        members = _members_of(before), _members_of(record)
        audit = updated(acting_in(actor, record.id), "organizations.update", record.id, *members)
        if not audit:
            return None
        writes = [put(organization_item(record)), *_hosts_claimed(before, record), *audit]
        if record.npsn != before.npsn:
            writes.append(_claimed(record))
            writes += [delete(NpsnItem(*npsn_key(before.npsn)))] if before.npsn else []
        return [*writes, *searchable_anew(before, record)]

    return records.change(lambda: find(organization_id), expected, decide)
