"""One call of a declared operation: what its handler takes, read from the request, and the answer made of its result.

The order of refusals is fixed: an id that can't be one, then the query, then the body.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel

from core.contract.operations import (
    Answers,
    Bare,
    Html,
    Listing,
    Many,
    Nothing,
    One,
    Operation,
    Outcomes,
    Parameter,
    Plain,
)
from core.contract.shapes import Shape
from core.http.answers import JSON, Answer, With, link_to_next, tag_of, tagged
from core.http.requests import Request, require_no_more
from core.kernel import clock
from core.kernel import cursors as pages
from core.kernel.cursors import Page, PageRequest
from core.kernel.errors import BadRequest, Forbidden, NotAcceptable, NotFound
from core.kernel.media_types import CSV, HTML, XLSX
from core.kernel.outcomes import summary
from core.kernel.policy import Permission

#: Reads a body as a schema; another system refuses it in its own words.
ReadBody = Callable[[Request, type[BaseModel]], Any]
#: Who asks for one of these is not answered with JSON.
_FILE_TYPES = frozenset({CSV, XLSX})
#: A file is walked from its beginning or a cursor, and shows who is there now.
_NOT_IN_FILES = frozenset({"page", "updatedSince"})
#: A search looks for the beginning of a sensitive number from so many digits on: those of a district in a NIK. All that
#: it finds is read.
_SHORTEST_NUMBER = 6


def arguments_of(operation: Operation, request: Request, parameters: dict[str, str], read: ReadBody) -> dict[str, Any]:
    """What the operation's handler takes besides the request.

    Args:
        operation: what is called.
        request: the call.
        parameters: the path's, as text.
        read: reads the body.

    Raises:
        NotFound: an id in the path can't be one.
        BadRequest: with every failing parameter, or every failing member of the body.
        Forbidden: a list is filtered by what the caller may not see.
        NotAcceptable: a list is asked for as a file, and has none.
        PreconditionFailed: `If-Match` holds no tag of ours.
    """
    arguments: dict[str, Any] = {name: _path_value(operation, name, text) for name, text in parameters.items()}
    if operation.is_fileless_list and first_accepted(request) in _FILE_TYPES and not _takes_json(request):
        raise NotAcceptable()
    if isinstance(operation.query, Listing):
        arguments |= _listing_values(operation, operation.query, request, arguments)
    else:
        arguments |= _query_values(operation.query, request.query)
    if operation.is_conditional:
        arguments["expected"] = request.expected_version
    if "document" in operation.arguments:
        arguments["document"] = request.document()
    elif "body" in operation.arguments:
        arguments["body"] = read(request, *operation.bodies)
    return arguments


def _path_value(operation: Operation, name: str, text: str) -> str:
    if name in operation.texts:
        return text
    if not clock.is_id(text):
        raise NotFound()
    return text.lower()


def _listing_values(operation: Operation, listing: Listing, request: Request, ids: dict[str, str]) -> dict[str, Any]:
    """The page that is asked for, the list's own parameters, and which file if one is."""
    assert isinstance(operation.answers, Many)
    file_type = first_accepted(request)
    files = listing.files if listing.files and file_type in listing.files.types else None
    _require_sight(operation.answers.shape, listing, request)
    more = (*listing.parameters, *(files.parameters if files else ()))
    named, query = {each.name for each in more}, request.query
    own = {name: values for name, values in query.items() if name in named}
    values = _query_values(more, own)
    wanted = pages.parse(
        {name: values for name, values in query.items() if name not in named},
        # A cursor is bound to the school, the caller, the path with its ids and what the list takes besides.
        route="".join((operation.path.format(**ids), *(f"?{name}={text}" for name, [text] in sorted(own.items())))),
        caller_key=_caller_key(request),
        sorts=listing.sorts,
        fields=operation.answers.shape.names,
        filters={name: value.read for name, value in listing.filters.items()},
        limit=files.longest if files else listing.longest,
        without=listing.without | (_NOT_IN_FILES if files else frozenset()),
        key=listing.cursor_key,
        searched_by=_searched_by(listing, request),
    )
    return {**values, "wanted": wanted, "file_type": file_type if files else None}


def _searched_by(listing: Listing, request: Request) -> tuple[str, ...]:
    """The sensitive members at which a search looks too: of who may see them, and for a number that is long enough."""
    sought = "".join(request.query.get("search", []))
    is_number = sought.isascii() and sought.isdigit() and len(sought) >= _SHORTEST_NUMBER
    if not listing.searched or not is_number or Permission.STUDENTS_SENSITIVE not in request.caller.permissions:
        return ()
    return listing.searched


def _require_sight(shape: Shape, listing: Listing, request: Request) -> None:
    """Refuses a filter on what the caller may not see: who is found by a value would have it (acceptance A8)."""
    asked = sorted(shape.sensitive & listing.filters.keys() & request.query.keys())
    if asked and Permission.STUDENTS_SENSITIVE not in request.caller.permissions:
        message = f"You may not see {asked[0]}, so a list is not filtered by it."
        raise Forbidden(message, field=asked[0])


def _caller_key(request: Request) -> str:
    """Whom a cursor is bound to: somebody in the school in which they act, or anybody where nobody signs in."""
    caller = request.caller_or_none
    return f"{caller.organization_id}/{caller.user_id}" if caller else "anybody"


def _takes_json(request: Request) -> bool:
    """Whether `Accept` names JSON too, or anything."""
    return any(each in request.headers.get("accept", "") for each in (JSON, "*/*"))


def first_accepted(request: Request) -> str:
    """The type that `Accept` names first: API Gateway looks at no other when it decides on bytes or text."""
    return request.headers.get("accept", "").split(",", maxsplit=1)[0].split(";", maxsplit=1)[0].strip().lower()


