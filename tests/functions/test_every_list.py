"""Every declared list, in each of its orders: walked by cursor it shows what one page of all shows, each thing once.

And a cursor opens the list that it was made for and no other: not another school's, nor the same one asked otherwise.
"""

from collections import Counter

import pytest
from core.contract.operations import Listing
from core.kernel.folding import fold
from core.sessions.new import Client
from core.sessions.service import start

from tests.functions.test_classes import add, made, student
from tests.gateway import call
from tests.imports import send
from tests.links import parameters_of_next
from tests.schools import PASSWORD, build_school
from tools.openapi.operations import declarations

LISTS = {each.key.removeprefix("GET "): each for each in declarations() if isinstance(each.operation.query, Listing)}
SINCE = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def ids(school, other_school):
    """Three or more of everything that has a list; the ids for the paths, and the head who may see all of it."""
    head, pupil = school.token("platform administrator"), school.people["student"]
    build_school("SMA Negeri 3 Contoh", "smantiga.test")
    classes = [made(head, name=name, capacity=36) for name in ("X-1", "X-2", "X-3")]
    for name in ("Citra Putri", "ani", "Budi Putra"):
        assert add(head, classes[0], student(head, name)).status == 201
        for kind in ("teachers", "staff"):
            assert call(kind, "POST", f"/api/{kind}", token=head, json_body={"name": name}).status == 201
        role = {"name": name, "permissions": []}
        made_role = call("roles", "POST", "/api/roles", token=head, json_body=role).result["id"]
        for each in (pupil, school.people["platform administrator"]):
            start(each, Client(True, "127.0.0.1", name))
            body = {"email": each.email, "password": PASSWORD}
            assert call("auth", "POST", "/api/auth/sign-in/email", json_body=body).status == 200
    members = {"userIds": [each.id for each in school.people.values()]}
    path = f"/api/roles/{made_role}/members"
    assert call("roles", "POST", path, token=head, json_body=members).body["meta"]["summary"]["updated"] >= 3
    rows = [
        {"name": name, "nisn": f"000000000{number}"} for number, name in enumerate(("Citra Putri", "ani", "Budi Putra"))
    ]
    job = send("students", head, json_body={"data": rows}).result["id"]
    return {
        "head": head,
        "user_id": pupil.id,
        "class_id": classes[0],
        "role_id": made_role,
        "import_id": job,
        "empty_role": role_without_members(head),
    }


def role_without_members(token):
    body = {"name": "Kosong", "permissions": []}
    return call("roles", "POST", "/api/roles", token=token, json_body=body).result["id"]


def place(path, ids):
    """The path of a list with ids in it."""
    return path.format(**ids | ({"role_id": ids["empty_role"]} if path.endswith("eligible-users") else {}))


def asked(path, school, ids, **query):
    """A page of a list of the school, as somebody sees it who may see everything."""
    if "organizationId" in {each.name for each in LISTS[path].operation.query.parameters}:
        query["organizationId"] = school.id
    sent, headers = {name: [value] for name, value in query.items()}, {"x-organization-id": school.id}
    return call(LISTS[path].folder, "GET", place(path, ids), token=ids["head"], query=sent, headers=headers)


def walked(path, school, ids, **query):
    """What the list shows when it is walked a thing at a time."""
    # Begun by a page's number where the list has them: a cursor goes on from there too.
    numbered = {} if "page" in LISTS[path].operation.query.without else {"page": "1"}
    found, following = [], {"limit": "1", **numbered, **query}
    while following is not None:
        assert len(found) < 100, "The walk does not end."
        answer = asked(path, school, ids, **following)
        assert answer.status == 200, answer.text
        found += answer.result
        meta, sent = answer.body["meta"], {name: value for name, value in following.items() if name != "page"}
        assert meta.keys() >= {"page", "limit", "total", "next"}, path
        # The link leads on with everything that was asked, and nowhere where nothing follows.
        following = parameters_of_next(answer, place(path, ids))
        if following is not None:
            following.pop("organizationId", None)
        assert following == (None if meta["next"] is None else sent | {"cursor": meta["next"]}), path
    return found


def test_a_list_that_is_walked_shows_each_thing_once_and_in_its_order(school, ids):
    wrong = []
    for path, each in LISTS.items():
        for sort in each.operation.query.sorts:
            query = {} if "sort" in each.operation.query.without else {"sort": sort}
            # The page of all comes last: asking for a list may add an entry to the trail, and a walk must not see it.
            steps = walked(path, school, ids, **query)
            whole = asked(path, school, ids, limit=str(each.operation.query.longest), **query).result
            assert len(whole) >= 3, f"{path} needs three things in this test."
            if steps != whole:
                wrong.append(f"{path}, {sort}")
    assert wrong == []


