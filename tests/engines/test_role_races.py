"""200 bulk adds and removes on one role at once: who has it and how many they are agree, as after a serial history."""

from school.lists import Source, entries
from school.roles import members, service
from school.roles.models import member_counts, members_of
from school.users import service as users

from tests.engines.race import race
from tests.engines.test_races import caller

_PEOPLE = 4
_REQUESTS = 200


def test_200_bulk_adds_and_removes_leave_members_and_their_number_as_a_serial_history_would(school, monkeypatch):
    monkeypatch.setattr(members, "_AT_ONCE", 1)
    actor = caller(school.people["administrator"])
    role = service.create_role(actor, {"name": "Panitia", "permissions": ["students:read"]})
    ids = [school.add(f"Murid {each}", f"m{each}@races.test", [], password=None).id for each in range(_PEOPLE)]

    def one(lane):
        work = members.remove if lane % 2 else members.add
        return work(actor, role.id, [ids[lane // 2 % _PEOPLE]])

    outcomes = race(_REQUESTS, one)
    rows = [row for each in outcomes if isinstance(each, list) for row in each]
    # A timeout may have written or not; all else has said what it did.
    maybe = {row.user_id for row in rows if row.error and row.error.status == 503}
    listed = {each["sk"]["S"] for each in entries(Source(members_of(school.id, role.id)), None)}
    held = {each for each in ids if role.id in users.find(school.id, each).roles}
    assert listed == held
    assert member_counts(school.id).get(role.id, 0) == len(held)
    for user_id in set(ids) - maybe:
        statuses = [row.status for row in rows if row.user_id == user_id]
        # Adding and removing take turns in every serial history, so their difference is who is there at the end.
        assert statuses.count("added") - statuses.count("removed") == (user_id in held)
    assert {row.status for row in rows} >= {"added", "removed"}
