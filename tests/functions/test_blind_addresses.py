"""Who may write people but not see what is masked does not read it by entering an address (acceptance A8, B11)."""

import pytest

from tests.functions.test_addresses import MINE, NEW, account, clerk  # noqa: F401 - the fixture
from tests.functions.test_people import KINDS, create, one
from tests.gateway import call
from tests.imports import bring, messages, send, wait_for_nobody

NIK = KINDS["students"]["nik"]
#: By what an import finds them.
KEYS = ("name", "nisn", "nip")


def own(school, admin, kind, person_id):
    """The own record, as whoever signs in with the account sees it."""
    user = account(school, one(kind, "GET", person_id, admin).result["userId"])
    return call("students", "GET", "/api/users/me/person", token=school.token(user))


def row(kind, **members):
    return {name: KINDS[kind][name] for name in KEYS if name in KINDS[kind]} | members


def patched(token, kind, person_id, email):
    assert one(kind, "PATCH", person_id, token, json_body={"email": email}).status == 200


def imported(token, kind, _, email):
    [told] = send(kind, token, json_body={"data": [row(kind, email=email)]}).result["rows"]
    assert (told["status"], told["errors"]) == ("updated", [])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("has_account", [True, False])
@pytest.mark.parametrize("readdress", [patched, imported])
def test_the_own_record_is_masked_until_somebody_who_may_see_it_sends_an_address(
    school,
    admin,
    clerk,  # noqa: F811 - the fixture
    kind,
    has_account,
    readdress,
):
    members = {} if has_account else {"email": None}
    person_id = create(kind, admin, nik=NIK, **members).result["id"]
    readdress(clerk, kind, person_id, MINE)
    seen = own(school, admin, kind, person_id)
    assert (seen.result["email"], seen.result["nik"]) == (MINE, None)
    assert "nik" in seen.body["meta"]["masked"]
    # Sent again by who may not see, the address stays what it was.
    one(kind, "PATCH", person_id, clerk, json_body={"email": MINE, "name": "Nama Lain"})
    one(kind, "PATCH", person_id, admin, json_body={"name": KINDS[kind]["name"]})
    assert own(school, admin, kind, person_id).result["nik"] is None
    readdress(admin, kind, person_id, MINE if has_account else NEW)
    seen = own(school, admin, kind, person_id)
    assert (seen.result["nik"], seen.body["meta"]) == (NIK, {})


def test_nor_by_a_first_password_in_a_file(school, admin, monkeypatch):
    wait_for_nobody(monkeypatch)
    assert create("students", admin, email=None).status == 201
    signing = {"email": MINE, "password": "Kunci-Baru-Rapor-7"}
    assert send("students", school.token("staff"), json_body={"data": [row("students", **signing)]}).status == 202
    assert bring(messages()) == []
    token = call("auth", "POST", "/api/auth/sign-in/email", json_body=signing).body["token"]
    for method, body in (("GET", None), ("PATCH", {"phoneNumber": "0812345678"})):
        seen = call("students", method, "/api/users/me/person", token=token, json_body=body).result
        assert (seen["nisn"], seen["nik"], seen["familyCardNumber"]) == (KINDS["students"]["nisn"], None, None)


def test_who_makes_a_record_with_its_account_sent_all_that_it_holds(school, admin):
    person = create("students", school.token("staff")).result
    assert own(school, admin, "students", person["id"]).result["nik"] == NIK
