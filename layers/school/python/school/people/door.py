"""The operations of staff, teachers and students: the same five and a restoration for each kind."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from school import clock, pages
from school.answers import Answer, tagged
from school.api import Api
from school.listings import SORTS, caller_key
from school.media_types import CSV, XLSX
from school.people import enumerations, lifecycle, service
from school.people.kinds import PersonKind
from school.people.masks import hidden_from
from school.people.models import READINESS_AS_SEEN, PersonItem
from school.people.schemas import Erasure
from school.people.views import record_view
from school.people.wire import shows_sensitive, to_wire
from school.policy import Permission, require
from school.requests import Request

_WORDS = {
    "gender": enumerations.GENDER,
    "residenceType": enumerations.RESIDENCE,
    "transportationMode": enumerations.TRANSPORTATION,
    "employmentStatus": enumerations.EMPLOYMENT,
    "maritalStatus": enumerations.MARITAL_STATUS,
}


def _read_readiness(text: str) -> bool:
    if text not in ("complete", "incomplete"):
        raise ValueError("Send complete or incomplete.")
    return text == "complete"


def _reader(member: str) -> Callable[[str], Any]:
    """Reads the value of the filter on `member`; raises ValueError with a sentence."""
    if member == "readiness":
        return _read_readiness

    def read(text: str) -> str:
        if member in _WORDS and text not in _WORDS[member]:
            raise ValueError(f"Send one of {', '.join(_WORDS[member])}.")
        if member not in _WORDS and not clock.is_id(text):
            raise ValueError("Send an id.")
        return text if member in _WORDS else text.lower()

    return read


def _file_type(request: Request) -> str | None:
    """The type of file for spreadsheets that `Accept` names first: API Gateway looks at the first type only when it
    decides on bytes or text."""
    first = request.headers.get("accept", "").split(",", maxsplit=1)[0].split(";", maxsplit=1)[0].strip().lower()
    return first if first in (CSV, XLSX) else None


def _file(request: Request, kind: PersonKind, content_type: str) -> Answer:
    from school.people import exports  # noqa: PLC0415 - most requests are for JSON, and start sooner without it

    query = {name: values for name, values in request.query.items() if name != "headers"}
    wanted = page_request(request, kind, query, exports.MOST_PEOPLE, frozenset({"page", "updatedSince"}))
    return exports.answer(request, kind, wanted, content_type)


def page_request(
    request: Request,
    kind: PersonKind,
    query: dict[str, list[str]],
    limit: int = pages.LONGEST_PAGE,
    without: frozenset[str] = frozenset(),
) -> pages.PageRequest:
    """What a caller asks of the list of a kind, checked."""
    wanted = pages.parse(
        query,
        limit=limit,
        without=without,
        route=kind.path,
        caller_key=caller_key(request),
        sorts=SORTS,
        fields=kind.members,
        filters={"active": pages.true_or_false} | {name: _reader(name) for name in kind.filters},
    )
    if not hidden_from(request.caller, kind):
        return wanted
    stored = {"readiness": READINESS_AS_SEEN}
    return replace(wanted, filters={stored.get(name, name): value for name, value in wanted.filters.items()})


def shown(request: Request, kind: PersonKind, people: list[PersonItem], fields: tuple[str, ...] | None = None) -> Any:
    """The people as this caller may see them, and the members that are hidden, whether they hold something or not.

    A view of what is sensitive is audited.
    """
    hidden = hidden_from(request.caller, kind)
    sensitive = not hidden
    documents = [pages.sparse(to_wire(kind, person, sensitive=sensitive), fields) for person in people]
    if sensitive:
        whole = [{"id": person.id, **document} for person, document in zip(people, documents, strict=True)]
        if viewed := shows_sensitive(whole):
            record_view(request.caller, kind, viewed)
        return documents, []
    return documents, sorted(name for name in hidden if fields is None or name in fields)


def _single(request: Request, kind: PersonKind, person: PersonItem, status: int = 200) -> Answer:
    documents, masked = shown(request, kind, [person])
    headers = {"Location": f"{kind.path}/{person.id}"} if status == 201 else {}
    answer = tagged(person.version, documents[0], request, status, headers)
    if masked:
        answer.meta["masked"] = masked
    elif person.contested:
        answer.meta["contested"] = list(person.contested)
    return answer


def register(api: Api, kind: PersonKind) -> None:
    """Declares the operations of a kind on the function's API."""
    one = f"{kind.path}/<{kind.parameter}>"

    @api.route("GET", kind.path, permission=kind.read)
    def list_people(request: Request) -> Answer:
        """The school's people of this kind, page by page; or as a file for spreadsheets."""
        if content_type := _file_type(request):
            return _file(request, kind, content_type)
        wanted = page_request(request, kind, request.query)
        page = service.listing(request.caller.organization_id, kind, wanted)
        documents, masked = shown(request, kind, page.items, wanted.fields)
        return Answer(documents, meta=wanted.meta(page) | ({"masked": masked} if masked else {}))

    @api.route("POST", kind.path, permission=kind.write)
    def create_person(request: Request) -> Answer:
        """A new person, with an account when there is an email."""
        request.require_no_query()
        person = service.create_person(request.caller, kind, request.document())
        return _single(request, kind, person, 201)

    @api.route("GET", one, permission=kind.read)
    def get_person(request: Request, **ids: str) -> Answer:
        """One person."""
        request.require_no_query()
        return _single(request, kind, service.find(request.caller.organization_id, kind, ids[kind.parameter]))

    @api.route("PATCH", one, permission=kind.write)
    def update_person(request: Request, **ids: str) -> Answer:
        """Changes what is sent; null clears; objects merge."""
        request.require_no_query()
        document = request.document()
        person = service.update_person(request.caller, kind, ids[kind.parameter], document, request.expected_version)
        return _single(request, kind, person)

    @api.route("DELETE", one, permission=kind.write)
    def delete_person(request: Request, **ids: str) -> Answer:
        """Hides a person and its account for 30 days, then forgets them."""
        request.require_no_query()
        lifecycle.delete_person(request.caller, kind, ids[kind.parameter], request.expected_version)
        return Answer(status=204)

    @api.route("POST", f"{one}/restore", permission=kind.write)
    def restore_person(request: Request, **ids: str) -> Answer:
        """Takes a deleted person back."""
        request.require_no_query()
        return _single(request, kind, lifecycle.restore_person(request.caller, kind, ids[kind.parameter]))

    for word, active in (("deactivate", False), ("activate", True)):

        @api.route("POST", f"{one}/{word}", permission=kind.write)
        def set_active(request: Request, active: bool = active, **ids: str) -> Answer:
            """Closes a person's account and marks the record inactive, or takes that back."""
            request.require_no_query()
            person_id = ids[kind.parameter]
            person = lifecycle.set_active(request.caller, kind, person_id, active, request.expected_version)
            return _single(request, kind, person)

    @api.route("GET", f"{one}/export", permission=kind.read)
    def export_person(request: Request, **ids: str) -> Answer:
        """Everything that is kept about a person, for the person."""
        from school.people import subjects  # noqa: PLC0415 - asked for a few times a year

        request.require_no_query()
        require(request.caller, Permission.STUDENTS_SENSITIVE)
        result = subjects.export(request.caller, kind, ids[kind.parameter])
        name = f"{kind.name}-{result['record']['id']}.json"
        return Answer(result, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    @api.route("POST", f"{one}/erasure", permission=kind.write)
    def erase_person(request: Request, **ids: str) -> Answer:
        """Erases a person's data at once and for good, and says what remains and why."""
        from school.people import erasure  # noqa: PLC0415 - asked for a few times a year

        request.require_no_query()
        require(request.caller, Permission.STUDENTS_SENSITIVE)
        body = request.read(Erasure)
        return Answer(erasure.erase(request.caller, kind, ids[kind.parameter], body.reason))
