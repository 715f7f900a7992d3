"""What each operation costs in calls of the table: measured here, stated in docs/table.md."""

import json
import os
import re

import pytest
from core.api_tokens.schemas import ApiTokenType, CreateApiToken
from core.api_tokens.service import make
from core.devices.service import device_id
from core.kernel.policy import STUDENT
from core.kernel.table import put, transact
from core.links.models import new_link
from core.sessions.service import caller_behind

from tests.functions import class_calls, image_calls, import_calls, organization_calls, people_calls, role_calls
from tests.gateway import call
from tests.schools import PASSWORD
from tests.wire import Counting, intercepted
from tools.sam_template import ROOT, routes

NEW = {"name": "Budi Santoso", "email": "budi@smansa.test", "password": "Kunci-Baru-Untuk-Siswa"}
#: Stands in a body for the token of a reset link of the student.
LINK = "{link}"
#: Stands in a body for the id of the student.
STUDENT_ID = "{student}"
SIGN_IN = {"email": "student@smansa.test", "password": PASSWORD}

#: The query or body that an operation is measured with, where it needs one. A name after the path tells variants apart.
_WRITTEN = {
    "POST /api/auth/sign-in/email": {"json_body": SIGN_IN},
    "POST /api/auth/request-password-reset": {"json_body": {"email": "student@smansa.test"}},
    "POST /api/auth/reset-password": {"json_body": {"newPassword": NEW["password"], "token": LINK}},
    "POST /api/auth/change-password": {
        "json_body": {"currentPassword": PASSWORD, "newPassword": "Kunci-Baru-Untuk-Kantor"}
    },
    "GET /api/auth/verify-email": {"query": {"token": [LINK]}},
    "POST /api/auth/sign-in/email, wrong password": {"json_body": {**SIGN_IN, "password": "salah sekali"}},
    "POST /api/auth/sign-in/email, unknown address": {"json_body": {**SIGN_IN, "email": "nobody@smansa.test"}},
    "POST /api/auth/revoke-session": {"json_body": {"token": "0" * 64}},
    "POST /api/auth/update-user": {"json_body": {"image": "https://x.test/y"}},
    "GET /api/users, page 2 of 3": {"query": {"page": ["2"], "limit": ["2"]}},
    "GET /api/users, by creation": {"query": {"sort": ["createdAt"]}},
    "GET /api/users, filtered": {"query": {"active": ["true"]}},
    "GET /api/users, searched": {"query": {"search": ["orang"]}},
    "GET /api/users, of a role": {"query": {"roleId": [STUDENT.id]}},
    "GET /api/users, of an address": {"query": {"email": ["student@smansa.test"]}},
    "GET /api/users, updatedSince": {"query": {"updatedSince": ["2026-01-01T00:00:00Z"]}},
    "POST /api/users": {"json_body": NEW},
    "PATCH /api/users/me": {"json_body": {"image": "https://x.test/y"}},
    "PATCH /api/users/me/person": {"json_body": {"phoneNumber": "0812 3456 789"}},
    "PATCH /api/users/{user_id}": {"json_body": {"image": "https://x.test/y"}},
    "PATCH /api/users/{user_id}, another email": {"json_body": {"email": "other@smansa.test"}},
    "PATCH /api/users/{user_id}/password": {"json_body": {"password": NEW["password"]}},
    "POST /api/users/invitations": {"json_body": {"userIds": [STUDENT_ID]}},
    "POST /api/users/invitations, of a role": {"json_body": {"roleId": STUDENT.id}},
    "POST /api/users/password-resets": {"json_body": {"userIds": [STUDENT_ID]}},
    "POST /api/users/password-resets, of a role": {"json_body": {"roleId": STUDENT.id}},
    "POST /api/users/password-resets, dry run": {"json_body": {"roleId": STUDENT.id}, "query": {"dryRun": ["true"]}},
    "POST /api/users/password-resets, as slips": {
        "json_body": {"roleId": STUDENT.id},
        "headers": {"Accept": "application/pdf"},
    },
    "POST /management/v1/users/{userId}/password": {"json_body": {"password": NEW["password"]}},
    "POST /v2/users/{userId}/password": {"json_body": {"newPassword": {"password": NEW["password"]}}},
    "POST /v2/users/{userId}/password, with the current one": {
        "json_body": {"newPassword": {"password": NEW["password"]}, "currentPassword": PASSWORD}
    },
    "POST /api/admin/user-admin/{id}/change-password": {"json_body": {"password": NEW["password"]}},
    "POST /api/admin/user-admin/{id}/change-password, by API token": {"json_body": {"password": NEW["password"]}},
    "POST /api/admin/user-admin/reset-password": {"json_body": {"id": "student@smansa.test"}},
    "POST /api/admin/user-admin/validate-password": {"json_body": {"password": NEW["password"]}},
    "GET /auth/reset/validate": {"query": {"token": [LINK]}},
    "POST /auth/reset/password": {"json_body": {"token": LINK, "password": NEW["password"]}},
    "POST /auth/reset/password-email": {"json_body": {"email": "student@smansa.test"}},
    "POST /api/admin/api-tokens": {"json_body": {"tokenName": "timetable", "type": "admin"}},
    "POST /v1/users/{userId}/change-password": {"json_body": {"oldPassword": PASSWORD, "newPassword": NEW["password"]}},
    "GET /reset-password": {"query": {"token": [LINK]}},
    "POST /reset-password": {
        "body": f"token={LINK}&password={NEW['password']}&confirmation={NEW['password']}",
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    },
    **people_calls.CALLS,
    **import_calls.CALLS,
    **class_calls.CALLS,
    **role_calls.CALLS,
    **organization_calls.CALLS,
    **image_calls.CALLS,
}


