"""The copy of a class, and the promotion of a whole school."""

import hashlib
import json
from datetime import timedelta

import pytest
from core.kernel import clock
from core.promotions import plans, service

from tests.functions.test_classes import PATH, add, class_of, create, listed, made, names, number, one, person, student
from tests.gateway import call
from tests.killing import keep, killed_anywhere
from tests.outcomes import code_of, let_time_run_out, summary
from tests.schools import everything

NOW, NEXT = "2026/2027", "2027/2028"
ASKED = {"fromAcademicYear": NOW, "toAcademicYear": NEXT}
#: What tells of a change and is not what was changed.
TRACES = {"version", "updated_at", "change_key", "session_epoch", "api_token_epoch"}


def copied(token, class_id, **body):
    asked = {"academicYear": NEXT, **body}
    return call("classes", "POST", f"{PATH}/{class_id}/copy", token=token, json_body=asked)


def plan(token, **body):
    return call("classes", "POST", f"{PATH}/promotions", token=token, json_body={**ASKED, **body})


def do(token, word, promotion_id):
    return call("classes", "POST", f"{PATH}/promotions/{promotion_id}/{word}", token=token)


def finished(token, word, promotion_id):
    reply = do(token, word, promotion_id)
    while reply.status == 202:
        reply = do(token, word, promotion_id)
    return reply


def whole(table):
    """A checksum of what there is, but for traces of changes, the trail, promotions and deleted classes."""
    kept = [
        {name: value for name, value in item.items() if name not in TRACES}
        for item in everything(table)
        if not any(word in item["pk"]["S"] for word in ("#AUDIT", "#PROMOTION", "#OUTBOX", "#USER#"))
        and "deleted_at" not in item
        # A sixteenth of a count that is nobody's any more.
        and item.get("number") != {"N": "0"}
    ]
    text = sorted(json.dumps(item, sort_keys=True) for item in kept)
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


@pytest.fixture
def year(admin):
    """Three classes of three grades, with two students each: class and students by name."""
    found = {}
    for name, grade in (("X-1", 10), ("XI-1", 11), ("XII-1", 12)):
        found[name] = made(admin, name=name, grade=grade, capacity=3)
        for letter in "ab":
            email = f"{name}{letter}@x.test".lower()
            found[f"{name}{letter}"] = student(admin, f"Murid {name}{letter}", email=email)
            add(admin, found[name], found[f"{name}{letter}"])
    return found


def account_is_open(token, student_id):
    user = call("students", "GET", f"/api/students/{student_id}", token=token).result["userId"]
    return call("users", "GET", f"/api/users/{user}", token=token).result["active"]


def test_a_copy_is_next_years_class_with_its_students(admin):
    sri = person("teachers", admin, "Sri")
    class_id = made(admin, homeroomTeacherId=sri, capacity=20)
    students = [student(admin, f"Murid {letter}") for letter in "abcdefgh"]
    for each in students:
        add(admin, class_id, each)
    asked = {"includeStudents": True, "exceptStudentIds": [students[1]]}
    preview = copied(admin, class_id, dryRun=True, **asked)
    assert preview.status == 200, preview.text
    assert preview.result["class"].items() >= {"name": "XI-1", "grade": 11, "homeroomTeacherId": sri}.items()
    assert [code_of(each) for each in preview.result["rows"] if each["errors"]] == ["excepted"]
    assert len(listed(admin).result) == 1
    reply = copied(admin, class_id, **asked)
    assert reply.status == 201, reply.text
    assert (reply.result["rows"], reply.result["summary"]) == (preview.result["rows"], preview.result["summary"])
    new = reply.result["class"]["id"]
    assert reply.headers["location"] == f"{PATH}/{new}"
    assert len(names(admin, new)) == reply.result["class"]["studentCount"] == 7
    assert (class_of(admin, students[0]), class_of(admin, students[1])) == (new, class_id)
    # The old year's roster is history and stays.
    assert number(admin, class_id) == len(names(admin, class_id)) == 8
    assert reply.result["summary"] == summary(total=8, updated=7, skipped=1)
    assert copied(admin, class_id, **asked).result["summary"] == summary(total=8, unchanged=7, skipped=1)


def test_a_copy_without_students_keeps_name_and_grade(admin):
    class_id = made(admin)
    add(admin, class_id, student(admin))
    reply = copied(admin, class_id)
    assert reply.result["class"].items() >= {"name": "X-1", "grade": 10, "studentCount": 0, "major": "IPA"}.items()
    made(admin, name="X-9", academicYear=NEXT)
    taken = copied(admin, class_id, name="X-9")
    assert (taken.codes, len(taken.body["meta"]["existing"])) == ([("name", "name_taken")], 1)
    assert copied(admin, "0" * 24).status == 404


def test_students_of_the_last_grade_are_copied_into_a_grade_that_is_named(admin):
    class_id = made(admin, grade=13)
    assert copied(admin, class_id, includeStudents=True).codes == [("grade", "no_next_grade")]
    assert copied(admin, class_id, includeStudents=True, grade=13).status == 201


