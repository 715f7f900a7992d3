"""Acceptance A7 and B6: races for the last administrator and for one reset link."""

from copy import replace
from itertools import count

import pytest
from core.accounts import service as accounts
from core.kernel import clock
from core.kernel.errors import Conflict, CoreError
from core.kernel.policy import ADMINISTRATOR
from core.kernel.table import put, transact
from core.links.models import new_link
from core.links.use import InvalidToken, reset_with_link
from core.sessions.service import find
from core.users import service
from core.users.administrators import is_administrator
from core.users.models import UserItem

from tests.engines.race import race
from tests.engines.test_races import caller, kinds


@pytest.fixture
def administrators(school):
    """Two administrators, who are all that the school has."""
    platform, second = (
        school.people["platform administrator"],
        school.add("Orang Kedua", "kedua@smansa.test", [ADMINISTRATOR.id], password=None),
    )
    # Only somebody as strong may remove a platform administrator.
    actor = replace(caller(platform), user_id=second.id)
    accounts.delete_user(actor, platform.id, None)
    return school.people["administrator"], second


@pytest.mark.parametrize("how", ["delete", "deactivate"])
def test_two_administrators_who_remove_each_other_never_leave_the_school_without_one(school, administrators, how):
    def remove(lane):
        actor, target = administrators[lane % 2], administrators[1 - lane % 2]
        if how == "delete":
            return accounts.delete_user(caller(actor), target.id, None)
        return accounts.set_active(caller(actor), target.id, False, None)

    outcomes = race(2, remove)
    assert sum(not isinstance(each, CoreError) for each in outcomes) == 1
    assert [each.problems[0].code for each in outcomes if isinstance(each, Conflict)] == ["last_administrator"]
    left = [each for each in administrators if _is_there(school, each)]
    assert len(left) == 1


def _is_there(school, user) -> bool:
    try:
        return is_administrator(service.find(school.id, user.id))
    except CoreError:
        return False


def test_of_200_who_use_one_reset_link_at_once_exactly_one_wins(school):
    student = school.people["student"]
    old = school.token("student")
    link = new_link(student, 1, link_id=clock.new_id(), created_by=student.id, at=student.created_at, valid_until=2**32)
    transact(put(link.item))
    outcomes = race(200, lambda lane: reset_with_link(link.token, f"Kunci-Baru-Nomor-{lane:03}", None))
    winners = [lane for lane, each in zip(count(), outcomes, strict=False) if isinstance(each, UserItem)]
    assert len(winners) == 1
    assert kinds(each for each in outcomes if not isinstance(each, UserItem)) <= {"InvalidToken", "Conflict"}
    assert sum(isinstance(each, InvalidToken) for each in outcomes) >= 150
    user = service.find(school.id, student.id)
    assert (user.version, user.session_epoch) == (2, 2)
    assert find(old) is None
