"""An erasure takes everything of a person, wherever it lies, or says that it does not (acceptance F5, Law 27/2022)."""

from importlib import import_module

import pytest
from botocore.exceptions import ClientError
from core.accounts import members
from core.api_tokens.schemas import ApiTokenType, CreateApiToken
from core.api_tokens.service import make
from core.classes import additions
from core.classes import service as classes
from core.departures.erasure import REMAINING, TAKEN
from core.kernel import aws
from core.kernel.records import Record, count
from core.kernel.table import Item, get, transact, update
from core.people.models import people_of
from core.promotions import service as promotions
from core.promotions.schemas import PlanPromotion
from core.roles import service as roles
from core.sessions.service import caller_behind
from core.users.models import UserItem, users_of

from tests.bucket import keep
from tests.functions.test_people import KINDS, one
from tests.gateway import call
from tests.images import attach, picture, stored, upload
from tests.imports import clear, send
from tests.killing import Killed, Killing
from tests.schools import everything
from tests.subjects import erase, lived_in, sign_in, traces
from tests.wire import bucket, intercepted
from tools.sam_template import ROOT

SECONDARY = "keluarga.budi@rumah.test"
YEARS = ("2025/2026", "2026/2027")

#: Where each kind of item goes: a word of what is taken, or a part of a sentence about what remains. "" holds nothing
#: of a person. A new kind of item fails the test below until somebody has thought about it.
DECIDED = {
    "AddressesItem": "addressChanges",
    "AdministratorsItem": "",
    "ApiTokenItem": "apiTokens",
    "AuditItem": "The audit trail's entries",
    "ClaimItem": "identifierClaims",
    "ClassItem": "homerooms",
    "CountItem": "",
    "DeliveryItem": "mails to an address bounced",
    "EmailItem": "emailClaims",
    "FamiliarItem": "familiarSources",
    "HomeroomItem": "homerooms",
    "HostItem": "",
    "ImportItem": "Imports that the person was in",
    "LinkItem": "resetLinks",
    "LoginItem": "loginHistory",
    "MailItem": "mails",
    "MembershipItem": "classMemberships",
    "NameItem": "",
    "NpsnItem": "",
    "OrganizationItem": "",
    "OrganizationRecord": "",
    "PasswordItem": "password",
    "PersonItem": "record",
    "PromotionItem": "Promotions in which the person was",
    "ResultItem": "Imports that the person was in",
    "RoleItem": "",
    "RoleMemberItem": "roleMemberships",
    "RoleNameItem": "",
    "SearchItem": "searchEntries",
    "SeatItem": "rosterEntries",
    "SessionItem": "sessions",
    "StepItem": "Promotions in which the person was",
    "UserItem": "account",
    "WindowItem": "Counters of sign-ins",
}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(autouse=True)
def _empty(table):
    clear()


def pictured(school, person, token):
    """Gives the person's account a picture; another one that was uploaded by an administrator waits."""
    user = get(UserItem, users_of(school.id), person["userId"])
    own = school.token(user)
    assert attach(own, upload(own, picture())).status == 200
    upload(token, picture(color="blue"), path=f"/api/users/{user.id}/image")


def known_everywhere(school, admin, kind):
    """A person whom every part of Core knows: classes, a role, imports, a promotion, tokens and pictures."""
    person = lived_in(school, admin, kind)
    actor = caller_behind(school.people["administrator"])
    pictured(school, person, admin)
    held = [
        classes.create_class(actor, {"name": "X-1", "grade": 10, "academicYear": each, "capacity": 36}).id
        for each in YEARS
    ]
    for class_id in held:
        if kind == "students":
            additions.add_student(actor, class_id, person["id"])
        if kind == "teachers":
            classes.update_class(actor, class_id, {"homeroomTeacherId": person["id"]}, None)
    promotions.plan(actor, PlanPromotion(fromAcademicYear=YEARS[1], toAcademicYear="2027/2028"))
    role = roles.create_role(actor, {"name": "Piket", "permissions": ["students:read"]})
    members.add(actor, role.id, [person["userId"]])
    # A row that changes the person, and one that is refused because of it.
    rows = [{**KINDS[kind], "phoneNumber": "082012345678"}, {**KINDS[kind], "name": "Kembaran"}]
    reply = send(kind, admin, json_body={"data": rows})
    assert [each["status"] for each in reply.result["rows"]] == ["updated", "failed"]
    user = get(UserItem, users_of(school.id), person["userId"])
    transact(update(user, [UserItem.secondary_email.set(SECONDARY)]))
    make(caller_behind(user), CreateApiToken(tokenName="Punya Sri Lestari", type=ApiTokenType.ADMIN))
    return one(kind, "GET", person["id"], admin).result


def ids_left(table, person):
    """Where an id of the person still stands, by the beginning of the keys."""
    ids = (person["id"], person["userId"])
    found = [
        f"{item['pk']['S']} {item['sk']['S']}" for item in everything(table) if any(each in str(item) for each in ids)
    ]
    return {key.partition("#")[2].split("#")[0].split()[0] for key in found}


def test_nothing_of_the_person_is_left_anywhere_in_the_table_or_the_bucket(kind, school, table, admin):
    person = known_everywhere(school, admin, kind)
    more = (SECONDARY, "Punya Sri Lestari")
    assert len(traces(table, person, *more)) > 10
    assert erase(kind, person["id"], admin).status == 200
    assert traces(table, person, *more) == []
    remaining = {"AUDIT", "IMPORT", "USERS", kind.upper(), *(["PROMOTION"] if kind == "students" else [])}
    assert ids_left(table, person) <= remaining


