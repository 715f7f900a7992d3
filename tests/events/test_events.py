"""events/: one complete proxy event per operation, for `sam local invoke`. Every one of them must work."""

import json

import pytest
from core.kernel.table import get
from core.sessions.new import Client
from core.sessions.service import start
from core.users.models import UserItem, users_of

from tests.gateway import answer
from tests.schools import everything, restore
from tools.demo import seed
from tools.demo.people import ADMINISTRATOR, EVENTS_YEAR, PLATFORM_ADMINISTRATOR, demo_id, signed_in_for
from tools.demo.population import Population, population
from tools.events import AGENT, operations, path_of, text_of
from tools.openapi.operations import by_key
from tools.sam_template import ROOT

FILES = {str(path.relative_to(ROOT / "events").with_suffix("")): path for path in ROOT.glob("events/*/*.json")}
#: What answers otherwise than its operation declares of a success. The token of a mailed link can't stand in a file, so
#: the one with a placeholder is refused.
OTHERS = {
    "auth/follow-reset-link": 302,
    "auth/reset-password": 400,
    "auth/verify-email": 302,
    # Everybody of the demo has a class.
    "classes/add-to-roster": 409,
    # A promotion's id is made anew for each.
    "classes/apply-promotion": 404,
    "classes/delete-class": 409,
    "classes/get-promotion": 404,
    "classes/undo-promotion": 404,
    # A picture is led to, not sent.
    "images/get-image": 302,
    "images/get-my-image": 302,
    # An import's id is made anew for each.
    "imports/apply-import": 404,
    "imports/get-import": 404,
    "imports/list-import-rows": 404,
    "pages/submit-reset-password": 400,
    # A system role stays as it is.
    "roles/delete-role": 409,
    "roles/update-role": 409,
    # Nobody of the demo is deleted.
    "staff/restore-staff-member": 409,
    "students/restore-student": 409,
    "teachers/restore-teacher": 409,
    # Neither can an API token's id, which is made anew for each.
    "unleash/delete-api-token": 404,
    "unleash/use-link": 401,
    "unleash/validate-link": 401,
}


def declared(name):
    return by_key()[" ".join(operations()[name])].operation


def read(name):
    return json.loads(FILES[name].read_text())


def run(name, event):
    return answer(name.partition("/")[0], event)


#: The demo's items, made once: its transactions are most of a test's time otherwise.
_made = []


@pytest.fixture
def demo(table):
    """The accounts and people that the events speak of, and the tokens of their administrators."""
    if not _made:
        paths = "".join(read(name)["path"] for name in FILES)
        people = [each for each in population(EVENTS_YEAR) if each.account.has_password or each.id in paths]
        classes = {each for person in people for each in person.classes}
        classes |= {each for each in seed.all_classes(EVENTS_YEAR) if each.id in paths}
        heads = [Population(each.school, EVENTS_YEAR).person("teachers", each.teacher) for each in classes]
        seed.seed_schools()
        seed.seed_accounts()
        # moto can't write from several threads.
        employees = {each.id: each for each in (*people, *heads) if each.kind != "students"}
        seed.seed_people(employees.values(), at_once=1)
        seed.seed_classes(sorted(classes, key=lambda each: each.year))
        seed.seed_people([each for each in people if each.kind == "students"], at_once=1)
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
    reply = run(name, event)
    assert reply.status == OTHERS.get(name, getattr(declared(name).answers, "status", 200)), reply.text
    assert reply.text != "null", "get-session found nobody"


@pytest.mark.parametrize("name", [each for each in sorted(FILES) if not declared(each).public])
def test_the_event_as_it_stands_signs_nobody_in(demo, name):
    assert run(name, read(name)).status == 401


@pytest.mark.parametrize("name", sorted(operations()))
def test_every_operation_has_an_event_as_make_events_writes_it(name):
    assert path_of(name).exists(), f"make events writes events/{name}.json"
    assert path_of(name).read_text() == text_of(name), "make events writes it"


def test_no_event_is_of_no_operation():
    assert FILES.keys() <= operations().keys(), "make events takes it away"
