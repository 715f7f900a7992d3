"""Leaving and coming back: a person's record and account close, open, vanish and return together."""

from core.accounts import service as accounts
from core.classes.membership import parting, returning
from core.kernel import records
from core.kernel.errors import Conflict, NotFound
from core.kernel.policy import Caller
from core.kernel.records import bury, copy_of, counted, searchable, searchable_anew, unearth, unsearchable
from core.kernel.table import Write, get
from core.people.claims import claims
from core.people.kinds import PersonKind
from core.people.masks import NUMBERS, contested_numbers, hidden_from, note_contested, without
from core.people.models import PersonItem
from core.people.service import find, put_account, read, recorded
from core.roles.strength import require_strength
from core.users import service as users
from core.users.models import UserItem, users_of


def delete_person(actor: Caller, kind: PersonKind, person_id: str, expected: int | None) -> None:
    """Hides a person and its account on every path. They can be restored for 30 days.

    Raises:
        Forbidden: the person's account is stronger than the actor's.
        Conflict: it is the actor's own.
    """

    def decide(person: PersonItem) -> list[Write]:
        writes = [*claims(person.unique_values(), None, person.organization_id), counted(person, -1)]
        writes += [*unsearchable(person), *parting(person), recorded(actor, person, "delete")]
        if person.user_id:
            writes += _closing(actor, users.find(person.organization_id, person.user_id))
        bury(person)
        return writes

    records.change(lambda: find(actor.organization_id, kind, person_id), expected, decide)


def _closing(actor: Caller, user: UserItem) -> list[Write]:
    accounts.require_not_oneself(actor, user.id)
    strength = require_strength(actor, user)
    version = user.version
    return [*strength, *accounts.closing(user), put_account(user, version)]


def set_active(actor: Caller, kind: PersonKind, person_id: str, active: bool, expected: int | None) -> PersonItem:
    """Says that a person has left the school for a while, or is back. Their account closes and opens with it.

    Raises:
        Forbidden: the person's account is stronger than the actor's.
        Conflict: it is the actor's own, or the last administrator's.
    """

    def decide(person: PersonItem) -> list[Write] | None:
        if person.active == active:
            return None
        before = copy_of(person)
        person.active = active
        action = "activate" if active else "deactivate"
        writes = [*searchable_anew(before, person), recorded(actor, person, action)]
        if person.user_id:
            user = users.find(person.organization_id, person.user_id)
            accounts.require_not_oneself(actor, user.id)
            strength = require_strength(actor, user)
            version = user.version
            writes += [*strength, *accounts.activation(user, active), put_account(user, version)]
        return writes

    return records.change(lambda: find(actor.organization_id, kind, person_id), expected, decide)


def restore_person(actor: Caller, kind: PersonKind, person_id: str) -> PersonItem:
    """Takes a deleted person and its account back as they were. Sessions stay dead.

    Raises:
        NotFound: there is no such person, or the table forgot it after 30 days.
        Forbidden: the person's account is stronger than the actor's.
        Conflict: the person is not deleted; or an identifier or the email is somebody else's by now.
    """

    hidden = hidden_from(actor, kind)

    def read_deleted() -> PersonItem:
        person = read(actor.organization_id, kind, person_id)
        if person.erased_at:
            raise NotFound()
        if not person.deleted_at:
            raise Conflict("This person is not deleted.", code="not_deleted")
        return person

    def decide(person: PersonItem) -> list[Write]:
        unearth(person)
        _leave_out_contested(person, hidden & NUMBERS)
        # First, because what a search finds carries the class.
        writes = returning(person)
        writes += [*claims({}, person, person.organization_id, hidden), counted(person, 1), *searchable(person)]
        if person.user_id:
            user = get(UserItem, users_of(person.organization_id), person.user_id)
            if user and user.deleted_at:
                strength = require_strength(actor, user)
                version = user.version
                writes += [*strength, *accounts.reopening(user), put_account(user, version)]
        return [*writes, recorded(actor, person, "restore")]

    return records.change(read_deleted, None, decide)


def _leave_out_contested(person: PersonItem, numbers: frozenset[str]) -> None:
    """Leaves those of the numbers out that became somebody else's, where the actor may not learn so."""
    lost = contested_numbers(person, person.profile, numbers)
    person.profile = without(person.profile, lost)
    note_contested(person, lost)
