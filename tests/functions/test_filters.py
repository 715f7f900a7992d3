"""The exact filters that the contract names: each list takes them, finds by them whom it should, and tells no secrets.

A filter on a masked member is for those only who may see it (acceptance A8), and is a view of it (acceptance A5).
"""

import pytest
from core.contract.operations import Listing

from tests.functions.guessing import MEMBERS
from tests.functions.test_audit import trail
from tests.functions.test_classes import add, made, student
from tests.functions.test_people import KINDS, TEACHER, create, listed
from tests.functions.test_people_exports import export, rows
from tests.gateway import call
from tools.openapi.operations import declarations

#: Contract section 1, "Query parameters".
PEOPLE = {"active", "gender", "religion", "bloodType", "nik", "birthDate", "email"}
CONTRACT = {
    "users": {"active", "email", "roleId"},
    "students": PEOPLE | {"classId", "grade", "nisn", "nipd", "residenceType", "transportationMode", "readiness"},
    "teachers": PEOPLE | {"employmentStatus", "nip", "nuptk"},
    "staff": PEOPLE | {"employmentStatus", "nip", "nuptk"},
    "classes": {"academicYear", "grade", "homeroomTeacherId"},
}
#: For each filter a value, and another one that somebody else has.
VALUES = {
    "gender": ("FEMALE", "MALE"),
    "religion": ("HINDU", "ISLAM"),
    "bloodType": ("AB", "O"),
    "nik": ("6472015705100001", "6472011705100002"),
    "birthDate": ("2010-05-17", "2010-05-18"),
    "email": ("ani@smansa.test", "budi@smansa.test"),
    "nisn": ("0101234567", "0101234568"),
    "nipd": ("2526.1", "2526.2"),
    "nip": (TEACHER["nip"], "198501012010012002"),
    "nuptk": (TEACHER["nuptk"], "1234567890123457"),
    "residenceType": ("DORMITORY", "WITH_PARENTS"),
    "transportationMode": ("BICYCLE", "WALKING"),
    "employmentStatus": ("PNS", "OTHER"),
    "maritalStatus": ("DIVORCED", "SINGLE"),
}
#: What is no member that a body sends.
DERIVED = {"active", "classId", "grade", "readiness"}
LISTS = {each.operation.path: each for each in declarations() if isinstance(each.operation.query, Listing)}
SENSITIVE = [
    (each.folder, path, name)
    for path, each in LISTS.items()
    for name in sorted(each.operation.query.filters.keys() & each.operation.answers.shape.sensitive)
]


def filters_of(kind):
    return LISTS[f"/api/{kind}"].operation.query.filters.keys()


@pytest.mark.parametrize("kind", CONTRACT)
def test_a_list_takes_the_filters_that_the_contract_names(kind):
    assert filters_of(kind) >= CONTRACT[kind]


def test_every_filter_of_people_has_a_value_above():
    assert {name for kind in KINDS for name in filters_of(kind)} == VALUES.keys() | DERIVED


@pytest.fixture
def two(admin):
    """Of a kind two people who differ in every filter."""

    def make(kind):
        names = filters_of(kind) - DERIVED
        bodies = (
            {"name": name} | {each: VALUES[each][at] for each in names} for at, name in enumerate(("Ani", "Budi"))
        )
        made = [call(kind, "POST", f"/api/{kind}", token=admin, json_body=body) for body in bodies]
        assert {each.status for each in made} == {201}
        return [each.result["id"] for each in made]

    return make


@pytest.mark.parametrize("kind", KINDS)
def test_each_filter_finds_who_has_the_value_however_the_list_is_asked(kind, admin, two):
    ani, budi = two(kind)
    for name in sorted(filters_of(kind) - DERIVED):
        for number, person in enumerate((ani, budi)):
            asked = {name: VALUES[name][number]}
            more = ({}, {"sort": "-createdAt"}, {"search": "a"}, {"search": "ani", "sort": "name"}, {"limit": "1"})
            for further in more:
                found = listed(kind, admin, **asked, **further)
                expected = [] if "ani" in further.values() and person == budi else [person]
                expected = [] if further.get("search") == "a" and person == budi else expected
                assert [each["id"] for each in found.result] == expected, (name, further)
                assert found.body["meta"]["total"] == len(expected), (name, further)
            assert [each["id"] for each in rows(export(kind, admin, **asked))] == [person], name
    # All at once, and each with one that does not fit the others.
    everything = {name: VALUES[name][0] for name in filters_of(kind) - DERIVED}
    assert [each["id"] for each in listed(kind, admin, **everything).result] == [ani]
    for name in everything:
        assert listed(kind, admin, **everything | {name: VALUES[name][1]}).result == [], name


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_deleted_or_of_another_kind_or_school_is_found_by_no_filter(kind, admin, two, other_school):
    ani, _ = two(kind)
    names = sorted(filters_of(kind) - DERIVED)
    elsewhere = other_school.token("administrator")
    assert not any(listed(kind, elsewhere, **{name: VALUES[name][0]}).result for name in names)
    for other in KINDS.keys() - {kind}:
        shared = filters_of(other) - DERIVED & set(names)
        assert not any(listed(other, admin, **{name: VALUES[name][0]}).result for name in shared if name in names)
    assert call(kind, "DELETE", f"/api/{kind}/{ani}", token=admin).status == 204
    assert not any(listed(kind, admin, **{name: VALUES[name][0]}).result for name in names)


