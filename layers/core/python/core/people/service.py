"""The rules of staff, teachers and students: one implementation for all three.

A person with an email has an account. Person, account, identifiers, search entries and counts change in one
transaction, so that neither is ever found without the other.
"""

from typing import Any, NamedTuple

from core.accounts import service as accounts
from core.accounts.renaming import renaming
from core.audit.models import done_by
from core.audit.updates import updated
from core.kernel import clock, records, table
from core.kernel.bodies import validate
from core.kernel.errors import Conflict
from core.kernel.policy import Caller, require_ceiling
from core.kernel.records import Overtaken, copy_of, created, searchable_anew
from core.kernel.table import Write, transact
from core.passwords.models import FirstPassword
from core.people.claims import claims
from core.people.kinds import PersonKind
from core.people.masks import Sent, note_address, sent_by, without
from core.people.models import PersonItem, people_of
from core.users import service as users
from core.users.models import UserItem, users_of
from core.users.verification import asked_by

_ATTEMPTS = 5


def find(organization_id: str, kind: PersonKind, person_id: str) -> PersonItem:
    """The person of this kind with this id.

    Raises:
        NotFound: absent, deleted, of another school, or not an id at all.
    """
    return records.find(PersonItem, people_of(organization_id, kind.name), person_id)


def read(organization_id: str, kind: PersonKind, person_id: str) -> PersonItem:
    """The person with this id, deleted or not.

    Raises:
        NotFound: absent, of another school, or not an id at all.
    """
    return table.find(PersonItem, people_of(organization_id, kind.name), person_id)


def recorded(actor: Caller, person: PersonItem, action: str) -> Write:
    """The write of the audit entry for what happens to a person."""
    return done_by(actor, f"{person.kind}.{action}", person.id)


def _account(
    actor: Caller, person: PersonItem, kind: PersonKind, created_at: str, user_id: str | None = None
) -> UserItem:
    """The account that comes with a person's email, with the role of the kind.

    Raises:
        Forbidden: the role grants what the actor does not hold.
    """
    require_ceiling(actor, kind.role.permissions, "email")
    user_id = user_id or clock.new_id(clock.from_wire(created_at))
    user = UserItem(users_of(person.organization_id), user_id, name=person.name, email=person.email)
    user.roles = [kind.role.id]
    user.person_kind, user.person_id = person.kind, person.id
    user.created_at, user.updated_at = created_at, person.updated_at
    return user


class Origin(NamedTuple):
    """Where an imported person comes from: the row's mark, and the ids that it has however often it is brought.

    Its people are made at the instant at which the import, or its plan, was asked for, as their ids say.
    """

    mark: str
    person_id: str
    user_id: str
    created_at: str


def creation(
    actor: Caller,
    kind: PersonKind,
    sent: Sent,
    password: FirstPassword | None,
    origin: Origin | None = None,
    *,
    invites: bool = False,
) -> tuple[PersonItem, list[Write]]:
    """A new person and the writes that make it, its account included.

    Args:
        actor: who creates it, in whose school.
        kind: of which kind.
        sent: the profile, and what the actor may not learn of it.
        password: the account's first one; without it the account needs a reset before its first sign-in.
        origin: of an import, which audits for many people at once.
        invites: whether the account's owner is invited to choose the first password, where there is none.

    Raises:
        Forbidden: the account would get more than the actor holds.
    """
    at = clock.now()
    person_id = origin.person_id if origin else clock.new_id(at)
    person = _nobody(actor, kind, person_id)
    sent.put_into(person)
    person.imported = origin.mark if origin else None
    person.updated_at = clock.to_wire(at)
    person.created_at = origin.created_at if origin else person.updated_at
    account: list[Write] = []
    if person.email:
        user = _account(actor, person, kind, person.created_at, origin.user_id if origin else None)
        person.user_id = user.id
        opened = accounts.opening(user, password, invited_by=actor.user_id if invites else None)
        account = [*opened, *([] if origin else [asked_by(actor, user)])]
    own = created(person, Conflict("This person is there already.", code="already_there"))
    audit = [] if origin else [recorded(actor, person, "create")]
    return person, [*claims({}, person, person.organization_id, sent.hidden), *own, *audit, *account]


def _nobody(actor: Caller, kind: PersonKind, person_id: str) -> PersonItem:
    return PersonItem(people_of(actor.organization_id, kind.name), person_id, kind=kind.name)


def create_person(actor: Caller, kind: PersonKind, document: dict[str, Any]) -> PersonItem:
    """A new person from a body.

    Raises:
        BadRequest: with every failing member.
        Forbidden: the account would get more than the actor holds.
        Conflict: an identifier or the email is somebody else's; names the field.
    """
    profile = validated(kind, document)
    for _ in range(_ATTEMPTS):
        sent = sent_by(actor, kind, _nobody(actor, kind, ""), profile, document)
        person, writes = creation(actor, kind, sent, None)
        try:
            transact(*writes)
        except Overtaken:
            continue
        return person
    raise Overtaken()


