"""User accounts over their function: create, read, change, delete, list."""

import pytest
from core.users.service import count

from tests.gateway import call

SERVER_OWNED = {
    "roles": ["000000000000000000000002"],
    "active": True,
    "emailVerified": True,
    "id": "0" * 24,
    "organizationId": "0" * 24,
    "passwordHash": "x",
    "version": 7,
    "createdAt": "2026-01-01T00:00:00.000Z",
}


def create(token, **members):
    body = {"name": "Budi Santoso", "email": "budi@smansa.test"} | members
    return call("users", "POST", "/api/users", token=token, json_body=body)


def get(token, user_id="me", **options):
    return call("users", "GET", f"/api/users/{user_id}", token=token, **options)


def patch(token, user_id, body, **options):
    return call("users", "PATCH", f"/api/users/{user_id}", token=token, json_body=body, **options)


def listing(token, **query):
    return call("users", "GET", "/api/users", token=token, query={name: [value] for name, value in query.items()})


def names(answer):
    return [each["name"] for each in answer.result]


def flipped(cursor, at):
    return cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]


class TestCreate:
    def test_a_new_account_is_answered_with_its_location(self, school, admin):
        answer = create(admin, email="Budi@SMANSA.test", password="kunci-rumah-lama")
        assert answer.status == 201
        assert answer.headers["location"] == f"/api/users/{answer.result['id']}"
        assert answer.result["email"] == "budi@smansa.test"
        assert answer.result["roles"] == []
        assert get(admin, answer.result["id"]).result == answer.result
        signing_in = {"email": "budi@smansa.test", "password": "kunci-rumah-lama"}
        assert call("auth", "POST", "/api/auth/sign-in/email", json_body=signing_in).status == 200

    def test_an_email_belongs_to_one_account_in_all_schools(self, school, other_school, admin):
        assert create(admin).status == 201
        for token in (admin, other_school.token("administrator")):
            answer = create(token, email="BUDI@smansa.test")
            assert (answer.status, answer.codes) == (409, [("email", "email_taken")])
        assert count(other_school.id) == len(other_school.people)

    def test_all_failing_members_are_reported_at_once(self, school, admin):
        body = {"name": " ", "email": "x", "image": "http://x", "secondaryEmail": 5, "nisn": "1"}
        answer = call("users", "POST", "/api/users", token=admin, json_body=body)
        assert answer.status == 400
        assert sorted(answer.codes) == [
            ("email", "invalid"),
            ("image", "invalid"),
            ("name", "invalid"),
            ("nisn", "unknown_member"),
            ("secondaryEmail", "wrong_type"),
        ]

    def test_a_weak_password_creates_nothing(self, school, admin):
        before = count(school.id)
        assert create(admin, password="budi1234").codes == [("password", "password_contains_identity")]
        assert count(school.id) == before

    @pytest.mark.parametrize("member", sorted(SERVER_OWNED))
    def test_a4_server_owned_members_are_refused(self, school, admin, member):
        before = count(school.id)
        answer = create(admin, **{member: SERVER_OWNED[member]})
        assert (answer.status, answer.codes) == (400, [(member, "unknown_member")])
        assert count(school.id) == before


