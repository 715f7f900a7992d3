"""Classes and their rosters."""

import pytest

from tests.gateway import call
from tests.killing import keep, killed_anywhere
from tests.schools import everything

CLASS = {"name": "X-1", "grade": 10, "academicYear": "2026/2027", "major": "IPA", "capacity": 2}
PATH = "/api/classes"


def create(token, **changes):
    return call("classes", "POST", PATH, token=token, json_body={**CLASS, **changes})


def made(token, **changes):
    reply = create(token, **changes)
    assert reply.status == 201, reply.text
    return reply.result["id"]


def one(method, class_id, token, **options):
    return call("classes", method, f"{PATH}/{class_id}", token=token, **options)


def listed(token, **query):
    return call("classes", "GET", PATH, token=token, query={name: [value] for name, value in query.items()} or None)


def person(kind, token, name, **members):
    reply = call(kind, "POST", f"/api/{kind}", token=token, json_body={"name": name, **members})
    assert reply.status == 201, reply.text
    return reply.result["id"]


def student(token, name="Budi", **members):
    return person("students", token, name, **members)


def add(token, class_id, student_id):
    return call("classes", "POST", f"{PATH}/{class_id}/students", token=token, json_body={"studentId": student_id})


def remove(token, class_id, student_id):
    return call("classes", "DELETE", f"{PATH}/{class_id}/students/{student_id}", token=token)


def roster(token, class_id, **query):
    asked = {name: [value] for name, value in query.items()} or None
    return call("classes", "GET", f"{PATH}/{class_id}/students", token=token, query=asked)


def names(token, class_id, **query):
    return [each["name"] for each in roster(token, class_id, **query).result]


def class_of(token, student_id):
    return call("students", "GET", f"/api/students/{student_id}", token=token).result["classId"]


def number(token, class_id):
    return one("GET", class_id, token).result["studentCount"]


def test_a_created_class_is_answered_whole_and_found_again(admin):
    created = create(admin)
    assert created.status == 201, created.text
    assert created.result.items() >= CLASS.items()
    assert (created.result["studentCount"], created.result["homeroomTeacherId"]) == (0, None)
    assert created.headers["location"] == f"{PATH}/{created.result['id']}"
    again = one("GET", created.result["id"], admin)
    assert again.result == created.result
    assert again.headers["etag"] == '"1"'
    assert listed(admin).result == [created.result]
    assert listed(admin).body["meta"]["total"] == 1


def test_every_wrong_member_is_named(admin):
    reply = create(admin, grade=14, academicYear="2026/2028", capacity=0, studentCount=3, homeroomTeacherId="x")
    assert reply.status == 400
    assert {field for field, _ in reply.codes} == {
        "grade",
        "academicYear",
        "capacity",
        "studentCount",
        "homeroomTeacherId",
    }


def test_a_year_has_a_name_once_and_a_deleted_class_gives_it_back(admin):
    first = made(admin)
    assert create(admin, name="x-1").codes == [("name", "name_taken")]
    assert [each["kind"] for each in create(admin, name="x-1").body["meta"]["existing"]] == ["classes"]
    made(admin, academicYear="2027/2028")
    other = made(admin, name="X-2")
    assert one("PATCH", other, admin, json_body={"name": "X-1"}).status == 409
    assert one("DELETE", first, admin).status == 204
    assert one("PATCH", other, admin, json_body={"name": "X-1"}).status == 200
    assert one("GET", first, admin).status == 404


def test_a_list_is_filtered_searched_and_sorted(admin):
    for name, grade, year in (("X-1", 10, "2026/2027"), ("XI-1", 11, "2026/2027"), ("X-1", 10, "2025/2026")):
        made(admin, name=name, grade=grade, academicYear=year)
    assert [each["name"] for each in listed(admin, academicYear="2026/2027", sort="-name").result] == ["XI-1", "X-1"]
    tenths = listed(admin, grade="10", sort="createdAt").result
    assert sorted(each["academicYear"] for each in tenths) == ["2025/2026", "2026/2027"]
    assert [each["name"] for each in listed(admin, search="xi").result] == ["XI-1"]
    assert listed(admin, grade="ten").status == 400
    assert listed(admin, colour="red").status == 400


def test_a_change_needs_the_version_that_was_read(admin):
    class_id = made(admin)
    tag = one("GET", class_id, admin).headers["etag"]
    add(admin, class_id, student(admin))
    assert one("PATCH", class_id, admin, json_body={"major": "IPS"}, headers={"If-Match": tag}).status == 412
    changed = one("PATCH", class_id, admin, json_body={"major": None})
    assert (changed.status, changed.result["major"], changed.result["studentCount"]) == (200, None, 1)


