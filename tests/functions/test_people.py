"""Staff, teachers and students: the operations they share, tried on each kind."""

import pytest
from core.kernel.policy import PLATFORM_ADMINISTRATOR
from core.people.kinds import SENSITIVE
from core.roles.models import MOST_ROLES

from tests.documents import filled
from tests.gateway import call
from tests.schools import PASSWORD, everything

STUDENT = {
    "name": "Budi Santoso",
    "email": "budi@smansa.test",
    "nik": "6472011705100001",
    "nisn": "0098765432",
    "nipd": "2526.10.001",
    "gender": "MALE",
    "religion": "ISLAM",
    "birthPlace": "Samarinda",
    "birthDate": "2010-05-17",
    "familyCardNumber": "6472010101010001",
    "height": 165,
    "weight": 52,
    "specialNeeds": [],
    "transportationMode": "MOTORCYCLE",
    "father": {"name": "Santoso", "education": "S1", "income": "FROM_2M_TO_5M"},
    "address": {
        "street": "Jl. Contoh 1",
        "rt": "001",
        "rw": "002",
        "postalCode": "75123",
        "location": {"type": "Point", "coordinates": [117.15, -0.5]},
    },
    "educationHistory": [{"level": "SMP", "institution": "SMP Negeri 1 Contoh", "endYear": 2025}],
}
TEACHER = {
    "name": "Sri Lestari",
    "email": "sri@smansa.test",
    "nip": "198501012010012001",
    "nuptk": "1234567890123456",
    "gender": "FEMALE",
    "employmentStatus": "PNS",
    "subjects": ["Matematika"],
}
STAFF = {"name": "Joko Susilo", "email": "joko@smansa.test", "nip": "198501012010011001", "position": "Tata usaha"}
KINDS = {"students": STUDENT, "teachers": TEACHER, "staff": STAFF}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


def create(kind, token, **changes):
    return call(kind, "POST", f"/api/{kind}", token=token, json_body={**KINDS[kind], **changes})


def one(kind, method, person_id, token, **options):
    return call(kind, method, f"/api/{kind}/{person_id}", token=token, **options)


def listed(kind, token, **query):
    return call(
        kind, "GET", f"/api/{kind}", token=token, query={name: [value] for name, value in query.items()} or None
    )


def test_a_created_person_is_answered_whole_and_found_again(kind, admin):
    created = create(kind, admin)
    assert created.status == 201, created.text
    assert filled(created.result).items() >= filled(KINDS[kind]).items()
    assert created.headers["location"] == f"/api/{kind}/{created.result['id']}"
    again = one(kind, "GET", created.result["id"], admin)
    assert again.result == created.result
    assert again.headers["etag"] == '"1"'
    assert listed(kind, admin).result == [created.result]


def test_an_account_with_the_kinds_role_comes_with_an_email(kind, school, admin):
    person = create(kind, admin).result
    user = call("users", "GET", f"/api/users/{person['userId']}", token=admin).result
    assert (user["name"], user["email"], user["active"]) == (person["name"], person["email"], True)
    role = {"students": "student", "teachers": "teacher", "staff": "staff"}[kind]
    assert user["roles"] == list(school.people[role].roles)


def test_without_an_email_there_is_no_account(kind, admin):
    assert create(kind, admin, email=None).result["userId"] is None


@pytest.mark.parametrize("member", ["nik", "nisn", "nipd", "email"])
def test_an_identifier_of_somebody_else_is_409_and_nothing_is_written(table, admin, member):
    create("students", admin)
    before = everything(table)
    others = {"nik": "6472011705100002", "nisn": "0098765433", "nipd": "2", "email": "other@smansa.test"}
    answer = create("students", admin, **{name: value for name, value in others.items() if name != member})
    assert (answer.status, answer.codes) == (409, [(member, f"{member}_taken")])
    assert everything(table) == before