def test_a_list_is_in_the_order_that_is_asked_for_to_the_letter_and_the_millisecond(school, ids):
    for path, each in LISTS.items():
        for sort in ("name", "createdAt"):
            if sort in each.operation.query.sorts and sort in each.operation.answers.shape.names:
                query = {} if "sort" in each.operation.query.without else {"sort": sort}
                keys = [fold(item[sort] or "") for item in asked(path, school, ids, **query).result]
                assert keys == sorted(keys), f"{path}, {sort}"


def test_what_is_searched_comes_in_the_order_that_is_asked_for(school, ids):
    for path, each in LISTS.items():
        if "search" in each.operation.query.without:
            continue
        for sort in each.operation.query.sorts:
            whole = asked(path, school, ids, limit="100", sort=sort).result
            letters = Counter(letter for item in whole for letter in {word[0] for word in fold(item["name"]).split()})
            [(letter, number)] = letters.most_common(1)
            assert number >= 2, f"{path} needs two things with one letter in this test."
            steps = walked(path, school, ids, search=letter, sort=sort)
            assert len(steps) >= number, f"{path}, {sort}"
            assert steps == [item for item in whole if item in steps], f"{path}, {sort}"
            by_number = [asked(path, school, ids, search=letter, sort=sort, limit="1", page=page) for page in "12"]
            if "page" not in each.operation.query.without:
                assert [page.result for page in by_number] == [[item] for item in steps[:2]], f"{path}, {sort}"


def test_a_search_finds_names_by_beginnings_of_their_words_in_any_order(school, ids):
    searched = [path for path, each in LISTS.items() if "search" not in each.operation.query.without]
    assert len(searched) >= 9
    for path in searched:
        sort = LISTS[path].operation.query.sorts[0]
        whole = asked(path, school, ids, limit="100", sort=sort).result
        found = [item for item in whole if len(fold(item["name"]).split()) > 1]
        assert found or path == "/api/classes", f"{path} needs a thing with two words in this test."
        for item in found[:1]:
            first, second = (word[:2] for word in fold(item["name"]).split()[:2])
            expected = {each["id"] for each in whole if begins(each, first) and begins(each, second)}
            for sought in (f"{first} {second}", f" {second.upper()}  {first}"):
                for more in ({}, {"sort": sort}):
                    shown = [each["id"] for each in asked(path, school, ids, limit="100", search=sought, **more).result]
                    assert (len(shown), set(shown)) == (len(expected), expected), f"{path}, {sought}"
            for sought in (f"{first} zz", f"zz {first}"):
                assert asked(path, school, ids, search=sought).result == [], f"{path}, {sought}"


def begins(item, sought):
    """Whether a word of the thing's name begins so."""
    return any(word.startswith(sought) for word in fold(item["name"]).split())


def test_a_list_in_the_other_direction_is_the_same_backwards(school, ids):
    for path, each in LISTS.items():
        sorts = each.operation.query.sorts
        for sort in (each for each in sorts if f"-{each}" in sorts):
            ahead, back = (asked(path, school, ids, limit="100", sort=order).result for order in (sort, f"-{sort}"))
            assert ahead == back[::-1], f"{path}, {sort}"


def test_a_cursor_opens_nothing_but_the_list_that_it_was_made_for(school, other_school, ids):
    opened = []

    def try_elsewhere(path, cursor, place, **query):
        answer = asked(path, place, ids, limit="1", cursor=cursor, **query)
        if (answer.status, answer.codes) != (400, [("cursor", "invalid_cursor")]):
            opened.append(f"{path} {query} in {place.domain}: {answer.text}")

    for path, each in LISTS.items():
        listing, first = each.operation.query, asked(path, school, ids, limit="1").body["meta"]["next"]
        if "me" not in path.split("/"):
            try_elsewhere(path, first, other_school)
        if len(listing.sorts) > 1:
            try_elsewhere(path, first, school, sort=listing.sorts[1])
        if "updatedSince" not in listing.without:
            of_a_feed = asked(path, school, ids, limit="1", updatedSince=SINCE).body["meta"]["next"]
            try_elsewhere(path, of_a_feed, school)
            try_elsewhere(path, of_a_feed, school, updatedSince="2026-01-02T00:00:00.000Z")
    assert opened == []


def test_a_feed_of_changes_takes_nothing_that_it_would_ignore(school, ids):
    ignored = []
    for path, each in LISTS.items():
        listing = each.operation.query
        if "updatedSince" in listing.without:
            continue
        others = {"sort": "updatedSince", "search": "updatedSince"} | {name: name for name in listing.filters}
        for name, field in others.items():
            answer = asked(path, school, ids, updatedSince=SINCE, **{name: listing.sorts[0]})
            if answer.status != 400 or (field, "incompatible") not in answer.codes:
                ignored.append(f"{path} {name}: {answer.text}")
    assert ignored == []
