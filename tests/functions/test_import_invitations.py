"""Imports with `invite=true`: who gets an account without a password is mailed a link to choose one, once."""

import pytest
from core.imports import chunks
from core.outbox.models import MailKind
from core.throttles.quotas import DAY, Quota
from core.users.verification import TO_AN_ADDRESS_A_DAY

from tests import bucket
from tests.functions.test_mail_quotas import spend
from tests.functions.test_people import KINDS, create
from tests.gateway import call
from tests.imports import CORE, bring, csv_file, form, hand_over_everything, messages, send, table_file, wait_for_nobody
from tests.killing import keep, killed_anywhere
from tests.outcomes import code_of

PASSWORD = "Kunci-Baru-Rapor-7"
ROWS = [
    ["Ani Wijaya", "ani@smansa.test", "", "0012345678", "25001", "Perempuan", "Islam"],
    ["Budi Santoso", "BUDI@smansa.test", "", "0012345679", "25002", "L", "Kristen"],
    ["Citra Lestari", "", "", "0012345680", "25003", "P", "Khonghucu"],
]
INVITED = [("ani@smansa.test", MailKind.INVITATION), ("budi@smansa.test", MailKind.INVITATION)]


@pytest.fixture(autouse=True)
def impatient(monkeypatch, table):
    wait_for_nobody(monkeypatch)


def ordered(mails):
    """To whom which mails were ordered."""
    return sorted((each.to[0], MailKind(each.kind)) for each in mails.stored())


def uploaded(school):
    key = f"imports/{school.id}/{school.people['administrator'].id}/siswa.csv"
    bucket.keep(key, csv_file(CORE, ROWS))
    return {"json_body": {"fileKey": key}}


SENT = {
    "CSV": lambda _: form(csv_file(CORE, ROWS)),
    "XLSX": lambda _: form(table_file(CORE, ROWS)),
    "JSON": lambda _: {"json_body": {"data": [dict(zip(CORE, each, strict=True)) for each in ROWS]}},
    "an upload": uploaded,
}


@pytest.mark.parametrize("how", SENT)
def test_who_gets_an_account_is_invited_however_the_file_is_sent(school, admin, mails, how):
    answer = send("students", admin, invite=True, **SENT[how](school))
    assert (answer.result["invite"], answer.result["summary"]["created"]) == (True, 3)
    assert ordered(mails) == INVITED
    assert {lane: len(keys) for lane, keys in mails.waiting().items()} == {"urgent": 0, "bulk": 2}


def test_without_it_addresses_are_confirmed_as_ever(school, admin, mails):
    answer = send("students", admin, **SENT["CSV"](school))
    assert answer.result["invite"] is False
    assert {kind for _, kind in ordered(mails)} == {MailKind.VERIFY_ADDRESS}


def test_the_link_sets_the_first_password_and_shows_whose_the_address_is(school, admin, mails):
    send("students", admin, invite=True, **SENT["CSV"](school))
    assert mails.deliver() == []
    number = mails.addresses.index("ani@smansa.test")
    body = {"newPassword": PASSWORD, "token": mails.text(number).partition("token=")[2].split()[0]}
    assert call("auth", "POST", "/api/auth/reset-password", json_body=body).status == 200
    signing = {"email": "ani@smansa.test", "password": PASSWORD}
    assert call("auth", "POST", "/api/auth/sign-in/email", json_body=signing).body["user"]["emailVerified"] is True


def test_who_has_a_password_in_the_file_is_not_invited(admin, mails):
    rows = [[*ROWS[0][:2], PASSWORD, *ROWS[0][3:]], ROWS[1]]
    assert send("students", admin, invite=True, **form(csv_file(CORE, rows))).status == 202
    assert bring(messages()) == []
    assert ordered(mails) == [("ani@smansa.test", MailKind.VERIFY_ADDRESS), INVITED[1]]


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_who_is_there_is_invited_with_the_account_and_not_without_a_new_one(admin, mails, kind):
    members = {"email": None}
    assert create(kind, admin, **members).status == 201
    body = {"data": [{**KINDS[kind], "email": "kini@smansa.test"}]}
    assert send(kind, admin, invite=True, json_body=body).result["summary"]["updated"] == 1
    assert ordered(mails) == [("kini@smansa.test", MailKind.INVITATION)]
    body["data"][0]["hobby" if kind == "students" else "phoneNumber"] = "0812"
    assert send(kind, admin, invite=True, json_body=body).result["summary"]["updated"] == 1
    assert len(mails.stored()) == 1


def test_a_plan_invites_nobody_and_its_application_each_once(school, admin, mails):
    plan = send("students", admin, dry_run=True, invite=True, **SENT["CSV"](school))
    assert plan.result["invite"] is True
    assert mails.stored() == []
    for _ in range(2):
        applied = call("imports", "POST", f"/api/imports/{plan.result['id']}/apply", token=admin)
        assert (applied.status, applied.result["invite"]) == (200, True)
    assert ordered(mails) == INVITED


def test_a_worker_that_is_killed_anywhere_invites_nobody_twice(school, admin, mails, table, monkeypatch):
    hand_over_everything(monkeypatch)
    # What is done is brought again here, as if the queue had not heard of it.
    monkeypatch.setattr(chunks, "forget", lambda *_: None)
    send("students", admin, invite=True, **SENT["CSV"](school))
    waiting = messages()

    def operate():
        assert bring(waiting) == []

    killed_anywhere(operate, lambda: require(ordered(mails) == INVITED), keep(table))


def require(holds):
    assert holds


def test_b12_an_address_that_had_enough_mails_today_is_not_invited_and_its_row_fails(school, admin, mails):
    spend(Quota("unconfirmed/address/ani@smansa.test", TO_AN_ADDRESS_A_DAY, DAY), TO_AN_ADDRESS_A_DAY)
    rows = send("students", admin, invite=True, **SENT["CSV"](school)).result["rows"]
    assert [(each["status"], code_of(each)) for each in rows] == [
        ("failed", "too_many_requests"),
        *[("created", None)] * 2,
    ]
    assert ordered(mails) == INVITED[1:]
