"""`If-None-Match` and `If-Match`: an answer is spared who has it, and a write of what somebody changed meanwhile."""

import pytest

from tests.functions.test_classes import add, class_of, made, one, student
from tests.gateway import call
from tests.imports import send


@pytest.fixture(params=["users", "students", "classes", "organizations", "public"])
def read(request, school):
    """Reads one thing of each of these functions, with these headers."""
    token, kind = school.token("platform administrator"), request.param
    if kind == "public":
        call("teachers", "POST", "/api/teachers", token=token, json_body={"name": "Budi"})
        return lambda **headers: call(
            kind, "GET", "/api/public/teachers", query={"organizationId": [school.id]}, headers=headers
        )
    ids = {"users": lambda: school.people["student"].id, "organizations": lambda: school.id}
    ids |= {"students": lambda: student(token), "classes": lambda: made(token)}
    path = f"/api/{kind}/{ids[kind]()}"
    return lambda **headers: call(kind, "GET", path, token=token, headers=headers)


@pytest.mark.parametrize("named", ["{}", "W/{}", '"x", {}', '{}, "x"', 'W/"x",W/{}', "*", " * "])
def test_who_has_what_is_there_already_is_told_so_without_it(read, named):
    tag = read().headers["etag"]
    answer = read(**{"If-None-Match": named.format(tag)})
    assert (answer.status, answer.text, answer.headers["etag"]) == (304, "", tag)


@pytest.mark.parametrize("named", ['"x"', '"999", W/"998"', "", "x", '"', '"{}', "{}0", "\u00e9"])
def test_who_has_something_else_gets_what_is_there(read, named):
    whole = read()
    answer = read(**{"If-None-Match": named.format(whole.headers["etag"].strip('"'))})
    assert (answer.status, answer.result) == (200, whole.result)


def test_who_has_an_import_or_a_promotion_is_spared_it_until_it_moves_on(admin):
    add(admin, made(admin), student(admin))
    plan = {"fromAcademicYear": "2026/2027", "toAcademicYear": "2027/2028"}
    promotion = call("classes", "POST", "/api/classes/promotions", token=admin, json_body=plan).result["id"]
    job = send("students", admin, json_body={"data": [{"name": "Ani", "nisn": "0012345678"}]}).result["id"]
    for folder, path in (("classes", f"/api/classes/promotions/{promotion}"), ("imports", f"/api/imports/{job}")):
        tag = call(folder, "GET", path, token=admin).headers["etag"]
        spared = call(folder, "GET", path, token=admin, headers={"If-None-Match": tag})
        assert (spared.status, spared.text, spared.headers["etag"]) == (304, "", tag)
    path = f"/api/classes/promotions/{promotion}"
    tag = call("classes", "GET", path, token=admin).headers["etag"]
    assert call("classes", "POST", f"{path}/apply", token=admin).status in (200, 202)
    assert call("classes", "GET", path, token=admin, headers={"If-None-Match": tag}).status == 200


def test_who_has_what_was_there_before_gets_what_is_there_now(admin):
    class_id = made(admin)
    before = one("GET", class_id, admin).headers["etag"]
    one("PATCH", class_id, admin, json_body={"name": "X-9"})
    answer = one("GET", class_id, admin, headers={"If-None-Match": before})
    assert (answer.status, answer.result["name"]) == (200, "X-9")


def test_a_write_is_done_whatever_the_caller_has(admin):
    class_id = made(admin)
    tag = one("GET", class_id, admin).headers["etag"]
    for each in (tag, "*"):
        answer = one("PATCH", class_id, admin, json_body={"capacity": 9}, headers={"If-None-Match": each})
        assert (answer.status, answer.result["capacity"]) == (200, 9)


@pytest.mark.parametrize("stale", ['"1"', '"999"', '"x"'])
def test_a_class_that_somebody_changed_is_not_emptied_by_force(admin, stale):
    class_id, budi = made(admin), student(admin)
    add(admin, class_id, budi)
    query = {"force": ["true"]}
    answer = one("DELETE", class_id, admin, query=query, headers={"If-Match": stale})
    assert (answer.status, answer.codes) == (412, [(None, "stale")])
    assert class_of(admin, budi) == class_id
    tag = one("GET", class_id, admin).headers["etag"]
    assert one("DELETE", class_id, admin, query=query, headers={"If-Match": tag}).status == 204
    assert class_of(admin, budi) is None
