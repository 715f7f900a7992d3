"""Imports as plans, their reports, and who may see them."""

import json

import pytest

from tests.bucket import remove
from tests.functions.test_import_workers import ROWS
from tests.functions.test_imports import PEOPLE, people, rows_of
from tests.functions.test_people import STUDENT, create, listed
from tests.gateway import call
from tests.imports import bring, hand_over_everything, messages, report, send, wait_for_nobody


@pytest.fixture(autouse=True)
def impatient(monkeypatch, table):
    wait_for_nobody(monkeypatch)


@pytest.fixture
def queued(monkeypatch):
    hand_over_everything(monkeypatch)


class TestPlans:
    def apply(self, admin, plan):
        return call("imports", "POST", f"/api/imports/{plan.result['id']}/apply", token=admin)

    def test_a_dry_run_answers_the_report_of_the_write_and_writes_nobody(self, table, admin):
        create("students", admin, email="lain@smansa.test")
        data = {"data": [*ROWS[:3], {"nisn": STUDENT["nisn"], "hobby": "Catur"}, {"name": "B", "nisn": "1"}]}
        before = people(table)
        plan = send("students", admin, dry_run=True, json_body=data)
        assert plan.status == 200
        assert people(table) == before
        written = send("students", admin, json_body=data)
        assert rows_of(plan) == rows_of(written)
        assert plan.result["summary"] == written.result["summary"]
        assert (plan.result["dryRun"], written.result["dryRun"]) == (True, False)

    def test_a_plan_is_applied_as_it_was_made_and_only_once(self, admin):
        plan = send("students", admin, dry_run=True, json_body={"data": PEOPLE})
        applied = self.apply(admin, plan)
        assert applied.status == 200, applied.text
        assert applied.result["planId"] == plan.result["id"]
        assert applied.result["rows"] == plan.result["rows"], "the same ids, too"
        again = self.apply(admin, plan)
        assert (again.result["id"], again.result["summary"]) == (applied.result["id"], applied.result["summary"])
        assert listed("students", admin).body["meta"]["total"] == 3

    def test_a_plan_that_skips_who_is_there_skips_them_when_it_is_applied(self, admin):
        create("students", admin)
        rows = [{"nisn": STUDENT["nisn"], "hobby": "Catur"}, PEOPLE[0]]
        body = {"data": rows, "options": {"existing": "skip"}}
        applied = self.apply(admin, send("students", admin, dry_run=True, json_body=body))
        assert [each["status"] for each in applied.result["rows"]] == ["skipped", "created"]
        assert listed("students", admin, search="budi s").result[0].get("hobby") is None

    @pytest.mark.parametrize("change", ["changed", "created", "deleted", "taken"])
    def test_a_plan_is_refused_when_the_data_has_changed_since(self, table, admin, change):
        person = create("students", admin).result
        rows = [PEOPLE[0], {"nisn": STUDENT["nisn"], "hobby": "Catur", "nipd": "baru"}]
        plan = send("students", admin, dry_run=True, json_body={"data": rows})
        path = f"/api/students/{person['id']}"
        if change == "changed":
            call("students", "PATCH", path, token=admin, json_body={"hobby": "Renang"})
        elif change == "deleted":
            call("students", "DELETE", path, token=admin)
        else:
            members = {"nisn": PEOPLE[0]["nisn"]} if change == "created" else {"nipd": "baru"}
            call("students", "POST", "/api/students", token=admin, json_body={"name": "Lain", **members})
        before = people(table)
        refused = self.apply(admin, plan)
        row = "row 1" if change == "created" else "row 2"
        assert (refused.status, refused.codes) == (409, [(row, "changed_since_plan")])
        assert people(table) == before

    def test_a_change_between_the_check_and_the_write_fails_only_its_row(self, admin, queued):
        person = create("students", admin).result
        rows = [PEOPLE[0], {"nisn": STUDENT["nisn"], "hobby": "Catur"}]
        plan = send("students", admin, dry_run=True, json_body={"data": rows})
        bring(messages())
        applied = self.apply(admin, plan)
        assert applied.status == 202
        path = f"/api/students/{person['id']}"
        call("students", "PATCH", path, token=admin, json_body={"hobby": "Renang"})
        bring(messages())
        result = call("imports", "GET", f"/api/imports/{applied.result['id']}/rows", token=admin).result
        assert [each["status"] for each in result] == ["created", "failed"]
        assert result[1]["errors"][0]["code"] == "changed_since_plan"

    def test_what_is_no_plan_or_not_ready_is_409(self, admin, queued):
        written = send("students", admin, json_body={"data": PEOPLE})
        assert self.apply(admin, written).codes == [(None, "not_a_plan")]
        plan = send("students", admin, dry_run=True, json_body={"data": PEOPLE})
        assert self.apply(admin, plan).codes == [(None, "plan_not_ready")]

    def test_a_plan_whose_rows_are_gone_is_409(self, admin):
        plan = send("students", admin, dry_run=True, json_body={"data": PEOPLE})
        remove()
        assert self.apply(admin, plan).codes == [(None, "plan_expired")]


