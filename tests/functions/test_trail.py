"""The trail tells every act: what was done, to whom, with which details, and by whom."""

import pytest

from tests.functions.test_audit import trail
from tests.functions.test_classes import PATH, add, listed, made, student
from tests.functions.test_invitations import invite
from tests.functions.test_people import KINDS, create
from tests.functions.test_promotions import NEXT, finished, plan
from tests.gateway import call
from tests.imports import bring, hand_over_everything, messages, send, wait_for_nobody


@pytest.fixture
def told(school, admin):
    """What the trail tells since the last time that it was asked, oldest first, and that it was the administrator."""
    seen = set()

    def since(*hidden):
        hidden += tuple(f"{kind}.sensitive.view" for kind in KINDS)
        entries = trail(admin, limit="100").result
        new = [each for each in reversed(entries) if each["id"] not in seen]
        seen.update(each["id"] for each in new)
        assert {each["actor"]["id"] for each in new} <= {school.people["administrator"].id}
        return [(each["action"], each["targetId"], each["details"]) for each in new if each["action"] not in hidden]

    return since


def ids(*students):
    return {"ids": " ".join(students)}


def test_an_invitation(school, admin, told):
    guest = school.add("Yuliana Maheswari", "guest@smansa.test", [], password=None)
    assert invite(guest, admin).status == 204
    assert told() == [("users.invite", guest.id, {})]


@pytest.mark.parametrize("kind", KINDS)
def test_a_persons_and_an_accounts_closing_opening_deletion_and_restoration(school, admin, told, kind):
    person = create(kind, admin).result["id"]
    assert told() == [(f"{kind}.create", person, {})]
    for method, word in (("POST", "deactivate"), ("POST", "activate"), ("DELETE", ""), ("POST", "restore")):
        assert call(kind, method, f"/api/{kind}/{person}/{word}".rstrip("/"), token=admin).status < 300
        assert told() == [(f"{kind}.{word or 'delete'}", person, {})]
    user = school.people["student"].id
    for word in ("deactivate", "activate"):
        assert call("users", "POST", f"/api/users/{user}/{word}", token=admin).status == 200
        assert told() == [(f"users.{word}", user, {})]
    assert call("users", "DELETE", f"/api/users/{user}", token=admin).status == 204
    assert told() == [("users.delete", user, {})]


def test_a_role_that_is_given_and_taken(school, admin, told):
    pupil, body = school.people["student"].id, {"name": "Piket", "permissions": []}
    role = call("roles", "POST", "/api/roles", token=admin, json_body=body).result["id"]
    assert told() == [("roles.create", role, {})]
    for method, word in (("POST", "add"), ("DELETE", "remove")):
        path, members = f"/api/roles/{role}/members", {"userIds": [pupil]}
        assert call("roles", method, path, token=admin, json_body=members).status == 200
        assert told() == [(f"roles.members.{word}", pupil, {"roleId": role})]


def test_who_came_into_a_class_and_left_it(admin, told):
    pupil, x = student(admin), made(admin)
    told()
    assert add(admin, x, pupil).status == 201
    assert call("classes", "DELETE", f"{PATH}/{x}/students/{pupil}", token=admin).status == 204
    assert told() == [("classes.students.add", x, ids(pupil)), ("classes.students.remove", x, ids(pupil))]
    assert add(admin, x, pupil).status == 201
    copy = {"academicYear": NEXT, "includeStudents": True}
    copied = call("classes", "POST", f"{PATH}/{x}/copy", token=admin, json_body=copy).result["class"]["id"]
    assert told("classes.students.add") == [
        ("classes.create", copied, {}),
        ("classes.students.copy", copied, ids(pupil)),
    ]
    query = {"force": ["true"]}
    assert call("classes", "DELETE", f"{PATH}/{copied}", token=admin, query=query).status == 204
    assert told() == [("classes.students.remove", copied, ids(pupil)), ("classes.delete", copied, {})]


def test_a_promotion_with_everybody_whom_it_moved_and_that_it_was_undone(admin, told):
    pupils = {}
    for name, grade in (("XI-1", 11), ("XII-1", 12)):
        pupils[name] = student(admin, f"Murid {name}")
        add(admin, made(admin, name=name, grade=grade), pupils[name])
    planned = plan(admin).result["id"]
    told()
    assert finished(admin, "apply", planned).status == 200
    (new,) = [each["id"] for each in listed(admin, academicYear=NEXT).result]
    entries = told()
    assert entries[0] == ("classes.promotions.apply", planned, {})
    assert entries[-1] == ("classes.promotions.applied", planned, {})
    # The classes are promoted side by side.
    assert sorted(entries[1:-1], key=str) == [
        ("classes.create", new, {}),
        ("classes.promotions.graduate", planned, ids(pupils["XII-1"])),
        ("classes.promotions.promote", planned, ids(pupils["XI-1"])),
    ]
    assert finished(admin, "undo", planned).status == 200
    entries = told()
    assert entries[0] == ("classes.promotions.undo", planned, {})
    assert sorted(entries[1:3], key=str) == sorted(
        (("classes.promotions.undo", planned, ids(pupil)) for pupil in pupils.values()), key=str
    )
    assert entries[3:] == [("classes.delete", new, {}), ("classes.promotions.undone", planned, {})]


@pytest.mark.parametrize("queued", [False, True], ids=["at once", "by workers"])
def test_an_import_with_everybody_whom_it_made_or_changed(admin, told, monkeypatch, queued):
    wait_for_nobody(monkeypatch)
    there = create("students", admin).result
    told()
    if queued:
        hand_over_everything(monkeypatch)
    rows = [{"name": "Ani", "nisn": "0012345678"}, {"name": "Citra", "nisn": "0012345680"}]
    one, changed = {"name": "Dewi", "nipd": "25003"}, {"nisn": there["nisn"], "hobby": "Catur"}
    rows = [*rows, {"name": "Buruk", "nisn": "1"}, {"nisn": "0098765439", "name": "Eka"}, one, changed]
    answer = send("students", admin, json_body={"data": rows})
    bring(messages())
    job = answer.result["id"]
    results = call("imports", "GET", f"/api/imports/{job}/rows", token=admin).result
    made = [each["id"] for each in results if each["status"] == "created"]
    assert len(made) == 4
    entries = told()
    imported = [details for action, _, details in entries if action == "students.import"]
    assert sorted(" ".join(each["ids"] for each in imported).split()) == sorted(made)
    assert {each["import"] for each in imported} == {job}
    for action, target, details in entries:
        if action == "students.import":
            assert target == (job if " " in details["ids"] else details["ids"])
    assert [(action, target) for action, target, _ in entries if action != "students.import"] == [
        ("students.update", there["id"])
    ]