def test_those_who_may_only_read_change_nothing(school, admin):
    class_id, teacher = made(admin), school.token("teacher")
    assert one("GET", class_id, teacher).status == 200
    assert roster(teacher, class_id).status == 200
    assert create(teacher, name="X-2").status == 403
    assert add(teacher, class_id, "0" * 24).status == 403
    assert listed(school.token("student")).status == 403


def test_another_schools_class_is_like_none(school, other_school, admin):
    theirs = made(other_school.token("administrator"))
    for method, options in (("GET", {}), ("PATCH", {"json_body": {"grade": 11}}), ("DELETE", {})):
        hidden, absent = (one(method, each, admin, **options) for each in (theirs, "0" * 24))
        assert (hidden.status, hidden.text) == (absent.status, absent.text) == (404, absent.text)
    assert roster(admin, theirs).text == roster(admin, "0" * 24).text
    ours = student(admin)
    assert add(admin, theirs, ours).status == 404
    stranger = student(other_school.token("administrator"))
    mine = made(admin)
    assert add(admin, mine, stranger).text == add(admin, mine, "0" * 24).text
    assert remove(admin, mine, stranger).status == 404


def test_a_student_sits_in_a_class_and_is_found_by_it(admin):
    class_id, budi = made(admin), student(admin, nisn="0098765432")
    added = add(admin, class_id, budi)
    assert added.status == 201
    assert added.result["name"] == "Budi"
    assert roster(admin, class_id).result == [added.result]
    assert class_of(admin, budi) == class_id
    assert number(admin, class_id) == 1
    for query in ({"classId": [class_id]}, {"classId": [class_id], "search": ["bud"]}):
        found = call("students", "GET", "/api/students", token=admin, query=query)
        assert [each["id"] for each in found.result] == [budi]
    assert remove(admin, class_id, budi).status == 204
    assert remove(admin, class_id, budi).status == 404
    assert (roster(admin, class_id).result, class_of(admin, budi), number(admin, class_id)) == ([], None, 0)


def test_a_class_takes_no_more_than_its_capacity(admin):
    class_id = made(admin)
    for name in ("Adi", "Budi"):
        assert add(admin, class_id, student(admin, name)).status == 201
    citra = student(admin, "Citra")
    assert add(admin, class_id, citra).codes == [(None, "class_full")]
    assert one("PATCH", class_id, admin, json_body={"capacity": 1}).codes == [("capacity", "capacity_below_students")]
    assert one("PATCH", class_id, admin, json_body={"capacity": 3}).status == 200
    assert add(admin, class_id, citra).status == 201
    assert names(admin, class_id) == ["Adi", "Budi", "Citra"]
    assert names(admin, class_id, sort="-name", limit="2") == ["Citra", "Budi"]
    assert names(admin, class_id, search="ci") == ["Citra"]
    following = roster(admin, class_id, limit="2").body["meta"]["next"]
    assert names(admin, class_id, limit="2", cursor=following) == ["Citra"]


def test_a_student_has_one_class_a_year_and_the_newest_is_the_current_one(admin):
    budi, now, again = student(admin), made(admin), made(admin, name="X-2")
    later, earlier = made(admin, academicYear="2027/2028"), made(admin, academicYear="2025/2026")
    assert add(admin, now, budi).status == 201
    assert add(admin, again, budi).codes == [("studentId", "already_in_class")]
    assert add(admin, later, budi).status == 201
    assert add(admin, earlier, budi).status == 201
    assert class_of(admin, budi) == later
    assert one("PATCH", later, admin, json_body={"academicYear": "2028/2029"}).status == 409
    remove(admin, later, budi)
    assert class_of(admin, budi) == now


def test_a_deleted_student_leaves_and_comes_back_if_there_is_room(admin):
    class_id, budi = made(admin, capacity=1), student(admin, "Budi")
    add(admin, class_id, budi)
    assert call("students", "DELETE", f"/api/students/{budi}", token=admin).status == 204
    assert (roster(admin, class_id).result, number(admin, class_id)) == ([], 0)
    restored = call("students", "POST", f"/api/students/{budi}/restore", token=admin)
    assert restored.result["classId"] == class_id
    assert (names(admin, class_id), number(admin, class_id)) == (["Budi"], 1)
    call("students", "DELETE", f"/api/students/{budi}", token=admin)
    add(admin, class_id, student(admin, "Citra"))
    assert call("students", "POST", f"/api/students/{budi}/restore", token=admin).result["classId"] is None
    assert (names(admin, class_id), number(admin, class_id)) == (["Citra"], 1)


def test_an_erased_student_leaves_nothing_on_the_roster(admin, table):
    class_id, budi = made(admin), student(admin)
    add(admin, class_id, budi)
    erased = call("students", "POST", f"/api/students/{budi}/erasure", token=admin, json_body={"reason": "Asked for"})
    assert erased.status == 200
    assert number(admin, class_id) == 0
    assert [each for each in everything(table) if f"STUDENT#{budi}" in each["pk"]["S"]] == []
    assert [each for each in everything(table) if each["pk"]["S"].endswith(f"CLASS#{class_id}")] == []