class TestUpdate:
    @pytest.mark.parametrize("member", sorted(SERVER_OWNED))
    @pytest.mark.parametrize("path", ["student", "me"])
    def test_a4_server_owned_members_are_refused(self, school, admin, member, path):
        user = school.people["administrator" if path == "me" else path]
        answer = patch(admin, "me" if path == "me" else user.id, {"name": "Lain", member: SERVER_OWNED[member]})
        assert (answer.status, answer.codes) == (400, [(member, "unknown_member")])
        assert get(admin, user.id).result["name"] == user.name

    def test_only_what_is_sent_changes_and_null_clears(self, school, admin):
        user_id = create(admin, secondaryEmail="b@rumah.test", image="https://x.test/a.png").result["id"]
        assert patch(admin, user_id, {"secondaryEmail": None}).result["secondaryEmail"] is None
        assert get(admin, user_id).result["image"] == "https://x.test/a.png"

    def test_required_members_can_not_be_cleared(self, school, admin):
        answer = patch(admin, school.people["student"].id, {"name": None, "email": None})
        assert sorted(answer.codes) == [("email", "wrong_type"), ("name", "wrong_type")]

    def test_a_changed_email_is_unverified_and_the_old_one_is_free(self, school, admin):
        user_id = create(admin).result["id"]
        assert patch(admin, user_id, {"email": "lain@smansa.test"}).result["emailVerified"] is False
        assert create(admin).status == 201
        assert patch(admin, user_id, {"email": "budi@smansa.test"}).codes == [("email", "email_taken")]

    def test_a_stale_if_match_is_412_and_changes_nothing(self, school, admin):
        student = school.people["student"]
        tag = get(admin, student.id).headers["etag"]
        assert patch(admin, student.id, {"name": "Satu"}, headers={"If-Match": tag}).status == 200
        for stale in (tag, '"nonsense"', 'W/"1"'):
            answer = patch(admin, student.id, {"name": "Dua"}, headers={"If-Match": stale})
            assert (answer.status, answer.codes) == (412, [(None, "stale")])
        assert get(admin, student.id).result["name"] == "Satu"

    def test_an_unchanged_user_is_304(self, school, admin):
        student = school.people["student"].id
        tag = get(admin, student).headers["etag"]
        answer = get(admin, student, headers={"If-None-Match": tag})
        assert (answer.status, answer.text) == (304, "")

    def test_a_stronger_account_is_out_of_reach(self, school, admin):
        strong = school.people["platform administrator"]
        assert patch(admin, strong.id, {"email": "mine@smansa.test"}).codes == [(None, "stronger_account")]
        answer = call("users", "DELETE", f"/api/users/{strong.id}", token=admin)
        assert (answer.status, answer.codes) == (403, [(None, "stronger_account")])

    def test_everybody_changes_the_own_name_but_not_the_own_email(self, school):
        token = school.token("student")
        assert patch(token, "me", {"name": "Nama Baru"}).result["name"] == "Nama Baru"
        assert patch(token, "me", {"email": "x@smansa.test"}).codes == [("email", "unknown_member")]


class TestDelete:
    def test_a_deleted_person_is_gone_on_every_path(self, school, admin):
        user_id = create(admin).result["id"]
        assert call("users", "DELETE", f"/api/users/{user_id}", token=admin).status == 204
        absent = get(admin, "0" * 24).text
        assert get(admin, user_id).text == absent
        assert patch(admin, user_id, {"name": "x"}).text == absent
        assert call("users", "DELETE", f"/api/users/{user_id}", token=admin).text == absent
        for query in ({}, {"sort": "createdAt"}, {"search": "budi"}):
            answer = listing(admin, limit="100", **query)
            assert "Budi Santoso" not in names(answer)
        assert listing(admin).body["meta"]["total"] == len(school.people)
        assert create(admin).status == 201

    def test_nobody_deletes_the_own_account(self, school, admin):
        answer = call("users", "DELETE", f"/api/users/{school.people['administrator'].id}", token=admin)
        assert (answer.status, answer.codes) == (409, [(None, "own_account")])

    def test_the_feed_of_changes_includes_the_deletion(self, school, admin):
        before = get(admin).result["createdAt"]
        user_id = create(admin).result["id"]
        call("users", "DELETE", f"/api/users/{user_id}", token=admin)
        feed = listing(admin, updatedSince=before, limit="100").result
        assert [set(each) for each in feed if each["id"] == user_id] == [{"id", "deletedAt"}]


class TestOtherSchools:
    def test_a3_another_schools_person_looks_absent(self, school, other_school):
        stranger, student = other_school.token("administrator"), school.people["student"].id
        for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
            hidden = call("users", method, f"/api/users/{student}", token=stranger, json_body=body)
            absent = call("users", method, f"/api/users/{'0' * 24}", token=stranger, json_body=body)
            assert (hidden.status, hidden.text) == (404, absent.text)

    def test_lists_and_searches_stay_in_the_school(self, school, other_school):
        stranger = other_school.token("administrator")
        assert len(listing(stranger, limit="100").result) == len(other_school.people)
        assert listing(stranger, search="student@smansa").result == []

    @pytest.mark.parametrize(
        "user_id", ["{other}#USERS", "USERS#{id}", "{id}#", "\x00{id}", "{id}\n", "../{id}", "%23"]
    )
    def test_c3_key_prefixes_in_ids_reach_nothing(self, school, other_school, user_id):
        text = user_id.format(id=school.people["student"].id, other=other_school.id)
        assert get(school.token("administrator"), text).status == 404

    @pytest.mark.parametrize("search", ["#", "{id}", "\x00", "student#", "USERS#SEARCH", "\x7f", "zzz\uffff"])
    def test_c3_key_prefixes_in_searches_reach_nothing_else(self, school, other_school, search):
        answer = listing(other_school.token("administrator"), search=search.format(id=school.id))
        assert answer.status in (200, 400)
        if answer.status == 200:
            assert {each["email"].split("@")[1] for each in answer.result} <= {"smandua.test"}


