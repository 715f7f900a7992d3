"""What classes and promotions keep to at their edges."""

import pytest
from core.classes.models import homeroom_key
from core.kernel.records import Record
from core.kernel.table import find, get
from core.people.models import PersonItem, people_of

from tests.functions.test_classes import PATH, add, create, listed, made, names, one, person, roster, student
from tests.functions.test_promotions import NEXT, copied, finished, plan
from tests.gateway import call
from tests.outcomes import code_of


@pytest.mark.parametrize(("grade", "status"), [(0, 400), (1, 201), (13, 201), (14, 400)])
def test_grades_are_those_from_one_to_thirteen(admin, grade, status):
    assert create(admin, grade=grade).status == status


def test_an_id_is_the_same_whatever_its_case(admin):
    class_id, sri, budi = made(admin), person("teachers", admin, "Sri"), student(admin)
    assert add(admin, class_id.upper(), budi.upper()).status == 201
    assert names(admin, class_id) == ["Budi"]
    changed = one("PATCH", class_id, admin, json_body={"homeroomTeacherId": sri.upper()})
    assert changed.result["homeroomTeacherId"] == sri


def test_a_former_homeroom_teacher_is_noted_for_the_class_no_longer(school, admin):
    sri, joko = person("teachers", admin, "Sri"), person("teachers", admin, "Joko")
    class_id = made(admin, homeroomTeacherId=sri)
    assert one("PATCH", class_id, admin, json_body={"homeroomTeacherId": joko}).status == 200
    noted = [get(*homeroom_key(school.id, each)).class_ids or set() for each in (sri, joko)]
    assert noted == [set(), {class_id}]


def test_a_teacher_who_goes_at_the_moment_of_a_copy_does_not_hold_it_up(school, admin):
    sri = person("teachers", admin, "Sri")
    class_id = made(admin, homeroomTeacherId=sri)
    teacher = find(PersonItem, people_of(school.id, "teachers"), sri)
    teacher.update(actions=[Record.deleted_at.set(teacher.created_at)])
    copy = copied(admin, class_id)
    assert (copy.status, copy.result["class"]["homeroomTeacherId"]) == (201, None)


def test_another_capacity_counts_who_sits_there_already(admin):
    class_id = made(admin, capacity=1)
    assert add(admin, class_id, student(admin, "Ani")).status == 201
    assert one("PATCH", class_id, admin, json_body={"capacity": 2}).status == 200
    assert add(admin, class_id, student(admin, "Budi")).status == 201
    full = add(admin, class_id, student(admin, "Citra"))
    assert (full.status, full.codes) == (409, [(None, "class_full")])
    assert one("PATCH", class_id, admin, json_body={"capacity": 1}).codes == [("capacity", "capacity_below_students")]


def test_slips_of_a_class_leave_out_who_has_left_the_school(admin):
    class_id = made(admin)
    for name in ("Ani", "Budi"):
        add(admin, class_id, student(admin, name, email=f"{name.lower()}@x.test"))
    (gone,) = [
        each["id"] for each in call("students", "GET", "/api/students", token=admin).result if each["name"] == "Ani"
    ]
    assert call("students", "POST", f"/api/students/{gone}/deactivate", token=admin).status == 200
    asked = {"json_body": {"classId": class_id}, "query": {"dryRun": ["true"]}}
    rows = call("slips", "POST", "/api/users/password-resets", token=admin, **asked).result
    assert [(each["name"], each["status"]) for each in rows] == [("Budi", "updated")]


def test_undoing_a_promotion_leaves_an_empty_class_that_was_there_before(admin):
    add(admin, made(admin, name="X-1", grade=10), student(admin))
    made(admin, name="XI-1", grade=11)
    there = made(admin, name="XI-1", grade=11, academicYear=NEXT)
    planned = plan(admin).result["id"]
    assert finished(admin, "apply", planned).status == 200
    assert names(admin, there) == ["Budi"]
    assert finished(admin, "undo", planned).status == 200
    assert [each["id"] for each in listed(admin, academicYear=NEXT).result] == [there]


def test_a_class_that_a_promotion_makes_has_all_members_of_the_one_that_it_continues(admin):
    before = {"name": "XI IPA 1", "grade": 11, "major": "IPA", "capacity": 7}
    add(admin, made(admin, **before), student(admin))
    made(admin, name="XII-1", grade=12)
    assert finished(admin, "apply", plan(admin).result["id"]).status == 200
    (made_by_it,) = listed(admin, academicYear=NEXT).result
    assert {name: made_by_it[name] for name in before} == before | {"name": "XII IPA 1", "grade": 12}


