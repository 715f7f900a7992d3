"""Acceptance C8: no text in a body, a query or a path is more than a 400; none of them reaches a key that can't be."""

import pytest
from core.kernel import aws
from core.people.kinds import KINDS
from core.people.models import UNIQUE

from tests.functions.authorization_world import World, build_world
from tests.functions.test_authorization import Restoring
from tests.gateway import call
from tests.odd_texts import ACCENT, LIGATURE, answered, in_bodies, in_paths, in_queries, unlike
from tests.schools import clear
from tests.strict_keys import refusing_odd_keys
from tests.wire import intercepted


@pytest.fixture(scope="module")
def odd_world(dynamodb) -> tuple[World, Restoring]:
    clear(dynamodb)
    world = build_world()
    return world, Restoring(dynamodb)


@pytest.mark.parametrize("operation", unlike())
def test_c8_no_odd_text_makes_an_operation_fail(odd_world, operation):
    world, restoring = odd_world
    with restoring.undone():
        requests = [
            (where, options, {}) for where, options in (*in_bodies(world, operation), *in_queries(world, operation))
        ]
    requests += [(f"{ids}"[:60], {}, ids) for ids in in_paths(operation)]
    failed = []
    with intercepted(refusing_odd_keys):
        for where, options, ids in requests:
            with restoring.undone():
                reply = answered(world, operation, options, **ids)
            # A header with a line break or the like never leaves API Gateway: it answers 502 instead.
            if reply.status >= 500 or not all(each.isascii() and each.isprintable() for each in reply.headers.values()):
                failed.append(where)
    assert failed == []


@pytest.mark.parametrize("kind", ["users", "students", "teachers", "staff", "classes", "roles"])
def test_a_search_of_which_nothing_is_left_is_400_with_its_field(admin, kind):
    for text in (ACCENT, " ", "", f" {ACCENT} ", "\u00b4", "a" * 101):
        reply = call(kind, "GET", f"/api/{kind}", token=admin, query={"search": [text]})
        assert (reply.status, reply.codes) == (400, [("search", "out_of_range")])


NAMED = {
    "users": {"email": "x@smansa.test"},
    "students": {},
    "teachers": {},
    "staff": {},
    "classes": {"grade": 10, "academicYear": "2026/2027", "capacity": 36},
    "roles": {"permissions": []},
    "organizations": {"npsn": "12345678", "administrator": {"name": "Orang Baru", "email": "baru@lain.test"}},
}


@pytest.mark.parametrize("kind", NAMED)
def test_a_name_of_which_nothing_is_left_is_400_with_its_field(school, kind):
    token = school.token("platform administrator")
    for name in (ACCENT, ACCENT * 50, "\u00b4"):
        reply = call(kind, "POST", f"/api/{kind}", token=token, json_body=NAMED[kind] | {"name": name})
        assert (reply.status, reply.codes) == (400, [("name", "invalid")])


@pytest.mark.parametrize("kind", NAMED)
def test_a_name_that_folds_to_more_than_a_key_takes_is_kept_listed_and_found(school, kind):
    token = school.token("platform administrator")
    name = LIGATURE * 50
    with intercepted(refusing_odd_keys):
        made = call(kind, "POST", f"/api/{kind}", token=token, json_body=NAMED[kind] | {"name": name})
        assert (made.status, made.result["name"]) == (201, name)
        listed = call(kind, "GET", f"/api/{kind}", token=token, query={"sort": ["-name"]}).result
        assert listed[0]["id"] == made.result["id"]
        for sought in (LIGATURE, LIGATURE * 50, LIGATURE * 100):
            found = call(kind, "GET", f"/api/{kind}", token=token, query={"search": [sought]}).result
            assert [each["id"] for each in found] == [made.result["id"]]
        # A cursor holds the key of the last one shown.
        first = call(kind, "GET", f"/api/{kind}", token=token, query={"sort": ["-name"], "limit": ["1"]})
        query = {"sort": ["-name"], "limit": ["1"], "cursor": [first.body["meta"]["next"] or ""]}
        if first.body["meta"]["next"]:
            assert call(kind, "GET", f"/api/{kind}", token=token, query=query).status == 200