def test_an_inactive_student_keeps_the_place_and_gets_no_new_one(admin):
    class_id, budi = made(admin), student(admin)
    add(admin, class_id, budi)
    call("students", "POST", f"/api/students/{budi}/deactivate", token=admin)
    assert [each["active"] for each in roster(admin, class_id).result] == [False]
    assert add(admin, made(admin, name="X-2", academicYear="2027/2028"), budi).codes == [
        ("studentId", "student_inactive")
    ]


def test_a_class_with_students_is_deleted_by_force_only(admin):
    class_id, budi = made(admin), student(admin)
    add(admin, class_id, budi)
    assert one("DELETE", class_id, admin).codes == [(None, "class_has_students")]
    for query, codes in (
        ({"force": ["yes"]}, [("force", "invalid")]),
        ({"force": ["true", "false"]}, [("force", "repeated_parameter")]),
        ({"forced": ["true"]}, [("forced", "unknown_parameter")]),
    ):
        refused = one("DELETE", class_id, admin, query=query)
        assert (refused.status, refused.codes) == (400, codes)
    assert one("DELETE", class_id, admin, query={"force": ["true"]}).status == 204
    assert class_of(admin, budi) is None
    assert listed(admin).result == []
    assert listed(admin).body["meta"]["total"] == 0


def test_a_homeroom_teacher_is_a_teacher_of_the_school_and_goes_with_the_teacher(school, other_school, admin):
    sri = person("teachers", admin, "Sri")
    stranger = person("teachers", other_school.token("administrator"), "Joko")
    for nobody in (stranger, "0" * 24, student(admin)):
        assert create(admin, homeroomTeacherId=nobody).codes == [("homeroomTeacherId", "unknown_teacher")]
    class_id = made(admin, homeroomTeacherId=sri)
    other = made(admin, name="X-2")
    assert one("PATCH", other, admin, json_body={"homeroomTeacherId": stranger}).status == 400
    assert one("PATCH", other, admin, json_body={"homeroomTeacherId": sri}).status == 200
    assert len(listed(admin, homeroomTeacherId=sri).result) == 2
    assert one("PATCH", other, admin, json_body={"homeroomTeacherId": None}).status == 200
    assert call("teachers", "DELETE", f"/api/teachers/{sri}", token=admin).status == 204
    assert one("GET", class_id, admin).result["homeroomTeacherId"] is None
    assert listed(admin, homeroomTeacherId=sri).result == []
    assert create(admin, name="X-3", homeroomTeacherId=sri).status == 400


@pytest.mark.proof
def test_a_class_deleted_by_force_and_killed_anywhere_is_deleted_by_asking_again(admin, table):
    class_id = made(admin, capacity=3)
    students = [student(admin, name) for name in ("Adi", "Budi")]
    for each in students:
        add(admin, class_id, each)

    def operate():
        # Repeated after the last write, the class is gone.
        assert one("DELETE", class_id, admin, query={"force": ["true"]}).status in (204, 404)

    def check():
        assert [class_of(admin, each) for each in students] == [None, None]
        assert listed(admin).body["meta"]["total"] == 0
        assert [each for each in everything(table) if each["pk"]["S"].endswith(f"#CLASS#{class_id}")] == []

    killed_anywhere(operate, check, keep(table))


def test_what_is_kept_about_a_student_names_the_classes(admin):
    class_id, budi = made(admin), student(admin)
    add(admin, class_id, budi)
    exported = call("students", "GET", f"/api/students/{budi}/export", token=admin).result
    assert exported["classes"] == [{"academicYear": "2026/2027", "classId": class_id, "name": "X-1"}]


def test_slips_are_for_the_students_of_a_class(admin):
    class_id = made(admin)
    budi = student(admin, "Budi", email="budi@x.test")
    for each in (budi, student(admin, "Tanpa Akun")):
        add(admin, class_id, each)
    asked = {"token": admin, "json_body": {"classId": class_id}, "query": {"dryRun": ["true"]}}
    reply = call("slips", "POST", "/api/users/password-resets", **asked)
    assert [each["name"] for each in reply.result] == ["Budi"], reply.text


def test_the_trail_names_the_class_and_the_student(admin, table):
    class_id, budi = made(admin), student(admin)
    add(admin, class_id, budi)
    actions = {
        each["action"]["S"]: each
        for each in everything(table)
        if each["pk"]["S"].endswith("#AUDIT") and each["target_id"]["S"] == class_id
    }
    assert set(actions) == {"classes.create", "classes.students.add"}
    assert actions["classes.students.add"]["details"]["M"]["ids"]["S"] == budi
