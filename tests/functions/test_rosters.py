"""Rosters in bulk: many students into a class at once, and from one class of a year into another."""

import pytest
from core.classes import additions, service
from core.classes.membership import memberships_of
from core.people import service as people
from core.people.kinds import STUDENTS
from core.sessions.service import caller_behind

from tests.functions.test_audit import trail
from tests.functions.test_classes import PATH, class_of, made, names, number, one, student
from tests.functions.test_promotions import NEXT, finished, plan
from tests.gateway import call
from tests.killing import keep, killed_anywhere
from tests.outcomes import code_of, let_time_run_out, summary
from tests.wire import intercepted

ABSENT = "0" * 24


def put(token, class_id, students, **more):
    body = {"studentIds" if isinstance(students, list) else "studentId": students, **more}
    return call("classes", "POST", f"{PATH}/{class_id}/students", token=token, json_body=body)


def filled(token, name, *students, **members):
    """A class with these students."""
    class_id = made(token, name=name, capacity=5, **members)
    if students:
        assert put(token, class_id, list(students)).status == 200
    return class_id


def told(reply):
    assert reply.status == 200, reply.text
    return [(each["name"], each["status"], code_of(each)) for each in reply.result]


@pytest.fixture
def pupils(admin):
    return [student(admin, name) for name in ("Adi", "Budi", "Citra")]


def test_many_are_put_into_a_class_with_a_row_for_each_and_again_unchanged(other_school, admin, pupils):
    class_id, stranger = made(admin, capacity=5), student(other_school.token("administrator"), "Orang Jauh")
    reply = put(admin, class_id, [*pupils, stranger, ABSENT, pupils[0].upper()])
    nobody = (None, "failed", "not_found")
    assert told(reply) == [*((each, "updated", None) for each in ("Adi", "Budi", "Citra")), nobody, nobody]
    assert reply.body["meta"]["summary"] == summary(total=5, updated=3, failed=2)
    assert [reply.result[3] | {"id": ABSENT}] == [reply.result[4]]
    assert (names(admin, class_id), number(admin, class_id)) == (["Adi", "Budi", "Citra"], 3)
    for more in ({}, {"move": True}):
        assert {each["status"] for each in put(admin, class_id, pupils, **more).result} == {"unchanged"}
    assert number(admin, class_id) == 3


def test_who_has_another_class_of_the_year_fails_with_its_name_or_is_moved(admin, pupils):
    old, new = filled(admin, "X-1", *pupils[:2]), filled(admin, "X-2")
    earlier = filled(admin, "IX-1", pupils[0], academicYear="2025/2026")
    refused = put(admin, new, pupils)
    assert told(refused)[:2] == [(each, "failed", "already_in_class") for each in ("Adi", "Budi")]
    assert "X-1" in refused.result[0]["errors"][0]["message"]
    others = [(each["otherClassId"], each["otherClassName"]) for each in refused.result]
    assert others == [(old, "X-1"), (old, "X-1"), (None, None)]
    moved = put(admin, new, pupils, move=True)
    assert [each["status"] for each in moved.result] == ["updated", "updated", "unchanged"]
    assert [each["otherClassId"] for each in moved.result] == [old, old, None]
    assert (names(admin, old), number(admin, old)) == ([], 0)
    assert (names(admin, new), number(admin, new)) == (["Adi", "Budi", "Citra"], 3)
    assert [class_of(admin, each) for each in pupils] == [new] * 3
    # The class of another year stays, and an older one is no student's current one.
    assert names(admin, earlier) == ["Adi"]
    found = call("students", "GET", "/api/students", token=admin, query={"classId": [new], "search": ["adi"]})
    assert [each["id"] for each in found.result] == pupils[:1]


