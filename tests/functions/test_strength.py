"""Acceptance A6 beside roles' own operations: what comes with an account, and what changes between look and write."""

import pytest
from core.accounts import members
from core.devices.service import device_id
from core.kernel.policy import STUDENT
from core.kernel.records import Record
from core.roles import service
from core.sessions.service import caller_behind

from tests.functions.escalation import NEW_PASSWORD, accounts_of
from tests.gateway import call
from tests.outcomes import code_of
from tests.wire import WhileWriting, intercepted
from tools.sam_template import routes

POWERS = ["staff:write", "students:write", "teachers:write", "users:password", "users:write"]


@pytest.fixture
def head(school):
    return caller_behind(school.people["platform administrator"])


def give(head, user, *permissions):
    """A new role of the school with these permissions, which the account has."""
    role = service.create_role(head, {"name": "-".join(permissions), "permissions": list(permissions)})
    assert members.add(head, role.id, [user.id])[0].status == "updated"
    return role


@pytest.fixture
def clerk(school, head):
    """The token of somebody who may write accounts and people, and nothing else."""
    user = school.add("Orang Kantor", "kantor@smansa.test", [STUDENT.id])
    give(head, user, *POWERS)
    return school.token(user)


@pytest.fixture
def target(school, head):
    """An account with a role that the clerk's reaches just so."""
    user = school.add("Orang Sasaran", "sasaran@smansa.test", [])
    return user, give(head, user, "users:write")


def test_a_role_that_grows_while_it_is_given_is_not_given(school, head):
    given = service.create_role(head, {"name": "Piket", "permissions": []})
    grown = {"permissions": ["organizations:write"]}
    growing = WhileWriting(lambda: service.update_role(head, given.id, grown, None))
    path, body = f"/api/roles/{given.id}/members", {"userIds": [school.people["student"].id]}
    token = school.token("administrator")
    with intercepted(growing):
        (row,) = call("roles", "POST", path, token=token, json_body=body).result
    assert (row["status"], code_of(row)) == ("failed", "role_changed")


def test_a_role_that_is_gone_grants_nothing(school, head):
    clerk = school.people["student"]
    role = give(head, clerk, "users:read")
    assert call("users", "GET", "/api/users", token=school.token(clerk)).status == 200
    role.item.update(actions=[Record.deleted_at.set(role.item.created_at)])
    assert call("users", "GET", "/api/users", token=school.token(clerk)).status == 403


def test_a_role_above_the_own_permissions_is_not_weakened_either(school, head):
    role = service.create_role(head, {"name": "Pusat", "permissions": ["organizations:read"]})
    answer = call(
        "roles", "PATCH", f"/api/roles/{role.id}", token=school.token("administrator"), json_body={"permissions": []}
    )
    assert (answer.status, answer.codes) == (403, [("permissions", "grant_ceiling")])


OPERATIONS = {
    "PATCH /api/users/{user_id}/password": {"json_body": {"password": NEW_PASSWORD}},
    "PATCH /api/users/{user_id}": {"json_body": {"email": "other@smansa.test"}},
    "DELETE /api/users/{user_id}": {},
    "POST /api/users/{user_id}/deactivate": {},
    "DELETE /api/users/{user_id}/devices/{device_id}": {},
    "POST /api/admin/user-admin/reset-password": {"json_body": {"id": "sasaran@smansa.test"}},
}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("grows", [True, False])
def test_a_role_that_grows_while_somebody_is_at_the_account_puts_it_out_of_reach(
    school, head, clerk, target, operation, grows
):
    user, role = target
    school.token(user)
    before = accounts_of(school.id)[user.id].guarded
    method, path = operation.split()
    path_now = path.format(user_id=user.id, device_id=device_id(user.id, "tests"))
    permissions = ["audit:read", "users:write"] if grows else []
    growing = WhileWriting(lambda: service.update_role(head, role.id, {"permissions": permissions}, None))
    with intercepted(growing):
        reply = call(routes()[method, path], method, path_now, token=clerk, **OPERATIONS[operation])
    assert growing.happened
    if grows:
        # What is not tried again by itself says that it is to be tried again.
        assert reply.status in (403, 409), reply.text
        assert accounts_of(school.id)[user.id].guarded == before
        again = call(routes()[method, path], method, path_now, token=clerk, **OPERATIONS[operation])
        assert again.status == 403, again.text
    elif reply.status == 409:
        again = call(routes()[method, path], method, path_now, token=clerk, **OPERATIONS[operation])
        assert again.status < 300, again.text
    else:
        assert reply.status < 300, reply.text


@pytest.mark.parametrize("kind", ["teachers", "staff"])
def test_an_account_that_would_get_more_than_its_maker_holds_is_refused(school, clerk, kind):
    body = {"name": "Sri Lestari", "email": "sri@smansa.test"}
    refused = call(kind, "POST", f"/api/{kind}", token=clerk, json_body=body)
    assert (refused.status, refused.codes) == (403, [("email", "grant_ceiling")])
    made = call(kind, "POST", f"/api/{kind}", token=clerk, json_body={"name": "Sri Lestari"})
    assert made.status == 201, made.text
    path = f"/api/{kind}/{made.result['id']}"
    assert call(kind, "PATCH", path, token=clerk, json_body={"email": "sri@smansa.test"}).status == 403
    assert call("students", "POST", "/api/students", token=clerk, json_body=body).status == 201


def test_rows_of_an_import_that_would_make_such_accounts_fail_alone(school, clerk):
    numbers = [f"123456789012345{each}" for each in range(4)]
    rows = [{"name": f"Guru {each}", "nuptk": each, "email": f"g{each}@smansa.test"} for each in numbers]
    del rows[1]["email"]
    job = call("imports", "POST", "/api/teachers/import", token=clerk, json_body={"data": rows}).result
    assert (job["summary"]["created"], job["summary"]["failed"]) == (1, 3)
    report = call("imports", "GET", f"/api/imports/{job['id']}/rows", token=clerk).result
    assert [[each["code"] for each in row["errors"]] for row in report] == [
        ["grant_ceiling"],
        [],
        *[["grant_ceiling"]] * 2,
    ]


def test_a_deleted_person_is_restored_only_by_somebody_as_strong(school, head, clerk):
    admin = school.token("administrator")
    body = {"name": "Budi Santoso", "email": "budi@smansa.test"}
    made = call("students", "POST", "/api/students", token=admin, json_body=body).result
    role = service.create_role(head, {"name": "Audit", "permissions": ["audit:read"]})
    members.add(head, role.id, [made["userId"]])
    path = f"/api/students/{made['id']}"
    assert call("students", "DELETE", path, token=admin).status == 204
    refused = call("students", "POST", f"{path}/restore", token=clerk)
    assert (refused.status, refused.codes) == (403, [(None, "stronger_account")])
    assert call("students", "POST", f"{path}/restore", token=admin).status == 200
