"""Acceptance A8: whoever may not see a member learns nothing by guessing it, on any way that takes or filters it.

The same requests are sent to the same people, and only what stands in the members that may not be seen is another each
time: what is guessed, something else, or nothing. Everything that the sender gets to see must be the same.
"""

import pytest
from core.kernel.media_types import CSV
from core.people.kinds import KINDS, SENSITIVE
from core.people.masks import masked
from core.people.schemas import ParentInfo

from tests.functions.guessing import MEMBERS, PARENT, STATES, Guesser, guess_of, hidden_part, key_of, nested
from tests.functions.test_people import listed, one
from tests.gateway import call
from tests.imports import clear, send, wait_for_nobody
from tests.wire import WhileWriting, intercepted

CASES = [(kind, member) for kind in KINDS for member in sorted(masked(KINDS[kind]))]


@pytest.fixture(autouse=True)
def impatient(monkeypatch, table):
    wait_for_nobody(monkeypatch)


@pytest.fixture
def guesser(table, school):
    return Guesser(table, school)


def test_every_masked_member_is_guessed():
    assert MEMBERS.keys() == SENSITIVE
    assert PARENT.keys() == ParentInfo.model_fields.keys()


def test_what_stands_there_makes_a_difference_to_who_may_see_it(guesser):
    guesser.begin()
    ids = [
        guesser.person("students", number, **hidden_part("students", each, number))
        for number, each in enumerate(STATES)
    ]
    found = listed("students", guesser.admin_token, readiness="complete").result
    assert [each["id"] for each in found] == ids[:1]


def test_no_check_of_a_record_compares_a_masked_member_with_another():
    # A patch is checked together with what it is merged into, so the refusal would tell what stands there.
    for schema in (ParentInfo, *(kind.schema for kind in KINDS.values())):
        assert not schema.__pydantic_decorators__.model_validators


def patch(guesser, kind, person_id, digit, guess):
    guesser.call(kind, "PATCH", f"/api/{kind}/{person_id}", json_body=guess, headers={"If-Match": '"1"'})
    guesser.look_at_trail(person_id)


def import_it(guesser, kind, person_id, digit, guess):
    body = {"data": [key_of(kind, digit) | guess]}
    guesser.call("imports", "POST", f"/api/{kind}/import", json_body=body)
    guesser.look_at_trail(person_id)


def plan_and_apply(guesser, kind, person_id, digit, guess):
    for more in ({"birthDate": "2009-01-01"}, {}):
        body = {"data": [key_of(kind, digit) | guess | more]}
        plan = guesser.call("imports", "POST", f"/api/{kind}/import", {"dryRun": "true"}, json_body=body)
    own = f"/api/imports/{plan.result['id']}" if plan.status == 200 else "/api/imports/none"
    guesser.call("imports", "POST", f"{own}/apply")


def change_beside(guesser, kind, person_id, digit, guess):
    """Changes what may be seen, and looks whether that contradicts what may not."""
    for change in (
        {"birthDate": "2010-05-18"},
        {"birthDate": "1995-01-01"},
        {"gender": "FEMALE"},
        {"gender": "FEMALE"},
    ):
        # As often as somebody likes, so that the smallest difference in time would tell in the end.
        guesser.call(kind, "PATCH", f"/api/{kind}/{person_id}", sizes=True, json_body=change)
        body = {"data": [key_of(kind, digit) | change]}
        guesser.call("imports", "POST", f"/api/{kind}/import", {"dryRun": "true"}, json_body=body)
        guesser.look_at(kind, person_id)
        if kind == "students":
            guesser.call(kind, "GET", f"/api/{kind}/{person_id}/readiness")


def delete_and_restore(guesser, kind, person_id, digit, guess):
    guesser.call(kind, "DELETE", f"/api/{kind}/{person_id}")
    guesser.call(kind, "POST", f"/api/{kind}/{person_id}/restore")


def send_nonsense(guesser, kind, person_id, digit, guess):
    for member in guess:
        for value in ("x" * 3000, [None], {"x": {"name": None}}, {}, None):
            guesser.call(kind, "PATCH", f"/api/{kind}/{person_id}", json_body={member: value})


def ask_lists(guesser, kind, person_id, digit, guess):
    """Filters, orders and choices of members that name what is guessed."""
    queries = [{"readiness": "complete"}, {"readiness": "incomplete", "search": "budi"}, {"limit": "2"}]
    for member, value in guess.items():
        told = value["nik"] if isinstance(value, dict) else value
        queries += [{member: told}, {"search": told}, {"sort": member}, {"fields": f"id,{member}"}]
    for query in queries:
        guesser.call(kind, "GET", f"/api/{kind}", query)
    guesser.call(kind, "GET", f"/api/{kind}", headers={"Accept": CSV})


def everything_seen(guesser, kind, state, ways, guess):
    """What the guesser sees of these ways, each on somebody of its own: a blind write leaves the guess behind."""
    guesser.begin()
    clear()
    ids = [guesser.person(kind, digit, **hidden_part(kind, state, digit)) for digit in range(len(ways))]
    for digit, (way, person_id) in enumerate(zip(ways, ids, strict=True)):
        way(guesser, kind, person_id, digit, guess(digit))
        guesser.look_at(kind, person_id)
    return guesser.seen


