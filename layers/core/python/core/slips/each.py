"""What is done to each of many people by somebody who may: one-time passwords and invitations have this in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.kernel.bulk import Bulk
from core.kernel.errors import NotFound
from core.kernel.outcomes import Outcome
from core.kernel.policy import Caller, require_another
from core.kernel.table import Write
from core.roles.strength import OwnRoles, own_roles, require_strength
from core.slips.targets import People, people_with
from core.users.models import UserItem


@dataclass(slots=True)
class OfPerson(Outcome):
    """What became of one person."""

    user: UserItem | None = None
    #: The school's own roles that the person and those read with them have.
    roles: OwnRoles = field(default_factory=dict)


class EachPerson[Row: OfPerson](Bulk[str, Row]):
    """Something that is done to each of those who were found."""

    row: type[Row]

    def __init__(self, actor: Caller, people: People) -> None:
        self.actor = actor
        self._known = dict(people)

    def read(self, keys: Sequence[str]) -> list[Row]:
        # They were read to be found; whoever has changed since is read anew.
        organization_id = self.actor.organization_id
        again = [each for each in keys if each not in self._known]
        people = {each: self._known.pop(each) for each in keys if each in self._known}
        people |= people_with(organization_id, again)
        roles = own_roles(organization_id, filter(None, people.values()))
        return [self.row(each, user=people[each], roles=roles) for each in keys]

    def unread(self, key: str) -> Row:
        return self.row(key, user=self._known.get(key))

    def require(self, row: Row) -> tuple[UserItem, list[Write]]:
        """The person, and the checks that hold a transaction to the actor's being as strong.

        Raises:
            NotFound: nobody of the actor's school.
            Forbidden: the account is the actor's own, or stronger than that.
        """
        if row.user is None:
            raise NotFound("There is no such person in your school.")
        require_another(self.actor, row.user.id)
        return row.user, require_strength(self.actor, row.user, row.roles)
