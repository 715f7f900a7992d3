"""A search finds people by the beginning of a NIK: for who may see NIKs, and for nobody else (acceptance A8)."""

import pytest
from core.kernel.media_types import CSV

from tests.functions.test_audit import trail
from tests.functions.test_classes import person
from tests.functions.test_people import listed
from tests.functions.test_people_exports import export, rows
from tests.gateway import call
from tests.wire import Counting, intercepted

NIKS = ["3171234501100001", "3171234501100002", "3171239999990003", "6471239999990004"]
NAMES = ["Dewi", "Citra", "Budi", "Adi"]
#: A NISN that begins as the first three NIKs do.
NISN = "3171234509"


def names(kind, token, **query):
    reply = listed(kind, token, **query)
    assert reply.status == 200, reply.text
    assert reply.body["meta"]["total"] == len(reply.result)
    return [each["name"] for each in reply.result]


@pytest.fixture
def people(admin):
    """The ids of students with these NIKs, of whom the last has the NISN, besides a teacher with one like them."""
    made = [
        person("students", admin, name, nik=nik, gender="MALE" if nik == NIKS[0] else "FEMALE")
        for name, nik in zip(NAMES, NIKS, strict=True)
    ]
    person("teachers", admin, "Guru", nik="3171234501100009")
    call("students", "PATCH", f"/api/students/{made[-1]}", token=admin, json_body={"nisn": NISN})
    return made


def test_people_are_found_by_the_beginning_of_their_nik_among_those_found_otherwise(admin, other_school, people):
    assert names("students", admin, search=NIKS[1]) == ["Citra"]
    assert names("students", admin, search="317123") == ["Adi", "Budi", "Citra", "Dewi"]
    assert names("students", admin, search="317123", sort="-name") == ["Dewi", "Citra", "Budi", "Adi"]
    assert names("students", admin, search="317123", sort="createdAt") == NAMES
    assert names("students", admin, search="317123", gender="MALE") == ["Dewi"]
    assert names("students", admin, search="31712345") == ["Adi", "Citra", "Dewi"]
    # Who is found by both stands there once.
    call("students", "PATCH", f"/api/students/{people[0]}", token=admin, json_body={"nisn": NISN[:-1] + "8"})
    assert names("students", admin, search="31712345") == ["Adi", "Citra", "Dewi"]
    assert names("students", admin, search=NIKS[1], nik=NIKS[1]) == ["Citra"]
    assert names("students", admin, search=NIKS[1], nik=NIKS[0]) == []
    assert names("teachers", admin, search="317123") == ["Guru"]
    assert names("students", other_school.token("administrator"), search="317123") == []
    # Five digits are no beginning of a NIK yet.
    assert names("students", admin, search="31712", sort="name") == ["Adi", "Dewi"]


def test_they_are_walked_to_by_cursor_and_taken_away_in_a_file(admin, people):
    found, query = [], {"search": "317123", "limit": "1"}
    while query:
        page = listed("students", admin, **query)
        found += [each["name"] for each in page.result]
        cursor = page.body["meta"]["next"]
        query = {"search": "317123", "limit": "1", "cursor": cursor} if cursor else None
    assert found == ["Adi", "Budi", "Citra", "Dewi"]
    assert [each["name"] for each in rows(export("students", admin, CSV, search="317123"))] == found


def test_who_is_gone_or_has_another_nik_is_not_found_by_it(admin, people):
    call("students", "PATCH", f"/api/students/{people[0]}", token=admin, json_body={"nik": "3171234501100007"})
    call("students", "DELETE", f"/api/students/{people[1]}", token=admin)
    assert names("students", admin, search=NIKS[0]) == names("students", admin, search=NIKS[1]) == []
    assert names("students", admin, search="317123450110") == ["Dewi"]


def test_whom_a_nik_has_found_was_seen_whatever_is_shown_of_them(school, admin, people):
    def views(person_id):
        found = [each["action"] for each in trail(admin, target=person_id).result]
        return sum(each.startswith("students.sensitive") for each in found)

    before = views(people[1])
    listed("students", admin, search=NIKS[1], fields="id,name")
    assert views(people[1]) == before + 1
    export("students", admin, CSV, search=NIKS[1], fields="name")
    assert views(people[1]) == before + 2
    listed("students", admin, search="citra", fields="id,name")
    assert views(people[1]) == before + 2


@pytest.mark.parametrize("sought", [NIKS[0], NIKS[0][:12], "317123"])
def test_who_may_not_see_niks_learns_nothing_by_a_search_for_one(school, people, sought):
    blind = school.token("teacher")

    def told(search, **headers):
        seen = []
        for more in ({}, {"sort": "name"}, {"limit": "1"}, {"gender": "MALE"}):
            counting = Counting()
            with intercepted(counting):
                query = {name: [value] for name, value in {"search": search, **more}.items()}
                reply = call("students", "GET", "/api/students", token=blind, query=query, headers=headers)
            hidden = {name: value for name, value in reply.headers.items() if name != "x-request-id"}
            seen.append((reply.status, reply.body if not headers else reply.text, hidden, str(counting)))
        return seen

    nobodys = "91" + sought[2:]
    found = [each["id"] for each in listed("students", blind, search=sought).result]
    # By the NISN that everybody may search for, one of them is found.
    assert found == (people[-1:] if NISN.startswith(sought) else [])
    if not found:
        assert told(sought) == told(nobodys)
        assert told(sought, Accept=CSV) == told(nobodys, Accept=CSV)


def test_a_cursor_of_a_search_by_nik_ends_with_the_permission(school, admin, people):
    body = {"name": "Tata Usaha", "permissions": ["students:read", "students:sensitive"]}
    platform = school.token("platform administrator")
    role = call("roles", "POST", "/api/roles", token=platform, json_body=body).result["id"]
    token = school.token(school.add("Orang TU", "tu@smansa.test", [role]))
    first = listed("students", token, search="317123", limit="1")
    assert first.body["meta"]["total"] == 4
    narrowed = {"permissions": ["students:read"]}
    assert call("roles", "PATCH", f"/api/roles/{role}", token=platform, json_body=narrowed).status == 200
    following = listed("students", token, search="317123", limit="1", cursor=first.body["meta"]["next"])
    assert (following.status, following.codes) == (400, [("cursor", "invalid_cursor")])
    assert names("students", token, search="317123") == ["Adi"]