def validated(kind: PersonKind, document: dict[str, Any]) -> dict[str, Any]:
    """The document as a valid profile without its nulls and empty arrays.

    An answer shows an array that was never set as an empty one, and who sends that back changes nothing.

    Raises:
        BadRequest: with every failing member.
    """
    profile: dict[str, Any] = _filled(validate(kind.schema, document).model_dump(exclude_none=True))
    return profile


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _filled(each) for name, each in value.items() if each != []}
    return [_filled(each) for each in value] if isinstance(value, list) else value


def merged(profile: Any, patch: Any) -> Any:
    """The profile with a patch applied: null clears, objects merge, everything else replaces (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    base = dict(profile) if isinstance(profile, dict) else {}
    for name, value in patch.items():
        if value is None:
            base.pop(name, None)
        else:
            base[name] = merged(base.get(name), value)
    return base


def update_person(
    actor: Caller, kind: PersonKind, person_id: str, patch: dict[str, Any], expected: int | None
) -> PersonItem:
    """Changes what `patch` names. A patch that changes nothing writes nothing, unless it sends what its sender may not
    see: that counts as changed, whatever stood there.

    Raises:
        NotFound: there is no such person.
        BadRequest: with every failing member.
        Forbidden: the person's account is stronger than the actor's, or a new one would be; or it has a password, and
            the actor may not set it and so not change its address either.
        Conflict: an identifier or the email is somebody else's; or the account would lose its email.
        TooManyRequests: too many mails would go to an address that nobody has confirmed.
    """

    def decide(person: PersonItem) -> list[Write] | None:
        profile = validated(kind, merged(person.profile, patch))
        sent = sent_by(actor, kind, person, profile, patch)
        return alteration(actor, kind, person, sent, alone=True) or None

    return records.change(lambda: find(actor.organization_id, kind, person_id), expected, decide)


def alteration(
    actor: Caller,
    kind: PersonKind,
    person: PersonItem,
    sent: Sent,
    password: FirstPassword | None = None,
    *,
    alone: bool = False,
    invites: bool = False,
) -> list[Write]:
    """Gives the person another profile and returns the writes that go along with putting it; none for the same one.

    Args:
        actor: who changes it.
        kind: of which kind.
        person: as read; is altered.
        sent: the profile, and what the actor may not learn of it.
        password: the first one, should the person get an account by this.
        alone: whether somebody asks for this person; an import asks for many, and has a limit of its own.
        invites: whether the owner of such an account is invited to choose the first password, where there is none.

    Raises:
        NotFound: the person's account was deleted.
        Forbidden: the person's account is stronger than the actor's, or a new one would be; or its address is not the
            actor's to change.
        Conflict: the account would lose its email.
    """
    before = copy_of(person)
    sent.put_into(person)
    note_address(person, before, sent)
    account = _account_changes(actor, kind, before, person, password, alone=alone, invites=invites)
    seen = (without(each.profile, sent.hidden) for each in (before, person))
    counted_as = sent.counts_as_changed(before)
    audit = updated(actor, f"{person.kind}.update", person.id, *seen, account_id=person.user_id, sent=counted_as)
    if not audit:
        return []
    own = claims(before.unique_values(), person, person.organization_id, sent.hidden)
    return [*own, *searchable_anew(before, person, always=bool(sent.hidden)), *audit, *account]


def _account_changes(
    actor: Caller,
    kind: PersonKind,
    before: PersonItem,
    person: PersonItem,
    password: FirstPassword | None,
    *,
    alone: bool,
    invites: bool,
) -> list[Write]:
    if (before.email, before.name) == (person.email, person.name):
        return []
    if before.user_id is None:
        if not person.email:
            return []
        person.updated_at = clock.to_wire(clock.now())
        user = _account(actor, person, kind, person.updated_at)
        person.user_id = user.id
        opened = accounts.opening(user, password, invited_by=actor.user_id if invites else None)
        return [*opened, *([asked_by(actor, user)] if alone else [])]
    if not person.email:
        message = "The person's account needs its email. Delete the person, or give another address."
        raise Conflict(message, code="account_needs_email", field="email")
    user = users.find(person.organization_id, before.user_id)
    reach = accounts.require_reach(actor, user)
    old = copy_of(user)
    user.name, user.email = person.name, person.email
    return [*reach, *renaming(actor, old, user, alone=alone), put_account(user, old.version)]


def put_account(user: UserItem, version: float) -> Write:
    """Puts the changed account of a person, if it is still at the version at which it was read."""
    busy = Conflict("The person's account is being changed at the same moment. Try again.", code="busy")
    return records.replacement(user, version, busy)
