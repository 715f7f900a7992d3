"""The two lanes of mails: nobody's own link or notice waits for the mails of what is done to many at once."""

import json
from collections import Counter
from datetime import timedelta
from io import BytesIO
from itertools import count

import pytest
from botocore.awsrequest import AWSResponse
from core.kernel import clock
from core.kernel.errors import Unavailable
from core.kernel.table import transact
from core.mailer import service, ses
from core.outbox import lanes
from core.outbox.models import MailKind, order
from core.users.models import UserItem

from tests.functions.test_people import KINDS, create
from tests.gateway import call, function
from tests.imports import send
from tests.killing import keep, killed_anywhere
from tests.mails import WENT, message

OWN, SECOND = "student@smansa.test", "ibu@rumah.test"


@pytest.fixture
def pauses(monkeypatch):
    """The seconds that somebody slept."""
    slept = []
    monkeypatch.setattr(service.time, "sleep", slept.append)
    return slept


def rows(number):
    others = {name: value for name, value in KINDS["students"].items() if name not in ("nik", "nisn", "nipd")}
    return [others | {"nisn": f"{each:010}", "email": f"m{each}@x.test"} for each in range(number)]


def ordered(school, *, among_many=False, kind=MailKind.PASSWORD_CHANGED, to=(OWN,)):
    write = order(school.id, kind, user_id=school.people["student"].id, name="Fauzan", to=list(to))
    if among_many:
        write.among_many()
    transact(write)


def sent(key):
    return function("mailer").handler({"Records": [message(*key)]}, None)


class TestWhoWaits:
    def test_ones_own_link_and_notice_do_not_stand_behind_the_confirmations_of_an_import(self, school, admin, mails):
        assert send("students", admin, json_body={"data": rows(25)}).result["summary"]["created"] == 25
        school.people["student"].update(actions=[UserItem.email_verified.set(True)])
        assert call("auth", "POST", "/api/auth/request-password-reset", json_body={"email": OWN}).status == 200
        path = f"/api/users/{school.people['teacher'].id}/password"
        assert call("users", "PATCH", path, token=admin, json_body={"password": "Kunci-Baru-Untuk-Guru"}).status == 200
        kinds = {(each.partition, each.sort): each.kind for each in mails.stored()}
        waiting = mails.waiting()
        assert [kinds[each] for each in waiting["bulk"]] == [MailKind.VERIFY_ADDRESS] * 25
        assert {kinds[each] for each in waiting["urgent"]} == {MailKind.RESET_LINK, MailKind.PASSWORD_CHANGED}

    def test_nor_behind_the_notices_of_many_new_passwords(self, school, admin, mails):
        ids = [school.people[name].id for name in ("student", "teacher", "staff")]
        answer = call("slips", "POST", "/api/users/password-resets", token=admin, json_body={"userIds": ids})
        assert [each["status"] for each in answer.result] == ["updated"] * 3
        assert {lane: len(keys) for lane, keys in mails.waiting().items()} == {"urgent": 0, "bulk": 3}

    def test_who_is_entered_alone_is_asked_to_confirm_at_once(self, school, admin, mails):
        assert create("students", admin).status == 201
        assert {lane: len(keys) for lane, keys in mails.waiting().items()} == {"urgent": 1, "bulk": 0}

    def test_what_waits_is_a_key_and_nothing_of_a_person(self, school, mails):
        ordered(school)
        [key] = mails.waiting()["urgent"]
        assert key == (f"{school.id}#OUTBOX", mails.stored()[0].sort)
        assert json.loads(message(*key)["body"]).keys() == {"partition", "sort"}


class TestThePaceOfMany:
    def test_many_take_half_of_what_ses_takes_and_leave_the_rest_to_others(self, school, mails, pauses, monkeypatch):
        monkeypatch.setenv("MAILS_PER_SECOND", "14")
        for _ in range(3):
            ordered(school, among_many=True)
        assert mails.deliver() == []
        # Two workers that each send 3.5 mails a second.
        assert pauses == [pytest.approx(1 / 3.5)] * 3

    def test_who_waits_for_a_mail_is_not_kept(self, school, mails, pauses):
        ordered(school)
        assert mails.deliver() == []
        assert pauses == []


