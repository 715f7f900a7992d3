"""Acceptance D1 for schools: one number is one school's, and a school that was refused leaves nobody behind."""

import pytest
from core.kernel.errors import Conflict, PreconditionFailed
from core.organizations.models import OrganizationRecord
from core.platform import schools as administration
from core.sessions.service import caller_behind

from tests.engines.race import race
from tests.schools import everything


@pytest.fixture
def platform(school):
    return caller_behind(school.people["platform administrator"])


def found(platform, lane: int):
    members = {"name": f"SMA {lane}", "npsn": "69812345", "timezone": "Asia/Jakarta"}
    person = {"name": f"Kepala {lane}", "email": f"kepala{lane}@x.test"}
    return administration.create_organization(platform, members, person)


def test_of_50_schools_with_one_number_one_is_made_and_no_other_administrator(table, platform):
    outcomes = race(50, lambda lane: found(platform, lane))
    made = [each for each in outcomes if not isinstance(each, Exception)]
    refused = [each for each in outcomes if isinstance(each, Conflict)]
    assert (len(made), len(refused)) == (1, 49)
    assert {each.problems[0].code for each in refused} == {"npsn_taken"}
    addresses = {item["email"]["S"] for item in everything(table) if "@x.test" in str(item.get("email"))}
    assert addresses == {made[0][1].email}


def test_of_50_changes_of_one_version_one_wins_and_the_school_itself_sees_it(table, platform):
    record = found(platform, 0)[0]
    outcomes = race(
        50, lambda lane: administration.update_organization(platform, record.id, {"name": f"SMA Baru {lane}"}, 1)
    )
    winners = [each for each in outcomes if isinstance(each, OrganizationRecord)]
    assert len(winners) == 1
    assert sum(isinstance(each, PreconditionFailed) for each in outcomes) == 49
    own = [each for each in everything(table) if each["pk"]["S"] == record.id and each["sk"]["S"] == "ORGANIZATION"]
    assert [each["name"]["S"] for each in own] == [winners[0].name]
