"""Acceptance D2: a write whose acknowledgement got lost is applied once and reports no false conflict."""

import pytest
from core.accounts import service as accounts
from core.links import resets
from core.passwords.sign_in import sign_in
from core.sessions import service as sessions
from core.sessions.new import Client
from core.users import service

from tests.engines.test_races import NEW, caller
from tests.schools import PASSWORD, everything
from tests.wire import LosingAnswers, intercepted


@pytest.fixture
def losing(school):
    wire = LosingAnswers()
    with intercepted(wire):
        yield wire
    assert wire.lost == 1, "The test lost no answer, so it showed nothing."


@pytest.fixture
def administrator(school):
    return caller(school.people["administrator"])


def test_a_creation(losing, school, administrator):
    user = accounts.create_user(administrator, {"name": "Budi", "email": "budi@x.test"}, None)
    assert service.find(school.id, user.id).email == "budi@x.test"
    assert service.count(school.id) == 7


def test_an_update(losing, school, administrator):
    student = school.people["student"]
    accounts.update_user(administrator, student.id, {"name": "Nama Baru"}, 1)
    assert service.find(school.id, student.id).version == 2


def test_a_deletion(losing, school, administrator):
    accounts.delete_user(administrator, school.people["student"].id, None)
    assert service.count(school.id) == 5


def test_a_password_reset(losing, table, school, administrator):
    student = school.people["student"]
    assert resets.reset(administrator, student.id, NEW).user.session_epoch == 2
    assert service.find(school.id, student.id).version == 2
    entries = [item for item in everything(table) if item.get("action", {}).get("S") == "users.password.reset"]
    assert len(entries) == 1


def test_a_sign_in(losing, school):
    started = sign_in(school.people["student"].email, PASSWORD, Client(True))
    assert sessions.find(started.token)


def test_a_sign_out(school):
    token = school.token("student")
    wire = LosingAnswers()
    with intercepted(wire):
        sessions.sign_out(token)
    assert wire.lost == 1
    assert sessions.find(token) is None
