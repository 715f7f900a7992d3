"""Whom the rows are about: what the table knows under their identifiers, a hundred keys at a time."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.imports.rows import Row, keys_of
from core.kernel.table import Item, get_all
from core.people.kinds import PersonKind
from core.people.masks import NUMBERS
from core.people.models import ClaimItem, PersonItem, claim_key, people_of
from core.users import claims
from core.users.models import EmailItem, UserItem, email_key, users_of

Key = tuple[type[Item], str, str]


@dataclass(slots=True)
class Known:
    """What the table knows of a chunk's rows."""

    claims: dict[tuple[str, str], ClaimItem] = field(default_factory=dict)
    emails: dict[str, EmailItem] = field(default_factory=dict)
    users: dict[str, UserItem] = field(default_factory=dict)
    people: dict[str, PersonItem] = field(default_factory=dict)


class Match(NamedTuple):
    """Whom a row is about, and which of its identifiers are somebody else's."""

    person: PersonItem | None
    taken: tuple[str, ...]

    @property
    def basis(self) -> str:
        """What a plan rests on: with another basis it might decide otherwise.

        Masked numbers are left out: that a plan no longer holds would tell whose they were. The write looks at them.
        """
        of = f"{self.person.id}@{int(self.person.version)}" if self.person else "nobody"
        return "/".join((of, *(member for member in self.taken if member not in NUMBERS)))


def _read(keys: Iterable[Key], pool: Executor) -> list[Any]:
    return [item for item in get_all(dict.fromkeys(keys), pool.map) if item is not None]


def look_up(
    organization_id: str, kind: PersonKind, rows: Sequence[Row], pool: Executor, more: Sequence[str] = ()
) -> Known:
    """Reads the claims on the rows' identifiers, and the people and accounts behind them.

    Args:
        organization_id: the school.
        kind: what the rows are of.
        rows: the rows.
        pool: in which the reads run side by side.
        more: ids of people to read as well.
    """
    known = Known()
    identifiers = [row.identifiers() for row in rows]
    keys: list[Key] = []
    claimed: dict[tuple[str, str], tuple[str, str]] = {}
    mails: dict[str, str] = {}
    for each in identifiers:
        for member, value in each.items():
            if member == "email":
                keys.append(claims.claim_key(value))
                mails[email_key(value)] = value
            else:
                key = claim_key(organization_id, member, value)
                keys.append(key)
                claimed[key[1], key[2]] = member, value
    for item in _read(keys, pool):
        if isinstance(item, EmailItem):
            known.emails[mails[item.partition]] = item
        else:
            known.claims[claimed[item.partition, item.sort]] = item
    _read_owners(known, _wanted(known, organization_id, kind, identifiers, more), pool)
    return known


def _wanted(
    known: Known, organization_id: str, kind: PersonKind, identifiers: Sequence[dict[str, str]], more: Sequence[str]
) -> list[Key]:
    """The keys of the people whom identifiers name, and of the accounts of those whom only an email names."""
    partition, accounts = people_of(organization_id, kind.name), users_of(organization_id)
    wanted: list[Key] = [(PersonItem, partition, each) for each in more]
    for each in identifiers:
        if person_id := _by_identifier(known, kind, each):
            wanted.append((PersonItem, partition, person_id))
        elif (email := known.emails.get(each.get("email", ""))) and email.organization_id == organization_id:
            wanted.append((UserItem, accounts, email.user_id))
    return wanted


def _read_owners(known: Known, wanted: list[Key], pool: Executor) -> None:
    """Reads people and accounts, and then the people behind the accounts."""
    while wanted:
        further: list[Key] = []
        for item in _read(wanted, pool):
            if isinstance(item, PersonItem):
                known.people[item.id] = item
                continue
            known.users[item.id] = item
            if item.person_kind and item.person_id:
                further.append((PersonItem, people_of(item.organization_id, item.person_kind), item.person_id))
        wanted = further


def _by_identifier(known: Known, kind: PersonKind, identifiers: dict[str, str]) -> str | None:
    for member in keys_of(kind):
        claim = known.claims.get((member, identifiers.get(member, "")))
        if claim and claim.kind == kind.name:
            return claim.person_id
    return None


def match(known: Known, kind: PersonKind, row: Row) -> Match:
    """Whom the row is about: by identifier in the order of the kind, else by email."""
    identifiers = row.identifiers()
    email = known.emails.get(identifiers.get("email", ""))
    person_id = _by_identifier(known, kind, identifiers)
    if person_id is None and email:
        user = known.users.get(email.user_id)
        person_id = user.person_id if user and user.person_kind == kind.name else None
    person = known.people.get(person_id) if person_id else None
    person = None if person and person.deleted_at else person
    own = person.id if person else None
    claims = {member: known.claims.get((member, value)) for member, value in identifiers.items() if member != "email"}
    taken = [member for member, claim in claims.items() if claim and claim.person_id != own]
    if email and (person is None or person.user_id != email.user_id):
        taken.append("email")
    return Match(person, tuple(taken))
