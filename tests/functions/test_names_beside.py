"""Names beside ids: the class of a student, and the homeroom teacher of a class, wherever these are shown."""

import pytest
from core.kernel.media_types import CSV

from tests.functions.test_classes import PATH, add, listed, made, one, person, remove, student
from tests.functions.test_own_record import own, record  # noqa: F401 - a fixture
from tests.functions.test_people_exports import export, rows
from tests.functions.test_promotions import NEXT, copied
from tests.gateway import call
from tests.wire import Counting, intercepted


def get(token, student_id, **headers):
    return call("students", "GET", f"/api/students/{student_id}", token=token, headers=headers)


def everywhere(token, student_id):
    """What a student's class is called by every answer that shows the student."""
    student_path = f"/api/students/{student_id}"
    found = [get(token, student_id).result]
    for query in (
        {},
        {"search": ["bud"]},
        {"sort": ["createdAt"]},
        {"fields": ["id,className"]},
        {"nisn": ["0012345678"]},
    ):
        reply = call("students", "GET", "/api/students", token=token, query=query)
        found += [each for each in reply.result if each["id"] == student_id]
    found.append(call("students", "PATCH", student_path, token=token, json_body={"hobby": "catur"}).result)
    found.append(call("students", "POST", f"{student_path}/activate", token=token).result)
    found.append(call("students", "GET", f"{student_path}/export", token=token).result["record"])
    assert len(found) == 9
    files = [row["className"] for row in rows(export("students", token)) if row["id"] == student_id]
    dapodik = rows(export("students", token, headers="dapodik"), ";")
    files += [row["Rombel Saat Ini"] for row in dapodik if row["NISN"].strip("'") == "0012345678"]
    assert len(files) == 2
    return {each["className"] for each in found} | {each or None for each in files}


def test_a_student_is_shown_with_the_name_that_the_class_has_now(admin):
    class_id, budi = made(admin), student(admin, nisn="0012345678")
    student(admin, "Citra")
    assert everywhere(admin, budi) == {None}
    add(admin, class_id, budi)
    assert everywhere(admin, budi) == {"X-1"}
    one("PATCH", class_id, admin, json_body={"name": "X IPA 1"})
    assert everywhere(admin, budi) == {"X IPA 1"}
    other = made(admin, name="X-2")
    body = {"studentId": budi, "move": True}
    assert call("classes", "POST", f"{PATH}/{other}/students", token=admin, json_body=body).status == 201
    assert everywhere(admin, budi) == {"X-2"}
    remove(admin, other, budi)
    assert everywhere(admin, budi) == {None}


def test_a_student_sees_the_own_class_by_name(admin, record):  # noqa: F811 - the fixture
    citra, token = record()
    add(admin, made(admin), citra.id)
    assert own(token).result["className"] == "X-1"
    assert own(token, "PATCH", json_body={"phoneNumber": "0812 3456 789"}).result["className"] == "X-1"
    _, token = record("teachers", "Sri Wahyuni", nik=None)
    assert "className" not in own(token).result


def test_an_etag_changes_with_the_name_beside_and_a_write_rests_on_the_version_alone(admin):
    class_id, budi = made(admin), student(admin)
    assert get(admin, budi).headers["etag"] == '"1"'
    add(admin, class_id, budi)
    before = get(admin, budi).headers["etag"]
    assert get(admin, budi, **{"If-None-Match": before}).status == 304
    one("PATCH", class_id, admin, json_body={"name": "X-9"})
    now = get(admin, budi, **{"If-None-Match": before})
    assert (now.status, now.result["className"], now.headers["etag"] == before) == (200, "X-9", False)
    path, body = f"/api/students/{budi}", {"hobby": "catur"}
    for tag, status in ((before, 200), (before, 412), ('"2-zz"', 412), ('"2-"', 412)):
        reply = call("students", "PATCH", path, token=admin, json_body=body, headers={"If-Match": tag})
        assert (tag, reply.status) == (tag, status)


def test_a_class_is_shown_with_the_name_that_its_homeroom_teacher_has_now(admin):
    sri = person("teachers", admin, "Sri")
    created = call(
        "classes",
        "POST",
        PATH,
        token=admin,
        json_body={"name": "X-1", "grade": 10, "academicYear": "2026/2027", "capacity": 2, "homeroomTeacherId": sri},
    )
    class_id = created.result["id"]

    def names():
        shown = [one("GET", class_id, admin).result, *listed(admin, grade="10").result]
        shown += listed(admin, search="x-1", academicYear="2026/2027").result
        shown.append(one("PATCH", class_id, admin, json_body={"major": None}).result)
        shown.append(copied(admin, class_id, dryRun=True).result["class"])
        assert len(shown) == 5
        return {each["homeroomTeacherName"] for each in shown}

    assert created.result["homeroomTeacherName"] == "Sri"
    assert names() == {"Sri"}
    before = one("GET", class_id, admin).headers["etag"]
    call("teachers", "PATCH", f"/api/teachers/{sri}", token=admin, json_body={"name": "Sri Wahyuni"})
    assert names() == {"Sri Wahyuni"}
    assert one("GET", class_id, admin, headers={"If-None-Match": before}).status == 200
    following = copied(admin, class_id, grade=11).result["class"]
    assert (following["homeroomTeacherName"], following["academicYear"]) == ("Sri Wahyuni", NEXT)
    call("teachers", "DELETE", f"/api/teachers/{sri}", token=admin)
    assert names() == {None}


@pytest.mark.parametrize(("fields", "more"), [("id,className", 1), ("id,name", 0)])
def test_the_classes_of_a_page_are_read_once_and_only_if_they_are_shown(admin, fields, more):
    rooms = [made(admin, name=name) for name in ("X-1", "X-2")]
    for place, name in enumerate(("Adi", "Budi", "Citra")):
        add(admin, rooms[place % 2], student(admin, name))
    counting = Counting()
    with intercepted(counting):
        call("students", "GET", "/api/students", token=admin, query={"fields": [fields]})
    assert str(counting).count("BatchGetItem of 3") == 1
    # The session and its account are two items as well.
    assert str(counting).startswith(("BatchGetItem of 2,", "2 times BatchGetItem of 2,")[more])


def test_the_classes_of_a_file_are_read_once_however_many_students_are_in_them(admin, monkeypatch):
    monkeypatch.setattr("core.http.exports.READ_AT_ONCE", 2)
    class_id = made(admin, capacity=9)
    for name in ("Adi", "Budi", "Citra", "Dewi", "Eka"):
        add(admin, class_id, student(admin, name))
    counting = Counting()
    with intercepted(counting):
        assert [each["className"] for each in rows(export("students", admin, CSV))] == ["X-1"] * 5
    assert "BatchGetItem of 1," in str(counting)
    assert "times BatchGetItem of 1" not in str(counting)
