"""Height, weight and head circumference are whole numbers, also where a fraction was stored or stands in a file."""

from core.kernel.table import get, put, transact
from core.people.models import PersonItem, people_of

from tests.functions.test_people import create, one
from tests.imports import send


def test_a_measure_that_was_stored_with_a_fraction_is_a_whole_number_and_stands_in_no_changes_way(school, admin):
    person = create("students", admin).result
    item = get(PersonItem, people_of(school.id, "students"), person["id"])
    item.profile = item.profile | {"height": 165.5, "weight": 51.4}
    transact(put(item))
    shown = one("students", "GET", person["id"], admin).result
    assert [(each, type(each)) for each in (shown["height"], shown["weight"])] == [(166, int), (51, int)]
    changed = one("students", "PATCH", person["id"], admin, json_body={"hobby": "Catur"})
    assert (changed.status, changed.result["height"]) == (200, 166)


def test_an_import_rounds_a_measure_and_says_so(admin):
    row = {"name": "Ani", "nisn": "0012345678", "Tinggi Badan": "161,3", "weight": 52.5}
    (told,) = send("students", admin, json_body={"data": [row]}).result["rows"]
    assert (told["status"], [(each["code"], each["field"]) for each in told["warnings"]]) == (
        "created",
        [("rounded", "height"), ("rounded", "weight")],
    )
    kept = one("students", "GET", told["id"], admin).result
    assert (kept["height"], kept["weight"]) == (161, 53)