def test_the_trail_tells_of_both_classes_who_came_and_who_went(admin, pupils):
    old, new = filled(admin, "X-1", *pupils[:2]), filled(admin, "X-2")
    put(admin, new, pupils, move=True)
    for class_id, action, ids in ((new, "classes.students.add", pupils), (old, "classes.students.remove", pupils[:2])):
        entry = trail(admin, target=class_id).result[0]
        assert (entry["action"], entry["details"]) == (action, {"ids": " ".join(ids)})
    moves = [each["action"] for each in trail(admin, target=pupils[0]).result if each["action"].startswith("classes")]
    assert sorted(moves[:2]) == ["classes.students.add", "classes.students.remove"]


def test_one_student_is_moved_as_well_and_the_conflict_says_from_where(admin, pupils):
    old, new, budi = filled(admin, "X-1", pupils[0]), filled(admin, "X-2"), pupils[0]
    refused = put(admin, new, budi)
    assert (refused.status, refused.codes) == (409, [("studentId", "already_in_class")])
    assert "X-1" in refused.body["message"]
    assert refused.body["meta"]["existing"] == [{"field": "studentId", "kind": "classes", "id": old}]
    assert put(admin, new, budi, move=True).status == 201
    again = put(admin, new, budi, move=True)
    assert (again.status, again.result["id"], number(admin, new), number(admin, old)) == (200, budi, 1, 0)
    assert put(admin, new, budi).body["meta"]["existing"][0]["id"] == new


def test_who_may_not_see_classes_is_not_told_which_one_it_is(school, admin, pupils):
    old, new = filled(admin, "X-1", pupils[0]), filled(admin, "X-2")
    role = {"name": "Penata", "permissions": ["classes:write"]}
    role_id = call("roles", "POST", "/api/roles", token=admin, json_body=role).result["id"]
    blind = school.token(school.add("Penata Kelas", "penata@smansa.test", [role_id]))
    refused = put(blind, new, pupils[0])
    assert (refused.codes, refused.body["meta"]) == ([("studentId", "already_in_class")], {})
    assert "X-1" not in refused.text
    assert old not in refused.text
    again = put(blind, old, pupils[0])
    assert again.body["meta"] == {}
    assert "X-1" not in again.text
    for more in ({}, {"move": True}):
        row = put(blind, new, pupils[:1], **more).result[0]
        assert (row["otherClassId"], row["otherClassName"]) == (None, None)
        assert "X-1" not in str(row)


@pytest.mark.parametrize(
    "body", [{}, {"studentId": ABSENT, "studentIds": [ABSENT]}, {"studentIds": []}, {"studentIds": [ABSENT] * 101}]
)
def test_one_or_many_are_named_and_not_both(admin, body):
    reply = call("classes", "POST", f"{PATH}/{made(admin)}/students", token=admin, json_body=body)
    assert reply.status == 400


def test_a_class_takes_of_many_as_many_as_it_has_places_for_and_nobody_loses_a_place(admin, pupils):
    old, new = filled(admin, "X-1", *pupils), made(admin, name="X-2", capacity=2)
    assert told(put(admin, new, pupils, move=True)) == [
        ("Adi", "updated", None),
        ("Budi", "updated", None),
        ("Citra", "failed", "class_full"),
    ]
    assert (names(admin, old), number(admin, old), number(admin, new)) == (["Citra"], 1, 2)
    assert put(admin, new, pupils[2], move=True).codes == [(None, "class_full")]
    assert class_of(admin, pupils[2]) == old


def test_an_inactive_student_is_neither_added_nor_moved(admin, pupils):
    old, new = filled(admin, "X-1", pupils[0]), filled(admin, "X-2")
    call("students", "POST", f"/api/students/{pupils[0]}/deactivate", token=admin)
    assert told(put(admin, new, pupils[:1], move=True)) == [("Adi", "failed", "student_inactive")]
    assert told(put(admin, old, pupils[:1], move=True)) == [("Adi", "unchanged", None)]
    assert number(admin, old) == 1