def _calls():
    """A call of every operation of the template, and of its variants."""
    named = {" ".join(route): {} for route in routes()}
    for operation, options in _WRITTEN.items():
        named[operation.partition(",")[0]][operation] = options
    return {operation: options for key, calls in named.items() for operation, options in ({key: {}} | calls).items()}


CALLS = _calls()
TABLE = ROOT / "docs/table.md"
LINE = re.compile(r"^\| `([A-Z]+ /[^`]*)` \| ([^|]+?) \|", re.MULTILINE)
STATED = dict(LINE.findall(TABLE.read_text()))
#: `make costs` states what was measured instead of comparing it.
WRITES = "WRITE_COSTS" in os.environ


def state(operation: str, cost: str) -> None:
    """Writes what the operation costs into its line; a new one gets a line behind the operation before it."""
    text = TABLE.read_text()
    lines = {found[1]: found for found in LINE.finditer(text)}
    if found := lines.get(operation):
        start, end = found.span(2)
        text = text[:start] + cost + text[end:]
    else:
        before = next(each for each in reversed(list(CALLS)[: list(CALLS).index(operation)]) if each in lines)
        end = text.index("\n", lines[before].end()) + 1
        text = f"{text[:end]}| `{operation}` | {cost} | |\n{text[end:]}"
    TABLE.write_text(text)


@pytest.mark.parametrize("operation", CALLS)
def test_an_operation_costs_what_the_documentation_states(school, operation):
    method, path = re.match(r"(\w+) ([^,]+)", operation).groups()
    role = "platform administrator" if "/organizations" in operation else "administrator"
    token, student = school.token(role), school.people["student"]
    if "/invitation" in operation:
        student = school.add("Murid Baru", "baru@smansa.test", [STUDENT.id], password=None)
    link = new_link(student, 1, link_id=student.id, created_by=student.id, at=student.created_at, valid_until=2**32)
    transact(put(link.item))
    options = json.loads(json.dumps(CALLS[operation]).replace(LINK, link.token).replace(STUDENT_ID, student.id))
    options = json.loads(json.dumps(options).replace(people_calls.SCHOOL_ID, school.id))
    school.token(student)
    administrator = school.people["administrator"]
    device = device_id(administrator.id if "/me/" in path else student.id, "tests")
    api_token, secret = make(caller_behind(administrator), CreateApiToken(tokenName="x", type=ApiTokenType.ADMIN))
    if operation.endswith("by API token"):
        token = secret
    named = api_token.id if "api-tokens" in path else link.token
    person = people_calls.person_for(school, operation) | import_calls.import_for(school, operation)
    person |= class_calls.class_for(school, operation, person.get("student_id"))
    person |= role_calls.role_for(school, operation)
    options = json.loads(json.dumps(options).replace(class_calls.PUPIL, person.get("student_id", "")))
    picture = image_calls.upload_for(school, operation, token)
    options = json.loads(json.dumps(options).replace(image_calls.UPLOAD, picture))
    ids = {"organization_id": school.id, "device_id": device, "token": named}
    ids |= dict.fromkeys(("user_id", "userId", "id"), student.id)
    path_now = path.format(**ids | person)
    if options.pop("cursor", False):
        first = call(routes()[method, path], method, path, token=token, query={"limit": ["1"]})
        options["query"] = {"cursor": [first.body["meta"]["next"]]}
    counting = Counting()
    with intercepted(counting):
        reply = call(routes()[method, path], method, path_now, token=None if "sign-in" in path else token, **options)
    assert reply.status < 400 or reply.status == 401, f"Give {operation} what it needs in _WRITTEN: {reply.text}"
    if WRITES:
        return state(operation, str(counting))
    assert str(counting) == STATED.get(operation), "make costs states it in docs/table.md"


def test_a_page_by_cursor_costs_the_same_however_deep(school):
    for number in range(30):
        school.add(f"Murid {number:02}", f"murid{number}@x.test", [], password=None)
    token = school.token("administrator")
    costs, cursor = [], None
    while cursor or not costs:
        counting = Counting()
        with intercepted(counting):
            query = {"limit": ["5"], **({"cursor": [cursor]} if cursor else {})}
            reply = call("users", "GET", "/api/users", token=token, query=query)
        costs.append(str(counting))
        cursor = reply.body["meta"]["next"]
    assert len(costs) == 8
    # The first page is asked for by number, so its total is read too.
    assert costs[0] == "BatchGetItem of 2, BatchGetItem of 5, 2 times Query"
    assert set(costs[1:-1]) == {"BatchGetItem of 2, BatchGetItem of 5, Query"}


@pytest.mark.skipif(WRITES, reason="what is missing is being written")
def test_no_operation_is_stated_that_is_no_more():
    assert STATED.keys() == CALLS.keys(), "make costs states what is missing; delete what is no operation any more"
