"""Erasing a person at once and for good: Law 27/2022 on personal data, articles 8 (the right), 43 and 44 (the duty).

First, in one transaction, record and account become tombstones that hold ids and times; identifiers, classes and places
in lists go. Nobody can find, restore or sign in from then on. Then goes what may be too much for a transaction, and the
pictures. Until the last of it is gone, the tombstone remembers which addresses the person had, so that an erasure that
was interrupted is completed by asking for it again.
"""

import re
from collections.abc import Iterable
from itertools import batched
from typing import Any

from core.accounts import service as accounts
from core.audit.models import done_by
from core.classes.membership import parting
from core.departures.subjects import addresses_of, api_tokens_of_maker, mails_of
from core.images import service as pictures
from core.kernel import clock, records
from core.kernel.errors import BadRequest, NotFound
from core.kernel.folding import fold
from core.kernel.lists import Source, attribute, entries
from core.kernel.policy import Caller
from core.kernel.records import bury, counted, unsearchable
from core.kernel.table import MOST_WRITES, Item, Write, delete, get, transact
from core.logins.models import SOURCE_PREFIX
from core.people import service
from core.people.claims import claims
from core.people.kinds import PersonKind
from core.people.models import PersonItem
from core.roles.strength import require_strength
from core.users.models import UserItem, belongings_of, email_key, users_of

ERASED = "(erased)"

#: What an erasure takes away, and what it must leave, and why.
TAKEN = (
    "record",
    "account",
    "password",
    "resetLinks",
    "sessions",
    "loginHistory",
    "identifierClaims",
    "emailClaims",
    "searchEntries",
    "placesInLists",
    "classMemberships",
    "rosterEntries",
    "homerooms",
    "roleMemberships",
    "familiarSources",
    "apiTokens",
    "mails",
    "addressChanges",
    "pictures",
)
REMAINING = (
    {
        "what": "A tombstone of record and account: their ids and when they were erased, for 30 days.",
        "why": "Systems that copied the school's lists learn from it that the person is gone.",
    },
    {
        "what": "The audit trail's entries: ids of actor and target, action and time, the names of members that "
        "changed, and the reason of the erasure.",
        "why": "The school must record and be able to show who changed, viewed and erased what "
        "(Law 27/2022, articles 31 and 47).",
    },
    {
        "what": "Promotions in which the person was, by id, for 30 days.",
        "why": "They say what became of a whole class, and whoever takes one back needs the others in it.",
    },
    {
        "what": "That mails to an address bounced or were unwanted, under the address's hash.",
        "why": "Nothing may be sent to it again, whoever enters it.",
    },
    {
        "what": "Counters of sign-ins and mails, and failed sign-ins at an address that is nobody's, under keyed "
        "hashes, for up to a day.",
        "why": "They keep passwords from being guessed.",
    },
    {
        "what": "Imports that the person was in: their reports, which hold ids and codes, for 30 days; their files, "
        "also those of plans and of uploads that led to nothing, for up to two days.",
        "why": "They tell of many people at once, and go by themselves. An import that is not done, and a file that is "
        "sent again, makes the person anew.",
    },
    {
        "what": "The table's own record of changes, for a day; bounces of mails that could not be worked off, "
        "encrypted, for 14 days; the public directory's answers in caches, for five minutes.",
        "why": "They can't be changed one person at a time, and go by themselves.",
    },
    {
        "what": "Backups, for 35 days, and the functions' logs, which hold ids only, for 90 days.",
        "why": "They can't be changed one person at a time. Whoever restores a backup must repeat the erasures since.",
    },
)


def erase(actor: Caller, kind: PersonKind, person_id: str, reason: str) -> dict[str, Any]:
    """Erases a person, deleted or not. Asking again completes what was interrupted, and changes nothing otherwise.

    Raises:
        NotFound: there is no such person.
        BadRequest: the reason, which stays, names the person.
        Forbidden: the person's account is stronger than the actor's.
        Conflict: it is the actor's own, or the last administrator's.
        Unavailable: table or bucket did not answer; asking again completes it.
    """
    person = service.read(actor.organization_id, kind, person_id)
    if not person.erased_at:
        person = _close(actor, kind, person.id, reason)
    if person.erasing is not None:
        _sweep(person)
        _finish(actor, kind, person.id)
    return {"id": person.id, "erasedAt": person.erased_at, "erased": list(TAKEN), "remaining": list(REMAINING)}