@pytest.mark.proof
def test_a_copy_that_is_killed_and_repeated_has_every_student_once(admin, table):
    class_id = made(admin, capacity=8)
    for letter in "abcdefg":
        add(admin, class_id, student(admin, f"Murid {letter}"))

    def operate():
        assert copied(admin, class_id, includeStudents=True).status == 201

    def check():
        new = listed(admin, academicYear=NEXT).result
        assert [each["studentCount"] for each in new] == [7]
        assert len(names(admin, new[0]["id"])) == 7

    killed_anywhere(operate, check, keep(table))


def going_and_left(step):
    """The ids of those who go along, and the codes of why the others don't."""
    rows = step["rows"]
    return [row["id"] for row in rows if row["status"] == "updated"], [code_of(row) for row in rows if row["errors"]]


def test_a_plan_says_who_goes_where_and_moves_nobody(admin, year, table):
    call("students", "POST", f"/api/students/{year['X-1b']}/deactivate", token=admin)
    before = whole(table)
    reply = plan(admin, exceptStudentIds=[year["XI-1b"]])
    assert reply.status == 201, reply.text
    assert whole(table) == before
    assert reply.result["status"] == "PLANNED"
    shown = {each["name"]: (each["to"], *going_and_left(each)) for each in reply.result["classes"]}
    assert shown == {
        "X-1": ({"name": "XI-1", "grade": 11}, [year["X-1a"]], ["student_inactive"]),
        "XI-1": ({"name": "XII-1", "grade": 12}, [year["XI-1a"]], ["excepted"]),
        "XII-1": ("graduate", [year["XII-1a"], year["XII-1b"]], []),
    }
    again = call("classes", "GET", reply.headers["location"], token=admin)
    assert again.result == reply.result


def test_a_promotion_moves_everybody_once_and_undone_leaves_no_trace(admin, year, table):
    before = whole(table)
    planned = plan(admin).result["id"]
    applied = finished(admin, "apply", planned)
    assert applied.status == 200, applied.text
    assert (applied.result["status"], applied.result["processed"], applied.result["total"]) == ("COMPLETED", 6, 6)
    new = {each["name"]: each["id"] for each in listed(admin, academicYear=NEXT).result}
    assert set(new) == {"XI-1", "XII-1"}
    assert names(admin, new["XI-1"]) == ["Murid X-1a", "Murid X-1b"]
    assert class_of(admin, year["X-1a"]) == new["XI-1"]
    assert number(admin, year["X-1"]) == 2
    graduate = call("students", "GET", f"/api/students/{year['XII-1a']}", token=admin).result
    assert (graduate["active"], graduate["classId"]) == (False, year["XII-1"])
    assert not account_is_open(admin, year["XII-1a"])
    assert do(admin, "apply", planned).result == applied.result
    undone = finished(admin, "undo", planned)
    assert (undone.status, undone.result["status"]) == (200, "UNDONE")
    assert whole(table) == before
    assert account_is_open(admin, year["XII-1a"])
    assert do(admin, "apply", planned).codes == [(None, "undone")]


def test_rules_say_what_becomes_of_a_class(admin, year):
    rules = [
        {"classId": year["X-1"], "to": {"name": "XI IPA", "grade": 11}},
        {"classId": year["XI-1"], "to": "graduate"},
        {"classId": year["XII-1"], "to": {"name": "XI IPA", "grade": 11}},
    ]
    reply = plan(admin, classes=rules)
    assert [each["to"] for each in reply.result["classes"]] == [
        {"name": "XI IPA", "grade": 11},
        "graduate",
        {"name": "XI IPA", "grade": 11},
    ]
    # Four students for the three places of the new class.
    assert [code for each in reply.result["classes"] for code in going_and_left(each)[1]] == ["class_full"]
    assert finished(admin, "apply", reply.result["id"]).status == 200
    assert [each["studentCount"] for each in listed(admin, academicYear=NEXT).result] == [3]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"toAcademicYear": "2025/2026"}, (None, "invalid")),
        ({"toAcademicYear": NOW}, (None, "invalid")),
        ({"fromAcademicYear": "2020/2021"}, ("fromAcademicYear", "no_classes")),
        ({"classes": [{"classId": "0" * 24, "to": "graduate"}]}, ("classes.0.classId", "unknown_class")),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(admin, year, body, expected):
    reply = plan(admin, **body)
    assert (reply.status, reply.codes) == (400, [expected])


def test_a_plan_is_refused_when_something_has_changed_since(admin, year):
    for change in (
        lambda: add(admin, year["X-1"], student(admin, "Baru")),
        lambda: one("PATCH", year["X-1"], admin, json_body={"major": "IPS"}),
        lambda: create(admin, name="XI-9", academicYear=NEXT),
        lambda: call("students", "POST", f"/api/students/{year['XI-1a']}/deactivate", token=admin),
        lambda: call("students", "DELETE", f"/api/students/{year['XI-1b']}", token=admin),
    ):
        planned = plan(admin).result["id"]
        assert change().status < 300
        assert do(admin, "apply", planned).codes == [(None, "changed_since_plan")]