class TestTheReport:
    def test_it_is_read_page_by_page_and_by_status(self, admin, queued):
        data = [{"name": f"Murid {n}", "nisn": f"{n:010d}" if n % 3 else "x"} for n in range(11)]
        accepted = send("students", admin, json_body={"data": data})
        bring(messages())
        path = f"/api/imports/{accepted.result['id']}/rows"

        def read(**query):
            return call("imports", "GET", path, token=admin, query={name: [value] for name, value in query.items()})

        seen, cursor = [], None
        while cursor or not seen:
            page = read(limit="3", **({"cursor": cursor} if cursor else {})).body
            seen += [each["row"] for each in page["result"]]
            cursor = page["meta"]["next"]
        assert seen == list(range(1, 12))
        assert [each["row"] for each in read(limit="4", page="2").result] == [5, 6, 7, 8]
        failed = read(status="failed", limit="2").body
        assert (failed["meta"]["total"], [each["row"] for each in failed["result"]]) == (4, [1, 4])
        assert [each["row"] for each in read(status="failed", limit="2", page="2").result] == [7, 10]
        assert read(fields="row,status", limit="1").result == [{"row": 1, "status": "failed"}]
        assert read(status="x").status == 400

    def test_it_shows_how_far_the_workers_are(self, admin, queued):
        accepted = send("students", admin, json_body={"data": PEOPLE})
        assert accepted.headers["location"] == f"/api/imports/{accepted.result['id']}"
        bring(messages()[:1])
        job = report(admin, accepted.result["id"]).result
        assert (job["status"], job["processed"], job["total"]) == ("PROCESSING", 2, 3)

    def test_a_hundred_rows_with_every_error_fit(self, admin):
        bad = {"name": "A", "nisn": "1", **dict.fromkeys((f"member{n}" for n in range(100)), "x" * 50)}
        answer = send("students", admin, json_body={"data": [bad] * 100})
        assert answer.result["summary"]["failed"] == 100
        assert len(answer.result["rows"][7]["errors"]) >= 101


class TestAccess:
    PATHS = (("GET", ""), ("GET", "/rows"), ("POST", "/apply"))

    def test_nobody_gets_401_and_whoever_may_not_write_403(self, school, admin):
        plan = send("students", admin, dry_run=True, json_body={"data": PEOPLE}).result["id"]
        paths = [*((method, f"/api/imports/{plan}{path}") for method, path in self.PATHS)]
        paths += [("POST", "/api/students/import"), ("GET", "/api/students/import/template")]
        for method, path in paths:
            assert call("imports", method, path).status == 401
            for role in ("student", "teacher"):
                assert call("imports", method, path, token=school.token(role)).status == 403

    def test_a3_what_is_another_schools_or_of_other_people_looks_absent(self, school, other_school, admin):
        plan = send("teachers", admin, dry_run=True, json_body={"data": [{"name": "A", "nip": "1" * 18}]}).result["id"]
        # The staff of a school may write students, not teachers.
        for token in (other_school.token("administrator"), school.token("staff")):
            for method, path in self.PATHS:
                hidden = call("imports", method, f"/api/imports/{plan}{path}", token=token)
                absent = call("imports", method, f"/api/imports/{'0' * 24}{path}", token=token)
                assert hidden.status == absent.status == 404
                assert hidden.text == absent.text

    def test_the_queue_carries_ids_and_nothing_of_a_person(self, school, admin, queued):
        accepted = send("students", admin, json_body={"data": PEOPLE})
        bodies = [json.loads(each) for each in messages()]
        assert bodies == [
            {"organization": school.id, "import": accepted.result["id"], "chunk": number} for number in range(2)
        ]
