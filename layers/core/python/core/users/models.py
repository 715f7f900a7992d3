"""Users as items of the table. The keys of a user are spelled here and nowhere else."""

import hashlib
from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, NumberAttribute, UnicodeAttribute

from core.kernel.policy import is_for_staff
from core.kernel.records import Record
from core.kernel.table import Item


class UserItem(Record):
    """An account. `partition` is the school's users, `sort` the user's id: in order of creation."""

    email = UnicodeAttribute()
    email_verified = BooleanAttribute(default=False)
    secondary_email = UnicodeAttribute(null=True)
    secondary_email_verified = BooleanAttribute(default=False)
    roles: Any = ListAttribute(of=UnicodeAttribute, default=list)
    image = UnicodeAttribute(null=True)
    active = BooleanAttribute(default=True)
    #: A session holds only while its epoch is the user's: adding one ends them all in one write.
    session_epoch = NumberAttribute(default=1)
    #: The same for the API tokens that the user made: every new password ends them too.
    api_token_epoch = NumberAttribute(default=1)
    must_change_password = BooleanAttribute(default=False)
    #: Whether the password has fewer characters than school staff need.
    password_is_short = BooleanAttribute(default=False)
    #: The student, teacher or member of staff whose account this is.
    person_kind = UnicodeAttribute(null=True)
    person_id = UnicodeAttribute(null=True)

    @property
    def is_password_due(self) -> bool:
        """Whether the owner must change the password before anything else: as told, or since a role asks for more."""
        return self.must_change_password or (self.password_is_short and is_for_staff(list(self.roles)))

    def filter_values(self) -> dict[str, Any]:
        return {"active": self.active}

    def identifiers(self) -> list[str | None]:
        return [self.email, self.secondary_email]


def users_of(organization_id: str) -> str:
    """The partition of a school's users."""
    return f"{organization_id}#USERS"


def belongings_of(organization_id: str, user_id: str) -> str:
    """The partition of what a user has: password, sessions."""
    return f"{organization_id}#USER#{user_id}"


def user_id_of(partition: str) -> str:
    """The id of the user whose belongings stand in a partition."""
    return partition.rpartition("#")[2]


class EmailItem(Item):
    """The claim of one account on an email address, across all schools.

    Its key is the hash of the address: sign-in knows no school, and one address is one partition.
    """

    organization_id = UnicodeAttribute()
    user_id = UnicodeAttribute()

    @property
    def holder(self) -> tuple[str, str]:
        return "users", self.user_id


def email_key(email: str) -> str:
    """The partition of an address's claim."""
    return f"EMAIL#{hashlib.sha256(email.encode()).hexdigest()}"