class TestTwoWorkersWithOneOrder:
    def test_mail_it_once(self, school, mails):
        ordered(school)
        [key] = mails.waiting()["urgent"]
        others = []
        mails.breaks = lambda _: others.append(sent(key))
        assert sent(key) == WENT
        assert others == [{"batchItemFailures": [{"itemIdentifier": key[1]}]}], "it is brought again, should one die"
        assert mails.addresses == [OWN]
        assert sent(key) == WENT
        assert mails.addresses == [OWN]

    def test_another_one_sends_it_when_the_first_was_killed(self, school, mails, monkeypatch):
        class Killed(BaseException):
            pass

        def kill(_):
            raise Killed

        ordered(school)
        [key] = mails.waiting()["urgent"]
        mails.breaks = kill
        with pytest.raises(Killed):
            sent(key)
        mails.breaks = lambda _: None
        assert sent(key) != WENT
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=service.TAKEN_SECONDS))
        assert sent(key) == WENT
        assert mails.addresses == [OWN]


def test_d5_a_worker_that_is_killed_anywhere_loses_no_mail(school, mails, table, monkeypatch):
    ordered(school, to=[OWN, SECOND])
    [key] = mails.waiting()["urgent"]
    before = clock.now()
    passed = count(1)

    def operate():
        # By the time that the queue brings it again, nobody has it any more.
        at = before + timedelta(seconds=next(passed) * service.TAKEN_SECONDS)
        monkeypatch.setattr(clock, "now", lambda: at)
        assert sent(key) == WENT

    def check():
        times = Counter(mails.addresses)
        assert times.keys() == {OWN, SECOND}
        assert sum(times.values()) <= 3, "only the one in whose moment the worker died may come twice"
        assert mails.stored()[0].sent_at
        mails.calls.clear()

    killed_anywhere(operate, check, keep(table))


def test_orders_that_a_queue_does_not_take_are_brought_again_and_each_is_mailed_once(school, mails, monkeypatch):
    send_messages, taken = lanes.aws.send_messages, []

    def only_the_first(*arguments, of):
        if taken:
            raise Unavailable
        taken.append(of)
        send_messages(*arguments, of=of)

    ordered(school)
    ordered(school, among_many=True)
    with monkeypatch.context() as patch:
        patch.setattr(lanes.aws, "send_messages", only_the_first)
        with pytest.raises(Unavailable):
            mails.waiting()
    assert mails.deliver() == []
    assert mails.addresses == [OWN] * 2


def test_a_moment_in_which_ses_is_busy_costs_nobody_minutes(school, mails, monkeypatch):
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    asked = []

    def busy(request, **_):
        asked.append(request.url)
        if len(asked) > 1:
            return None
        body = b'{"message": "Maximum sending rate exceeded."}'
        raw = BytesIO(body)
        raw.stream = lambda: iter([body])
        return AWSResponse(request.url, 429, {"x-amzn-ErrorType": "TooManyRequestsException"}, raw)

    ses._client().meta.events.register_first("before-send.sesv2.SendEmail", busy)
    ordered(school)
    assert mails.deliver() == []
    assert len(asked) == 2


def test_a_schools_few_notices_among_many_take_turns_with_its_confirmations_and_with_other_schools(
    school, other_school, mails, monkeypatch
):
    groups = []
    monkeypatch.setattr(lanes.aws, "send_messages", lambda _, bodies, of: groups.append((of, len(bodies))))
    for _ in range(3):
        ordered(school, among_many=True, kind=MailKind.VERIFY_ADDRESS)
    ordered(school, among_many=True)
    ordered(other_school, among_many=True)
    mails.waiting()
    assert sorted(groups) == sorted(
        [(f"{school.id}/verify_address", 3), *((f"{each.id}/password_changed", 1) for each in (school, other_school))]
    )
