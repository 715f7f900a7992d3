"""Another address of an account is as strong as a reset of its password: who may, what ends, who is told (B11)."""

import pytest
from core.accounts import members
from core.kernel.table import get, query, transact, update
from core.links.models import token_of, verification_token
from core.logins import guard
from core.outbox.models import MailItem, outbox_of
from core.roles import service
from core.sessions.service import caller_behind
from core.users.models import UserItem, users_of

from tests.functions.test_people import KINDS, create, one
from tests.gateway import call
from tests.imports import send
from tests.schools import PASSWORD

NEW, MINE = "baru@smansa.test", "penyerang@smansa.test"


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def clerk(school):
    """Somebody who may change accounts and people, but sets no passwords."""
    granted = ["users:read", "users:write", *(f"{each}:{may}" for each in KINDS for may in ("read", "write"))]
    actor = caller_behind(school.people["administrator"])
    role = service.create_role(actor, {"name": "Tata usaha", "permissions": granted})
    assert members.add(actor, role.id, [school.people["staff"].id])[0].status == "updated"
    return school.token("staff")


def person_with_password(school, admin, kind="students", **members):
    """A person who has signed in: the account, its address verified."""
    person = create(kind, admin, **members).result
    path = f"/api/users/{person['userId']}/password"
    assert call("users", "PATCH", path, token=admin, json_body={"password": PASSWORD}).status == 200
    verify(school, person["userId"])
    return person


def account(school, user_id):
    return get(UserItem, users_of(school.id), user_id)


def verify(school, user_id):
    both = [UserItem.email_verified.set(True), UserItem.secondary_email_verified.set(True)]
    transact(update(account(school, user_id), both))


def patch(token, user_id, **members):
    return call("users", "PATCH", f"/api/users/{user_id}", token=token, json_body=members)


def me(token):
    return call("users", "GET", "/api/users/me", token=token).status


def orders(school, kind=None):
    """To whom mails were ordered, by kind."""
    found = [MailItem.from_raw_data(each) for each in query(outbox_of(school.id)).items]
    return [(each.kind, list(each.to)) for each in found if kind in (None, each.kind)]


def new_orders(school, before):
    return sorted(orders(school)[len(before) :])


def ask_for_link(email):
    path = "/api/auth/request-password-reset"
    return call("auth", "POST", path, json_body={"email": email}, source_ip=email).status


def mailed_link(school):
    found = [MailItem.from_raw_data(each) for each in query(outbox_of(school.id)).items]
    mail = [each for each in found if each.kind == "reset_link"][-1]
    return token_of(school.id, mail.user_id, mail.details.as_dict()["link_id"])


def use(link):
    body = {"token": link, "newPassword": "Kunci-Baru-Untuk-Siswa"}
    return call("auth", "POST", "/api/auth/reset-password", json_body=body)


class TestWhoMay:
    def test_b11_who_may_change_an_address_but_no_password_takes_no_account_over(self, school, admin, clerk, kind):
        person = person_with_password(school, admin, kind)
        answer = one(kind, "PATCH", person["id"], clerk, json_body={"email": MINE})
        assert (answer.status, answer.codes) == (403, [("email", "password_permission_required")])
        assert one(kind, "GET", person["id"], admin).result == person
        assert ask_for_link(MINE) == 200
        assert orders(school, "reset_link") == []
        assert one(kind, "PATCH", person["id"], clerk, json_body={"name": "Nama Lain"}).status == 200

    @pytest.mark.parametrize("member", ["email", "secondaryEmail"])
    def test_b11_nor_by_the_account_itself(self, school, clerk, member):
        student = school.people["student"]
        answer = patch(clerk, student.id, **{member: MINE})
        assert (answer.status, answer.codes) == (403, [(member, "password_permission_required")])
        assert patch(clerk, student.id, name="Nama Lain").status == 200

    def test_b11_nor_by_an_import_nor_by_its_plan(self, school, admin, clerk, kind):
        person = person_with_password(school, admin, kind)
        rows = [{**KINDS[kind], "email": MINE}, {**KINDS[kind], "name": "Nama Lain"}]
        for dry_run in (True, False):
            report = send(kind, clerk, json_body={"data": rows[:1]}, dry_run=dry_run).result
            assert [(each["status"], each["errors"][0]["code"]) for each in report["rows"]] == [
                ("failed", "password_permission_required")
            ]
        assert one(kind, "GET", person["id"], admin).result["email"] == person["email"]

    def test_b11_a_session_alone_gives_its_own_account_no_other_address(self, school, admin):
        own = school.people["administrator"]
        answer = patch(admin, own.id, email=MINE)
        assert (answer.status, answer.codes) == (403, [("email", "own_account")])
        assert account(school, own.id).email == own.email

    def test_b11_nor_through_its_own_record(self, school, admin):
        person = person_with_password(school, admin, "staff")
        administrator = school.people["administrator"].roles
        assert members.add(caller_behind(school.people["administrator"]), administrator[0], [person["userId"]])
        own = school.token(account(school, person["userId"]))
        answer = one("staff", "PATCH", person["id"], own, json_body={"email": MINE})
        assert (answer.status, answer.codes) == (403, [("email", "own_account")])

    def test_the_address_of_an_account_that_nobody_entered_yet_is_corrected_without(self, school, admin, clerk, kind):
        person = create(kind, admin).result
        before = orders(school)
        assert one(kind, "PATCH", person["id"], clerk, json_body={"email": NEW}).status == 200
        assert new_orders(school, before) == [("verify_address", [NEW])]


