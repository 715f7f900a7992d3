"""Roles, who has them, and that nobody grants more than they hold (acceptance A6, A7)."""

from collections import Counter

import pytest
from core.kernel import table as kernel
from core.kernel.policy import ADMINISTRATOR, PRINCIPAL, STUDENT, SYSTEM_ROLES, TEACHER, Permission
from core.kernel.records import count
from core.roles.models import member_counts
from core.users.models import UserItem

from tests.gateway import call
from tests.outcomes import code_of, summary
from tests.schools import everything
from tests.wire import Refusing, WhileWriting, intercepted, refusal

PERMISSIONS = ["students:read", "users:read"]


def roles(method, path="", *, token, **options):
    return call("roles", method, f"/api/roles{path}", token=token, **options)


@pytest.fixture
def token(school):
    return school.token("administrator")


@pytest.fixture
def role(token):
    body = {"name": "Wali Kelas", "permissions": PERMISSIONS}
    return roles("POST", token=token, json_body=body).result


def change(method, role_id, token, *user_ids):
    return roles(method, f"/{role_id}/members", token=token, json_body={"userIds": list(user_ids)})


def test_a_role_is_made_found_changed_and_deleted(token, role):
    assert role["permissions"] == PERMISSIONS
    assert role["system"] is False
    assert role["memberCount"] == 0
    assert roles("GET", f"/{role['id']}", token=token).result == role
    changed = roles("PATCH", f"/{role['id']}", token=token, json_body={"name": "Wali", "permissions": []})
    assert (changed.status, changed.result["name"], changed.result["permissions"]) == (200, "Wali", [])
    assert roles("DELETE", f"/{role['id']}", token=token).status == 204
    assert roles("GET", f"/{role['id']}", token=token).status == 404


def test_a_deleted_role_is_found_by_no_search_and_leaves_no_entry_of_one(token, role, table):
    assert [each["id"] for each in roles("GET", token=token, query={"search": ["wali"]}).result] == [role["id"]]
    assert roles("DELETE", f"/{role['id']}", token=token).status == 204
    found = roles("GET", token=token, query={"search": ["wali"]})
    assert (found.result, found.body["meta"]["total"]) == ([], 0)
    assert [item["sk"] for item in everything(table) if item.get("record_id") == {"S": role["id"]}] == []


def test_a_name_is_one_roles_whatever_its_case(token, role):
    again = roles("POST", token=token, json_body={"name": "WALI kelas", "permissions": []})
    assert (again.status, again.codes) == (409, [("name", "name_taken")])
    assert roles("POST", token=token, json_body={"name": "Teacher", "permissions": []}).status == 409
    roles("DELETE", f"/{role['id']}", token=token)
    assert roles("POST", token=token, json_body={"name": "WALI kelas", "permissions": []}).status == 201


def test_an_unknown_permission_is_refused_by_name(token):
    answer = roles("POST", token=token, json_body={"name": "x", "permissions": ["everything"]})
    assert (answer.status, answer.codes) == (400, [("permissions.0", "invalid")])


def test_system_roles_are_listed_with_their_members_and_stay_as_they_are(school, token, role):
    listed = roles("GET", token=token)
    assert listed.body["meta"]["total"] == 7
    counts = {each["name"]: each["memberCount"] for each in listed.result if each["system"]}
    assert counts == dict.fromkeys(school.people, 1)
    for method, options in (("PATCH", {"json_body": {"name": "x"}}), ("DELETE", {})):
        answer = roles(method, f"/{TEACHER.id}", token=token, **options)
        assert (answer.status, answer.codes) == (409, [(None, "system_role")])


def test_system_roles_stand_among_the_schools_own_in_the_order_that_is_asked_for(token, role):
    for name in ("Piket", "Lab"):
        roles("POST", token=token, json_body={"name": name, "permissions": []})

    def names(**query):
        pages = [roles("GET", token=token, query={"limit": ["5"], "page": [page], **query}) for page in "12"]
        assert [len(page.result) for page in pages] == [5, 4]
        return [each["name"] for page in pages for each in page.result]

    assert names() == sorted(names(), key=str.casefold)
    assert names(sort=["-name"]) == names()[::-1]
    assert set(names(sort=["createdAt"])[:6]) == {role.name for role in SYSTEM_ROLES.values()}
    assert names(sort=["-createdAt"])[:3] == ["Lab", "Piket", "Wali Kelas"]


def test_every_permission_has_a_sentence(school):
    listed = call("roles", "GET", "/api/permissions", token=school.token("student")).result
    assert [each["id"] for each in listed] == sorted(Permission)
    assert all(each["description"].endswith(".") for each in listed)