def test_the_same_identifiers_may_stand_in_another_school(admin, other_school):
    create("students", admin)
    assert create("students", other_school.token("administrator"), email=None).status == 201


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"nisn": "12345"}, "nisn", "invalid"),
        ({"nisn": ""}, "nisn", "invalid"),
        ({"nik": "64720117051000AB"}, "nik", "invalid"),
        ({"gender": "L"}, "gender", "invalid"),
        ({"birthDate": "17-05-2010"}, "birthDate", "invalid"),
        ({"birthDate": "2010-17-05"}, "birthDate", "invalid"),
        ({"birthDate": "2999-01-01"}, "birthDate", "invalid"),
        ({"father": {"nik": "1"}}, "father.nik", "invalid"),
        ({"address": {"location": {"type": "Point", "coordinates": [0, 91]}}}, "address.location", "invalid"),
        ({"height": "165"}, "height", "wrong_type"),
        ({"height": 161.3}, "height", "wrong_type"),
        ({"distance": "9"}, "distance", "wrong_type"),
        ({"address": "x"}, "address", "wrong_type"),
        ({"id": "0" * 24}, "id", "unknown_member"),
        ({"active": False}, "active", "unknown_member"),
        ({"userId": "0" * 24}, "userId", "unknown_member"),
        ({"classId": "0" * 24}, "classId", "unknown_member"),
        ({"name": None}, "name", "wrong_type"),
        ({"specialNeeds": "none"}, "specialNeeds", "wrong_type"),
    ],
)
def test_a_bad_member_is_400_with_its_path(table, admin, changes, field, code):
    before = everything(table)
    answer = create("students", admin, **changes)
    assert (answer.status, answer.codes) == (400, [(field, code)])
    assert everything(table) == before


def test_all_failing_members_are_reported_at_once(admin):
    answer = create("students", admin, nisn="1", nik="2", father={"income": "MUCH"})
    assert {field for field, _ in answer.codes} == {"nisn", "nik", "father.income"}


class TestUpdate:
    def test_a_patch_changes_what_is_sent_and_null_clears(self, admin):
        person = create("students", admin).result
        patch = {"weight": 55, "hobby": "Catur", "nik": None, "father": {"income": None, "occupation": "Petani"}}
        answer = one("students", "PATCH", person["id"], admin, json_body=patch)
        assert answer.status == 200
        assert answer.result["weight"] == 55
        assert answer.result["nik"] is None
        assert filled(answer.result["father"]) == {"name": "Santoso", "education": "S1", "occupation": "Petani"}
        assert create("students", admin, nisn=None, nipd=None, email=None).status == 201, "the NIK is free again"

    def test_a_patch_that_changes_nothing_writes_nothing(self, kind, table, admin):
        person = create(kind, admin).result
        before = everything(table)
        assert one(kind, "PATCH", person["id"], admin, json_body={"name": person["name"]}).headers["etag"] == '"1"'
        people = [item for item in everything(table) if item not in before and "action" not in item]
        assert people == []

    def test_name_and_email_follow_to_the_account(self, kind, admin):
        person = create(kind, admin).result
        patch = {"name": "Nama Lain", "email": "lain@smansa.test"}
        assert one(kind, "PATCH", person["id"], admin, json_body=patch).status == 200
        user = call("users", "GET", f"/api/users/{person['userId']}", token=admin).result
        assert (user["name"], user["email"], user["emailVerified"]) == ("Nama Lain", "lain@smansa.test", False)
        assert [each["id"] for each in listed(kind, admin, search="nama l").result] == [person["id"]]
        assert listed(kind, admin, search=KINDS[kind]["name"]).result == []

    def test_the_account_of_a_person_is_changed_through_the_person(self, kind, admin):
        person = create(kind, admin).result
        path = f"/api/users/{person['userId']}"
        patches = [{"json_body": body} for body in ({"name": "X"}, {"email": "x@smansa.test"})]
        for method, options in (*(("PATCH", each) for each in patches), ("DELETE", {})):
            answer = call("users", method, path, token=admin, **options)
            assert (answer.status, answer.codes) == (409, [(None, "person_record")])

    def test_a_stale_version_is_412(self, admin):
        person = create("students", admin).result
        fresh = one("students", "PATCH", person["id"], admin, json_body={"weight": 1 + 50}, headers={"If-Match": '"1"'})
        assert fresh.headers["etag"] == '"2"'
        stale = one("students", "PATCH", person["id"], admin, json_body={"weight": 60}, headers={"If-Match": '"1"'})
        assert stale.status == 412

    def test_the_account_keeps_an_email(self, admin):
        person = create("students", admin).result
        answer = one("students", "PATCH", person["id"], admin, json_body={"email": None})
        assert (answer.status, answer.codes) == (409, [("email", "account_needs_email")])


