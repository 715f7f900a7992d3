"""Acceptance B12: nobody makes the system mail strangers without a limit, per address, account and source."""

from datetime import timedelta

import pytest
from core.kernel import clock
from core.kernel.policy import STUDENT
from core.kernel.table import query, transact
from core.outbox.models import MailItem, MailKind, order, outbox_of
from core.throttles.quotas import DAY, HOUR, Quota, noted, quota_key
from core.users.models import UserItem

from tests.functions.test_people import KINDS, create, one
from tests.gateway import call
from tests.imports import send
from tests.schools import everything

STRANGER = "orang.asing@rumah.test"
HOME = "203.0.113.7"
#: In the middle of an hour and of a day, so that no window ends within a test.
NOON = clock.from_wire("2026-11-21T12:30:00.000Z")


@pytest.fixture
def pass_time(monkeypatch):
    """Sets the clock to so many seconds after a noon."""

    def at(seconds):
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(seconds=seconds))

    at(0)
    return at


def mailed(school, address=STRANGER):
    """How many mails were ordered to an address."""
    found = [MailItem.from_raw_data(each) for each in query(outbox_of(school.id)).items]
    return sum(address in each.to for each in found)


def second(token, address, source=HOME):
    """The owner's own request for another second address."""
    body = {"secondaryEmail": address}
    return call("users", "PATCH", "/api/users/me", token=token, json_body=body, source_ip=source)


def spend(quota, times):
    """Counts so many at once."""
    transact(noted(quota))
    model, partition, sort = quota_key(quota)
    model(partition, sort).update(actions=[model.number.set(times)])


def require_refused(answer, seconds):
    assert (answer.status, answer.codes) == (429, [(None, "too_many_requests")])
    assert int(answer.headers["retry-after"]) == seconds


class TestAnAddress:
    def test_gets_five_mails_a_day_from_all_accounts_and_schools_together(self, school, other_school, table, pass_time):
        people = [school.people[name] for name in ("student", "teacher", "staff")]
        tokens = [*map(school.token, people), other_school.token("student"), other_school.token("teacher")]
        assert [second(token, STRANGER).status for token in tokens] == [200] * 5
        last = school.token("principal")
        before = everything(table)
        require_refused(second(last, STRANGER), 11.5 * HOUR)
        assert everything(table) == before
        assert mailed(school) + mailed(other_school) == 5
        assert second(last, "lain@rumah.test").status == 200
        pass_time(11.5 * HOUR)
        assert second(last, STRANGER).status == 200

    def test_gets_no_more_by_accounts_that_are_made_deleted_and_made_again(self, school, admin, pass_time):
        body = {"name": "Siapa", "email": STRANGER}
        for _ in range(5):
            made = call("users", "POST", "/api/users", token=admin, json_body=body)
            assert made.status == 201
            assert call("users", "DELETE", f"/api/users/{made.result['id']}", token=admin).status == 204
        require_refused(call("users", "POST", "/api/users", token=admin, json_body=body), 11.5 * HOUR)
        require_refused(create("students", admin, email=STRANGER), 11.5 * HOUR)
        assert mailed(school) == 5

    def test_gets_no_more_by_imports_whose_row_fails_then_and_no_other(self, school, admin, pass_time):
        spend(Quota(f"unconfirmed/address/{STRANGER}", 5, DAY), 5)
        others = {name: value for name, value in KINDS["students"].items() if name not in ("nik", "nisn", "nipd")}
        rows = [others | {"nisn": f"000000000{number}", "email": f"m{number}@x.test"} for number in range(3)]
        rows[1]["email"] = STRANGER
        report = send("students", admin, json_body={"data": rows}).result["rows"]
        assert [each["status"] for each in report] == ["created", "failed", "created"]
        assert [each["code"] for each in report[1]["errors"]] == ["too_many_requests"]
        assert mailed(school) == 0

    def test_gets_no_more_by_invitations(self, school, admin, pass_time):
        user = school.add("Murid Baru", STRANGER, [STUDENT.id], password=None)
        path = f"/api/users/{user.id}/invitation"
        for number in range(5):
            pass_time(61 * number)
            assert call("users", "POST", path, token=admin).status == 204
        pass_time(61 * 5)
        assert call("users", "POST", path, token=admin).status == 429
        assert mailed(school) == 5

    @pytest.mark.parametrize("kind", MailKind.__members__.values())
    def test_gets_twenty_mails_a_day_whatever_they_say(self, school, mails, pass_time, kind):
        student = school.people["student"]
        details = {"link_id": "a" * 24, "valid_until": "2027-01-01T00:00:00.000Z", "at": "2026-11-21T00:00:00.000Z"}
        details |= {"by": "owner", "member": "email"}
        for _ in range(21):
            transact(order(school.id, kind, user_id=student.id, name="x", to=[STRANGER, HOME_ADDRESS], details=details))
        transact(order(school.id, kind, user_id=student.id, name="x", to=["lain@x.test"], details=details))
        assert mails.deliver() == []
        sent = 0 if kind is MailKind.NOTHING else 1
        assert [mails.addresses.count(each) for each in (STRANGER, HOME_ADDRESS)] == [20 * sent] * 2
        assert mails.addresses.count("lain@x.test") == sent
        pass_time(11.5 * HOUR)
        transact(order(school.id, kind, user_id=student.id, name="x", to=[STRANGER], details=details))
        assert mails.deliver() == []
        assert mails.addresses.count(STRANGER) == 21 * sent

    @pytest.mark.parametrize("owner", ["administrator", "student"])
    def test_gets_the_mails_of_its_own_account_however_many_others_had(self, school, mails, pass_time, owner):
        address, thief = school.people[owner].email, school.people["teacher"]
        assert second(school.token("teacher"), address).status == 200
        told = {"by": "owner", "at": "2026-11-21T00:00:00.000Z"}
        for _ in range(20):
            both = [thief.email, address]
            transact(order(school.id, MailKind.PASSWORD_CHANGED, user_id=thief.id, name="x", to=both, details=told))
        assert mails.deliver() == []
        assert mails.addresses.count(address) == 20
        school.people[owner].update(actions=[UserItem.email_verified.set(True)])
        asked = call("auth", "POST", "/api/auth/request-password-reset", json_body={"email": address})
        assert asked.status == 200
        assert mails.deliver() == []
        assert mails.addresses.count(address) == 21
        assert "reset-password" in mails.text()


