"""How much one caller may import in an hour, what the trail says of plans, and that schools take turns."""

from datetime import UTC, datetime

import pytest
from core.kernel import clock
from core.kernel.settings import settings
from core.kernel.table import put, transact
from core.throttles.quotas import HOUR, Quota, quota_key

from tests.bucket import client, keys
from tests.functions.test_people import listed
from tests.gateway import call
from tests.imports import bring, hand_over_everything, messages, send, wait_for_nobody
from tests.wire import WhileWriting, intercepted

ROWS = [{"name": f"Murid {number}", "nisn": f"001234567{number}"} for number in range(3)]


@pytest.fixture(autouse=True)
def impatient(monkeypatch, table):
    wait_for_nobody(monkeypatch)
    at_half_past(monkeypatch, 10)


def at_half_past(monkeypatch, hour):
    """Stops the clock within an hour, so that none ends while a test runs."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 21, hour, 30, tzinfo=UTC))


def leave(school, number):
    """Leaves the administrator so many of this hour's rows."""
    model, partition, sort = quota_key(Quota(f"import-rows/{school.people['administrator'].id}", 0, HOUR))
    transact(put(model(partition, sort, number=50_000 - number, closes_at=2**32)))


def refused(answer):
    return answer.status == 429 and answer.headers["retry-after"] == "1800"


@pytest.mark.parametrize("dry_run", [False, True])
def test_the_row_after_the_50000th_of_an_hour_is_429_and_nothing_of_it_is_kept(school, admin, monkeypatch, dry_run):
    leave(school, 3)
    assert refused(send("students", admin, dry_run=dry_run, json_body={"data": [*ROWS, {"name": "X", "nipd": "1"}]}))
    assert (keys(), listed("students", admin).result) == ([], [])
    assert send("students", admin, dry_run=dry_run, json_body={"data": ROWS}).status == 200
    assert refused(send("teachers", admin, dry_run=not dry_run, json_body={"data": [{"name": "X", "nip": "1" * 18}]}))
    others = school.token("platform administrator")
    assert send("students", others, dry_run=dry_run, json_body={"data": ROWS}).status == 200
    at_half_past(monkeypatch, 11)
    assert send("students", admin, dry_run=dry_run, json_body={"data": ROWS}).status == 200


def test_plans_and_writes_count_together_and_so_does_the_application_of_a_plan_once(school, admin):
    leave(school, 7)
    plan = send("students", admin, dry_run=True, json_body={"data": ROWS}).result["id"]
    for _ in range(2):
        assert call("imports", "POST", f"/api/imports/{plan}/apply", token=admin).status == 200
    other = send("students", admin, dry_run=True, json_body={"data": [{"name": "X", "nipd": "1"}]})
    assert other.status == 200, "the seventh"
    assert refused(call("imports", "POST", f"/api/imports/{other.result['id']}/apply", token=admin))


def test_two_imports_at_once_do_not_share_the_last_rows(school, admin):
    leave(school, 5)
    earlier = WhileWriting(lambda: send("students", admin, json_body={"data": ROWS}))
    with intercepted(earlier):
        assert refused(send("teachers", admin, dry_run=True, json_body={"data": [{"name": "X", "nip": "1"}] * 3}))
    assert len(listed("students", admin).result) == 3


def test_a_file_that_is_refused_as_a_whole_counts_for_nothing(school, admin):
    leave(school, 3)
    assert send("students", admin, json_body={"data": []}).status == 422
    assert send("students", admin, json_body={"data": ROWS}).status == 200


def test_the_trail_tells_who_planned_how_many_rows(school, admin):
    plan = send("students", admin, dry_run=True, json_body={"data": ROWS}).result
    trail = call("audit", "GET", "/api/audit", token=admin, query={"action": ["students.import.plan"]}).result
    assert [(each["targetId"], each["details"]) for each in trail] == [(plan["id"], {"rows": 3})]
    assert trail[0]["actor"]["id"] == school.people["administrator"].id


def test_each_message_says_of_which_school_it_is_so_that_schools_take_turns(school, other_school, admin, monkeypatch):
    hand_over_everything(monkeypatch)
    for token in (admin, other_school.token("administrator")):
        assert send("students", token, json_body={"data": ROWS}).status == 202
    wanted = {"QueueUrl": settings().import_queue_url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0}
    waiting = client("sqs").receive_message(**wanted, AttributeNames=["MessageGroupId"])["Messages"]
    groups = [each["Attributes"]["MessageGroupId"] for each in waiting]
    assert sorted(groups) == sorted([school.id, other_school.id] * 2)
    assert bring(messages()) == []
