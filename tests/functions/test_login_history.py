"""The history of sign-ins: successes and failures, newest first, for a year."""

from datetime import timedelta

import pytest
from core.kernel import clock
from core.logins import guard

from tests.gateway import call
from tests.schools import PASSWORD

STUDENT = "student@smansa.test"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
    "Safari/537.36"
)


def sign_in(password=PASSWORD, email=STUDENT, source="203.0.113.7"):
    body = {"email": email, "password": password}
    headers = {"User-Agent": PHONE}
    return call("auth", "POST", "/api/auth/sign-in/email", json_body=body, source_ip=source, headers=headers)


def history(token, whose="me", **query):
    query = {name: [value] for name, value in query.items()}
    answer = call("users", "GET", f"/api/users/{whose}/login-history", token=token, query=query)
    assert answer.status == 200, answer.text
    return answer


@pytest.fixture
def pass_time(monkeypatch):
    """Moves the clock on by some seconds."""
    began = clock.now()
    return lambda seconds: monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=seconds))


def test_a_sign_in_stands_in_the_history_with_its_device(school):
    token = sign_in().body["token"]
    answer = history(token)
    (entry,) = answer.result
    assert clock.is_id(entry.pop("id"))
    assert clock.from_wire(entry.pop("at")) <= clock.now()
    assert entry == {
        "userId": school.people["student"].id,
        "success": True,
        "reason": None,
        "ipAddress": "203.0.113.7",
        "userAgent": PHONE,
        "device": {"type": "mobile", "model": "Samsung SM-A546E", "os": "Android 14", "browser": "Chrome Mobile 126"},
        "country": None,
    }
    assert answer.body["meta"] == {"page": 1, "limit": 20, "total": 1, "next": None}


def test_failures_stand_in_it_with_their_reason(school, table, pass_time, monkeypatch):
    monkeypatch.setattr(guard, "NARROW", 3)
    student, reasons = school.people["student"], {}
    key = {"pk": {"S": student.partition}, "sk": {"S": student.sort}}
    pass_time(0)
    sign_in("salah sekali")
    for second, active in ((1, False), (2, True)):
        pass_time(second)
        table.update_item(
            TableName="core-test",
            Key=key,
            UpdateExpression="SET active = :active",
            ExpressionAttributeValues={":active": {"BOOL": active}},
        )
        sign_in(PASSWORD if second == 1 else "salah sekali")
    for second in (3, 4, 5):
        pass_time(second)
        assert sign_in().status == 429
    entries = history(school.token("administrator"), student.id).result
    reasons = [(each["success"], each["reason"]) for each in entries]
    # A flood of refused attempts is told once for each window.
    assert reasons == [
        (False, "throttled"),
        (False, "wrong_password"),
        (False, "inactive"),
        (False, "wrong_password"),
    ]


def test_an_account_without_a_password_tells_that_it_has_none(school):
    user = school.add("Tanpa Sandi", "tanpa@smansa.test", [], password=None)
    assert sign_in(email=user.email).status == 401
    (entry,) = history(school.token("administrator"), user.id).result
    assert entry["reason"] == "no_password"


def test_a_flood_of_failures_does_not_bury_what_matters(school, monkeypatch):
    monkeypatch.setattr(guard, "RECORDED_A_DAY", 4)
    for number in range(8):
        assert sign_in("salah sekali", source=f"198.51.100.{number}").status == 401
    token = sign_in().body["token"]
    assert [each["success"] for each in history(token).result] == [True, False, False, False, False]


def test_it_is_walked_by_page_and_by_cursor_newest_first_and_filtered(school, pass_time):
    for second in range(9):
        pass_time(second)
        answer = sign_in("salah sekali" if second % 3 == 1 else PASSWORD)
    token = answer.body["token"]
    whole = history(token).result
    assert len(whole) == 9
    assert [each["at"] for each in whole] == sorted((each["at"] for each in whole), reverse=True)
    assert [each for page in "123" for each in history(token, page=page, limit="4").result] == whole
    walked, cursor = [], {}
    while cursor is not None:
        answer = history(token, limit="4", **cursor)
        walked += answer.result
        cursor = {"cursor": answer.body["meta"]["next"]} if answer.body["meta"]["next"] else None
    assert walked == whole
    for success, number in (("true", 6), ("false", 3)):
        answer = history(token, success=success)
        assert [each["success"] for each in answer.result] == [success == "true"] * number
        assert answer.body["meta"]["total"] == number
    assert {tuple(each) for each in history(token, fields="id,at").result} == {("id", "at")}


def test_it_is_kept_for_a_year(school, pass_time):
    pass_time(0)
    sign_in()
    pass_time(364 * 24 * 3600)
    assert len(history(sign_in().body["token"]).result) == 2
    # TTL may be days late, and nobody sees that.
    pass_time(366 * 24 * 3600)
    answer = history(sign_in().body["token"])
    assert (len(answer.result), answer.body["meta"]["total"]) == (2, 2)


def test_a_session_that_nobody_signed_in_for_is_no_sign_in(school):
    assert history(school.token("student")).result == []


def test_a_cursor_belongs_to_one_persons_history(school, pass_time):
    for second in range(3):
        pass_time(second)
        sign_in()
        sign_in(email="teacher@smansa.test")
    token = school.token("administrator")
    student, teacher = school.people["student"].id, school.people["teacher"].id
    cursor = history(token, student, limit="1").body["meta"]["next"]
    query = {"cursor": [cursor], "limit": ["1"]}
    path = f"/api/users/{teacher}/login-history"
    answer = call("users", "GET", path, token=token, query=query)
    assert (answer.status, answer.codes) == (400, [("cursor", "invalid_cursor")])


@pytest.mark.parametrize(
    ("who", "status"),
    [("administrator", 200), ("principal", 200), ("teacher", 403), ("staff", 403), ("student", 403)],
)
def test_others_histories_are_for_who_may_read_users(school, who, status):
    path = f"/api/users/{school.people['platform administrator'].id}/login-history"
    assert call("users", "GET", path, token=school.token(who)).status == status


def test_a3_hidden_and_absent_answers_are_byte_identical(school, other_school):
    token = school.token("administrator")
    gone = school.people["teacher"].id
    assert call("users", "DELETE", f"/api/users/{gone}", token=token).status == 204
    paths = [f"/api/users/{each}/login-history" for each in (other_school.people["student"].id, "0" * 24, gone, "x")]
    answers = [call("users", "GET", path, token=token) for path in paths]
    assert {each.status for each in answers} == {404}
    assert len({each.text for each in answers}) == 1


@pytest.mark.parametrize("path", ["/api/users/me/login-history", "/api/users/000000000000000000000001/login-history"])
def test_without_a_session_it_is_401(table, path):
    assert call("users", "GET", path).status == 401


@pytest.mark.parametrize(
    ("name", "value"),
    [("search", "x"), ("updatedSince", "2026-01-01T00:00:00Z"), ("success", "yes"), ("sort", "at"), ("limit", "101")],
)
def test_parameters_that_this_list_does_not_take_are_400(school, name, value):
    answer = call("users", "GET", "/api/users/me/login-history", token=school.token("student"), query={name: [value]})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, name)
