"""Imports behind the queue: each row exactly once (acceptance D8), passwords, progress, plans and who may see them."""

from contextlib import suppress

import pytest
from core.kernel import aws, clock
from core.kernel import table as kernel
from core.kernel.table import put, transact
from core.passwords.rules import verify

from tests.bucket import content_of, keys
from tests.functions.test_imports import PEOPLE
from tests.functions.test_people import STUDENT, create, listed
from tests.gateway import call
from tests.imports import (
    CORE,
    bring,
    csv_file,
    form,
    hand_over_everything,
    messages,
    report,
    send,
    wait_for_nobody,
)
from tests.killing import Killed, Killing
from tests.outcomes import summary
from tests.schools import everything
from tests.wire import LosingAnswers, bucket, intercepted, refusal

PASSWORD = "Kunci-Baru-Siswa-7"


@pytest.fixture(autouse=True)
def impatient(monkeypatch, table):
    wait_for_nobody(monkeypatch)


@pytest.fixture
def queued(monkeypatch):
    hand_over_everything(monkeypatch)


ROWS = [
    *PEOPLE,
    {"nisn": STUDENT["nisn"], "hobby": "Catur", "name": "Nama Baru"},
    {"name": "Buruk", "nisn": "1"},
    {"nipd": "sudah", "name": "Sudah Ada"},
]
CALLS_OF_A_CHUNK = 14


@pytest.mark.parametrize("kind", ["students", "teachers", "staff"])
def test_an_import_that_takes_longer_than_a_request_is_a_job(admin, queued, kind):
    accepted = send(kind, admin, json_body={"data": [{"name": "Budi", "email": "budi@smansa.test"}]})
    assert (accepted.status, accepted.result["kind"], accepted.result["processed"]) == (202, kind, 0)
    assert report(admin, accepted.result["id"]).result["status"] == "PROCESSING"