HOME_ADDRESS = "ibu@rumah.test"


class TestAnAccount:
    def test_has_five_other_addresses_a_day_whoever_enters_them(self, school, admin, pass_time):
        token, path = school.token("student"), f"/api/users/{school.people['student'].id}"
        assert [second(token, f"a{number}@x.test").status for number in range(3)] == [200] * 3
        for number in range(2):
            body = {"secondaryEmail": f"b{number}@x.test"}
            assert call("users", "PATCH", path, token=admin, json_body=body).status == 200
        require_refused(second(token, "c@x.test"), 11.5 * HOUR)
        require_refused(call("users", "PATCH", path, token=admin, json_body={"email": "c@x.test"}), 11.5 * HOUR)
        assert second(token, None).status == 200, "taking an address away mails no stranger"
        assert second(token, None).status == 200
        assert call("users", "PATCH", path, token=admin, json_body={"name": "Lain"}).status == 200

    def test_the_record_of_a_person_counts_for_its_account(self, admin, pass_time):
        person = create("students", admin).result
        for number in range(5):
            body = {"email": f"a{number}@x.test"}
            assert one("students", "PATCH", person["id"], admin, json_body=body).status == 200
        require_refused(one("students", "PATCH", person["id"], admin, json_body={"email": "c@x.test"}), 11.5 * HOUR)
        rows = [{**KINDS["students"], "email": "c@x.test"}]
        report = send("students", admin, json_body={"data": rows}).result["rows"]
        assert [each["code"] for each in report[0]["errors"]] == ["too_many_requests"]


class TestASource:
    def test_enters_300_addresses_an_hour_through_whatever_accounts(self, school, pass_time):
        spend(Quota(f"unconfirmed/source/{HOME}", 300, HOUR), 299)
        assert second(school.token("student"), "a@x.test").status == 200
        require_refused(second(school.token("teacher"), "b@x.test"), HOUR / 2)
        assert second(school.token("teacher"), "b@x.test", source="198.51.100.9").status == 200
        pass_time(HOUR / 2)
        assert second(school.token("staff"), "c@x.test").status == 200

    def test_whoever_manages_accounts_enters_10_000_addresses_an_hour(self, school, admin, pass_time):
        student = create("students", admin).result
        administrator = school.people["administrator"]
        spend(Quota(f"unconfirmed/caller/{administrator.id}", 10_000, HOUR), 9_999)
        assert (
            call("users", "POST", "/api/users", token=admin, json_body={"name": "A", "email": "a@x.test"}).status == 201
        )
        tries = [
            call("users", "POST", "/api/users", token=admin, json_body={"name": "B", "email": "b@x.test"}),
            call(
                "users",
                "PATCH",
                f"/api/users/{school.people['teacher'].id}",
                token=admin,
                json_body={"email": "b@x.test"},
            ),
            create("teachers", admin),
            one("students", "PATCH", student["id"], admin, json_body={"email": "b@x.test"}),
        ]
        for each in tries:
            require_refused(each, HOUR / 2)
        assert create("teachers", admin, email=None).status == 201
        assert create("staff", school.token("platform administrator")).status == 201
        rows = [{"name": "C", "email": "c@x.test", "nip": "198501012010012009"}]
        assert send("teachers", admin, json_body={"data": rows}).result["summary"]["created"] == 1


def test_what_is_counted_is_forgotten_and_names_no_address(school, table, pass_time):
    before = everything(table)
    assert second(school.token("student"), STRANGER).status == 200
    new = [item for item in everything(table) if item not in before and item["pk"]["S"].startswith("THROTTLE#")]
    assert len(new) == 3
    ends = {int(item["expiresAt"]["N"]) for item in new}
    assert ends == {int(NOON.timestamp() + HOUR / 2), int(NOON.timestamp() + 11.5 * HOUR)}
    assert not any(word in str(new) for word in (STRANGER, HOME, school.people["student"].id))
