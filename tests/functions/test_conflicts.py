"""A conflict names every member that is somebody else's, and to who may see it the record that is there."""

from tests.functions.test_people import create
from tests.gateway import call


def test_a_conflict_names_every_member_and_who_may_see_it_learns_whose_it_is(school, other_school, admin):
    there = create("students", admin).result
    answer = create("students", admin, nipd="2")
    assert (answer.status, sorted(answer.codes)) == (
        409,
        [(each, f"{each}_taken") for each in ("email", "nik", "nisn")],
    )
    whose = {each["field"]: (each["kind"], each["id"]) for each in answer.body["meta"]["existing"]}
    student = ("students", there["id"])
    assert whose == {"nik": student, "nisn": student, "email": ("users", there["userId"])}
    # Whoever may not see a NIK is not told of it, and whoever may not read accounts of none.
    blind = create("students", school.token("staff"), nipd="2", email=None)
    assert sorted(blind.codes) == [("nisn", "nisn_taken")]
    assert [each["field"] for each in blind.body["meta"]["existing"]] == ["nisn"]
    elsewhere = create("students", other_school.token("administrator"))
    assert (elsewhere.codes, elsewhere.body["meta"]) == ([("email", "email_taken")], {})


def test_who_may_not_read_accounts_is_not_told_whose_an_address_is(school, admin):
    create("students", admin)
    answer = create("students", school.token("staff"), nisn=None, nipd="2", nik=None)
    assert (answer.codes, answer.body["meta"]) == ([("email", "email_taken")], {})


def test_a_conflict_between_schools_names_the_other_to_who_may_see_schools(school, other_school):
    token, paths = (
        school.token("platform administrator"),
        [f"/api/organizations/{each.id}" for each in (school, other_school)],
    )
    body = {"hosts": ["www.smansa.test"], "npsn": "69800009"}
    assert call("organizations", "PATCH", paths[0], token=token, json_body=body).status == 200
    answer = call("organizations", "PATCH", paths[1], token=token, json_body=body)
    assert sorted(answer.codes) == [("hosts", "host_taken"), ("npsn", "npsn_taken")]
    told = [(each["field"], each["kind"], each["id"]) for each in answer.body["meta"]["existing"]]
    assert sorted(told) == [("hosts", "organizations", school.id), ("npsn", "organizations", school.id)]