class TestDelete:
    def test_person_and_account_vanish_from_every_path_and_come_back_equal(self, kind, school, admin):
        person = create(kind, admin).result
        assert one(kind, "DELETE", person["id"], admin).status == 204
        assert one(kind, "GET", person["id"], admin).status == 404
        assert listed(kind, admin).result == []
        assert listed(kind, admin).body["meta"]["total"] == 0
        assert listed(kind, admin, search=person["name"]).result == []
        assert call("users", "GET", f"/api/users/{person['userId']}", token=admin).status == 404
        since = listed(kind, admin, updatedSince="2026-01-01T00:00:00Z").result
        assert [set(each) for each in since] == [{"id", "deletedAt"}]
        restored = call(kind, "POST", f"/api/{kind}/{person['id']}/restore", token=admin)
        assert restored.status == 200
        assert restored.result | {"updatedAt": ""} == person | {"updatedAt": ""}
        assert listed(kind, admin, search=person["name"]).body["meta"]["total"] == 1
        assert call("users", "GET", f"/api/users/{person['userId']}", token=admin).status == 200

    def test_sessions_stay_dead_after_a_restoration(self, school, admin):
        person = create("students", admin).result
        path = f"/api/users/{person['userId']}/password"
        call("users", "PATCH", path, token=admin, json_body={"password": PASSWORD})
        signed_in = call(
            "auth", "POST", "/api/auth/sign-in/email", json_body={"email": person["email"], "password": PASSWORD}
        )
        token = signed_in.body["token"]
        one("students", "DELETE", person["id"], admin)
        call("students", "POST", f"/api/students/{person['id']}/restore", token=admin)
        assert call("users", "GET", "/api/users/me", token=token).status == 401

    def test_a_restoration_finds_its_identifiers_taken(self, admin):
        person = create("students", admin).result
        one("students", "DELETE", person["id"], admin)
        create("students", admin)
        answer = call("students", "POST", f"/api/students/{person['id']}/restore", token=admin)
        assert answer.status == 409

    def test_who_is_there_cannot_be_restored(self, admin):
        person = create("students", admin).result
        answer = call("students", "POST", f"/api/students/{person['id']}/restore", token=admin)
        assert (answer.status, answer.codes) == (409, [(None, "not_deleted")])

    def test_a6_nobody_brings_a_stronger_account_back(self, school, admin):
        person, platform = create("staff", admin).result, school.token("platform administrator")
        role = f"/api/roles/{PLATFORM_ADMINISTRATOR.id}/members"
        call("roles", "POST", role, token=platform, json_body={"userIds": [person["userId"]]})
        assert one("staff", "DELETE", person["id"], platform).status == 204
        path = f"/api/staff/{person['id']}/restore"
        answer = call("staff", "POST", path, token=admin)
        assert (answer.status, answer.codes) == (403, [(None, "stronger_account")])
        assert call("staff", "POST", path, token=platform).status == 200