def test_a_role_of_the_school_grants_on_the_next_request_and_no_longer(school, token, role):
    student, theirs = school.people["student"], school.token("student")

    def status():
        return call("users", "GET", "/api/users", token=theirs).status

    assert status() == 403
    added = change("POST", role["id"], token, student.id)
    assert added.result == [{"id": student.id, "status": "updated", "errors": []}]
    assert added.body["meta"]["summary"] == summary(total=1, updated=1)
    assert status() == 200
    roles("PATCH", f"/{role['id']}", token=token, json_body={"permissions": []})
    assert status() == 403
    roles("PATCH", f"/{role['id']}", token=token, json_body={"permissions": PERMISSIONS})
    assert change("DELETE", role["id"], token, student.id).result[0]["status"] == "updated"
    assert status() == 403


def test_members_are_listed_and_counted_through_everything_that_happens_to_them(school, token, role):
    student = school.people["student"]
    change("POST", role["id"], token, student.id, student.id, school.people["teacher"].id)
    assert change("POST", role["id"], token, student.id).result[0]["status"] == "unchanged"

    def seen():
        listed = roles("GET", f"/{role['id']}/members", token=token)
        one = roles("GET", f"/{role['id']}", token=token).result
        assert one["memberCount"] == listed.body["meta"]["total"] == len(listed.result)
        return {each["id"] for each in listed.result}

    assert seen() == {student.id, school.people["teacher"].id}
    assert roles("DELETE", f"/{role['id']}", token=token).codes == [(None, "role_has_members")]
    call("users", "DELETE", f"/api/users/{student.id}", token=token)
    assert seen() == {school.people["teacher"].id}


def test_who_is_not_there_or_not_active_is_refused_without_harm_to_the_others(school, other_school, token, role):
    student, stranger = school.people["student"], other_school.people["student"]
    call("users", "POST", f"/api/users/{student.id}/deactivate", token=token)
    rows = change("POST", role["id"], token, student.id, stranger.id, "f" * 24, school.people["staff"].id).result
    assert [code_of(row) or row["status"] for row in rows] == ["inactive_account", "not_found", "not_found", "updated"]


def test_a7_the_last_administrator_keeps_the_role(school, token):
    platform, administrator = school.people["platform administrator"], school.people["administrator"]
    call("users", "DELETE", f"/api/users/{platform.id}", token=school.token(platform))
    theirs = school.token(platform)
    call("users", "POST", f"/api/users/{administrator.id}/deactivate", token=theirs)
    row = change("DELETE", "000000000000000000000001", theirs, platform.id).result[0]
    assert (row["status"], code_of(row)) == ("failed", "last_administrator")


def test_a6_nobody_makes_or_gives_a_role_above_the_own_permissions(school, token, role):
    made = roles("POST", token=token, json_body={"name": "x", "permissions": ["organizations:write"]})
    assert (made.status, made.codes) == (403, [("permissions", "grant_ceiling")])
    given = change("POST", "000000000000000000000001", token, school.people["administrator"].id)
    assert given.codes == [("permissions", "grant_ceiling")]
    raised = roles("PATCH", f"/{role['id']}", token=token, json_body={"permissions": ["organizations:read"]})
    assert raised.status == 403


def test_a6_a_stronger_account_is_refused_by_id(school, token, role):
    row = change("POST", role["id"], token, school.people["platform administrator"].id).result[0]
    assert (row["status"], code_of(row)) == ("failed", "stronger_account")


def test_a6_a_role_of_the_school_makes_an_account_stronger(school, token):
    keys = roles("POST", token=token, json_body={"name": "Kunci", "permissions": ["users:password", "users:write"]})
    helper, principal = school.people["staff"], school.people["principal"]
    change("POST", keys.result["id"], token, helper.id)
    strong = roles("POST", token=token, json_body={"name": "Semua", "permissions": ["classes:write"]}).result["id"]
    change("POST", strong, token, school.people["student"].id)
    path = f"/api/users/{school.people['student'].id}"
    assert call("users", "PATCH", path, token=school.token(helper), json_body={"name": "x"}).status == 403
    assert call("users", "PATCH", f"/api/users/{principal.id}", token=token, json_body={"name": "x"}).status == 200


