"""Acceptance D1: what happens when many write the same thing at once."""

import pytest
from core.accounts import service as accounts
from core.kernel import clock
from core.kernel.errors import Conflict, CoreError, PreconditionFailed
from core.kernel.table import query
from core.links import resets
from core.passwords.models import FirstPassword
from core.passwords.sign_in import sign_in
from core.sessions.new import Client
from core.sessions.service import caller_behind as caller
from core.sessions.service import find
from core.users import service
from core.users.models import UserItem

from tests.engines.race import race
from tests.schools import PASSWORD, everything

NEW = "Kunci-Baru-Untuk-Siswa"


@pytest.fixture
def administrator(school):
    return caller(school.people["administrator"])


def kinds(outcomes) -> set[str]:
    return {type(each).__name__ for each in outcomes}


def test_of_100_parallel_patches_of_one_version_one_wins_and_99_are_stale(school, administrator):
    student = school.people["student"]
    outcomes = race(
        100, lambda lane: accounts.update_user(administrator, student.id, {"secondary_email": f"{lane}@x.test"}, 1)
    )
    winners = [each for each in outcomes if isinstance(each, UserItem)]
    assert len(winners) == 1
    assert sum(isinstance(each, PreconditionFailed) for each in outcomes) == 99
    assert service.find(school.id, student.id).secondary_email == winners[0].secondary_email


def test_no_update_is_lost_when_20_read_change_and_try_again(school, administrator):
    student = school.people["student"]

    def add(lane):
        while True:
            user = service.find(school.id, student.id)
            members = {"image": f"{user.image or ''}/{lane}"}
            try:
                return accounts.update_user(administrator, user.id, members, int(user.version))
            except PreconditionFailed:
                continue

    outcomes = race(20, add)
    assert kinds(outcomes) == {"UserItem"}
    user = service.find(school.id, student.id)
    assert sorted(user.image.split("/")[1:], key=int) == [str(lane) for lane in range(20)]
    assert user.version == 21


def test_of_200_parallel_creations_of_one_email_one_wins_and_leaves_no_orphan(table, school, administrator):
    before = everything(table)
    password = FirstPassword("hash", is_short=False)

    def make(lane):
        return accounts.create_user(administrator, {"name": f"Budi {lane}", "email": "budi@x.test"}, password)

    outcomes = race(200, make)
    winners = [each for each in outcomes if isinstance(each, UserItem)]
    assert len(winners) == 1
    assert sum(isinstance(each, Conflict) for each in outcomes) == 199
    assert service.count(school.id) == 7
    new = [item for item in everything(table) if item not in before]
    # The user, the claim, the password, the audit entry, the mail, two word starts and the address to search
    # by, the counter, which may be a part that was there before, and the quotas of the address and the administrator.
    assert len(new) == 11
    assert all(winners[0].id in str(item) or "number" in item for item in new)


def test_a_password_reset_and_a_sign_in_at_once_leave_no_session_of_the_old_password(school, administrator):
    student = school.people["student"]

    def run(lane):
        if lane == 0:
            return resets.reset(administrator, student.id, NEW)
        return sign_in(student.email, PASSWORD, Client(True, f"203.0.113.{lane}"))

    outcomes = race(12, run)
    assert isinstance(outcomes[0], resets.Receipt)
    started = [each for each in outcomes[1:] if not isinstance(each, CoreError)]
    assert all(find(each.token) is None for each in started)
    assert find(sign_in(student.email, NEW, Client(True)).token)


def test_the_counter_is_right_after_parallel_creations_and_deletions(school, administrator):
    users = [school.add(f"Orang {lane}", f"orang{lane}@x.test", [], password=None) for lane in range(10)]

    def run(lane):
        if lane < 10:
            return accounts.delete_user(administrator, users[lane].id, None)
        return accounts.create_user(administrator, {"name": "Baru", "email": f"baru{lane}@x.test"}, None)

    assert kinds(race(30, run)) == {"NoneType", "UserItem"}
    assert service.count(school.id) == 6 + 10 - 10 + 20


def test_every_user_is_listed_once_whatever_was_created_at_the_same_moment(school, administrator):
    race(30, lambda lane: accounts.create_user(administrator, {"name": "Sama", "email": f"s{lane}@x.test"}, None))
    listed = [item["sk"]["S"] for item in query(f"{school.id}#USERS", index="names").items]
    assert len(listed) == len(set(listed)) == 36
    assert all(clock.is_id(each) for each in listed)
