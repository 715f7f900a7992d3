"""The operations of staff, teachers and students: the same five and a restoration for each kind."""

from copy import replace
from functools import partial
from typing import Any

from core.classes.beside import CLASS_NAMES
from core.contract.operations import Files, Listing, Many, Names, Nothing, One, Parameter, Plain
from core.contract.values import OBJECT, one_of
from core.departures import service as lifecycle
from core.http.answers import Answer, With
from core.http.api import Api
from core.http.requests import Request
from core.kernel.cursors import Page, PageRequest
from core.kernel.media_types import CSV, XLSX
from core.kernel.policy import Caller, Permission, require
from core.people import lists, service
from core.people.kinds import MOST_PEOPLE, STUDENTS, PersonKind
from core.people.masks import hidden_from
from core.people.models import READINESS_AS_SEEN, PersonItem
from core.people.schemas import Erasure
from core.people.views import record_view

_HEADERS = Parameter(
    "headers",
    one_of(("fields", "dapodik")),
    "Whether the columns of a file are the members' paths, or have Dapodik's headers and codes.",
    default="fields",
)
_IDENTIFIERS_TAKEN = ("email_taken", "nik_taken", "nip_taken", "nipd_taken", "nisn_taken", "nuptk_taken")


def as_stored(caller: Caller, kind: PersonKind, wanted: PageRequest) -> PageRequest:
    """The same page with filters on what is stored, which rest on nothing that the caller may not see."""
    filters = dict(wanted.filters)
    if "readiness" in filters and hidden_from(caller, kind):
        filters[READINESS_AS_SEEN] = filters.pop("readiness")
    if "grade" in filters:
        from core.classes.grades import class_ids_of  # noqa: PLC0415 - teachers and staff start sooner without it

        classes = class_ids_of(caller.organization_id, filters.pop("grade"))
        filters["classId"] = classes & {filters["classId"]} if "classId" in filters else classes
    return replace(wanted, filters=filters)


def _whole(request: Request, kind: PersonKind, person: PersonItem) -> With:
    """A person; for who may see them, with the numbers that were not kept because somebody else has them."""
    contested = [] if hidden_from(request.caller, kind) else list(person.contested or ())
    return With(person, meta={"contested": contested} if contested else {})


def _viewed(kind: PersonKind, caller: Caller, ids: list[str]) -> None:
    record_view(caller, kind, ids)


def register(api: Api, kind: PersonKind) -> None:
    """Declares the operations of a kind on the function's API."""
    _register_collection(api, kind)
    _register_record(api, kind)
    _register_states(api, kind)
    _register_subject(api, kind)


def _one(kind: PersonKind) -> str:
    return f"{kind.path}/{{{kind.parameter}}}"


def _shown(kind: PersonKind) -> One:
    return One(kind.shape, viewed=partial(_viewed, kind), names=_names(kind))


def _names(kind: PersonKind) -> Names | None:
    return CLASS_NAMES if kind is STUDENTS else None


def _register_collection(api: Api, kind: PersonKind) -> None:

    @api.operation(
        "GET",
        kind.path,
        words=kind.words,
        permission=kind.read,
        query=Listing(filters=kind.filters, searched=("nik",), files=Files((CSV, XLSX), MOST_PEOPLE, (_HEADERS,))),
        answers=Many(kind.shape, viewed=partial(_viewed, kind), names=_names(kind)),
        errors={413: ("export_too_large",)},
    )
    def list_people(
        request: Request, wanted: PageRequest, file_type: str | None, headers: str = "fields"
    ) -> Page | Answer:
        """Lists the school's {many}, page by page, or as a file for spreadsheets."""
        wanted = as_stored(request.caller, kind, wanted)
        if file_type is None:
            return lists.listing(request.caller.organization_id, kind, wanted)
        from core.http import exports  # noqa: PLC0415 - most requests are for JSON, and start sooner without it

        return exports.answer(request, kind, wanted, file_type, dapodik=headers == "dapodik")

    @api.operation(
        "POST",
        kind.path,
        words=kind.words,
        permission=kind.write,
        takes=kind.schema,
        answers=replace(_shown(kind), status=201),
        errors={403: ("grant_ceiling",), 409: _IDENTIFIERS_TAKEN},
    )
    def create_person(request: Request, document: dict[str, Any]) -> With:
        """Creates a {one}, with an account where there is an email address."""
        return _whole(request, kind, service.create_person(request.caller, kind, document))