def _close(actor: Caller, kind: PersonKind, person_id: str, reason: str) -> PersonItem:
    def decide(person: PersonItem) -> list[Write] | None:
        if person.erased_at:
            return None
        _require_nameless(person, reason)
        user = get(UserItem, users_of(person.organization_id), person.user_id) if person.user_id else None
        writes = [done_by(actor, f"{person.kind}.erase", person.id, {"reason": reason})]
        if not person.deleted_at:
            writes += [*claims(person.unique_values(), None, person.organization_id), counted(person, -1)]
            writes += [*unsearchable(person), *parting(person)]
            bury(person)
        addresses = [person.email]
        if user:
            addresses += [user.email, user.secondary_email, *_former_addresses(user)]
            writes += _close_account(actor, user)
        person.erasing = {"addresses": sorted({each for each in addresses if each})}
        person.erased_at = clock.to_wire(clock.now())
        person.name, person.profile, person.active = ERASED, {}, False
        person.class_id = person.classes_left = person.contested = None
        return writes

    return records.change(lambda: service.read(actor.organization_id, kind, person_id), None, decide)


def _former_addresses(user: UserItem) -> list[str | None]:
    """The addresses that the account had once, under which its familiar sources may still stand."""
    changes = [change for item in addresses_of(user) for change in item.changes.values()]
    return [change["from"] for change in changes]


def _require_nameless(person: PersonItem, reason: str) -> None:
    def plain(text: str) -> str:
        words = (each.strip(".-") for each in re.findall(r"[\w@.+-]+", fold(text)))
        return f" {' '.join(filter(None, words))} "

    told = (person.name, *person.identifiers(), person.profile.get("nik"))
    if any(plain(each) in plain(reason) for each in told if each):
        message = "The reason stays when the person is gone, so it must not hold their name, address or numbers."
        raise BadRequest(message, code="names_the_person", field="reason")


def _close_account(actor: Caller, user: UserItem) -> list[Write]:
    accounts.require_not_oneself(actor, user.id)
    strength = require_strength(actor, user)
    version = user.version
    writes = [] if user.deleted_at else accounts.closing(user)
    user.name, user.email, user.secondary_email, user.image = ERASED, f"{user.id}@erased.invalid", None, None
    user.email_verified = user.secondary_email_verified = user.active = False
    user.roles = []
    return [*strength, *writes, service.put_account(user, version)]


def _sweep(person: PersonItem) -> None:
    """Deletes what the person left in other places. What is gone already is gone."""
    if person.user_id:
        user = UserItem(users_of(person.organization_id), person.user_id)
        _delete(_all(Source(belongings_of(person.organization_id, person.user_id))))
        _delete(mails_of(user))
        _delete(api_tokens_of_maker(user))
        pictures.forget_all(person.organization_id, person.user_id)
    for address in person.erasing["addresses"]:
        # An address that somebody else has by now is left alone but for what was this person's.
        own = attribute("user_id") == person.user_id
        sources = attribute("sk").startswith(SOURCE_PREFIX)
        _delete(_all(Source(email_key(address), range_condition=sources, filter_condition=own)))


def _all(source: Source) -> list[Item]:
    return [Item(each["pk"]["S"], each["sk"]["S"]) for each in entries(source, None)]


def _delete(items: Iterable[Item]) -> None:
    for run in batched(items, MOST_WRITES, strict=False):
        transact(*(delete(item) for item in run))


def _finish(actor: Caller, kind: PersonKind, person_id: str) -> None:
    def decide(person: PersonItem) -> list[Write] | None:
        if person.erasing is None:
            return None
        person.erasing = None
        return []

    def read() -> PersonItem:
        person = service.read(actor.organization_id, kind, person_id)
        if not person.erased_at:
            raise NotFound()
        return person

    records.change(read, None, decide)
