"""Inviting many people at once to choose their first password.

Whose invitation opens still is not mailed another one. So a request that was cut short is sent once more and goes on
where it was, and nobody's mailbox fills because somebody clicks again. One person is invited anew by an operation of
its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.kernel import clock
from core.kernel.deadlines import NEVER, Deadline
from core.kernel.errors import Conflict
from core.kernel.outcomes import SKIPPED
from core.kernel.policy import Caller
from core.kernel.table import Write, get_all
from core.links.mails import inviting, require_invitable
from core.links.models import LinkItem, is_alive, link_keys
from core.passwords.models import PasswordItem, password_key
from core.slips.each import EachPerson, OfPerson
from core.slips.schemas import NamedPeople
from core.slips.targets import people_of

#: An invitation is six writes, and a few checks of roles that those who share a transaction mostly have in common.
_AT_ONCE = 10


@dataclass(slots=True)
class Invited(OfPerson):
    """What became of one person: who is `updated` was invited, who has a password `skipped`."""

    password: PasswordItem | None = field(default=None, repr=False)
    #: The link that was given last.
    given: LinkItem | None = None


def invite_many(actor: Caller, asked: NamedPeople, deadline: Deadline = NEVER) -> list[Invited]:
    """Mails everybody whom `asked` means, and who has no password, a link to choose one within three days.

    Raises:
        Forbidden: the actor may not look up who is in that class or role.
        NotFound: the school has no such class or role.
        Impossible: they are more than 500; code `too_many`.
    """
    people = people_of(actor, asked)
    return _Inviting(actor, people).run(list(people), deadline).rows


class _Inviting(EachPerson[Invited]):
    """An invitation for each."""

    row = Invited
    at_once = _AT_ONCE

    def read(self, keys: Sequence[str]) -> list[Invited]:
        organization_id, rows = self.actor.organization_id, super().read(keys)
        passwords = get_all(password_key(organization_id, each) for each in keys)
        links = get_all(link_keys(organization_id, each)[0] for each in keys)
        for row, password, given in zip(rows, passwords, links, strict=True):
            row.password, row.given = password, given
        return rows

    def decide(self, row: Invited) -> list[Write] | None:
        """An invitation for a person; none for who has a password, or a mailed link that opens still.

        Raises:
            NotFound: nobody of the actor's school.
            Forbidden: the account is the actor's own, or stronger than that.
            Conflict: the account is closed.
        """
        user, strength = self.require(row)
        try:
            require_invitable(user, row.password)
        except Conflict as error:
            if row.password is None:
                raise
            row.status, row.errors = SKIPPED, error.problems
            return None
        if row.given and row.given.mailed and is_alive(row.given, user, 0, clock.now()):
            return None
        return inviting(self.actor, user, row.given, strength)
