"""POST /api/users/password-resets: one-time passwords for many people at once."""

import re
from datetime import timedelta

import pytest
from core.kernel import clock
from core.kernel.policy import STUDENT, TEACHER
from core.kernel.table import get, query, transact, update
from core.outbox.models import MailItem, outbox_of
from core.passwords.models import PASSWORD_SORT, PasswordItem
from core.slips import service as one_time
from core.slips import targets
from core.users.models import UserItem, belongings_of

from tests.gateway import call
from tests.outcomes import code_of, let_time_run_out, summary
from tests.schools import PASSWORD, everything
from tests.wire import Counting, Refusing, intercepted, refusal

PATH = "/api/users/password-resets"
NOBODY = "0" * 24


def reset(token, **options):
    return call("slips", "POST", PATH, token=token, **options)


def sign_in(email, password):
    return call("auth", "POST", "/api/auth/sign-in/email", json_body={"email": email, "password": password})


def issued_to(school, *people):
    answer = reset(school.token("administrator"), json_body={"userIds": [each.id for each in people]})
    assert answer.status == 200, answer.text
    return answer.result


def hours_later(monkeypatch, hours):
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=hours))


def close(user):
    transact(update(user, [UserItem.active.set(False)]))


class TestWhoMay:
    def test_nobody_gets_401_even_with_a_bad_body(self, school):
        assert reset(None, body="{").status == 401

    @pytest.mark.parametrize("role", ["principal", "teacher", "staff", "student"])
    def test_who_may_not_reset_passwords_gets_403(self, school, role):
        assert reset(school.token(role), json_body={"roleId": STUDENT.id}).codes == [(None, "forbidden")]

    def test_ids_of_another_school_look_like_ids_of_nobody(self, school, other_school):
        hidden_id = other_school.people["student"].id
        answer = reset(school.token("administrator"), json_body={"userIds": [hidden_id, NOBODY]})
        hidden, absent = answer.result
        assert hidden == absent | {"id": hidden_id}
        assert (absent["status"], code_of(absent), absent["name"]) == ("failed", "not_found", None)
        assert sign_in(other_school.people["student"].email, PASSWORD).status == 200

    def test_a_role_reaches_nobody_of_another_school(self, school, other_school):
        answer = reset(school.token("administrator"), json_body={"roleId": STUDENT.id})
        assert [row["id"] for row in answer.result] == [school.people["student"].id]
        assert sign_in(other_school.people["student"].email, PASSWORD).status == 200