def test_a_promotion_is_undone_within_a_day_only(admin, year, monkeypatch):
    planned = plan(admin).result["id"]
    assert do(admin, "undo", planned).codes == [(None, "not_applied")]
    finished(admin, "apply", planned)
    now = clock.now()
    monkeypatch.setattr(service.clock, "now", lambda: now + timedelta(hours=24, minutes=1))
    monkeypatch.setattr("core.sessions.service.clock.now", lambda: now)
    monkeypatch.setattr(service, "UNDO_SECONDS", -1)
    assert do(admin, "undo", planned).codes == [(None, "too_late")]


def test_undoing_leaves_alone_what_others_did_since(admin, year):
    planned = plan(admin).result["id"]
    finished(admin, "apply", planned)
    new = {each["name"]: each["id"] for each in listed(admin, academicYear=NEXT).result}
    other = made(admin, name="XI-2", grade=11, academicYear=NEXT)
    call("classes", "DELETE", f"{PATH}/{new['XI-1']}/students/{year['X-1a']}", token=admin)
    add(admin, other, year["X-1a"])
    added = student(admin, "Pindahan")
    add(admin, new["XI-1"], added)
    assert finished(admin, "undo", planned).status == 200
    assert (class_of(admin, year["X-1a"]), class_of(admin, added)) == (other, new["XI-1"])
    assert class_of(admin, year["X-1b"]) == year["X-1"]
    assert sorted(each["name"] for each in listed(admin, academicYear=NEXT).result) == ["XI-1", "XI-2"]


def test_undoing_leaves_a_student_in_the_class_into_which_somebody_put_them_back(admin, year):
    planned = plan(admin).result["id"]
    finished(admin, "apply", planned)
    new = {each["name"]: each["id"] for each in listed(admin, academicYear=NEXT).result}["XI-1"]
    call("classes", "DELETE", f"{PATH}/{new}/students/{year['X-1a']}", token=admin)
    add(admin, new, year["X-1a"])
    assert finished(admin, "undo", planned).status == 200
    assert names(admin, new) == ["Murid X-1a"]
    assert number(admin, new) == 1
    assert (class_of(admin, year["X-1a"]), class_of(admin, year["X-1b"])) == (new, year["X-1"])


@pytest.mark.parametrize("word", ["apply", "undo"])
def test_two_requests_that_do_the_same_at_once_count_every_student_once(admin, year, monkeypatch, word):
    planned = plan(admin).result["id"]
    if word == "undo":
        finished(admin, "apply", planned)
    run, others = service.moves.Move.run, [lambda: finished(admin, word, planned)]

    def run_after_another_request(*arguments):
        if others:
            assert others.pop()().status == 200
        return run(*arguments)

    monkeypatch.setattr(plans, "THREADS", 1)
    monkeypatch.setattr(service.moves.Move, "run", run_after_another_request)
    do(admin, word, planned)
    found = call("classes", "GET", f"{PATH}/promotions/{planned}", token=admin).result
    assert (found["processed"], found["total"]) == (6, 6)


def test_a_request_without_time_left_answers_how_far_it_is(admin, year):
    planned = plan(admin).result["id"]
    for word, state in (("apply", "PROCESSING"), ("undo", "UNDOING")):
        with pytest.MonkeyPatch.context() as patch:
            let_time_run_out(patch)
            reply = do(admin, word, planned)
        assert (reply.status, reply.result["status"], reply.result["processed"]) == (202, state, 0)
        assert finished(admin, word, planned).result["processed"] == 6


def test_who_may_not_change_students_promotes_nobody(school, other_school, admin, year):
    planned = plan(admin).result["id"]
    for who in ("teacher", "principal", "staff"):
        assert do(school.token(who), "apply", planned).status == 403
    stranger = other_school.token("administrator")
    assert do(stranger, "apply", planned).text == do(stranger, "apply", "0" * 24).text
    assert call("classes", "GET", f"{PATH}/promotions/{planned}", token=stranger).status == 404


@pytest.mark.proof
@pytest.mark.parametrize("word", ["apply", "undo"])
def test_a_promotion_that_is_killed_anywhere_and_repeated_moves_everybody_exactly_once(
    admin, year, table, monkeypatch, word
):
    monkeypatch.setattr(plans, "THREADS", 1)
    before = whole(table)
    planned = plan(admin).result["id"]
    if word == "undo":
        finished(admin, "apply", planned)

    def operate():
        assert finished(admin, word, planned).status == 200

    def check():
        new = {each["name"]: each for each in listed(admin, academicYear=NEXT).result}
        if word == "undo":
            assert whole(table) == before
            return
        assert {name: each["studentCount"] for name, each in new.items()} == {"XI-1": 2, "XII-1": 2}
        assert names(admin, new["XI-1"]["id"]) == ["Murid X-1a", "Murid X-1b"]
        assert names(admin, year["XII-1"]) == ["Murid XII-1a", "Murid XII-1b"]
        assert not any(account_is_open(admin, year[f"XII-1{letter}"]) for letter in "ab")
        found = call("classes", "GET", f"{PATH}/promotions/{planned}", token=admin).result
        assert (found["processed"], found["status"]) == (6, "COMPLETED")

    killed_anywhere(operate, check, keep(table))
