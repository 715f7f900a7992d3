"""What dies with an address: links that were mailed to it, and what its former owner's sign-ins left."""

from core.logins import guard
from core.users.models import UserItem

from tests.functions.test_reset_links import ask, mailed_token, use
from tests.functions.test_throttles import ELSEWHERE, HOME, fail, sign_in
from tests.gateway import call
from tests.schools import PASSWORD


def move(school, name, email):
    """Gives the account of this system role another address."""
    path = f"/api/users/{school.people[name].id}"
    answer = call("users", "PATCH", path, token=school.token("administrator"), json_body={"email": email})
    assert answer.status == 200, answer.text


def test_a_link_that_was_mailed_to_the_former_address_opens_nothing(school):
    school.people["student"].update(actions=[UserItem.email_verified.set(True)])
    ask("student@smansa.test")
    token = mailed_token(school)
    move(school, "student", "lain@smansa.test")
    answer = use(token)
    assert (answer.status, answer.body["code"]) == (400, "INVALID_TOKEN")


def test_whoever_gets_somebodys_address_is_not_known_where_that_one_signed_in(school, monkeypatch):
    monkeypatch.setattr(guard, "WIDE", 5)
    assert sign_in(password=PASSWORD, source=HOME).status == 200
    move(school, "student", "lain@smansa.test")
    move(school, "teacher", "student@smansa.test")
    fail(5, source=ELSEWHERE)
    assert sign_in(password=PASSWORD, source=HOME).status == 429


def test_a_link_to_the_former_address_is_not_shown_any_more(school):
    school.people["student"].update(actions=[UserItem.email_verified.set(True)])
    ask("student@smansa.test")
    move(school, "student", "lain@smansa.test")
    path = f"/api/users/{school.people['student'].id}/password-status"
    assert call("users", "GET", path, token=school.token("administrator")).result["link"] is None


def test_another_second_address_is_not_verified_because_the_one_before_was(school):
    student = school.people["student"]
    verified = [UserItem.secondary_email.set("wali@x.test"), UserItem.secondary_email_verified.set(True)]
    student.update(actions=verified)
    path = f"/api/users/{student.id}"
    body = {"secondaryEmail": "lain@x.test"}
    assert call("users", "PATCH", path, token=school.token("administrator"), json_body=body).status == 200
    student.refresh()
    assert (student.secondary_email, student.secondary_email_verified) == ("lain@x.test", False)