class TestWhatIsIssued:
    def test_a_one_time_password_signs_in_and_then_only_the_password_can_be_changed(self, school):
        student = school.people["student"]
        (row,) = issued_to(school, student)
        signed_in = sign_in(student.email, row["password"])
        assert signed_in.status == 200
        token = signed_in.body["token"]
        assert call("users", "GET", "/api/users/me", token=token).codes == [(None, "password_change_required")]
        assert call("auth", "GET", "/api/auth/get-session", token=token).body["user"]["id"] == student.id
        new = {"currentPassword": row["password"], "newPassword": "Kunci-Baru-Untuk-Siswa"}
        changed = call("auth", "POST", "/api/auth/change-password", token=token, json_body=new)
        assert changed.status == 200
        again = sign_in(student.email, new["newPassword"]).body["token"]
        assert call("users", "GET", "/api/users/me", token=again).status == 200
        assert sign_in(student.email, row["password"]).status == 401

    def test_who_has_one_can_sign_out(self, school):
        student = school.people["student"]
        (row,) = issued_to(school, student)
        token = sign_in(student.email, row["password"]).body["token"]
        assert call("auth", "POST", "/api/auth/sign-out", token=token).status == 200
        assert call("auth", "GET", "/api/auth/get-session", token=token).body is None

    def test_the_old_password_and_every_session_end(self, school):
        student = school.people["student"]
        token = school.token(student)
        issued_to(school, student)
        assert call("users", "GET", "/api/users/me", token=token).status == 401
        assert sign_in(student.email, PASSWORD).status == 401

    def test_it_is_refused_after_72_hours_as_any_wrong_password_is(self, school, monkeypatch):
        student = school.people["student"]
        (row,) = issued_to(school, student)
        wrong = sign_in(student.email, "x" * 12)
        hours_later(monkeypatch, 71.9)
        assert sign_in(student.email, row["password"]).status == 200
        hours_later(monkeypatch, 0.2)
        late = sign_in(student.email, row["password"])
        assert (late.status, late.text) == (wrong.status, wrong.text) == (401, wrong.text)

    def test_signing_in_leaves_its_hash_and_its_end_as_they_are(self, school):
        student = school.people["student"]
        (row,) = issued_to(school, student)
        before = get(PasswordItem, belongings_of(school.id, student.id), PASSWORD_SORT)
        assert sign_in(student.email, row["password"]).status == 200
        after = get(PasswordItem, belongings_of(school.id, student.id), PASSWORD_SORT)
        assert (after.hashed, after.valid_until) == (before.hashed, before.valid_until)

    def test_a_row_says_all_that_its_slip_needs(self, school):
        (row,) = issued_to(school, school.people["student"])
        assert list(row) == ["id", "name", "email", "password", "validUntil", "status", "errors"]
        assert row["errors"] == []
        assert re.fullmatch(f"[{one_time.ALPHABET}]{{12}}", row["password"])
        until = clock.from_wire(row["validUntil"])
        assert timedelta(hours=71.9) < until - clock.now() <= timedelta(hours=72)

    def test_the_audit_names_actor_and_person_and_the_owner_is_told(self, school):
        student = school.people["student"]
        (row,) = issued_to(school, student)
        (entry,) = query(f"{school.id}#AUDIT").items
        assert entry["action"]["S"] == "users.password.one_time"
        assert entry["actor_id"]["S"] == school.people["administrator"].id
        assert entry["target_id"]["S"] == student.id
        (mail,) = [MailItem.from_raw_data(each) for each in query(outbox_of(school.id)).items]
        assert (mail.kind, mail.to, mail.details.as_dict()["by"]) == (
            "password_changed",
            [student.email],
            "administrator",
        )
        assert row["password"] not in str(query(outbox_of(school.id)).items)

    def test_a_person_without_a_password_gets_one(self, school):
        new = school.add("Budi Santoso", "budi@smansa.test", [STUDENT.id], password=None)
        (row,) = issued_to(school, new)
        assert sign_in(new.email, row["password"]).status == 200

    def test_issued_again_only_the_newer_password_signs_in(self, school):
        student = school.people["student"]
        (first,), (second,) = issued_to(school, student), issued_to(school, student)
        assert sign_in(student.email, first["password"]).status == 401
        assert sign_in(student.email, second["password"]).status == 200