class TestWhatEnds:
    def test_b11_sessions_end_with_another_address(self, school, admin, kind):
        person = person_with_password(school, admin, kind)
        token = school.token(account(school, person["userId"]))
        assert me(token) == 200
        assert one(kind, "PATCH", person["id"], admin, json_body={"name": "Nama Lain"}).status == 200
        assert me(token) == 200
        assert one(kind, "PATCH", person["id"], admin, json_body={"email": NEW}).status == 200
        assert me(token) == 401

    def test_b11_api_tokens_end_with_another_address(self, school, admin):
        head = school.people["platform administrator"]
        body = {"tokenName": "jadwal", "type": "admin"}
        made = call("unleash", "POST", "/api/admin/api-tokens", token=school.token(head), json_body=body)
        assert made.status == 201, made.text

        def listed():
            return call("unleash", "GET", "/api/admin/api-tokens", headers={"Authorization": made.body["secret"]})

        assert listed().status == 200
        other = school.add("Orang Kepala", "kepala@smansa.test", list(head.roles))
        assert patch(school.token(other), head.id, email=NEW).status == 200
        assert listed().status == 401

    def test_a_mailed_link_dies_with_the_address_and_does_not_come_back_with_it(self, school, admin):
        student = school.people["student"]
        verify(school, student.id)
        assert ask_for_link(student.email) == 200
        link = mailed_link(school)
        assert patch(admin, student.id, email=NEW).status == 200
        assert use(link).body["code"] == "INVALID_TOKEN"
        assert patch(admin, student.id, email=student.email).status == 200
        assert use(link).body["code"] == "INVALID_TOKEN"

    def test_an_administrators_link_dies_with_the_address_too(self, school, admin):
        student = school.people["student"]
        path, body = "/api/admin/user-admin/reset-password", {"id": student.email}
        made = call("unleash", "POST", path, token=admin, json_body=body).body["resetPasswordUrl"]
        link = made.partition("token=")[2]
        for email in (NEW, student.email):
            assert patch(admin, student.id, email=email).status == 200
            assert use(link).body["code"] == "INVALID_TOKEN"

    def test_a_second_address_ends_nothing(self, school, admin):
        student = school.people["student"]
        token = school.token("student")
        assert patch(admin, student.id, secondaryEmail=NEW).status == 200
        assert call("users", "PATCH", "/api/users/me", token=token, json_body={"secondaryEmail": MINE}).status == 200
        assert me(token) == 200


@pytest.mark.parametrize("unconfirmed", ["email", "secondaryEmail"])
def test_b11_another_address_is_unconfirmed_and_the_other_one_stays_confirmed(school, admin, unconfirmed):
    student = school.people["student"]
    assert patch(admin, student.id, secondaryEmail="ibu@rumah.test").status == 200
    verify(school, student.id)
    assert patch(admin, student.id, **{unconfirmed: NEW}).status == 200
    found = account(school, student.id)
    confirmed = {"email": found.email_verified, "secondaryEmail": found.secondary_email_verified}
    assert confirmed == {"email": True, "secondaryEmail": True, unconfirmed: False}