@pytest.mark.parametrize(("kind", "member"), CASES)
def test_a8_a_right_guess_that_is_written_or_planned_looks_like_a_wrong_one(guesser, kind, member):
    ways = (patch, import_it, plan_and_apply)
    right, wrong, absent = (
        everything_seen(guesser, kind, state, ways, lambda digit: guess_of(member, digit)) for state in STATES
    )
    assert right[0][2] == 200, "it is written"
    assert right == wrong
    assert right == absent


@pytest.mark.parametrize("path", nested())
def test_a8_a_guess_of_a_part_of_a_masked_member_tells_as_little(guesser, path):
    right, wrong = (
        everything_seen(guesser, "students", state, (patch, plan_and_apply), lambda digit: guess_of(path, digit))
        for state in STATES[:2]
    )
    assert right[0][2] == 200, "it is written"
    assert right == wrong


BESIDE = (ask_lists, change_beside, delete_and_restore, send_nonsense)


@pytest.mark.parametrize("kind", KINDS)
def test_a8_nothing_else_tells_what_stands_in_masked_members(guesser, kind):
    right, wrong, absent = (
        everything_seen(guesser, kind, state, BESIDE, lambda digit: hidden_part(kind, "guessed", digit))
        for state in STATES
    )
    assert right == wrong
    assert right == absent


@pytest.mark.parametrize("role", ["staff", "teacher", "student"])
def test_a8_the_roles_of_every_school_that_may_not_see_learn_nothing_either(table, school, role):
    guesser = Guesser(table, school, role)
    ways = (patch, plan_and_apply, change_beside)
    right, wrong, absent = (
        everything_seen(guesser, "students", state, ways, lambda digit: guess_of("nik", digit)) for state in STATES
    )
    assert right == wrong == absent


@pytest.mark.parametrize("kind", KINDS)
def test_a_blind_write_is_kept_and_the_member_that_is_sent_counts_as_changed(guesser, kind):
    guesser.begin()
    person_id = guesser.person(kind, 1, **hidden_part(kind, "guessed", 1))
    guess = hidden_part(kind, "guessed", 1)
    guesser.call(kind, "PATCH", f"/api/{kind}/{person_id}", json_body=guess)
    body = {"data": [key_of(kind, 1) | guess]}
    (row,) = guesser.call("imports", "POST", f"/api/{kind}/import", json_body=body).result["rows"]
    assert row["status"] == "updated"
    kept = one(kind, "GET", person_id, guesser.admin_token)
    assert kept.headers["etag"] == '"3"'
    assert kept.result.items() >= guess.items()