@pytest.mark.parametrize("kind", ["classes", "roles"])
def test_of_two_long_names_only_the_same_one_is_taken(admin, kind):
    def status(name):
        return call(kind, "POST", f"/api/{kind}", token=admin, json_body=NAMED[kind] | {"name": name}).status

    assert [status(LIGATURE * 49 + end) for end in ("a", "b", "A")] == [201, 201, 409]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("0001-01-01T00:00:00+14:00", 400),
        ("9999-12-31T23:59:59-12:00", 400),
        ("0001-01-01T00:00:00Z", 200),
        ("0999-12-31T23:59:59.999Z", 200),
        ("9999-12-31T23:59:59.999Z", 200),
    ],
)
def test_times_at_the_ends_of_the_calendar_are_taken_and_those_beyond_are_400_with_their_field(school, text, status):
    token = school.token("administrator")
    changed = call("users", "GET", "/api/users", token=token, query={"updatedSince": [text]})
    assert changed.status == status
    assert changed.codes == ([("updatedSince", "invalid_time")] if status == 400 else [])
    if status == 200:
        assert len(changed.result) == (0 if text.startswith("9") else len(school.people))
    call("users", "PATCH", "/api/users/me", token=token, json_body={"name": "Nama Baru"})
    for name in ("from", "to"):
        trail = call("audit", "GET", "/api/audit", token=token, query={name: [text]})
        assert (trail.status, trail.codes) == (status, [(name, "invalid")] if status == 400 else [])
        if status == 200:
            assert len(trail.result) == ((name == "to") is text.startswith("9"))


def test_a_trail_that_ends_before_it_begins_is_400_with_its_field(admin):
    query = {"from": ["2026-01-02T00:00:00Z"], "to": ["2026-01-01T00:00:00Z"]}
    reply = call("audit", "GET", "/api/audit", token=admin, query=query)
    assert (reply.status, reply.codes) == (400, [("from", "invalid")])


@pytest.mark.parametrize("url", ["/\x0b", "/\x00", "/a b", "/\u00e9", "/\x7f", "http://localhost:3000/\x0b"])
def test_a_page_to_go_on_to_whose_address_no_header_can_hold_is_refused(school, url):
    followed = call("auth", "GET", "/api/auth/reset-password/x", query={"callbackURL": [url]})
    assert (followed.status, followed.body["code"]) == (403, "INVALID_CALLBACK_URL")
    asked = {"email": "student@smansa.test", "redirectTo": url}
    reply = call("auth", "POST", "/api/auth/request-password-reset", json_body=asked)
    assert (reply.status, reply.body["code"]) == (403, "INVALID_REDIRECT_URL")


@pytest.mark.parametrize("year", ["0000/0001", "1899/1900", "2201/2202", "9999/0000"])
def test_a_year_in_which_nobody_goes_to_school_is_400_with_its_field(admin, year):
    body = NAMED["classes"] | {"name": "X-1", "academicYear": year}
    reply = call("classes", "POST", "/api/classes", token=admin, json_body=body)
    assert (reply.status, reply.codes) == (400, [("academicYear", "invalid")])


@pytest.mark.parametrize("rest", ["\U0001f600" * 240, "a/../../x", "a" * 1025, "\x00"])
def test_a_key_that_no_upload_of_ours_has_is_404_before_the_bucket_sees_it(school, admin, rest, monkeypatch):
    own = f"imports/{school.id}/{school.people['administrator'].id}/"
    monkeypatch.setattr(aws, "get_object", lambda *_: pytest.fail("the bucket was asked"))
    reply = call("imports", "POST", "/api/students/import", token=admin, json_body={"fileKey": own + rest})
    assert (reply.status, reply.codes) == (404, [("fileKey", "not_found")])


@pytest.mark.parametrize("kind", ["students", "teachers", "staff"])
@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_a_row_whose_identifiers_are_blanks_fails_alone(admin, kind, dry_run):
    blank = {member: " " for member in (*UNIQUE, "email") if member in KINDS[kind].members}
    key = {"nisn": "0100000001"} if kind == "students" else {"nip": "198501012010012001"}
    data = [{"name": "Budi", **blank}, {"name": "Ani", **key}]
    with intercepted(refusing_odd_keys):
        query = {"dryRun": [dry_run]}
        reply = call("imports", "POST", f"/api/{kind}/import", token=admin, query=query, json_body={"data": data})
    assert reply.status == 200
    assert [each["status"] for each in reply.result["rows"]] == ["failed", "created"]
    assert {each["field"] for each in reply.result["rows"][0]["errors"]} == blank.keys()


@pytest.mark.parametrize("token", ["a\x85b", "\x00", "a\nb"])
def test_a_link_with_what_no_address_holds_leads_nowhere(token):
    followed = call("auth", "GET", f"/api/auth/reset-password/{token}")
    assert (followed.status, followed.body["code"]) == (404, "NOT_FOUND")
