"""The calls of students, teachers and staff whose costs are measured, and the person whom each needs."""

from core.departures import service as lifecycle
from core.kernel.media_types import CSV
from core.kernel.table import put, transact, update
from core.organizations.models import HostItem, host_key
from core.people import service
from core.people.kinds import KINDS, STAFF_MEMBERS
from core.sessions.service import caller_behind
from core.users.models import UserItem

#: Stands in a query for the id of the school.
SCHOOL_ID = "{school}"
#: The school's own.
HOST = "www.smansa.test"
_SINCE = "2026-01-01T00:00:00Z"
_BODIES = {
    "students": {"name": "Budi Santoso", "email": "budi@smansa.test", "nisn": "0098765432", "nik": "6499011705100001"},
    "teachers": {"name": "Sri Lestari", "email": "sri@smansa.test", "nip": "198501012010012001"},
    "staff": {"name": "Joko Susilo", "email": "joko@smansa.test", "nip": "198501012010011001"},
}
_IDS = {"students": "{student_id}", "teachers": "{teacher_id}", "staff": "{staff_id}"}


def _calls(kind):
    everybody, one = f"/api/{kind}", f"/api/{kind}/{_IDS[kind]}"
    body = _BODIES[kind]
    return {
        f"GET {everybody}, page 2 of 2": {"query": {"page": ["2"], "limit": ["1"]}},
        f"GET {everybody}, by cursor": {"cursor": True},
        f"GET {everybody}, by creation": {"query": {"sort": ["createdAt"]}},
        f"GET {everybody}, filtered": {"query": {"active": ["true"]}},
        f"GET {everybody}, searched": {"query": {"search": [body["name"][:3]]}},
        f"GET {everybody}, searched and sorted": {"query": {"search": [body["name"][:3]], "sort": ["name"]}},
        f"GET {everybody}, of an identifier": {"query": _identified(body)},
        f"GET {everybody}, of an address": {"query": {"email": [body["email"]]}},
        f"GET {everybody}, updatedSince": {"query": {"updatedSince": [_SINCE]}},
        f"POST {everybody}": {"json_body": {**body, "name": "Orang Baru", "email": "baru@x.test", **_others(body)}},
        f"PATCH {one}": {"json_body": {"birthPlace": "Samarinda"}},
        f"PATCH {one}, another email": {"json_body": {"email": "other@smansa.test"}},
        f"GET {everybody}, as CSV": {"headers": {"Accept": CSV}},
        f"POST {one}/erasure": {"json_body": {"reason": "Asked for in writing"}},
    }


def _identified(body):
    """The query for whoever has the number that every one of the kind has."""
    return {name: [body[name]] for name in ("nisn", "nip") if name in body}


def _others(body):
    """Other identifiers than somebody else's."""
    return {name: body[name][:-1] + "9" for name in ("nisn", "nik", "nip") if name in body}


def _public(kind):
    school = {"query": {"organizationId": [SCHOOL_ID]}}
    return {
        f"GET /api/public/{kind}": school,
        f"GET /api/public/{kind}, by host": {"headers": {"Host": HOST}},
        f"GET /api/public/{kind}/{{id}}": school,
    }


CALLS = {
    **{operation: options for kind in _BODIES for operation, options in _calls(kind).items()},
    "GET /api/students, searched by NIK": {"query": {"search": [_BODIES["students"]["nik"]]}},
    "GET /api/students, incomplete": {"query": {"readiness": ["incomplete"]}},
    "GET /api/students, of a grade": {"query": {"grade": ["10"]}},
    **_public("teachers"),
    **_public("staff"),
}


def person_for(school, operation):
    """The ids for the path of an operation: a person of its kind, deleted for a restoration."""
    if operation.endswith("/me/person"):
        actor = caller_behind(school.people["platform administrator"])
        own = service.create_person(actor, STAFF_MEMBERS, {"name": "Orang Sendiri"})
        user = school.people["administrator"]
        transact(update(user, [UserItem.person_kind.set("staff"), UserItem.person_id.set(own.id)]))
        return {}
    kind = next((name for name in _BODIES if f"/{name}" in operation.replace("/public", "")), None)
    if kind is None:
        return {}
    if operation.endswith("by host"):
        transact(put(HostItem(*host_key(HOST), organization_id=school.id)))
    actor = caller_behind(school.people["administrator"])
    person = service.create_person(actor, KINDS[kind], _BODIES[kind])
    service.create_person(actor, KINDS[kind], {"name": "Zaki", "gender": "MALE"})
    if operation.endswith("/restore"):
        lifecycle.delete_person(actor, KINDS[kind], person.id, None)
    if operation.endswith("/activate"):
        lifecycle.set_active(actor, KINDS[kind], person.id, False, None)
    return {_IDS[kind].strip("{}"): person.id, **({"id": person.id} if "/public/" in operation else {})}
