"""What is kept about a person, gathered in one document: Law 27/2022 on personal data, articles 7, 13 and 32."""

from collections.abc import Iterator
from typing import Any

from core.api_tokens.models import ApiTokenItem, api_tokens_of
from core.audit.models import AuditItem, concerns, trail_of
from core.audit.updates import ADDRESSES_PREFIX, AddressesItem
from core.classes.beside import CLASS_NAMES
from core.classes.membership import memberships_of
from core.classes.models import ClassItem, classes_of
from core.kernel import clock
from core.kernel.lists import Source, attribute, entries
from core.kernel.policy import Caller
from core.kernel.table import get, get_many
from core.logins.models import LOGIN_PREFIX, LoginItem
from core.logins.schemas import LOGIN_HISTORY
from core.outbox.models import MailItem, outbox_of
from core.people import service
from core.people.kinds import PersonKind
from core.people.models import PersonItem
from core.people.views import record_view
from core.sessions.models import SESSION_PREFIX, SessionItem
from core.sessions.schemas import SESSION
from core.sessions.service import SignedIn
from core.users.models import UserItem, belongings_of, users_of
from core.users.schemas import USER

#: A query ends at 1 MB of its own accord.
_AT_A_TIME = 5_000


def export(actor: Caller, kind: PersonKind, person_id: str) -> dict[str, Any]:
    """Everything that is kept about a person. The export itself is audited.

    Raises:
        NotFound: there is no such person.
    """
    person = service.find(actor.organization_id, kind, person_id)
    user = get(UserItem, users_of(person.organization_id), person.user_id) if person.user_id else None
    record_view(actor, kind, [person.id], "subject_export")
    CLASS_NAMES.give([person], {})
    return {
        "exportedAt": clock.to_wire(clock.now()),
        "record": kind.shape.document(person),
        "classes": _classes(person),
        "account": USER.document(user) if user else None,
        "sessions": _sessions(user) if user else [],
        "loginHistory": _logins(user) if user else [],
        "addressChanges": [_addresses(each) for each in addresses_of(user)] if user else [],
        "mails": [_mail(each) for each in mails_of(user)] if user else [],
        "apiTokens": [_api_token(each) for each in api_tokens_of_maker(user)] if user else [],
        "audit": [_audit(each) for each in _trail(person)],
    }


def _classes(person: PersonItem) -> list[dict[str, Any]]:
    """The student's classes, year by year."""
    if person.kind != "students":
        return []
    held = memberships_of(person)
    found = get_many([(ClassItem, classes_of(person.organization_id), each.class_id) for each in held])
    names = [item.name if item else None for item in found]
    return [
        {"academicYear": each.academic_year, "classId": each.class_id, "name": name}
        for each, name in zip(held, names, strict=True)
    ]


def _belongings(user: UserItem, prefix: str) -> Iterator[dict[str, Any]]:
    partition = belongings_of(user.organization_id, user.id)
    return entries(Source(partition, range_condition=attribute("sk").startswith(prefix)), None)


def _sessions(user: UserItem) -> list[dict[str, Any]]:
    """The sessions, without anything that names them to a door."""
    found = [SessionItem.from_raw_data(each) for each in _belongings(user, SESSION_PREFIX)]
    shown = [SESSION.document(SignedIn(session, user, "")) for session in found]
    return [{name: value for name, value in each.items() if name != "token"} for each in shown]


def _logins(user: UserItem) -> list[dict[str, Any]]:
    found = [LoginItem.from_raw_data(each) for each in _belongings(user, LOGIN_PREFIX)]
    return [LOGIN_HISTORY.document(each) for each in found]


def addresses_of(user: UserItem) -> list[AddressesItem]:
    """Which addresses the account had, and when it got others."""
    return [AddressesItem.from_raw_data(each) for each in _belongings(user, ADDRESSES_PREFIX)]


def _addresses(item: AddressesItem) -> dict[str, Any]:
    return {"at": item.at, **item.changes}


def mails_of(user: UserItem) -> list[MailItem]:
    """The mails of the last days that were ordered for an account."""
    own = attribute("user_id") == user.id
    source = Source(outbox_of(user.organization_id), filter_condition=own)
    return [MailItem.from_raw_data(each) for each in entries(source, None, _AT_A_TIME)]


def _mail(mail: MailItem) -> dict[str, Any]:
    return {"kind": mail.kind, "to": list(mail.to), "createdAt": mail.created_at, "sentAt": mail.sent_at}


def api_tokens_of_maker(user: UserItem) -> list[ApiTokenItem]:
    """The API tokens that an account made, also those that hold no longer."""
    own = attribute("created_by") == user.id
    source = Source(api_tokens_of(user.organization_id), filter_condition=own)
    return [ApiTokenItem.from_raw_data(each) for each in entries(source, None, _AT_A_TIME)]


def _api_token(item: ApiTokenItem) -> dict[str, Any]:
    """An API token without anything that opens a door."""
    return {"id": item.id, "name": item.name, "createdAt": item.created_at, "seenAt": item.seen_at}


def _trail(person: PersonItem) -> list[AuditItem]:
    """What was done to the person or by the account: the school's whole trail is read, a query for every 1 MB."""
    about = concerns(person.id)
    if person.user_id:
        about = about | concerns(person.user_id) | (attribute("actor_id") == person.user_id)
    source = Source(trail_of(person.organization_id), filter_condition=about)
    return [AuditItem.from_raw_data(each) for each in entries(source, None, _AT_A_TIME)]


def _audit(item: AuditItem) -> dict[str, Any]:
    """An entry without the others whom it may name."""
    return {"at": item.at, "action": item.action, "actorId": item.actor_id, "targetId": item.target_id}
