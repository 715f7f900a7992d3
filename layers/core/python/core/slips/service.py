"""One-time passwords for many people at once: issued by an administrator, for three days, to be changed at first use.

They are generated, never chosen, so their entropy protects their hashes and not the hash's cost: docs/decisions.md
has the figures. Killed midway and sent again, a reset only makes new passwords.
"""

import secrets
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from core.kernel import clock
from core.kernel.errors import Conflict, CoreError, NotFound, Problem, Unavailable
from core.kernel.policy import Caller, require_another
from core.kernel.settings import settings
from core.kernel.streams import log_failure
from core.kernel.table import Write
from core.passwords.rules import hash_password
from core.passwords.schemas import ResetPasswords
from core.passwords.service import by_administrator, kept_password, replacement
from core.roles.strength import require_strength
from core.slips.targets import people_of
from core.users.models import UserItem
from core.users.service import change

#: Lower case, because it is typed from paper on a telephone, and without i, l, o, 0 and 1. 31 characters: 59.4 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 12
VALID_SECONDS = 72 * 3600
_COST = 5
#: As many as the table's client keeps connections open for.
_AT_ONCE = 10
#: Nobody is begun with after so many seconds. A call of the table gives up after 6 more, API Gateway after 29 in all.
_BEGIN_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one person, or would become."""

    user_id: str
    user: UserItem | None
    password: str | None = None
    valid_until: datetime | None = None
    problem: Problem | None = None

    @property
    def status(self) -> str:
        if self.problem:
            return "refused"
        return "issued" if self.password else "would_issue"


def summary(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows there are in all and of each status, as `meta.summary`."""
    statuses = [row.status for row in rows]
    counted = {"total": len(statuses), "issued": statuses.count("issued"), "refused": statuses.count("refused")}
    planned = statuses.count("would_issue")
    return counted | ({"wouldIssue": planned} if planned else {})


def new_password() -> str:
    """A password that nobody chose and that is easily typed from paper."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def plan(actor: Caller, asked: ResetPasswords) -> list[Row]:
    """What `issue` would do now. Writes nothing. Raises as `issue` does."""
    people = people_of(actor.organization_id, asked)
    return [Row(user_id, user, problem=_problem(actor, user)) for user_id, user in people.items()]


def _problem(actor: Caller, user: UserItem | None) -> Problem | None:
    try:
        _require_possible(actor, user)
    except CoreError as error:
        return error.problems[0]
    return None


def issue(actor: Caller, asked: ResetPasswords) -> list[Row]:
    """A new one-time password for everybody whom `asked` means, each in a transaction of their own.

    All their sessions, links and API tokens end, and they can do nothing but change the password once signed in. Who
    can't get one is refused without harm to the others.

    Raises:
        NotFound: the school has no such class or role.
        Impossible: they are more than 500; code `too_many`.
    """
    people = people_of(actor.organization_id, asked)
    valid_until = clock.now().replace(microsecond=0) + timedelta(seconds=VALID_SECONDS)
    # A person takes some milliseconds of waiting for the table, so several are done at once.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(partial(_issue_one, actor, valid_until, _Door()), people, people.values()))


class _Door:
    """Whether anybody is still begun with: not when time runs out, and not when the table has stopped answering."""

    def __init__(self) -> None:
        self._closes_at = time.monotonic() + _BEGIN_SECONDS

    def require_open(self) -> None:
        if time.monotonic() >= self._closes_at:
            raise Unavailable("There was no time left for this person. Send the people who are left once more.")

    def close(self) -> None:
        self._closes_at = 0.0


def _issue_one(actor: Caller, valid_until: datetime, door: _Door, user_id: str, user: UserItem | None) -> Row:
    password = new_password()
    author = by_administrator(actor, "users.password.one_time")

    try:
        _require_possible(actor, user)
        door.require_open()
        hashed = hash_password(password, min(_COST, settings().hash_cost))

        def decide(current: UserItem) -> list[Write]:
            strength = _require_possible(actor, current)
            kept = kept_password(current)
            current.session_epoch += 1
            current.api_token_epoch += 1
            current.must_change_password = True
            return [*strength, *replacement(current, kept, hashed, author, int(valid_until.timestamp()))]

        changed = change(actor.organization_id, user_id, None, decide)
    except Unavailable as error:
        door.close()
        return Row(user_id, user, problem=error.problems[0])
    except CoreError as error:
        return Row(user_id, user, problem=error.problems[0])
    except Exception as error:  # noqa: BLE001 - the others' new passwords would be lost with this one's failure
        log_failure(error, user_id)
        door.close()
        return Row(user_id, user, problem=CoreError().problems[0])
    return Row(user_id, changed, password, valid_until)


def _require_possible(actor: Caller, user: UserItem | None) -> list[Write]:
    """Refuses who can't get a one-time password from this actor. Returns as `require_strength` does.

    Raises:
        NotFound: nobody of the actor's school.
        Forbidden: the account is the actor's own, or stronger than that.
        Conflict: the account is closed.
    """
    if user is None:
        raise NotFound("There is no such person in your school.")
    require_another(actor, user.id)
    strength = require_strength(actor, user)
    if not user.active:
        raise Conflict("This account is not active. Activate it first.", code="inactive_account")
    return strength