def test_students_are_found_by_the_grade_of_their_class(admin):
    classes = {grade: made(admin, name=f"Kelas {grade}", grade=grade) for grade in (10, 11)}
    pupils = {grade: student(admin, f"Murid {grade}") for grade in classes}
    for grade, class_id in classes.items():
        assert add(admin, class_id, pupils[grade]).status == 201
    student(admin, "Murid tanpa kelas")
    for grade, pupil in pupils.items():
        assert [each["id"] for each in listed("students", admin, grade=str(grade)).result] == [pupil]
        both = listed("students", admin, grade=str(grade), classId=classes[10]).result
        assert [each["id"] for each in both] == ([pupil] if grade == 10 else [])
        assert [each["id"] for each in listed("students", admin, grade=str(grade), search="murid").result] == [pupil]
    assert listed("students", admin, grade="12").result == []


def test_users_are_found_by_their_address_and_by_a_role(school, admin):
    teacher = school.people["teacher"]

    def found(**query):
        sent = {name: [value] for name, value in query.items()}
        answer = call("users", "GET", "/api/users", token=admin, query=sent)
        assert (answer.status, answer.body["meta"]["total"]) == (200, len(answer.result))
        return [each["id"] for each in answer.result]

    [role] = teacher.roles
    for more in ({}, {"sort": "-createdAt"}, {"search": "orang"}, {"active": "true"}):
        assert found(roleId=role, **more) == [teacher.id]
        assert found(email=teacher.email.upper(), **more) == [teacher.id]
    assert found(roleId=role, email=school.people["student"].email) == []
    assert found(roleId=role, active="false") == found(email="nobody@smansa.test") == found(roleId="0" * 24) == []


@pytest.mark.parametrize(("folder", "path", "name"), SENSITIVE)
def test_a8_nobody_filters_by_what_they_may_not_see(school, folder, path, name):
    token = school.token("staff")
    guesses = [value.replace("#", "1") for value in (*MEMBERS[name], *VALUES[name], "?")]
    replies = [call(folder, "GET", path, token=token, query={name: [each], "limit": ["0"]}) for each in guesses]
    assert {(each.status, each.text) for each in replies} == {(403, replies[0].text)}


@pytest.mark.parametrize(("folder", "path", "name"), SENSITIVE)
def test_a_list_that_is_chosen_by_a_masked_member_is_a_view_of_it_whatever_it_shows(admin, two, folder, path, name):
    ani, budi = two(folder)

    def seen(person):
        entries = trail(admin, target=person, action=f"{folder}.sensitive.").result
        return [each["action"].rpartition(".")[2] for each in entries]

    # Who makes a record sees it.
    listed(folder, admin, fields="id")
    export(folder, admin, fields="id")
    assert (seen(ani), seen(budi)) == (["view"], ["view"])
    listed(folder, admin, fields="id", **{name: VALUES[name][0]})
    export(folder, admin, fields="id", **{name: VALUES[name][0]})
    assert (seen(ani), seen(budi)) == (["export", "view", "view"], ["view"])


@pytest.mark.parametrize("kind", KINDS)
def test_who_saw_somebodys_nik_is_one_question(kind, admin, school, two):
    ani, _ = two(kind)
    listed(kind, admin)
    export(kind, admin)
    call(kind, "GET", f"/api/{kind}/{ani}", token=school.token("principal"))
    call(kind, "GET", f"/api/{kind}/{ani}", token=school.token("teacher"))
    create(kind, admin, name="Lain", **({} if kind == "students" else {"nip": None, "nuptk": None}))
    seen = [
        (each["action"].rpartition(".")[2], each["actor"]["id"])
        for each in trail(admin, target=ani, action=f"{kind}.sensitive.").result
    ]
    administrator, principal = school.people["administrator"].id, school.people["principal"].id
    assert seen == [
        ("view", principal),
        ("export", administrator),
        ("view", administrator),
        ("view", administrator),
    ]
    # The question outlives the person, and the person may ask it too.
    document = call(kind, "GET", f"/api/{kind}/{ani}/export", token=admin).result
    assert sum(".sensitive." in each["action"] for each in document["audit"]) == 5
    assert call(kind, "DELETE", f"/api/{kind}/{ani}", token=admin).status == 204
    assert len(trail(admin, target=ani, action=f"{kind}.sensitive.").result) == 5