class TestExactlyOnce:
    def expect(self, admin, table, import_id):
        job = report(admin, import_id).result
        assert job["status"] == "COMPLETED"
        assert job["summary"] == summary(total=6, created=3, updated=1, unchanged=1, failed=1)
        rows = call("imports", "GET", f"/api/imports/{import_id}/rows", token=admin).result
        assert [each["row"] for each in rows] == [1, 2, 3, 4, 5, 6]
        found = listed("students", admin).body
        assert found["meta"]["total"] == len(found["result"]) == 5
        assert len({each["nisn"] or each["nipd"] or each["email"] for each in found["result"]}) == 5
        users = call("users", "GET", "/api/users", token=admin, query={"search": ["ani"]}).body
        assert users["meta"]["total"] == 1
        assert [each["hobby"] for each in found["result"] if each["name"] == "Nama Baru"] == ["Catur"]
        updates = [each for each in everything(table) if each.get("action", {}).get("S") == "students.update"]
        assert len(updates) == 1
        assert keys() == []

    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    @pytest.mark.parametrize("at", range(1, CALLS_OF_A_CHUNK + 1))
    def test_d8_a_worker_that_is_killed_at_any_call_leaves_every_row_exactly_once(
        self, admin, table, queued, at, after
    ):
        create("students", admin, email="lain@smansa.test")
        create("students", admin, name="Sudah Ada", nipd="sudah", nisn=None, nik=None, email=None)
        accepted = send("students", admin, json_body={"data": ROWS})
        assert (accepted.status, accepted.headers["retry-after"]) == (202, "2")
        assert accepted.result["processed"] == 0
        path = f"/api/imports/{accepted.result['id']}/rows"
        assert call("imports", "GET", path, token=admin).body["meta"]["total"] == 0
        waiting = messages()
        for body in waiting:
            killing = Killing(at, after)
            with suppress(Killed), intercepted(killing, bucket()):
                assert bring([body]) == []
            assert killing.seen <= CALLS_OF_A_CHUNK, "A chunk makes more calls than are tried here."
        assert bring(waiting) == []
        self.expect(admin, table, accepted.result["id"])

    def test_messages_that_come_twice_change_nothing(self, admin, table, queued):
        create("students", admin, email="lain@smansa.test")
        create("students", admin, name="Sudah Ada", nipd="sudah", nisn=None, nik=None, email=None)
        accepted = send("students", admin, json_body={"data": ROWS})
        waiting = messages()
        assert bring([*waiting, *waiting]) == []
        self.expect(admin, table, accepted.result["id"])

    def test_messages_that_the_queue_does_not_take_are_no_accepted_import(self, admin, queued):
        queue = aws._client("sqs")
        undone = {"Successful": [], "Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": False}]}
        with intercepted(
            lambda send, *arguments: undone if arguments[0] == "SendMessageBatch" else send(*arguments), queue
        ):
            answer = send("students", admin, json_body={"data": PEOPLE})
        assert (answer.status, answer.codes) == (503, [(None, "unavailable")])

    def test_a_lost_answer_of_the_table_is_no_conflict(self, admin, queued):
        send("students", admin, json_body={"data": PEOPLE})
        losing = LosingAnswers()
        with intercepted(losing):
            assert bring(messages()) == []
        assert losing.lost == 1
        assert listed("students", admin).body["meta"]["total"] == 3

    def test_a_person_who_was_deleted_meanwhile_is_not_made_again(self, admin, queued, monkeypatch):
        accepted = send("students", admin, json_body={"data": PEOPLE[:1]})
        (body,) = messages()
        monkeypatch.setattr("core.imports.work._finish", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            bring([body])
        monkeypatch.undo()
        (person,) = listed("students", admin).result
        call("students", "DELETE", f"/api/students/{person['id']}", token=admin)
        assert bring([body]) == []
        assert report(admin, accepted.result["id"]).result["summary"]["created"] == 1
        assert listed("students", admin).result == []

    def test_a_worker_without_time_leaves_the_rest_to_the_next(self, admin, queued):
        accepted = send("students", admin, json_body={"data": PEOPLE})
        waiting = messages()
        assert bring(waiting, milliseconds=1_000) == waiting
        assert bring(waiting) == []
        assert report(admin, accepted.result["id"]).result["summary"]["created"] == 3

    def test_a_chunk_that_gets_on_is_not_counted_as_failing(self, admin, monkeypatch):
        accepted = send("students", admin, **form(TestPasswords.FILE))
        (body,) = messages()
        now = [0.0]
        monkeypatch.setattr(clock, "seconds", lambda: now[0])

        def slowly(send, operation, arguments):
            now[0] += 3600.0 * (operation == "TransactWriteItems")
            return send(operation, arguments)

        with intercepted(slowly):
            assert bring([body], receives=5) == []
        assert report(admin, accepted.result["id"]).result["processed"] == 0
        assert bring(messages()) == []
        assert report(admin, accepted.result["id"]).result["summary"]["created"] == 2

    @pytest.mark.parametrize("failure", [refusal(400, "ThrottlingException"), RuntimeError("a bug")])
    def test_rows_that_fail_at_the_last_of_all_tries_are_reported_and_end_the_import(
        self, admin, queued, monkeypatch, failure
    ):
        monkeypatch.setattr(kernel, "BUDGET_SECONDS", 0.05)
        accepted = send("students", admin, json_body={"data": PEOPLE})
        waiting = messages()

        def fail(send, operation, arguments):
            if operation == "TransactWriteItems" and len(arguments["TransactItems"]) > 2:
                raise failure
            return send(operation, arguments)

        with intercepted(fail):
            assert bring(waiting, receives=4) == waiting
            assert bring(waiting, receives=5) == []
        job = report(admin, accepted.result["id"]).result
        assert (job["status"], job["summary"]) == ("COMPLETED", summary(total=3, failed=3))
        rows = call("imports", "GET", f"/api/imports/{job['id']}/rows", token=admin).result
        assert {each["errors"][0]["code"] for each in rows} == {"unavailable"}
        assert send("students", admin, json_body={"data": PEOPLE}).status == 202

    @pytest.mark.parametrize("method", ["deactivate", "delete"])
    def test_rows_of_somebody_whose_account_is_gone_are_not_imported(self, school, admin, queued, method):
        platform = school.token("platform administrator")
        accepted = send("students", admin, json_body={"data": PEOPLE})
        path = f"/api/users/{school.people['administrator'].id}"
        if method == "delete":
            assert call("users", "DELETE", path, token=platform).status == 204
        else:
            assert call("users", "POST", f"{path}/deactivate", token=platform).status == 200
        assert bring(messages()) == []
        job = report(platform, accepted.result["id"]).result
        assert (job["status"], job["summary"]) == ("COMPLETED", summary(total=3, failed=3))
        assert listed("students", platform).result == []

    def test_a_second_row_about_the_same_person_is_not_imported_from_another_chunk_either(self, admin, table, queued):
        create("students", admin)
        rows = [{"nisn": STUDENT["nisn"], "hobby": "Catur"}, PEOPLE[0]]
        accepted = send("students", admin, json_body={"data": [*rows, {"email": STUDENT["email"], "hobby": "Renang"}]})
        waiting = messages()
        assert len(waiting) == 2
        for body in waiting:
            assert bring([body]) == []
        rows = call("imports", "GET", f"/api/imports/{accepted.result['id']}/rows", token=admin).result
        codes = [(each["status"], [one["code"] for one in each["errors"]]) for each in rows]
        assert codes == [("updated", []), ("created", []), ("failed", ["duplicate_in_file"])]
        assert [each["hobby"] for each in listed("students", admin, search="budi").result] == ["Catur"]

    def test_rows_of_somebody_who_lost_the_right_are_not_imported(self, school, admin, queued):
        accepted = send("students", admin, json_body={"data": PEOPLE})
        other = school.token("platform administrator")
        user = school.people["administrator"]
        user.roles = []
        transact(put(user))
        assert bring(messages()) == []
        rows = call("imports", "GET", f"/api/imports/{accepted.result['id']}/rows", token=other).result
        assert [each["errors"][0]["code"] for each in rows] == ["forbidden"] * 3


class TestPasswords:
    FILE = csv_file(
        CORE,
        [
            ["Ani Wijaya", "ani@smansa.test", PASSWORD, "0012345678", "1", "P", "Islam"],
            ["Budi Santoso", "budi@smansa.test", "pendek", "0012345679", "2", "L", "Islam"],
            ["Citra Lestari", "citra@smansa.test", "Citra-Lestari-26", "0012345680", "3", "P", "Islam"],
            ["Dewi Sartika", "dewi@smansa.test", "", "0012345681", "4", "P", "Islam"],
        ],
    )

    def test_they_are_hashed_by_workers_and_sign_in(self, admin, table):
        accepted = send("students", admin, **form(self.FILE))
        assert accepted.status == 202, "the request itself hashes nothing"
        assert bring(messages()) == []
        rows = call("imports", "GET", f"/api/imports/{accepted.result['id']}/rows", token=admin).result
        codes = [(each["status"], [one["code"] for one in each["errors"]]) for each in rows]
        assert codes == [
            ("created", []),
            ("failed", ["password_too_short"]),
            ("failed", ["password_contains_identity"]),
            ("created", []),
        ]
        kept = [each for each in everything(table) if each["sk"]["S"] == "PASSWORD"]
        assert any(verify(PASSWORD, each["hashed"]["S"]) for each in kept)
        body = {"email": "ani@smansa.test", "password": PASSWORD}
        assert call("auth", "POST", "/api/auth/sign-in/email", json_body=body).status == 200
        body["email"] = "dewi@smansa.test"
        assert call("auth", "POST", "/api/auth/sign-in/email", json_body=body).status == 401

    @pytest.mark.parametrize("own", ["Lestari", "murid"])
    def test_they_hold_neither_name_nor_address_of_their_owner(self, admin, own):
        row = ["Citra Lestari", "murid.tiga@smansa.test", f"{own}-dan-26-kucing", "0012345680", "3", "P", "Islam"]
        accepted = send("students", admin, **form(csv_file(CORE, [row])))
        assert bring(messages()) == []
        (told,) = call("imports", "GET", f"/api/imports/{accepted.result['id']}/rows", token=admin).result
        assert [each["code"] for each in told["errors"]] == ["password_contains_identity"]

    def test_b4_they_stand_nowhere_in_clear_and_nowhere_at_all_once_they_are_done(self, admin, table):
        send("students", admin, **form(self.FILE))
        waiting = messages()
        (chunk,) = keys()
        assert PASSWORD.encode() not in content_of(chunk)
        assert PASSWORD not in str(waiting) + str(everything(table))
        bring(waiting)
        assert keys() == []
        assert PASSWORD not in str(everything(table))

    def test_whoever_has_an_account_keeps_their_password(self, admin, table):
        person = create("students", admin).result
        file = csv_file(("NISN", "Password", "Hobi"), [[STUDENT["nisn"], PASSWORD, "Catur"]])
        accepted = send("students", admin, **form(file))
        bring(messages())
        (row,) = call("imports", "GET", f"/api/imports/{accepted.result['id']}/rows", token=admin).result
        assert (row["status"], row["id"]) == ("updated", person["id"])
        assert [each["code"] for each in row["warnings"]] == ["password_ignored"]
        assert not any(each["sk"]["S"] == "PASSWORD" and person["userId"] in str(each) for each in everything(table))