def test_many_come_from_many_classes_in_one_transaction(admin):
    everybody = [student(admin, f"Murid {letter}") for letter in "ABCDEFG"]
    rooms = [filled(admin, f"X-{place}", each) for place, each in enumerate(everybody)]
    new = made(admin, name="X-8", capacity=10)
    assert {each["status"] for each in put(admin, new, everybody, move=True).result} == {"updated"}
    assert [number(admin, each) for each in (*rooms, new)] == [0] * 7 + [7]


def test_who_was_not_begun_with_in_time_says_so_and_is_moved_by_asking_again(admin, monkeypatch):
    everybody = [student(admin, f"Murid {letter}") for letter in "ABCDEFG"]
    old, new = made(admin, name="X-1", capacity=9), made(admin, name="X-2", capacity=9)
    put(admin, old, everybody)
    with monkeypatch.context() as patched:
        let_time_run_out(patched, looks=8)
        statuses = [(each["status"], code_of(each)) for each in put(admin, new, everybody, move=True).result]
    assert statuses == [("updated", None)] * 5 + [("failed", "not_done")] * 2
    assert (number(admin, old), number(admin, new)) == (2, 5)
    again = put(admin, new, everybody, move=True).body["meta"]["summary"]
    assert again == summary(total=7, updated=2, unchanged=5)
    assert (number(admin, old), number(admin, new)) == (0, 7)


def test_a_class_that_is_deleted_meanwhile_is_told_from_a_full_one(school, admin, pupils):
    actor, class_id = caller_behind(school.people["administrator"]), made(admin)
    target = service.find(school.id, class_id)
    assert one("DELETE", class_id, admin).status == 204
    rows = additions.Adding(actor, target, move=False).run(pupils, additions.NEVER).rows
    assert [code_of({"errors": [{"code": each.errors[0].code}]}) for each in rows] == ["class_deleted"] * 3


def test_the_undoing_of_a_promotion_leaves_whom_somebody_moved_since(school, admin, pupils):
    filled(admin, "X-1", *pupils, grade=10)
    made(admin, name="XI-1", grade=11)
    planned = plan(admin).result["id"]
    assert finished(admin, "apply", planned).status == 200
    there = class_of(admin, pupils[0])
    other = filled(admin, "XI-2", grade=11, academicYear=NEXT)
    assert told(put(admin, other, pupils[:2], move=True))[0] == ("Adi", "updated", None)
    # One comes back by hand, and is the promotion's no longer.
    assert put(admin, there, pupils[1], move=True).status == 201
    assert finished(admin, "undo", planned).status == 200
    assert (names(admin, other), number(admin, other)) == (["Adi"], 1)
    assert (names(admin, there), number(admin, there)) == (["Budi"], 1)
    years = [len(memberships_of(people.find(school.id, STUDENTS, each))) for each in pupils]
    assert years == [2, 2, 1]


def test_who_comes_back_while_the_last_place_is_taken_comes_back_without_it(admin, pupils):
    class_id = made(admin, capacity=1)
    put(admin, class_id, pupils[0])
    assert call("students", "DELETE", f"/api/students/{pupils[0]}", token=admin).status == 204
    taken = []

    def meanwhile(send, operation, arguments):
        if operation == "TransactWriteItems" and not taken:
            taken.append(True)
            assert put(admin, class_id, pupils[1]).status == 201
        return send(operation, arguments)

    with intercepted(meanwhile):
        restored = call("students", "POST", f"/api/students/{pupils[0]}/restore", token=admin)
    assert (restored.status, restored.result["classId"]) == (200, None)
    assert (names(admin, class_id), number(admin, class_id)) == (["Budi"], 1)


@pytest.mark.proof
def test_a_move_that_is_killed_anywhere_is_finished_by_asking_again(admin, table, pupils):
    old, new = filled(admin, "X-1", *pupils), filled(admin, "X-2")

    def check():
        assert (names(admin, old), number(admin, old)) == ([], 0)
        assert (names(admin, new), number(admin, new)) == (["Adi", "Budi", "Citra"], 3)
        assert [class_of(admin, each) for each in pupils] == [new] * 3

    killed_anywhere(lambda: put(admin, new, pupils, move=True), check, keep(table))