def test_many_get_and_lose_a_role_in_one_request_whoever_of_them_can_not(school, token, role):
    crowd = [school.add(f"Murid {each}", f"m{each}@smansa.test", [STUDENT.id], password=None).id for each in range(45)]
    stronger = school.people["platform administrator"].id
    ids = [*crowd[:30], stronger, "f" * 24, *crowd[30:]]
    added = change("POST", role["id"], token, *ids)
    assert [row["id"] for row in added.result] == ids
    assert {row["id"]: code_of(row) for row in added.result if row["status"] == "failed"} == {
        stronger: "stronger_account",
        "f" * 24: "not_found",
    }
    assert added.body["meta"]["summary"]["updated"] == 45
    assert {row["status"] for row in change("POST", role["id"], token, *crowd).result} == {"unchanged"}
    trail = call("audit", "GET", "/api/audit", token=token, query={"action": ["roles.members.add"], "limit": ["100"]})
    assert sorted(each["targetId"] for each in trail.result) == sorted(crowd)
    assert change("DELETE", role["id"], token, *crowd).body["meta"]["summary"]["updated"] == 45
    assert roles("GET", f"/{role['id']}", token=token).result["memberCount"] == 0


def test_a_system_role_is_found_by_each_word_of_its_name(token):
    found = roles("GET", token=token, query={"search": ["administrator"], "sort": ["name"]}).result
    assert [each["name"] for each in found] == ["administrator", "platform administrator"]


def test_members_are_listed_from_either_end(school, token, role):
    ids = sorted(school.people[name].id for name in ("student", "teacher"))
    change("POST", role["id"], token, *ids)
    for sort, shown in (("createdAt", ids), ("-createdAt", ids[::-1])):
        answer = roles("GET", f"/{role['id']}/members", token=token, query={"sort": [sort]})
        assert [each["id"] for each in answer.result] == shown


def test_what_each_system_role_grants_is_what_schools_were_told(token):
    granted = {each["name"]: each["permissions"] for each in roles("GET", token=token).result}
    everything = sorted(Permission)
    reading = ["classes:read", "students:read", "teachers:read"]
    letters = ["letters:read", "letters:review"]
    overseeing = ["audit:read", "roles:read", "staff:read", "stats:read", "students:sensitive", "users:read"]
    assert granted == {
        "platform administrator": everything,
        "administrator": [each for each in everything if not each.startswith("organizations:")],
        "principal": sorted([*reading, *letters, *overseeing]),
        "teacher": reading,
        "staff": sorted([*reading, "letters:read", "staff:read", "students:write"]),
        "student": [],
    }


def test_an_account_that_others_change_at_the_same_moment_does_not_stop_those_beside_it(school, token, role):
    names = ("student", "teacher", "staff", "principal")
    busy = school.people["teacher"]
    busy_now = WhileWriting(lambda: busy.update(actions=[UserItem.version.add(1)]))
    with intercepted(busy_now):
        rows = change("POST", role["id"], token, *(school.people[name].id for name in names)).result
    assert [row["status"] for row in rows] == ["updated"] * 4


def test_a_table_that_stays_busy_leaves_a_report_of_what_was_not_done(school, token, role, monkeypatch):
    monkeypatch.setattr(kernel, "BUDGET_SECONDS", 0.05)
    busy = refusal(400, "ProvisionedThroughputExceededException")
    with intercepted(Refusing("TransactWriteItems", busy)):
        answer = change("POST", role["id"], token, *(each.id for each in school.people.values()))
    told = Counter(code_of(row) for row in answer.result)
    assert told == {"unavailable": 5, "stronger_account": 1}
    assert answer.body["meta"]["summary"]["failed"] == 6


def test_eligible_users_are_active_in_reach_and_no_members(school, token, role):
    change("POST", role["id"], token, school.people["teacher"].id)
    call("users", "POST", f"/api/users/{school.people['student'].id}/deactivate", token=token)

    def seen(**query):
        listed = roles("GET", f"/{role['id']}/eligible-users", token=token, query=query or None)
        assert listed.status == 200, listed.text
        return listed

    names = {school.people[name].id for name in ("administrator", "principal", "staff")}
    assert {each["id"] for each in seen().result} == names
    assert [each["name"] for each in seen(search=["orang princ"]).result] == ["Orang Principal"]
    first = seen(limit=["2"])
    rest = seen(limit=["2"], cursor=[first.body["meta"]["next"]])
    assert {each["id"] for each in first.result + rest.result} == names
    assert rest.body["meta"]["next"] is None


def test_another_schools_role_is_absent(school, other_school, token, role):
    theirs = other_school.token("administrator")
    assert roles("GET", f"/{role['id']}", token=theirs).status == 404
    assert change("POST", role["id"], theirs, other_school.people["student"].id).status == 404


def test_counts_are_those_of_the_items(school, table, token, role):
    change("POST", role["id"], token, *(each.id for each in school.people.values()))
    items = [each for each in everything(table) if each["pk"]["S"].startswith(f"{school.id}#ROLE#")]
    counts = member_counts(school.id)
    assert sum(counts.values()) == len(items)
    assert counts[STUDENT.id] == counts[PRINCIPAL.id] == 1
    assert counts[ADMINISTRATOR.id] == 1
    assert count(f"{school.id}#ROLES") == 1
