"""better-auth's own client signs in to a running Core and manages its sessions and password, unchanged."""

import re

import pytest

from tests.clients import node
from tools.demo.people import PASSWORD

ADMINISTRATOR = "admin@smansa.test"
PLATFORM = "platform@core.test"
TEACHER, STAFF, PRINCIPAL = "teacher@smansa.test", "staff@smansa.test", "principal@smansa.test"
FIRST, NEW = "Sepeda-Ontel-Di-Gudang", "Kunci-Baru-Untuk-Kantor"


@pytest.fixture(scope="module")
def installed():
    node.install()


@pytest.fixture
def client(installed, core):
    """Calls a method of the client of somebody: `client(who, "signIn.email", {...})`."""
    with node.running("client.mjs", core.origin) as ask:
        yield lambda who, method, *arguments: ask({"who": who, "call": method, "arguments": arguments})


def sign_in(client, who, email, password=PASSWORD):
    answer = client(who, "signIn.email", {"email": email, "password": password})
    assert answer["error"] is None, answer
    return answer["data"]


def session(client, who):
    answer = client(who, "getSession")
    assert answer["error"] is None, answer
    return answer["data"]


def test_it_signs_in_reads_its_session_and_signs_out(client):
    signed_in = sign_in(client, "phone", TEACHER)
    assert signed_in["user"]["email"] == TEACHER
    read = session(client, "phone")
    assert read["user"] == signed_in["user"]
    assert read["session"]["token"] == signed_in["token"] == client("phone", "token")["data"]
    assert client("phone", "signOut")["data"] == {"success": True}
    assert session(client, "phone") is None


def test_it_understands_a_refusal(client):
    wrong = client("phone", "signIn.email", {"email": TEACHER, "password": "salah sekali"})
    assert (wrong["error"]["status"], wrong["error"]["code"]) == (401, "INVALID_EMAIL_OR_PASSWORD")
    assert wrong["error"]["message"] == "Invalid email or password"
    malformed = client("phone", "signIn.email", {"email": "x", "password": "x"})
    assert (malformed["error"]["status"], malformed["error"]["code"]) == (400, "INVALID_EMAIL")
    assert client("nobody", "listSessions")["error"]["status"] == 401


def test_it_lists_and_revokes_sessions(client):
    for who in ("phone", "laptop", "library"):
        sign_in(client, who, STAFF)
    listed = client("phone", "listSessions")["data"]
    agents = {each["userAgent"]: each["token"] for each in listed}
    assert {"phone", "laptop", "library"} <= agents.keys()

    assert client("phone", "revokeSession", {"token": agents["laptop"]})["data"] == {"status": True}
    assert session(client, "laptop") is None
    assert session(client, "library") is not None

    assert client("phone", "revokeOtherSessions")["data"] == {"status": True}
    assert session(client, "library") is None
    assert [each["userAgent"] for each in client("phone", "listSessions")["data"]] == ["phone"]

    sign_in(client, "library", STAFF)
    assert client("library", "revokeSessions")["data"] == {"status": True}
    assert session(client, "phone") is None
    assert session(client, "library") is None


def test_it_changes_name_and_image(client):
    # Who has a record has its name, so this is the one account of the demo without a record.
    sign_in(client, "phone", PLATFORM)
    assert client("phone", "updateUser", {"name": "Rangga Wiratama, M.Pd."})["data"] == {"status": True}
    assert session(client, "phone")["user"]["name"] == "Rangga Wiratama, M.Pd."
    refused = client("phone", "updateUser", {"email": "new@smansa.test"})["error"]
    assert (refused["status"], refused["code"]) == (400, "EMAIL_CAN_NOT_BE_UPDATED")


def test_it_resets_the_password_with_the_mailed_link(client, mails_to):
    sign_in(client, "phone", PRINCIPAL)
    before = len(mails_to(PRINCIPAL, at_least=0))
    asked = client("laptop", "requestPasswordReset", {"email": PRINCIPAL, "redirectTo": "/reset-password"})
    assert asked["data"]["status"] is True, asked
    mail = mails_to(PRINCIPAL, at_least=before + 1)[-1]
    token = re.search(r"/reset-password(?:/|\?token=)([\w-]{75})", mail["BodyText"])[1]

    refused = client("laptop", "resetPassword", {"newPassword": "x", "token": token})["error"]
    assert (refused["status"], refused["code"]) == (400, "PASSWORD_TOO_SHORT")
    assert client("laptop", "resetPassword", {"newPassword": NEW, "token": token})["data"] == {"status": True}
    again = client("laptop", "resetPassword", {"newPassword": PASSWORD, "token": token})["error"]
    assert (again["status"], again["code"]) == (400, "INVALID_TOKEN")
    assert session(client, "phone") is None
    sign_in(client, "phone", PRINCIPAL, NEW)


@pytest.fixture
def newcomer(call):
    """The address of an account that no other test signs in to, with the password FIRST."""
    signed_in = {"email": ADMINISTRATOR, "password": PASSWORD}
    administrator = call("POST", "/api/auth/sign-in/email", signed_in)[2]["token"]
    body = {"name": "Wulan Anggraini", "email": "wulan@smansa.test"}
    made = call("POST", "/api/users", body, administrator)[2]["result"]
    path = f"/api/users/{made['id']}/password"
    assert call("PATCH", path, {"password": FIRST}, administrator)[0] == 200
    return made["email"]


def test_it_changes_the_password_and_goes_on_signed_in(client, newcomer):
    for who in ("phone", "laptop"):
        sign_in(client, who, newcomer, FIRST)
    wrong = {"currentPassword": "salah sekali", "newPassword": NEW, "revokeOtherSessions": True}
    assert client("phone", "changePassword", wrong)["error"]["code"] == "INVALID_PASSWORD"
    changed = client("phone", "changePassword", wrong | {"currentPassword": FIRST})
    assert changed["error"] is None, changed
    assert changed["data"]["user"]["email"] == newcomer
    assert session(client, "phone")["user"]["email"] == newcomer
    assert session(client, "laptop") is None
    sign_in(client, "laptop", newcomer, NEW)
