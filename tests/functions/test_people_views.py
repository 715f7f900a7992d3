"""Who saw what is sensitive of a person stands in the trail (acceptance A5)."""

from core.kernel.table import query

from tests.functions.test_people import create, listed, one
from tests.gateway import call


def test_a_view_of_sensitive_members_is_audited_and_one_without_is_not(school, admin):
    person = create("students", admin).result

    def views():
        entries = query(f"{school.id}#AUDIT").items
        return sum(each["action"]["S"] == "students.sensitive.view" for each in entries)

    before = views()
    listed("students", admin, fields="id,name")
    one("students", "GET", person["id"], school.token("teacher"))
    assert views() == before
    one("students", "GET", person["id"], admin)
    assert views() == before + 1


def test_the_trail_of_views_does_not_tell_who_has_nothing_sensitive(school, admin):
    body = {"name": "Ani", "gender": "FEMALE"}
    plain = call("students", "POST", "/api/students", token=admin, json_body=body).result["id"]
    whole = create("students", admin).result["id"]
    clear_of_trail = len(query(f"{school.id}#AUDIT").items)
    listed("students", admin)
    [entry] = query(f"{school.id}#AUDIT").items[clear_of_trail:]
    assert set(entry["details"]["M"]["ids"]["S"].split()) == {plain, whole}
