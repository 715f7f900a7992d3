"""Dapodik readiness: which students' records are not whole yet, and what each lacks."""

from core.people.kinds import SENSITIVE

from tests.functions.test_people import create, listed, one
from tests.gateway import call

GAPS = {
    "nisn": "0108765432",
    "residenceType": "WITH_PARENTS",
    "mother": {"name": "Siti Aminah"},
    "address": {"street": "Jl. Contoh 1", "subDistrict": "Air Putih", "district": "Samarinda Ulu"},
}


def readiness(person_id, token):
    return call("students", "GET", f"/api/students/{person_id}/readiness", token=token)


def test_the_list_of_the_incomplete_follows_every_change(admin):
    person = create("students", admin).result

    def ids(state):
        return [each["id"] for each in listed("students", admin, readiness=state).result]

    assert (ids("incomplete"), ids("complete")) == ([person["id"]], [])
    assert one("students", "PATCH", person["id"], admin, json_body=GAPS).status == 200
    assert (ids("incomplete"), ids("complete")) == ([], [person["id"]])
    assert readiness(person["id"], admin).result == {"id": person["id"], "ready": True, "problems": []}
    assert one("students", "PATCH", person["id"], admin, json_body={"gender": "FEMALE"}).status == 200
    assert ids("incomplete") == [person["id"]]
    assert listed("students", admin, readiness="incomplete", search="budi").body["meta"]["total"] == 1


def test_each_problem_has_a_code_and_the_path_of_its_member(admin):
    person = create("students", admin).result
    found = {(each["field"], each["code"]) for each in readiness(person["id"], admin).result["problems"]}
    assert found == {
        ("residenceType", "missing"),
        ("mother.name", "missing"),
        ("address.subDistrict", "missing"),
        ("address.district", "missing"),
        ("nisn", "nisn_birth_year"),
    }


def test_who_may_not_see_a_member_learns_that_it_was_left_out_and_no_more(school, admin):
    person = create("students", admin, gender="FEMALE").result
    answer = readiness(person["id"], school.token("teacher"))
    assert {each["field"] for each in answer.result["problems"]} & SENSITIVE == set()
    assert answer.body["meta"]["masked"] == sorted(SENSITIVE)
    assert one("students", "PATCH", person["id"], admin, json_body=GAPS | {"mother": None}).status == 200
    assert readiness(person["id"], school.token("teacher")).result["ready"] is True
    assert readiness(person["id"], admin).result["ready"] is False
    states = {
        who: listed("students", who, readiness="complete").result != [] for who in (school.token("teacher"), admin)
    }
    assert list(states.values()) == [True, False]


def test_others_are_refused_as_everywhere(school, admin, other_school):
    person = create("students", admin).result
    assert readiness(person["id"], None).status == 401
    assert readiness(person["id"], school.token("student")).status == 403
    assert readiness(person["id"], other_school.token("administrator")).status == 404


def test_only_students_have_the_filter_and_it_takes_two_words(admin):
    assert listed("students", admin, readiness="false").codes == [("readiness", "invalid")]
    assert listed("teachers", admin, readiness="incomplete").codes == [("readiness", "unknown_parameter")]