class TestList:
    @pytest.fixture(autouse=True)
    def people(self, school, admin):
        for number in range(25):
            school.add(f"Murid {chr(65 + number)} Étoile", f"murid{number:02}@smansa.test", [], password=None)

    def test_pages_by_number_have_a_total_and_an_order(self, admin):
        first, second = listing(admin), listing(admin, page="2")
        assert first.body["meta"]["limit"] == 20
        assert first.body["meta"]["total"] == second.body["meta"]["total"] == 31
        assert len(first.result) == 20
        assert len(second.result) == 11
        assert second.body["meta"]["next"] is None
        everybody = names(first) + names(second)
        assert everybody == sorted(everybody)

    @pytest.mark.parametrize("sort", ["name", "-name", "createdAt", "-createdAt"])
    def test_a_walk_by_cursor_meets_everybody_once_in_order(self, admin, sort):
        met, cursor = [], {}
        while True:
            answer = listing(admin, sort=sort, limit="7", **cursor)
            met += answer.result
            if answer.body["meta"]["next"] is None:
                break
            cursor = {"cursor": answer.body["meta"]["next"]}
        assert len({each["id"] for each in met}) == len(met) == 31
        keys = [each["name"] if "name" in sort else each["id"] for each in met]
        assert keys == sorted(keys, reverse=sort.startswith("-"))

    @pytest.mark.parametrize(
        ("search", "found"),
        [("murid", 25), ("MURID b", 1), ("étoile", 25), ("etoi", 25), ("murid07@", 1), ("uri", 0)],
    )
    def test_a_search_finds_beginnings_of_words_and_addresses(self, admin, search, found):
        answer = listing(admin, search=search, limit="100")
        assert len(answer.result) == answer.body["meta"]["total"] == found
        assert len({each["id"] for each in answer.result}) == found

    def test_a_renamed_person_is_found_by_the_new_name_only(self, school, admin):
        student = school.people["student"]
        patch(admin, student.id, {"name": "Zulaikha Baru"})
        assert names(listing(admin, search="zulai")) == ["Zulaikha Baru"]
        assert listing(admin, search="orang student").result == []

    def test_filters_count_what_they_let_through(self, admin):
        assert listing(admin, active="true").body["meta"]["total"] == 31
        assert listing(admin, active="false").body["meta"]["total"] == 0
        assert listing(admin, active="true", search="murid", page="2", limit="10").body["meta"]["total"] == 25

    def test_fields_thin_the_answer_out(self, admin):
        assert {frozenset(each) for each in listing(admin, fields="id,email").result} == {frozenset({"id", "email"})}

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"limit": ["0"]}, "out_of_range"),
            ({"limit": ["101"]}, "out_of_range"),
            ({"page": ["-1"]}, "out_of_range"),
            ({"page": ["²"]}, "out_of_range"),
            ({"page": ["9999999999"]}, "out_of_range"),
            ({"sort": ["email"]}, "unknown_sort"),
            ({"fields": ["id,hash"]}, "unknown_field"),
            ({"active": ["yes"]}, "invalid"),
            ({"search": [""]}, "out_of_range"),
            ({"updatedSince": ["05/01/2026"]}, "invalid_time"),
            ({"x": ["1"]}, "unknown_parameter"),
            ({"page": ["1", "2"]}, "repeated_parameter"),
            ({"cursor": ["abc"]}, "invalid_cursor"),
            ({"cursor": ["abc"], "page": ["1"]}, "incompatible"),
        ],
    )
    def test_bad_parameters_are_named(self, admin, query, code):
        answer = call("users", "GET", "/api/users", token=admin, query=query)
        assert (answer.status, answer.codes[0]) == (400, (next(iter(query)), code))

    def test_c6_a_cursor_opens_only_where_it_was_made(self, school, other_school, admin):
        cursor = listing(admin, limit="5").body["meta"]["next"]
        assert listing(admin, limit="5", cursor=cursor).status == 200
        others = [
            listing(admin, cursor=cursor, sort="-name"),
            listing(admin, cursor=cursor, active="true"),
            listing(school.token("principal"), cursor=cursor),
            listing(other_school.token("administrator"), cursor=cursor),
            *(listing(admin, cursor=flipped(cursor, at)) for at in range(0, len(cursor), 9)),
        ]
        assert {(answer.status, answer.codes[0]) for answer in others} == {(400, ("cursor", "invalid_cursor"))}

    def test_parameters_where_none_are_taken_are_400(self, admin):
        assert get(admin, query={"x": ["1"]}).codes == [("x", "unknown_parameter")]


def test_problem_json_is_sent_when_asked_for(school):
    answer = get(None, headers={"Accept": "application/problem+json"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["status"] == 401
    assert answer.body["errors"][0]["code"] == "unauthenticated"