def _register_record(api: Api, kind: PersonKind) -> None:
    one, shown = _one(kind), _shown(kind)

    @api.operation("GET", one, words=kind.words, permission=kind.read, answers=shown)
    def get_person(request: Request, **ids: str) -> With:
        """Retrieves a {one}."""
        return _whole(request, kind, service.find(request.caller.organization_id, kind, ids[kind.parameter]))

    @api.operation(
        "PATCH",
        one,
        words=kind.words,
        permission=kind.write,
        takes=kind.schema,
        answers=shown,
        errors={
            403: ("grant_ceiling", "own_account", "password_permission_required", "stronger_account"),
            409: ("account_needs_email", *_IDENTIFIERS_TAKEN),
        },
    )
    def update_person(request: Request, document: dict[str, Any], expected: int | None, **ids: str) -> With:
        """Changes a {one}: what is sent; null clears, and objects are merged."""
        person = service.update_person(request.caller, kind, ids[kind.parameter], document, expected)
        return _whole(request, kind, person)

    @api.operation(
        "DELETE",
        one,
        words=kind.words,
        permission=kind.write,
        answers=Nothing(),
        errors={403: ("stronger_account",), 409: ("last_administrator", "own_account")},
    )
    def delete_person(request: Request, expected: int | None, **ids: str) -> None:
        """Deletes a {one} and the account. Both can be restored for 30 days; then they are gone."""
        lifecycle.delete_person(request.caller, kind, ids[kind.parameter], expected)


def _register_states(api: Api, kind: PersonKind) -> None:
    one, shown = _one(kind), _shown(kind)

    @api.operation(
        "POST",
        f"{one}/restore",
        words=kind.words,
        permission=kind.write,
        answers=shown,
        errors={403: ("stronger_account",), 409: ("not_deleted", *_IDENTIFIERS_TAKEN)},
    )
    def restore_person(request: Request, **ids: str) -> With:
        """Restores a deleted {one}."""
        return _whole(request, kind, lifecycle.restore_person(request.caller, kind, ids[kind.parameter]))

    @api.operation(
        "POST",
        f"{one}/deactivate",
        words=kind.words,
        permission=kind.write,
        answers=shown,
        errors={403: ("stronger_account",), 409: ("last_administrator", "own_account")},
    )
    def deactivate_person(request: Request, expected: int | None, **ids: str) -> With:
        """Closes the account of a {one} for a while and marks the record inactive."""
        person = lifecycle.set_active(request.caller, kind, ids[kind.parameter], False, expected)
        return _whole(request, kind, person)

    @api.operation(
        "POST",
        f"{one}/activate",
        words=kind.words,
        permission=kind.write,
        answers=shown,
        errors={403: ("stronger_account",)},
    )
    def activate_person(request: Request, expected: int | None, **ids: str) -> With:
        """Opens the account of a {one} again and marks the record active."""
        person = lifecycle.set_active(request.caller, kind, ids[kind.parameter], True, expected)
        return _whole(request, kind, person)


def _register_subject(api: Api, kind: PersonKind) -> None:
    """What the person whom the data is about may ask the school for (Law 27/2022)."""
    one = _one(kind)

    @api.operation("GET", f"{one}/export", words=kind.words, permission=kind.read, answers=Plain(OBJECT))
    def export_person(request: Request, **ids: str) -> With:
        """Exports everything that is kept about a {one}, to be handed to that person.

        Needs `students:sensitive` too.
        """
        from core.departures import subjects  # noqa: PLC0415 - asked for a few times a year

        require(request.caller, Permission.STUDENTS_SENSITIVE)
        result = subjects.export(request.caller, kind, ids[kind.parameter])
        name = f"{kind.name}-{result['record']['id']}.json"
        return With(result, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    @api.operation(
        "POST",
        f"{one}/erasure",
        words=kind.words,
        permission=kind.write,
        answers=Plain(OBJECT),
        errors={
            400: ("names_the_person",),
            403: ("stronger_account",),
            409: ("last_administrator", "own_account"),
        },
    )
    def erase_person(request: Request, body: Erasure, **ids: str) -> dict[str, Any]:
        """Erases the data of a {one} at once and for good, and says what remains and why.

        Needs `students:sensitive` too.
        """
        from core.departures import erasure  # noqa: PLC0415 - asked for a few times a year

        require(request.caller, Permission.STUDENTS_SENSITIVE)
        return erasure.erase(request.caller, kind, ids[kind.parameter], body.reason)
