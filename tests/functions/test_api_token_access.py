"""What an API token opens: each acts as its creator, for as long as it holds (contract section 4)."""

from datetime import timedelta

import pytest
from core.api_tokens import service
from core.contract.operations import Plain
from core.contract.values import OBJECT
from core.http.api import Api
from core.kernel import clock
from core.kernel.table import get, transact, update
from core.users.models import UserItem, users_of

from tests.functions.api_tokens import NEW, PATH, change, delete, listed, make, secret, tokens
from tests.gateway import call, event
from tests.schools import PASSWORD, everything
from tests.wire import Refusing, intercepted, refusal

CHOSEN = "Pilihan-Sendiri-99"


@pytest.fixture
def pass_time(monkeypatch):
    """Moves the clock on by some seconds."""
    began = clock.now()
    return lambda seconds: monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=seconds))


@pytest.mark.parametrize("form", ["{}", "Bearer {}", "bearer {}"])
def test_an_admin_token_acts_as_its_creator_with_and_without_bearer(school, form, table):
    student = school.people["student"]
    answer = change(form.format(secret(school)), student.id)
    assert (answer.status, answer.text) == (200, "")
    entries = [item for item in everything(table) if item["pk"]["S"] == f"{school.id}#AUDIT"]
    (reset,) = [item for item in entries if item["action"]["S"] == "users.password.reset"]
    assert reset["actor_id"]["S"] == school.people["administrator"].id


def test_a_session_token_works_as_well(school):
    assert call("unleash", "GET", PATH, token=school.token("administrator")).status == 200


@pytest.mark.parametrize("kind", ["client", "backend", "frontend"])
def test_a_token_for_unleashs_clients_opens_no_operation(school, kind):
    answer = tokens(secret(school, type=kind))
    assert (answer.status, answer.body["name"]) == (403, "NoAccessError")
    assert answer.body["message"] == "invalid token: expected a different token type for this endpoint"


@pytest.mark.parametrize(
    ("function", "method", "path"),
    [
        ("users", "GET", "/api/users/me"),
        ("zitadel", "POST", "/management/v1/users/x/password"),
        ("applivery", "POST", "/v1/users/x/change-password"),
    ],
)
def test_only_unleashs_door_takes_api_tokens(school, function, method, path):
    made = secret(school)
    for header in (made, f"Bearer {made}"):
        assert call(function, method, path, headers={"Authorization": header}).status == 401


def by_link(school, owner):
    token = platform(school)
    body = {"id": owner.email}
    url = call("unleash", "POST", "/api/admin/user-admin/reset-password", token=token, json_body=body).body
    sent = {"token": url["resetPasswordUrl"].partition("token=")[2], "newPassword": CHOSEN}
    return call("auth", "POST", "/api/auth/reset-password", json_body=sent).status


def platform(school):
    return school.token("platform administrator")


def post(function, path, token, **body):
    return call(function, "POST", path, token=token, json_body=body).status


#: Every way to a new password: what sets the administrator's, and the status that it answers.
NEW_PASSWORDS = {
    "by the owner": lambda school, owner: post(
        "auth", "/api/auth/change-password", school.token(owner), currentPassword=PASSWORD, newPassword=CHOSEN
    ),
    "by the owner, whose sessions stay": lambda school, owner: post(
        "auth",
        "/api/auth/change-password",
        school.token(owner),
        currentPassword=PASSWORD,
        newPassword=CHOSEN,
        revokeOtherSessions=False,
    ),
    "by a link": by_link,
    "by an administrator": lambda school, owner: (
        (
            call(
                "users",
                "PATCH",
                f"/api/users/{owner.id}/password",
                token=platform(school),
                json_body={"password": CHOSEN},
            )
        ).status
    ),
    "one-time": lambda school, owner: post("slips", "/api/users/password-resets", platform(school), userIds=[owner.id]),
    "through Zitadel": lambda school, owner: post(
        "zitadel", f"/management/v1/users/{owner.id}/password", platform(school), password=CHOSEN, noChangeRequired=True
    ),
    "by the owner through Zitadel": lambda school, owner: post(
        "zitadel",
        f"/v2/users/{owner.id}/password",
        school.token(owner),
        newPassword={"password": CHOSEN},
        currentPassword=PASSWORD,
    ),
    "through Unleash": lambda school, owner: post(
        "unleash", f"/api/admin/user-admin/{owner.id}/change-password", platform(school), password=CHOSEN
    ),
    "by the owner through Unleash": lambda school, owner: post(
        "unleash",
        f"/api/admin/user-admin/{owner.id}/change-password",
        school.token(owner),
        password=CHOSEN,
        oldPassword=PASSWORD,
    ),
    "by the owner through Applivery": lambda school, owner: post(
        "applivery",
        f"/v1/users/{owner.id}/change-password",
        school.token(owner),
        oldPassword=PASSWORD,
        newPassword=CHOSEN,
    ),
}