def test_a_plan_leaves_who_has_a_class_of_that_year_already_and_counts_the_others_alone(admin):
    budi, sri = student(admin, "Budi"), student(admin, "Sri")
    class_id = made(admin, name="X-1", grade=10)
    made(admin, name="XI-1", grade=11)
    for each in (budi, sri):
        assert add(admin, class_id, each).status == 201
    add(admin, made(admin, name="XI-2", grade=11, academicYear=NEXT), sri)
    planned = plan(admin).result
    step = planned["classes"][0]
    moving = [each["id"] for each in step["rows"] if each["status"] == "updated"]
    assert (moving, planned["total"]) == ([budi], 1)
    staying = [(each["id"], code_of(each)) for each in step["rows"] if each["status"] != "updated"]
    assert staying == [(sri, "already_in_class")]


def test_a_plan_keeps_who_was_deleted_since_without_a_name(admin):
    class_id, budi, sri = made(admin, name="XII-1", grade=12), student(admin, "Budi"), student(admin, "Sri")
    for each in (budi, sri):
        add(admin, class_id, each)
    planned = plan(admin, exceptStudentIds=[sri]).result
    assert [each["name"] for each in planned["classes"][0]["rows"]] == ["Budi", "Sri"]
    for each in (budi, sri):
        assert call("students", "DELETE", f"/api/students/{each}", token=admin).status == 204
    (step,) = call("classes", "GET", f"{PATH}/promotions/{planned['id']}", token=admin).result["classes"]
    assert [(each["id"], each["name"]) for each in step["rows"]] == [(budi, None), (sri, None)]


def test_a_graduate_who_has_other_roles_is_left_for_somebody_to_look_after(school, admin):
    budi = student(admin, email="budi@smansa.test")
    add(admin, made(admin, name="XII-1", grade=12), budi)
    user = call("students", "GET", f"/api/students/{budi}", token=admin).result["userId"]
    teachers = f"/api/roles/{school.people['teacher'].roles[0]}/members"
    assert call("roles", "POST", teachers, token=admin, json_body={"userIds": [user]}).status == 200
    planned = plan(admin).result["id"]
    assert finished(admin, "apply", planned).status == 200
    (step,) = call("classes", "GET", f"{PATH}/promotions/{planned}", token=admin).result["classes"]
    assert [(each["id"], code_of(each)) for each in step["rows"]] == [(budi, "other_roles")]
    assert call("students", "GET", f"/api/students/{budi}", token=admin).result["active"] is True
    assert call("users", "GET", f"/api/users/{user}", token=admin).result["active"] is True


def test_an_empty_class_goes_into_another_year(admin):
    moved = one("PATCH", made(admin), admin, json_body={"academicYear": NEXT})
    assert (moved.status, moved.result["academicYear"]) == (200, NEXT)


def test_the_feed_of_changes_has_a_class_whose_roster_changed(admin):
    class_id = made(admin)
    add(admin, class_id, student(admin))
    now = one("GET", class_id, admin).result
    assert [each["studentCount"] for each in listed(admin, updatedSince=now["updatedAt"]).result] == [1]


def test_who_comes_back_into_the_classes_of_several_years_is_in_the_newest_now(admin):
    budi, classes = student(admin), [made(admin), made(admin, academicYear=NEXT)]
    for each in classes:
        add(admin, each, budi)
    assert call("students", "DELETE", f"/api/students/{budi}", token=admin).status == 204
    restored = call("students", "POST", f"/api/students/{budi}/restore", token=admin)
    assert restored.result["classId"] == classes[1]
    assert [names(admin, each) for each in classes] == [["Budi"], ["Budi"]]


def test_a_repeated_copy_tells_who_has_meanwhile_another_class_of_that_year(admin):
    class_id, pupils = made(admin), [student(admin, name) for name in ("Ani", "Budi")]
    for each in pupils:
        add(admin, class_id, each)
    asked = {"includeStudents": True, "exceptStudentIds": [pupils[1]]}
    assert copied(admin, class_id, **asked).status == 201
    add(admin, made(admin, name="XI-9", grade=11, academicYear=NEXT), pupils[1])
    rows = copied(admin, class_id, includeStudents=True).result["rows"]
    assert [(each["status"], code_of(each)) for each in rows] == [("unchanged", None), ("failed", "already_in_class")]


def test_a_full_last_page_of_a_roster_leads_no_further(admin):
    class_id = made(admin)
    for name in ("Ani", "Budi"):
        add(admin, class_id, student(admin, name))
    nexts = [roster(admin, class_id, limit=limit).body["meta"]["next"] for limit in "12"]
    assert [each is None for each in nexts] == [False, True]
