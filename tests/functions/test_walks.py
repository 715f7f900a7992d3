"""Acceptance D9: lists walked by cursor while others write lose nobody who stays, and show nobody twice."""

import random

import pytest

from tests.functions.test_people import listed
from tests.gateway import call
from tests.schools import restore
from tests.walking import ReadUnits, count_item, students, walk
from tests.wire import intercepted

NUMBER, LIMIT = 60, 7


@pytest.fixture
def people(table, school):
    """Some who stay, and some who go while the list is walked."""
    items = list(students(school.id, NUMBER))
    stored = [each.to_dynamodb_dict() for each in (*items, count_item(school.id, NUMBER))]
    restore(table, stored)
    return items


@pytest.mark.parametrize(
    "query",
    [{"sort": "name"}, {"sort": "-name"}, {"sort": "createdAt"}, {"sort": "-createdAt"}, {"gender": "FEMALE"}],
    ids=lambda query: "=".join(*query.items()),
)
def test_d9_who_stays_is_met_exactly_once_while_others_come_and_go(school, people, query):
    token = school.token("administrator")
    dice = random.Random(9)
    going = dice.sample(people, NUMBER // 3)
    staying = {
        each.id for each in people if each not in going and query.get("gender") in (None, each.profile["gender"])
    }

    def write_meanwhile():
        if going:
            assert call("students", "DELETE", f"/api/students/{going.pop().id}", token=token).status == 204
        for letter in "AZ":
            body = {"name": f"{letter}{dice.randrange(1000)} Baru", "gender": "FEMALE"}
            assert call("students", "POST", "/api/students", token=token, json_body=body).status == 201

    met = walk(token, write_meanwhile, LIMIT, **query)
    assert staying <= met.keys()
    assert set(met.values()) == {1}


def test_d9_a_cursor_goes_on_behind_somebody_who_is_gone(school, people):
    token = school.token("administrator")
    first = listed("students", token, limit="5")
    for each in first.result:
        assert call("students", "DELETE", f"/api/students/{each['id']}", token=token).status == 204
    second = listed("students", token, limit="100", cursor=first.body["meta"]["next"])
    assert {each["id"] for each in first.result + second.result} == {each.id for each in people}


@pytest.mark.parametrize("sort", ["name", "createdAt"])
def test_every_page_by_cursor_reads_the_same(school, people, sort):
    token = school.token("administrator")
    counting, pages = ReadUnits(), []
    with intercepted(counting):
        walk(token, lambda: None, LIMIT, lambda: pages.append(counting.taken()[0]), sort=sort)
    # The first page also counts everybody, and the last one may be short.
    assert max(pages[1:-1]) <= 1.3 * min(pages[1:-1])
    assert pages[0] <= pages[1] + 1
