"""The public directory: /api/public."""

import hashlib
import json
from typing import Any

from school import clock
from school.api import Answer, Api
from school.errors import BadRequest
from school.people import directory
from school.people.kinds import STAFF_MEMBERS, TEACHERS, PersonKind
from school.requests import Request, require_no_more

api = Api("public")
handler = api


def _school(request: Request) -> tuple[str, dict[str, list[str]]]:
    """The school that the request names, and the rest of its query."""
    query = request.query
    named = query.pop("organizationId", [])
    if len(named) != 1 or not clock.is_id(named[0]):
        message = "Name the school: send its id as organizationId, once."
        raise BadRequest(message, code="invalid" if named else "required", field="organizationId")
    return named[0].lower(), query


def _cacheable(request: Request, result: Any, meta: dict[str, Any] | None = None) -> Answer:
    """The same for everybody, so that caches between may keep it for a while."""
    tag = f'"{hashlib.sha256(json.dumps([result, meta]).encode()).hexdigest()[:16]}"'
    headers = {"Cache-Control": "public, max-age=300", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Answer(status=304, headers=headers)
    return Answer(result, meta=meta or {}, headers=headers)


def _register(kind: PersonKind) -> None:
    @api.route("GET", f"/api/public/{kind.name}", sessionless=True)
    def list_directory(request: Request) -> Answer:
        """Who works at the school, page by page."""
        organization_id, query = _school(request)
        wanted = directory.page_request(query, kind, organization_id)
        page = directory.listing(organization_id, kind, wanted)
        return _cacheable(request, [directory.in_list(person) for person in page.items], wanted.meta(page))

    @api.route("GET", f"/api/public/{kind.name}/<id>", sessionless=True)
    def get_entry(request: Request, **ids: str) -> Answer:
        """One of them, with the address to write to."""
        organization_id, query = _school(request)
        require_no_more(query)
        return _cacheable(request, directory.alone(directory.find(organization_id, kind, ids["id"])))


_register(TEACHERS)
_register(STAFF_MEMBERS)