def ask_for(guesser, kind, niks):
    """Changes, imports, plans, creates and restores with these numbers."""
    everybody = f"/api/{kind}"
    ids = [guesser.person(kind, digit, nik=f"64720117051000{digit}0") for digit in (1, 2)]
    guesser.call(kind, "PATCH", f"{everybody}/{ids[0]}", json_body={"nik": niks["patch"]})
    rows = [
        key_of(kind, 2) | {"nik": niks["old"]},
        key_of(kind, 3) | {"nik": niks["new"], "name": "Ani"},
        key_of(kind, 4) | {"nik": niks["bad"], "name": "Beni", "gender": "?"},
    ]
    for dry_run in ("true", "false"):
        guesser.call("imports", "POST", f"{everybody}/import", {"dryRun": dry_run}, json_body={"data": rows})
    first = guesser.call(kind, "POST", everybody, json_body={"name": "Citra", "nik": niks["create"]}).result["id"]
    guesser.call(kind, "DELETE", f"{everybody}/{first}")
    guesser.call(kind, "POST", everybody, json_body={"name": "Dewi", "nik": niks["create"]})
    guesser.call(kind, "POST", f"{everybody}/{first}/restore")
    for each in (*ids, first):
        guesser.look_at(kind, each)
        guesser.look_at_trail(each)
    return ids[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a8_a_number_of_somebody_else_is_not_refused_to_whoever_may_not_see_it(guesser, kind):
    ways = ("patch", "old", "new", "bad", "create")
    niks = {way: f"647201170510990{digit}" for digit, way in enumerate(ways)}
    seen = []
    for held in (False, True):
        guesser.begin()
        for digit, nik in enumerate(niks.values(), 5):
            guesser.person(kind, digit, nik=nik if held else None)
        ask_for(guesser, kind, niks)
        seen.append(guesser.seen)
    assert {each[2] for each in seen[0] if len(each) > 2} <= {200, 201, 204}
    assert seen[0] == seen[1]


def test_a8_a_plan_does_not_tell_that_its_number_was_somebody_elses_until_now(guesser):
    seen = []
    for held in (False, True):
        guesser.begin()
        clear()
        holder = guesser.person("students", 1, nik="6472011705100001" if held else None)
        data = {"data": [key_of("students", 2) | {"name": "Ani", "nik": "6472011705100001"}]}
        plan = guesser.call("imports", "POST", "/api/students/import", {"dryRun": "true"}, json_body=data).result["id"]
        guesser.call("students", "DELETE", f"/api/students/{holder}")
        assert guesser.call("imports", "POST", f"/api/imports/{plan}/apply").status == 200
        seen.append(guesser.seen)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_of_somebody_else_is_not_kept_and_noted_for_who_may_see_it(guesser, kind):
    guesser.begin()
    holder, own = guesser.person(kind, 1, nik="6472011705100001"), guesser.person(kind, 2, nik="6472011705100002")
    path = f"/api/{kind}/{own}"
    guesser.call(kind, "PATCH", path, json_body={"nik": "6472011705100001", "birthPlace": "Berau"})
    for_admin = one(kind, "GET", own, guesser.admin_token)
    assert (for_admin.result["nik"], for_admin.result["birthPlace"]) == ("6472011705100002", "Berau")
    assert for_admin.body["meta"] == {"contested": ["nik"]}
    assert "contested" not in guesser.call(kind, "GET", path).body["meta"]
    if kind == "students":
        problems = call(kind, "GET", f"{path}/readiness", token=guesser.admin_token).result["problems"]
        assert ("nik", "nik_taken") in {(each["field"], each["code"]) for each in problems}
    again = one(kind, "PATCH", own, guesser.admin_token, json_body={"nik": "6472011705100002"})
    assert (again.status, again.body["meta"]) == (200, {})
    refused = one(kind, "PATCH", own, guesser.admin_token, json_body={"nik": "6472011705100001"})
    assert (refused.status, refused.codes) == (409, [("nik", "nik_taken")])
    assert one(kind, "GET", holder, guesser.admin_token).result["nik"] == "6472011705100001"


@pytest.mark.parametrize("way", ["create", "patch", "import"])
def test_who_takes_a_number_a_moment_earlier_stays_unknown_too(guesser, way):
    guesser.begin()
    own = guesser.person("students", 2)
    earlier = WhileWriting(lambda: guesser.person("students", 1, nik="6472011705100001"))
    guess = {"name": "Budi", "nik": "6472011705100001"}
    with intercepted(earlier):
        if way == "import":
            data = {"data": [key_of("students", 2) | guess]}
            reply = call("imports", "POST", "/api/students/import", token=guesser.token, json_body=data)
            assert reply.result["summary"]["updated"] == 1
        else:
            method, path = ("POST", "/api/students") if way == "create" else ("PATCH", f"/api/students/{own}")
            reply = call("students", method, path, token=guesser.token, json_body=guess)
    assert earlier.happened
    assert reply.status < 300
    niks = [each["nik"] for each in listed("students", guesser.admin_token).result]
    assert niks.count("6472011705100001") == 1


def test_a8_a_report_of_who_may_see_is_absent_for_who_may_not(guesser):
    """Whether a row was unchanged or updated tells what stood there, and so do its counts."""
    guesser.begin()
    guesser.person("students", 1, nik="6472011705100001")
    rows = [key_of("students", 1) | {"gender": "FEMALE"}, key_of("students", 2) | {"name": "Ani", "nik": "x"}]
    whole = send("students", guesser.admin_token, dry_run=True, json_body={"data": rows})
    assert [each["code"] for each in whole.result["rows"][0]["warnings"]] == ["nik_gender"]
    path = f"/api/imports/{whole.result['id']}"
    for method, further in (("GET", ""), ("GET", "/rows"), ("POST", "/apply")):
        assert guesser.call("imports", method, f"{path}{further}").status == 404
    assert call("imports", "GET", path, token=guesser.admin_token).status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_a8_a_plan_that_was_made_blindly_tells_its_maker_nothing_when_somebody_who_may_see_applies_it(guesser, kind):
    seen = []
    for state in STATES:
        guesser.begin()
        clear()
        person_id = guesser.person(kind, 1, **hidden_part(kind, state, 1))
        guesser.person(kind, 3, nik="6472011705100009" if state == STATES[0] else None)
        taken = key_of(kind, 2) | {"name": "Ani", "nik": "6472011705100009"}
        body = {"data": [key_of(kind, 1) | hidden_part(kind, STATES[0], 1), taken]}
        plan = guesser.call("imports", "POST", f"/api/{kind}/import", {"dryRun": "true"}, json_body=body).result["id"]
        applied = call("imports", "POST", f"/api/imports/{plan}/apply", token=guesser.admin_token)
        assert applied.status == 200
        guesser.call("imports", "GET", f"/api/imports/{applied.result['id']}/rows")
        guesser.call("imports", "POST", f"/api/imports/{plan}/apply")
        guesser.look_at(kind, person_id)
        guesser.look_at_trail(person_id)
        seen.append(guesser.seen)
    assert [each["status"] for each in applied.result["rows"]] == ["updated", "created"]
    assert seen[0] == seen[1] == seen[2]
