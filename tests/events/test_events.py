"""events/: one complete proxy event per operation, for `sam local invoke`. Every one of them must work."""

import json
import re
from types import SimpleNamespace

import pytest
from core.kernel.table import get
from core.sessions.new import Client
from core.sessions.service import start
from core.users.models import UserItem, users_of

from tests.gateway import function
from tests.schools import everything, restore
from tools.demo import seed
from tools.demo.people import ADMINISTRATOR, PLATFORM_ADMINISTRATOR, demo_id, signed_in_for
from tools.demo.population import population
from tools.new_event import AGENT, PLACEHOLDER
from tools.sam_template import ROOT, resources, routes

FILES = {str(path.relative_to(ROOT / "events").with_suffix("")): path for path in ROOT.glob("events/*/*.json")}
#: The token of a mailed link can't stand in a file either, so the one with a placeholder is refused.
NOT_200 = {
    "auth/follow-reset-link": 302,
    "auth/reset-password": 400,
    "auth/verify-email": 302,
    # Everybody of the demo has a class.
    "classes/add-to-roster": 409,
    # A promotion's id is made anew for each.
    "classes/apply-promotion": 404,
    "classes/copy-class": 201,
    "classes/create-class": 201,
    "classes/delete-class": 409,
    "classes/get-promotion": 404,
    "classes/plan-promotion": 201,
    "classes/remove-from-roster": 204,
    "classes/undo-promotion": 404,
    # Nobody of the demo has a picture.
    "images/get-image": 404,
    "images/get-my-image": 404,
    # An import's id is made anew for each.
    "imports/apply-import": 404,
    "imports/get-import": 404,
    "imports/list-import-rows": 404,
    "organizations/create-organization": 201,
    "pages/submit-reset-password": 400,
    "roles/create-role": 201,
    # A system role stays as it is.
    "roles/delete-role": 409,
    "roles/update-role": 409,
    "staff/create-staff-member": 201,
    "staff/delete-staff-member": 204,
    # Nobody of the demo is deleted.
    "staff/restore-staff-member": 409,
    "students/create-student": 201,
    "students/delete-student": 204,
    "students/restore-student": 409,
    "teachers/create-teacher": 201,
    "teachers/delete-teacher": 204,
    "teachers/restore-teacher": 409,
    "unleash/create-api-token": 201,
    # Neither can an API token's id, which is made anew for each.
    "unleash/delete-api-token": 404,
    "unleash/use-link": 401,
    "unleash/validate-link": 401,
    "users/create-user": 201,
    "users/delete-user": 204,
    "users/invite-user": 204,
    "users/sign-out-device": 204,
    "users/sign-out-my-device": 204,
}
#: What answers somebody who is not signed in with 200.
PUBLIC = {
    "auth/follow-reset-link",
    "auth/get-session",
    "auth/request-password-reset",
    "auth/reset-password",
    "auth/sign-in",
    "auth/sign-out",
    "auth/verify-email",
    "health/health",
    "pages/show-email-verified",
    "pages/show-reset-password",
    "pages/submit-reset-password",
    "public/get-staff-member",
    "public/get-teacher",
    "public/list-staff",
    "public/list-teachers",
    "unleash/mail-link",
}
CONTEXT = SimpleNamespace(aws_request_id="test", function_name="test", memory_limit_in_mb=512, invoked_function_arn="")


def read(name):
    return json.loads(FILES[name].read_text())


def run(name, event):
    return function(name.partition("/")[0]).handler(event, CONTEXT)


#: The demo's items, made once: its transactions are most of a test's time otherwise.
_made = []


@pytest.fixture
def demo(table):
    """The accounts and people that the events speak of, and the tokens of their administrators."""
    if not _made:
        paths = "".join(read(name)["path"] for name in FILES)
        seed.seed_schools()
        seed.seed_accounts()
        seed.seed_classes()
        # moto can't write from several threads.
        seed.seed_people([each for each in population() if each.account.has_password or each.id in paths], at_once=1)
        _made.extend(everything(table))
    else:
        restore(table, _made)
    accounts = (("smansa", "student@smansa.test"), ("smansa", ADMINISTRATOR), ("platform", PLATFORM_ADMINISTRATOR))
    users = [get(UserItem, users_of(demo_id(school)), demo_id(email)) for school, email in accounts]
    # All are signed in with the events' own user agent, which makes up the ids of the devices in them.
    return {user.email: start(user, Client(True, "127.0.0.1", AGENT)).token for user in users}


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_event_gets_its_answer(demo, name):
    event = read(name)
    bearer = f"Bearer {demo[signed_in_for(event['path'])]}"
    for headers, value in ((event["headers"], bearer), (event["multiValueHeaders"], [bearer])):
        if "Authorization" in headers:
            headers["Authorization"] = value
    answer = run(name, event)
    assert answer["statusCode"] == NOT_200.get(name, 200), answer["body"]
    assert answer["body"] != "null", "get-session found nobody"


@pytest.mark.parametrize("name", sorted(FILES.keys() - PUBLIC))
def test_the_event_as_it_stands_signs_nobody_in(demo, name):
    assert run(name, read(name))["statusCode"] == 401


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_event_is_whole_and_keeps_no_secret(name):
    event = read(name)
    assert event["headers"].get("Authorization", PLACEHOLDER) == PLACEHOLDER
    assert event["multiValueHeaders"] == {header: [value] for header, value in event["headers"].items()}
    assert event["path"] == event["resource"].format(**(event["pathParameters"] or {}))
    context = event["requestContext"]
    assert (context["httpMethod"], context["resourcePath"]) == (event["httpMethod"], event["resource"])
    assert context["requestId"]
    assert context["identity"]["sourceIp"]


def test_every_operation_has_exactly_one_event_and_the_other_way_round():
    events = [(read(name)["httpMethod"], read(name)["resource"], name.partition("/")[0]) for name in FILES]
    assert sorted(events) == sorted((*route, group) for route, group in routes().items())


def test_a_file_is_named_like_its_event_in_the_template():
    named = {}
    for logical, resource in resources("AWS::Serverless::Function").items():
        for each, event in resource["Properties"].get("Events", {}).items():
            if event["Type"] == "Api":
                name = f"{logical.removesuffix('Function').lower()}/{re.sub(r'(?<!^)(?=[A-Z])', '-', each).lower()}"
                named[name] = event["Properties"]["Method"], event["Properties"]["Path"]
    assert {name: (read(name)["httpMethod"], read(name)["resource"]) for name in FILES} == named