class TestWhoIsTold:
    def test_old_and_new_address_are_told_of_another_address(self, school, admin, kind):
        person = person_with_password(school, admin, kind)
        before = orders(school)
        assert one(kind, "PATCH", person["id"], admin, json_body={"email": NEW}).status == 200
        assert new_orders(school, before) == [("address_changed", [person["email"]]), ("verify_address", [NEW])]

    def test_the_second_address_is_told_too_when_it_is_confirmed(self, school, admin):
        student = school.people["student"]
        assert patch(admin, student.id, secondaryEmail="ibu@rumah.test").status == 200
        before = orders(school)
        assert patch(admin, student.id, email="satu@smansa.test").status == 200
        assert ("address_changed", [student.email]) in new_orders(school, before)
        verify(school, student.id)
        before = orders(school)
        assert patch(admin, student.id, email="dua@smansa.test", secondaryEmail=None).status == 200
        told = ["satu@smansa.test", "ibu@rumah.test"]
        assert new_orders(school, before) == [("address_changed", told), ("verify_address", ["dua@smansa.test"])]

    def test_a_second_address_that_took_a_confirmed_ones_place_is_not_told_until_it_is_confirmed(self, school, admin):
        student = school.people["student"]
        assert patch(admin, student.id, secondaryEmail="ibu@rumah.test").status == 200
        verify(school, student.id)
        assert patch(admin, student.id, secondaryEmail=MINE).status == 200
        before = orders(school)
        assert patch(admin, student.id, email=NEW).status == 200
        assert new_orders(school, before) == [("address_changed", [student.email]), ("verify_address", [NEW])]

    def test_an_imports_change_of_address_tells_both_too(self, school, admin, kind):
        person = person_with_password(school, admin, kind)
        before = orders(school)
        report = send(kind, admin, json_body={"data": [{**KINDS[kind], "email": NEW}]}).result
        assert [each["status"] for each in report["rows"]] == ["updated"]
        assert new_orders(school, before) == [("address_changed", [person["email"]]), ("verify_address", [NEW])]

    def test_the_mail_says_what_happened_in_both_languages(self, school, admin, mails):
        student = school.people["student"]
        assert patch(admin, student.id, email=NEW).status == 200
        assert mails.deliver() == []
        [number] = [at for at, address in enumerate(mails.addresses) if address == student.email]
        text = mails.text(number)
        assert "Alamat surel akun Anda di SMA Negeri 1 Contoh telah diubah oleh administrator sekolah pada" in text
        assert "Semua perangkat yang masuk sebelumnya telah dikeluarkan." in text
        assert "was changed by a school administrator on" in text
        assert NEW not in text

    def test_the_owners_second_address_is_told_at_the_first(self, school, mails):
        token = school.token("student")
        assert call("users", "PATCH", "/api/users/me", token=token, json_body={"secondaryEmail": NEW}).status == 200
        assert mails.deliver() == []
        assert sorted(mails.addresses) == [NEW, "student@smansa.test"]
        text = mails.text(mails.addresses.index("student@smansa.test"))
        assert "Alamat surel kedua akun Anda" in text
        assert "dikeluarkan" not in text
        assert "administrator on" not in text

    def test_both_addresses_of_a_new_account_are_asked_each_once(self, school, admin):
        body = {"name": "Budi", "email": NEW, "secondaryEmail": "ibu@rumah.test"}
        assert call("users", "POST", "/api/users", token=admin, json_body=body).status == 201
        assert sorted(orders(school)) == [("verify_address", [NEW]), ("verify_address", ["ibu@rumah.test"])]

    def test_an_address_that_is_both_is_asked_once(self, school, admin):
        body = {"name": "Budi", "email": NEW, "secondaryEmail": NEW}
        assert call("users", "POST", "/api/users", token=admin, json_body=body).status == 201
        assert orders(school) == [("verify_address", [NEW])]


def test_a_source_that_an_addresss_former_owner_came_from_is_strange_to_the_new_one(school, admin, monkeypatch):
    monkeypatch.setattr(guard, "WIDE", 5)
    email, home = "student@smansa.test", "203.0.113.7"

    def sign_in(password, source):
        body = {"email": email, "password": password}
        return call("auth", "POST", "/api/auth/sign-in/email", json_body=body, source_ip=source).status

    assert sign_in(PASSWORD, home) == 200
    assert patch(admin, school.people["student"].id, email=NEW).status == 200
    assert patch(admin, school.people["teacher"].id, email=email).status == 200
    assert [sign_in("salah", "198.51.100.9") for _ in range(5)] == [401] * 5
    assert sign_in(PASSWORD, home) == 429, "the limit of the account holds for a source that it does not know"


def test_verifying_an_address_twice_changes_nothing_more(school, admin):
    student = school.people["student"]
    token = verification_token(school.id, student.id, student.email)
    versions = []
    for _ in range(2):
        assert call("auth", "GET", "/api/auth/verify-email", query={"token": [token]}).status == 302
        versions.append(account(school, student.id).version)
    assert versions == [2, 2]
    assert account(school, student.id).email_verified


def test_a_link_to_the_address_of_a_deleted_account_leads_to_the_page_that_says_so(school, admin):
    student = school.people["student"]
    token = verification_token(school.id, student.id, student.email)
    assert call("users", "DELETE", f"/api/users/{student.id}", token=admin).status == 204
    answer = call("auth", "GET", "/api/auth/verify-email", query={"token": [token]})
    assert (answer.status, answer.headers["location"].partition("?")[2]) == (302, "status=invalid")


@pytest.mark.parametrize("order", [("email", "secondary_email"), ("secondary_email", "email")])
def test_verifying_one_address_leaves_the_other_as_it_is(school, order):
    student = school.people["student"]
    transact(update(student, [UserItem.secondary_email.set("ibu@rumah.test")]))
    addresses = {"email": student.email, "secondary_email": "ibu@rumah.test"}
    for done, member in enumerate(order, 1):
        token = verification_token(school.id, student.id, addresses[member])
        assert call("auth", "GET", "/api/auth/verify-email", query={"token": [token]}).status == 302
        found = account(school, student.id)
        assert [getattr(found, f"{each}_verified") for each in order] == [True, done == 2]