class TestRefusals:
    def test_each_is_refused_alone_and_the_others_get_theirs(self, school):
        closed = school.add("Tutup", "tutup@smansa.test", [STUDENT.id])
        gone = school.add("Hilang", "hilang@smansa.test", [STUDENT.id])
        close(closed)
        administrator = school.token("administrator")
        assert call("users", "DELETE", f"/api/users/{gone.id}", token=administrator).status == 204
        people = [school.people[name] for name in ("student", "administrator", "platform administrator")]
        ids = [each.id for each in [*people, closed, gone]]
        answer = reset(administrator, json_body={"userIds": ids})
        assert [code_of(row) for row in answer.result] == [
            None,
            "own_account",
            "stronger_account",
            "inactive_account",
            "not_found",
        ]
        assert [row["id"] for row in answer.result] == ids
        assert answer.body["meta"] == {"summary": summary(total=5, updated=1, failed=4)}
        assert all(row["errors"][0]["message"] and row["password"] is None for row in answer.result[1:])
        assert sign_in(school.people["platform administrator"].email, PASSWORD).status == 200

    def test_an_id_that_stands_twice_gets_one_password(self, school):
        student = school.people["student"]
        answer = reset(school.token("administrator"), json_body={"userIds": [student.id, student.id.upper()]})
        assert [row["id"] for row in answer.result] == [student.id]

    @pytest.mark.parametrize(
        ("body", "codes"),
        [
            ({}, [(None, "invalid")]),
            ({"userIds": ["a" * 24], "roleId": "a" * 24}, [(None, "invalid")]),
            ({"userIds": []}, [("userIds", "invalid")]),
            ({"userIds": ["#USERS"]}, [("userIds.0", "invalid")]),
            ({"roleId": 6}, [("roleId", "wrong_type")]),
            ({"roleId": STUDENT.id, "password": "x"}, [("password", "unknown_member")]),
        ],
    )
    def test_a_body_that_does_not_name_them_in_one_way_is_400(self, school, body, codes):
        answer = reset(school.token("administrator"), json_body=body)
        assert (answer.status, answer.codes) == (400, codes)

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"dryRun": ["yes"]}, "invalid"),
            ({"dryRun": ["true", "false"]}, "repeated_parameter"),
            ({"dryrun": ["true"]}, "unknown_parameter"),
        ],
    )
    def test_a_misspelt_dry_run_issues_nothing(self, school, query, code):
        answer = reset(school.token("administrator"), json_body={"roleId": STUDENT.id}, query=query)
        assert (answer.status, answer.codes[0][1]) == (400, code)
        assert sign_in(school.people["student"].email, PASSWORD).status == 200

    @pytest.mark.parametrize("member", ["classId", "roleId"])
    def test_a_class_or_role_that_the_school_does_not_have_is_404(self, school, member):
        answer = reset(school.token("administrator"), json_body={member: "f" * 24})
        assert (answer.status, answer.codes) == (404, [(member, "not_found")])

    def test_more_than_500_people_are_422_before_anybody_is_touched(self, school):
        ids = [f"{number:024x}" for number in range(501)]
        answer = reset(school.token("administrator"), json_body={"userIds": ids})
        assert (answer.status, answer.codes) == (422, [("userIds", "too_many")])
        assert "500" in answer.body["message"]

    def test_a_role_of_too_many_people_is_422_too(self, school, monkeypatch):
        monkeypatch.setattr(targets, "MOST_PEOPLE", 1)
        other = school.add("Budi Santoso", "budi@smansa.test", [STUDENT.id])
        answer = reset(school.token("administrator"), json_body={"roleId": STUDENT.id})
        assert (answer.status, answer.codes) == (422, [("roleId", "too_many")])
        assert sign_in(other.email, PASSWORD).status == 200

    def test_a_role_of_the_school_is_who_has_it_which_may_be_nobody(self, school):
        administrator, student = school.token("administrator"), school.people["student"]
        body = {"name": "Panitia", "permissions": ["students:read"]}
        role_id = call("roles", "POST", "/api/roles", token=administrator, json_body=body).result["id"]
        assert reset(administrator, json_body={"roleId": role_id}).result == []
        path = f"/api/roles/{role_id}/members"
        call("roles", "POST", path, token=administrator, json_body={"userIds": [student.id]})
        rows = reset(administrator, json_body={"roleId": role_id.upper()}).result
        assert [(row["id"], row["status"]) for row in rows] == [(student.id, "updated")]
        call("roles", "DELETE", path, token=administrator, json_body={"userIds": [student.id]})
        assert call("roles", "DELETE", f"/api/roles/{role_id}", token=administrator).status == 204
        assert reset(administrator, json_body={"roleId": role_id}).codes == [("roleId", "not_found")]

    def test_a_role_that_nobody_has_is_an_empty_list(self, school):
        administrator = school.token("administrator")
        teacher = school.people["teacher"]
        assert call("users", "DELETE", f"/api/users/{teacher.id}", token=administrator).status == 204
        assert reset(administrator, json_body={"roleId": TEACHER.id}).result == []