class TestATokenDies:
    def test_when_it_is_revoked_by_its_secret(self, school):
        made = secret(school)
        answer = delete(school.token("administrator"), made.replace(":", "%3A"))
        assert (answer.status, answer.text) == (200, "")
        assert tokens(made).status == 401
        assert listed(school) == []

    def test_when_it_is_revoked_by_its_id_or_by_what_the_list_shows(self, school):
        for cut in (lambda shown: shown, lambda shown: shown.rpartition(".")[2]):
            made = secret(school)
            (shown,) = [each["secret"] for each in listed(school)]
            assert delete(school.token("administrator"), cut(shown)).status == 200
            assert tokens(made).status == 401

    def test_when_it_expires(self, school, pass_time):
        until = clock.to_wire(clock.now() + timedelta(seconds=60))
        made = secret(school, expiresAt=until)
        assert listed(school)[0]["expiresAt"] == until
        pass_time(58)
        assert tokens(made).status == 200
        pass_time(61)
        assert tokens(made).status == 401

    @pytest.mark.parametrize("change", [{"active": False}, {"deleted_at": "2026-01-01T00:00:00.000Z"}])
    def test_with_its_creators_account(self, school, change):
        made = secret(school)
        name, value = change.popitem()
        transact(update(school.people["administrator"], [getattr(UserItem, name).set(value)]))
        assert tokens(made).status == 401

    def test_with_its_creators_account_and_stays_dead_when_that_comes_back(self, school):
        made, other = secret(school), school.token("platform administrator")
        for done, status in (("deactivate", 401), ("activate", 401)):
            path = f"/api/users/{school.people['administrator'].id}/{done}"
            assert call("users", "POST", path, token=other).status == 200
            assert tokens(made).status == status

    def test_when_an_administrator_resets_its_creators_password(self, school):
        made, other = secret(school), secret(school, "platform administrator")
        assert change(other, school.people["administrator"].id).status == 200
        assert tokens(made).status == 401
        assert tokens(other).status == 200

    @pytest.mark.parametrize("way", NEW_PASSWORDS)
    def test_b11_with_every_new_password_of_its_creator_whoever_sets_it(self, school, way):
        made, other = secret(school), secret(school, "platform administrator")
        assert NEW_PASSWORDS[way](school, school.people["administrator"]) == 200
        assert tokens(made).status == 401
        assert tokens(other).status == 200

    @pytest.mark.parametrize("operation", ["revoke-sessions", "revoke-other-sessions"])
    def test_b11_when_its_creator_ends_all_sessions_or_all_others(self, school, operation):
        made, other = secret(school), secret(school, "platform administrator")
        token = school.token("administrator")
        assert call("auth", "POST", f"/api/auth/{operation}", token=token).status == 200
        assert tokens(made).status == 401
        assert tokens(other).status == 200


