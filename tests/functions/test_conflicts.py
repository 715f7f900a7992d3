"""A conflict names every member that is somebody else's, and to who may see it the record that is there."""

from tests.functions.test_people import create


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