def test_somebody_who_was_deleted_before_leaves_nothing_either(kind, school, table, admin):
    person = known_everywhere(school, admin, kind)
    assert one(kind, "DELETE", person["id"], admin).status == 204
    assert len(stored()) == 2, "A deleted person can be restored, so the picture stays."
    assert erase(kind, person["id"], admin).status == 200
    assert traces(table, person, SECONDARY) == []


def test_what_others_have_by_now_of_somebody_who_was_deleted_stays_theirs(school, admin):
    person = lived_in(school, admin, "students")
    assert one("students", "DELETE", person["id"], admin).status == 204
    body = {"name": "Penerus", "email": person["email"]}
    assert call("users", "POST", "/api/users", token=admin, json_body=body).status == 201
    numbers = count(users_of(school.id)), count(people_of(school.id, "students"))
    assert erase("students", person["id"], admin).status == 200
    assert (count(users_of(school.id)), count(people_of(school.id, "students"))) == numbers
    assert call("users", "POST", "/api/users", token=admin, json_body=body).codes == [("email", "email_taken")]


def test_pictures_of_others_stay(school, admin):
    person = lived_in(school, admin, "students")
    pictured(school, person, admin)
    pictured(school, {"userId": school.people["teacher"].id}, admin)
    before = {key for key in stored() if person["userId"] not in key}
    assert erase("students", person["id"], admin).status == 200
    assert stored() == before
    assert len(before) == 2


def test_more_pictures_than_one_answer_lists_go_too(school, admin, monkeypatch):
    person = lived_in(school, admin, "students")
    for number in range(5):
        keep(f"images/{school.id}/{person['userId']}/{number:024x}-x.jpg", b"x")
        keep(f"images/uploads/{school.id}/{'0' * 24}/{person['userId']}/{number:024x}.jpg", b"x")
    client = bucket()
    listing = client.list_objects_v2
    monkeypatch.setattr(client, "list_objects_v2", lambda **wanted: listing(**wanted, MaxKeys=2))
    assert erase("students", person["id"], admin).status == 200
    assert stored() == set()


def test_a_picture_that_is_drawn_while_its_owner_is_erased_does_not_stay(school, admin, monkeypatch):
    person = lived_in(school, admin, "students")
    own = school.token(get(UserItem, users_of(school.id), person["userId"]))
    key, read = upload(own, picture()), aws.get_object

    def erased_after(*arguments):
        content = read(*arguments)
        assert erase("students", person["id"], admin).status == 200
        return content

    monkeypatch.setattr(aws, "get_object", erased_after)
    assert attach(own, key).status == 404
    assert stored() == set()


def test_a_failing_bucket_is_503_and_asking_again_completes_the_erasure(school, table, admin):
    person = lived_in(school, admin, "students")
    pictured(school, person, admin)

    def fail(send, operation, arguments):
        if operation in ("DeleteObject", "ListObjectsV2"):
            raise ClientError({"Error": {"Code": "SlowDown"}}, operation)
        return send(operation, arguments)

    with intercepted(fail, bucket()):
        reply = erase("students", person["id"], admin)
    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0
    assert len(stored()) == 2
    # What comes first holds already: nobody finds the person.
    assert one("students", "GET", person["id"], admin).status == 404
    assert erase("students", person["id"], admin).status == 200
    assert traces(table, person) == []
    assert sign_in(person["email"]).status == 401


@pytest.mark.parametrize(
    "reason",
    [
        "Permohonan wali dari budi  SANTOSO",
        "Budi Santoso.",
        "NISN 0098765432",
        "Surat budi@smansa.test",
        "6472011705100001",
    ],
)
def test_a_reason_that_names_the_person_is_refused(school, admin, table, reason):
    person = lived_in(school, admin, "students")
    before = everything(table)
    reply = erase("students", person["id"], admin, {"reason": reason})
    assert (reply.status, reply.codes) == (400, [("reason", "names_the_person")])
    assert len(everything(table)) == len(before)
    assert erase("students", person["id"], admin, {"reason": "Permohonan wali, surat 12/XI"}).status == 200


@pytest.mark.proof
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_d5_an_erasure_killed_at_any_call_is_completed_by_the_next(table, school, admin, after):
    number, finished = 0, False
    while not finished:
        number += 1
        person = lived_in(school, admin, "students", email=f"murid{number}@smansa.test")
        pictured(school, person, admin)
        try:
            with intercepted(Killing(number, after), bucket()):
                erase("students", person["id"], admin)
            finished = True
        except Killed:
            reply = erase("students", person["id"], admin)
            assert reply.status == 200, reply.text
        assert traces(table, person) == []
        assert stored() == set()
        assert count(people_of(school.id, "students")) == 0
    assert number > 16


def _kinds_of(model):
    return {each for one in model.__subclasses__() for each in ({one} if one is not Record else set()) | _kinds_of(one)}


def test_what_becomes_of_each_kind_of_item_is_decided():
    layer = ROOT / "layers/core/python"
    modules = [file for file in layer.rglob("*.py") if "(Item)" in file.read_text()]
    assert modules
    for file in modules:
        import_module(".".join(file.relative_to(layer).with_suffix("").parts))
    assert {each.__name__ for each in _kinds_of(Item)} == set(DECIDED)
    told = [*TAKEN, *(each["what"] for each in REMAINING)]
    for name, word in DECIDED.items():
        assert any(word in each for each in told), name