def _query_values(parameters: tuple[Parameter, ...], query: dict[str, list[str]]) -> dict[str, Any]:
    require_no_more(query.keys() - {each.name for each in parameters})
    return {each.name: _query_value(each, query.get(each.name, [])) for each in parameters}


def _query_value(parameter: Parameter, values: list[str]) -> Any:
    if len(values) > 1:
        raise BadRequest(f"Send {parameter.name} once.", code="repeated_parameter", field=parameter.name)
    if not values:
        if parameter.required:
            raise BadRequest(f"Send {parameter.name}.", code="required", field=parameter.name)
        return parameter.default
    try:
        return parameter.value.read(values[0])
    except ValueError as error:
        raise BadRequest(str(error), field=parameter.name) from error


def rendered(operation: Operation, request: Request, arguments: dict[str, Any], result: Any) -> Answer:
    """The answer that the operation declares, made of what its handler returned."""
    if isinstance(result, Answer):
        return result
    more = result if isinstance(result, With) else With(result)
    answer = _rendered(operation, more.answers or operation.answers, request, arguments, more.result)
    answer.meta |= more.meta
    answer.headers |= more.headers
    answer.cookies += more.cookies
    answer.status = more.status or answer.status
    return _hashed(operation, request, answer) if operation.has_hash else answer


def _hashed(operation: Operation, request: Request, answer: Answer) -> Answer:
    """The answer with a tag that is a hash of what it says; caches between may keep it where that is declared."""
    said = json.dumps([answer.result, answer.meta]).encode()
    headers = {"ETag": f'"{hashlib.sha256(said).hexdigest()[:16]}"'}
    if operation.cached_seconds:
        headers["Cache-Control"] = f"public, max-age={operation.cached_seconds}"
        # The host may say which school is meant.
        headers["Vary"] = "Host"
    if request.has_already(headers["ETag"]):
        return Answer(status=304, headers=headers)
    answer.headers |= headers
    return answer


def _rendered(
    operation: Operation, answers: Answers, request: Request, arguments: dict[str, Any], result: Any
) -> Answer:
    match answers:
        case Nothing() | Bare(of=None):
            return Answer("", answers.status, content_type="")
        case Html():
            return Answer(result, answers.status, content_type=f"{HTML}; charset=utf-8")
        case One():
            return _one(operation, answers, request, result)
        case Many():
            return _many(answers, request, arguments["wanted"], result)
        case Outcomes():
            documents = [answers.shape.document(each) for each in result]
            return Answer(documents, answers.status, meta={"summary": summary(result)})
        case Plain() | Bare():
            document = _document(answers.of, result, is_list=answers.is_list)
            meta = _whole_list(document) if operation.is_whole_list else {}
            return Answer(document, answers.status, meta=meta, bare=isinstance(answers, Bare))


def _whole_list(documents: list[Any]) -> dict[str, Any]:
    """The `meta` of a list that is answered whole."""
    return {"page": 1, "limit": len(documents), "total": len(documents), "next": None}


def _one(operation: Operation, answers: One, request: Request, item: Any) -> Answer:
    headers = {"Location": f"{answers.at or operation.path}/{item.id}"} if answers.status == 201 else {}
    [document], masked = _shown(answers, request, [item], None)
    tag = tag_of(item, answers.names)
    if answers.has_not_modified:
        answer = tagged(tag, document, request, answers.status, headers)
    else:
        answer = Answer(document, answers.status, headers={"ETag": tag, **headers})
    answer.meta |= masked
    answer.without_errors = answers.without_errors
    return answer


def _many(answers: Many, request: Request, wanted: PageRequest, page: Page) -> Answer:
    documents, masked = _shown(answers, request, page.items, wanted.fields, wanted.chosen_by)
    meta = wanted.meta(page)
    return Answer(documents, meta=meta | masked, headers=link_to_next(request, meta["next"]))


def _shown(
    answers: One | Many,
    request: Request,
    items: list[Any],
    fields: tuple[str, ...] | None,
    chosen_by: Iterable[str] = (),
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The items as the caller may see them, and for `meta` the members that are masked, whatever they hold.

    A view of what is sensitive is noted (acceptance A5): of everybody who was shown, also who holds nothing of it, so
    that the trail does not tell who has none; and of everybody whom a filter on it has found, whatever is shown.
    """
    shape = answers.shape
    if answers.names and items and (fields is None or answers.names.member in fields):
        answers.names.give(items, {})
    if not shape.sensitive or (isinstance(answers, One) and answers.to_owner):
        return [pages.sparse(shape.document(item), fields) for item in items], {}
    sees_all = Permission.STUDENTS_SENSITIVE in request.caller.permissions
    hidden = frozenset() if sees_all else shape.sensitive
    documents = [pages.sparse(shape.document(item, hidden), fields) for item in items]
    if hidden:
        masked = sorted(name for name in hidden if fields is None or name in fields)
        return documents, {"masked": masked} if masked else {}
    found_by = not shape.sensitive.isdisjoint(chosen_by)
    shows = (found_by or not shape.sensitive.isdisjoint(shown) for shown in documents)
    seen = [item.id for item, is_seen in zip(items, shows, strict=True) if is_seen]
    if seen and answers.viewed is not None:
        answers.viewed(request.caller, seen)
    return documents, {}


def _document(of: Any, result: Any, *, is_list: bool = False) -> Any:
    """A result of a shape is an item or items; any other is the document itself."""
    if not isinstance(of, Shape) or result is None:
        return result
    return [of.document(each) for each in result] if is_list else of.document(result)