class TestATokenIsNoSignIn:
    """B11: whoever finds one can't turn it into more."""

    @pytest.mark.parametrize(
        ("old", "refusal"), [({}, (400, "ValidationError")), ({"oldPassword": PASSWORD}, (403, "NoAccessError"))]
    )
    def test_b11_it_sets_no_password_of_its_creator_with_the_old_one_or_without(self, school, old, refusal):
        administrator, made = school.people["administrator"], secret(school)
        path = f"/api/admin/user-admin/{administrator.id}/change-password"
        answer = call("unleash", "POST", path, headers={"Authorization": made}, json_body={"password": NEW, **old})
        assert (answer.status, answer.body["name"]) == refusal
        signing_in = {"email": administrator.email, "password": PASSWORD}
        assert call("auth", "POST", "/api/auth/sign-in/email", json_body=signing_in).status == 200

    def test_b11_it_gets_no_reset_link_of_its_creator(self, school):
        body = {"id": school.people["administrator"].email}
        path = "/api/admin/user-admin/reset-password"
        answer = call("unleash", "POST", path, headers={"Authorization": secret(school)}, json_body=body)
        assert (answer.status, answer.body["name"]) == (403, "NoAccessError")
        assert "resetPasswordUrl" not in answer.body

    def test_b11_it_makes_no_further_token_which_would_outlive_its_own_end(self, school):
        answer = make(None, Authorization=secret(school))
        assert (answer.status, answer.body["name"]) == (403, "NoAccessError")
        assert answer.body["message"] == "An API token can't do this. Sign in to do it."
        assert len(listed(school)) == 1

    def test_a_route_takes_none_unless_it_says_so(self, school):
        api = Api("unleash", api_tokens=service.caller_of)
        api.operation("GET", "/api/admin/new", answers=Plain(OBJECT))(lambda request: {})
        for token, status in ((secret(school), 403), (f"Bearer {school.token('administrator')}", 200), ("*:*.x", 401)):
            answer = api(event("GET", "/api/admin/new", headers={"Authorization": token}), None)
            assert answer["statusCode"] == status


def test_a_token_may_only_what_its_creator_may_at_that_moment(school):
    made = secret(school)
    transact(update(school.people["administrator"], [UserItem.roles.set([])]))
    assert (tokens(made).status, tokens(made).body["name"]) == (403, "NoAccessError")


def test_b10_a_tokens_creator_who_must_change_the_password_does_that_first(school):
    made = secret(school)
    transact(update(school.people["administrator"], [UserItem.must_change_password.set(True)]))
    answer = tokens(made)
    assert (answer.status, answer.body["message"]) == (403, "Change your password first.")


def test_b4_nothing_in_the_table_opens_anything_as_an_api_token(school, table):
    assert tokens(secret(school)).status == 200

    def strings(value):
        if isinstance(value, dict):
            return {text for each in value.values() for text in strings(each)}
        return {text for each in value for text in strings(each)} if isinstance(value, list) else {str(value)}

    stored = {piece for text in strings(everything(table)) for piece in (text, *text.split("#"))}
    forms = {form.format(piece) for piece in stored if piece.isascii() for form in ("{}", "*:*.{}", "Bearer *:*.{}")}
    assert [form for form in forms if tokens(form).status != 401] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-4] + "AAAA",
        lambda text: text.replace("*:*", "a:b"),
        lambda text: text + "A",
        lambda text: text.rpartition(".")[2],
        lambda text: "*:*." + "A" * 75,
        lambda text: "*:*.é",
        lambda text: "*:*.",
        lambda text: ":.",
    ],
)
def test_no_other_secret_opens_anything(school, spoil):
    assert tokens(spoil(secret(school))).status == 401


def test_the_last_use_is_noted_at_most_once_a_minute(school, pass_time):
    made = secret(school)
    seen = []
    for second in (0, 30, 59, 61, 90):
        pass_time(second)
        assert tokens(made).status == 200
        seen.append(listed(school)[0]["seenAt"])
    assert seen[0] == seen[1] == seen[2] < seen[3] == seen[4]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
def test_the_request_goes_on_when_the_last_use_can_not_be_noted(school, code):
    made = secret(school)
    with intercepted(Refusing("TransactWriteItems", refusal(400, code))):
        assert tokens(made).status == 200
    assert listed(school)[0]["seenAt"] is None


def test_a_token_made_while_its_creators_password_is_reset_is_dead(school):
    administrator, token = school.people["administrator"], school.token("administrator")

    def reset_first(send, operation, arguments):
        if operation == "TransactWriteItems" and "api-tokens.create" in str(arguments) and not overtaken:
            overtaken.append(1)
            other = school.token("platform administrator")
            path = f"/api/users/{administrator.id}/password"
            assert call("users", "PATCH", path, token=other, json_body={"password": NEW}).status == 200
        return send(operation, arguments)

    overtaken = []
    with intercepted(reset_first):
        made = make(token).body["secret"]
    assert get(UserItem, users_of(school.id), administrator.id).api_token_epoch == 2
    assert tokens(made).status == 401
