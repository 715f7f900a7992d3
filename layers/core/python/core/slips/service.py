"""One-time passwords for many people at once: issued by an administrator, for three days, to be changed at first use.

They are generated, never chosen, so their entropy protects their hashes and not the hash's cost: docs/decisions.md
has the figures. Killed midway and sent again, a reset only makes new passwords.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.kernel import clock
from core.kernel.deadlines import NEVER, Deadline
from core.kernel.errors import Conflict, PreconditionFailed, Problem
from core.kernel.policy import Caller
from core.kernel.records import replacement
from core.kernel.settings import settings
from core.kernel.table import Write
from core.passwords.rules import hash_password
from core.passwords.service import by_administrator, kept_password
from core.passwords.service import replacement as new_hash
from core.slips.each import EachPerson, OfPerson
from core.slips.schemas import NamedPeople
from core.slips.targets import People, class_names, people_of

#: Lower case, because it is typed from paper on a telephone, and without i, l, o, 0 and 1. 31 characters: 59.4 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 12
VALID_SECONDS = 72 * 3600
_COST = 5
#: As many as the table's client keeps connections open for.
_AT_ONCE = 10


@dataclass(slots=True)
class Issued(OfPerson):
    """What became of one person, or would become: who is `updated` got a password."""

    #: What the class of a student is called, where the paper is to say it.
    class_name: str | None = None
    password: str | None = field(default=None, repr=False)
    valid_until: datetime | None = None

    def fail(self, problems: list[Problem]) -> None:
        """Forgets the password, which signs nobody in."""
        super(Issued, self).fail(problems)
        self.password = self.valid_until = None


def new_password() -> str:
    """A password that nobody chose and that is easily typed from paper."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def plan(actor: Caller, asked: NamedPeople, deadline: Deadline = NEVER) -> list[Issued]:
    """What `issue` would do now. Writes nothing. Raises as `issue` does."""
    return _of_all(actor, asked, deadline, dry_run=True)


def issue(actor: Caller, asked: NamedPeople, deadline: Deadline = NEVER, *, with_classes: bool = False) -> list[Issued]:
    """A new one-time password for everybody whom `asked` means, each in a transaction of their own.

    All their sessions, links and API tokens end, and they can do nothing but change the password once signed in. Who
    can't get one is refused without harm to the others.

    Raises:
        Forbidden: the actor may not look up who is in that class or role.
        NotFound: the school has no such class or role.
        Impossible: they are more than 500; code `too_many`.
    """
    return _of_all(actor, asked, deadline, dry_run=False, with_classes=with_classes)


def _of_all(
    actor: Caller, asked: NamedPeople, deadline: Deadline, *, dry_run: bool, with_classes: bool = False
) -> list[Issued]:
    people = people_of(actor, asked)
    # Read before the first password changes: one that has changed and can't be told would reach nobody.
    classes = class_names(actor, people) if with_classes else {}
    return _Issuing(actor, people, classes, dry_run=dry_run).run(list(people), deadline).rows


class _Issuing(EachPerson[Issued]):
    """A one-time password for each."""

    row = Issued

    def __init__(self, actor: Caller, people: People, classes: dict[str, str], *, dry_run: bool) -> None:
        super().__init__(actor, people)
        self.dry_run, self._classes = dry_run, classes
        # A person takes some milliseconds of waiting for the table, so several are done at once.
        self.threads = 1 if dry_run else _AT_ONCE
        self._valid_until = clock.now().replace(microsecond=0) + timedelta(seconds=VALID_SECONDS)

    def read(self, keys: Sequence[str]) -> list[Issued]:
        rows = super().read(keys)
        for key, row in zip(keys, rows, strict=True):
            row.class_name = self._classes.get(key)
        return rows

    def decide(self, row: Issued) -> list[Write]:
        """A new password for a person.

        Raises:
            NotFound: nobody of the actor's school.
            Forbidden: the account is the actor's own, or stronger than that.
            Conflict: the account is closed.
        """
        user, strength = self.require(row)
        if not user.active:
            raise Conflict("This account is not active. Activate it first.", code="inactive_account")
        if self.dry_run:
            return []
        version, kept = user.version, kept_password(user)
        row.password, row.valid_until = new_password(), self._valid_until
        hashed = hash_password(row.password, min(_COST, settings().hash_cost))
        user.session_epoch += 1
        user.api_token_epoch += 1
        user.must_change_password = True
        own = replacement(user, version, PreconditionFailed())
        author = by_administrator(self.actor, "users.password.one_time")
        return [own, *strength, *new_hash(user, kept, hashed, author, int(row.valid_until.timestamp()))]