class TestDryRun:
    def test_it_says_what_would_happen_and_writes_nothing(self, school, table):
        token = school.token("administrator")
        people = [school.people[name] for name in ("student", "platform administrator")]
        before = everything(table)
        answer = reset(token, json_body={"userIds": [each.id for each in people]}, query={"dryRun": ["true"]})
        assert [(row["id"], row["status"]) for row in answer.result] == [
            (people[0].id, "updated"),
            (people[1].id, "failed"),
        ]
        assert answer.body["meta"]["summary"] == summary(total=2, updated=1, failed=1)
        assert everything(table) == before

    def test_somebody_deleted_looks_like_nobody(self, school):
        token, gone = school.token("administrator"), school.people["student"].id
        assert call("users", "DELETE", f"/api/users/{gone}", token=token).status == 204
        hidden, absent = reset(token, json_body={"userIds": [gone, NOBODY]}, query={"dryRun": ["true"]}).result
        assert hidden == absent | {"id": gone}

    def test_it_and_the_reset_answer_about_the_same_people(self, school):
        token = school.token("administrator")
        school.add("Ani", "ani@smansa.test", [STUDENT.id])
        planned = reset(token, json_body={"roleId": STUDENT.id}, query={"dryRun": ["true"]}).result
        real = reset(token, json_body={"roleId": STUDENT.id}, query={"dryRun": ["false"]}).result
        assert [row["name"] for row in planned] == [row["name"] for row in real] == ["Ani", "Orang Student"]

    def test_it_is_no_pdf_because_there_is_nothing_to_hand_out(self, school):
        options = {"query": {"dryRun": ["true"]}, "headers": {"Accept": "application/pdf"}}
        answer = reset(school.token("administrator"), json_body={"roleId": STUDENT.id}, **options)
        assert answer.headers["content-type"] == "application/json"


class TestWhenTheTableFails:
    def test_who_could_not_be_written_is_refused_and_nobody_else_is_begun_with(self, school, monkeypatch):
        monkeypatch.setattr("core.kernel.table.BUDGET_SECONDS", 0.05)
        monkeypatch.setattr(one_time, "_AT_ONCE", 1)
        token = school.token("administrator")
        busy = Refusing("TransactWriteItems", refusal(400, "ThrottlingException"))
        ids = [school.people[name].id for name in ("student", "teacher", "staff")]
        counting = Counting()
        with intercepted(busy), intercepted(counting):
            answer = reset(token, json_body={"userIds": ids})
        assert [code_of(row) for row in answer.result] == ["unavailable", "not_done", "not_done"]
        assert [row["password"] for row in answer.result] == [None] * 3
        assert answer.body["meta"]["summary"] == summary(total=3, failed=3)
        assert busy.seen > 0
        assert counting.calls["GetItem"] == 1, "the password of the first, and of nobody else"
        assert sign_in(school.people["teacher"].email, PASSWORD).status == 200

    def test_nobody_is_begun_with_when_time_is_over(self, school, monkeypatch):
        token = school.token("administrator")
        let_time_run_out(monkeypatch)
        (row,) = reset(token, json_body={"userIds": [school.people["student"].id]}).result
        assert (row["status"], code_of(row)) == ("failed", "not_done")
        assert sign_in(school.people["student"].email, PASSWORD).status == 200


def test_a_password_is_hard_enough_to_guess_and_has_no_look_alikes():
    assert len(set(one_time.ALPHABET)) ** one_time.LENGTH >= 2**58
    assert not set(one_time.ALPHABET) & set("0O1lIi" + "o")
    assert len({one_time.new_password() for _ in range(1000)}) == 1000
    assert set("".join(one_time.new_password() for _ in range(1000))) == set(one_time.ALPHABET)


def test_a_failure_that_nobody_foresaw_loses_nobody_elses_new_password(school, admin, monkeypatch):
    kept_password, failing = one_time.kept_password, school.people["staff"]

    def fail(user):
        if user.id == failing.id:
            raise RuntimeError("unforeseen")
        return kept_password(user)

    monkeypatch.setattr(one_time, "kept_password", fail)
    monkeypatch.setattr(one_time, "_AT_ONCE", 1)
    ids = [school.people["student"].id, failing.id]
    reply = call("slips", "POST", "/api/users/password-resets", token=admin, json_body={"userIds": ids})
    assert reply.status == 200
    assert [(each["status"], code_of(each)) for each in reply.result] == [
        ("updated", None),
        ("failed", "internal_error"),
    ]
