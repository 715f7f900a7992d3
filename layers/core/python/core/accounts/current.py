"""The account that is signed in, as its owner sees it: what it may do, in which school, and whose record it has."""

from typing import NamedTuple

from core.contract.shapes import Member, Shape
from core.contract.values import ID, TEXT, one_of
from core.kernel.policy import Caller
from core.organizations.models import OrganizationItem
from core.organizations.schemas import NPSN, TIMEZONES
from core.users.models import UserItem
from core.users.schemas import USER


class CurrentUser(NamedTuple):
    """An account, with what its owner may do and the school that it belongs to."""

    user: UserItem
    caller: Caller
    organization: OrganizationItem

    @property
    def version(self) -> float:
        """The account's own; neither the school nor the roles count."""
        return self.user.version


def _of_account(member: Member) -> Member:
    """The member of an account, read from the account of the one who is signed in."""

    def read(current: CurrentUser) -> object:
        return member.read(current.user)

    return Member(
        member.name,
        member.value,
        read,
        nullable=member.nullable,
        is_list=member.is_list,
        description=member.description,
    )


OWN_ORGANIZATION = Shape(
    "OwnOrganization",
    Member("id", ID, "partition"),
    Member("name", TEXT),
    Member("npsn", NPSN, nullable=True),
    Member("timezone", TIMEZONES),
    description="The school that an account belongs to.",
)
OWN_PERSON = Shape(
    "OwnPerson",
    Member("kind", one_of(("students", "teachers", "staff")), "person_kind"),
    Member("id", ID, "person_id"),
    description="The record of whom an account belongs to.",
)
CURRENT_USER = Shape(
    "CurrentUser",
    *(_of_account(each) for each in USER.members),
    Member("permissions", TEXT, lambda current: sorted(current.caller.permissions), is_list=True),
    Member("roleNames", TEXT, lambda current: list(current.caller.role_names), is_list=True),
    Member("organization", OWN_ORGANIZATION),
    Member("person", OWN_PERSON, lambda current: current.user if current.user.person_id else None, nullable=True),
    description="The account that is signed in, with what it may do, its school, and its owner's record.",
)