class TestAccess:
    def test_nobody_gets_401_and_a_student_403(self, kind, school):
        for method, path in (("GET", ""), ("POST", ""), ("GET", "/" + "0" * 24), ("DELETE", "/" + "0" * 24)):
            assert call(kind, method, f"/api/{kind}{path}").status == 401
            assert call(kind, method, f"/api/{kind}{path}", token=school.token("student")).status == 403

    def test_a3_another_school_sees_exactly_what_it_sees_of_nobody(self, kind, admin, other_school):
        person = create(kind, admin).result
        token = other_school.token("administrator")
        changes = [("GET", "", {}), ("PATCH", "", {"json_body": {"name": "X"}}), ("DELETE", "", {})]
        changes += [("POST", word, {}) for word in ("/restore", "/deactivate", "/activate")]
        for method, word, options in changes:
            hidden = one(kind, method, f"{person['id']}{word}", token, **options)
            absent = one(kind, method, f"{'0' * 24}{word}", token, **options)
            assert hidden.status == absent.status == 404
            assert hidden.text == absent.text

    @pytest.mark.parametrize("person_id", ["x", "0" * 23, "#", "%23", "a#b", "me", "..%2f"])
    def test_what_is_no_id_is_404(self, kind, admin, person_id):
        assert one(kind, "GET", person_id, admin).status == 404

    def test_sensitive_members_are_masked_and_said_to_be(self, school, admin):
        person = create("students", admin).result
        answer = one("students", "GET", person["id"], school.token("teacher"))
        hidden = sorted(SENSITIVE)
        assert [answer.result[name] for name in hidden] == [None] * len(hidden)
        assert answer.body["meta"]["masked"] == hidden
        assert answer.result["nisn"] == person["nisn"]
        assert listed("students", school.token("teacher")).body["meta"]["masked"] == hidden
        asked_for = listed("students", school.token("teacher"), fields="name,nik,nisn")
        assert asked_for.body["meta"]["masked"] == ["nik"]


class TestList:
    def test_filters_search_and_sort(self, admin):
        for number, (name, gender) in enumerate([("Ana", "FEMALE"), ("Budi", "MALE"), ("Çinta", "FEMALE")]):
            body = {"name": name, "gender": gender, "nisn": f"000000000{number}"}
            assert call("students", "POST", "/api/students", token=admin, json_body=body).status == 201

        def names(**query):
            return [each["name"] for each in listed("students", admin, **query).result]

        assert names() == ["Ana", "Budi", "Çinta"]
        assert names(sort="-name") == ["Çinta", "Budi", "Ana"]
        assert names(gender="FEMALE") == ["Ana", "Çinta"]
        assert names(search="cin") == ["Çinta"]
        assert names(search="0000000001") == ["Budi"]
        assert names(active="true", gender="MALE") == ["Budi"]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"gender": "L"}, "gender"),
            ({"classId": "x"}, "classId"),
            ({"hobby": "Catur"}, "hobby"),
            ({"religion": "1"}, "religion"),
        ],
    )
    def test_a_bad_filter_is_400_with_its_name(self, admin, query, field):
        answer = listed("students", admin, **query)
        assert (answer.status, answer.codes[0][0]) == (400, field)


def test_who_has_many_roles_classes_and_names_can_still_be_deleted(school, admin):
    name = "Raden Ajeng Kartini Sosroningrat Djojoadhiningrat Putri Jawa Tengah"
    person = create("teachers", admin, name=name, nik="6499015705100001", nuptk="1234567890123456").result
    for number in range(MOST_ROLES - 1):
        body = {"name": f"Peran {number}", "permissions": []}
        role = call("roles", "POST", "/api/roles", token=admin, json_body=body).result["id"]
        ids = {"userIds": [person["userId"]]}
        assert call("roles", "POST", f"/api/roles/{role}/members", token=admin, json_body=ids).status == 200
    for number in range(8):
        body = {"name": f"X-{number}", "grade": 10, "academicYear": "2026/2027", "capacity": 36}
        body["homeroomTeacherId"] = person["id"]
        assert call("classes", "POST", "/api/classes", token=admin, json_body=body).status == 201
    assert one("teachers", "DELETE", person["id"], admin).status == 204
