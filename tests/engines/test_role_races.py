"""Races of roles: who has one and how many they are agree, and no account is touched that is stronger by then."""

from itertools import count

from core.accounts import members
from core.kernel.errors import CoreError
from core.kernel.lists import Source, entries
from core.links import resets
from core.roles import service
from core.roles.models import member_counts, members_of
from core.users import service as users

from tests.engines.race import race
from tests.engines.test_races import caller
from tests.wire import intercepted

_PEOPLE = 4
_REQUESTS = 200
_RESETS = 60


def test_200_bulk_adds_and_removes_leave_members_and_their_number_as_a_serial_history_would(school):
    actor = caller(school.people["administrator"])
    role = service.create_role(actor, {"name": "Panitia", "permissions": ["students:read"]})
    ids = [school.add(f"Murid {each}", f"m{each}@races.test", [], password=None).id for each in range(_PEOPLE)]

    def one(lane):
        word, work = ("removed", members.remove) if lane % 2 else ("added", members.add)
        return [(word, row) for row in work(actor, role.id, [ids[lane // 2 % _PEOPLE]])]

    outcomes = race(_REQUESTS, one)
    rows = [row for each in outcomes if isinstance(each, list) for row in each]
    # A timeout may have written or not; all else has said what it did.
    maybe = {row.id for _, row in rows if any(each.code == "unavailable" for each in row.errors)}
    listed = {each["sk"]["S"] for each in entries(Source(members_of(school.id, role.id)), None)}
    held = {each for each in ids if role.id in users.find(school.id, each).roles}
    assert listed == held
    assert member_counts(school.id).get(role.id, 0) == len(held)
    for user_id in set(ids) - maybe:
        done = [word for word, row in rows if (row.id, row.status) == (user_id, "updated")]
        # Adding and removing take turns in every serial history, so their difference is who is there at the end.
        assert done.count("added") - done.count("removed") == (user_id in held)
    assert {word for word, row in rows if row.status == "updated"} == {"added", "removed"}


class Committed:
    """What each transaction that succeeded wrote, with its place in the order in which they were begun."""

    def __init__(self):
        self.began = []
        self.place = count().__next__

    def __call__(self, send, operation, arguments):
        began = self.place()
        answer = send(operation, arguments)
        if operation == "TransactWriteItems":
            self.began.append((began, str(arguments)))
        return answer


def test_who_resets_passwords_while_a_role_grows_reaches_nobody_who_is_stronger_by_then(school):
    head = caller(school.people["platform administrator"])
    helper = school.add("Orang Kunci", "kunci@races.test", [], password=None)
    keys = service.create_role(head, {"name": "Kunci", "permissions": ["users:password"]})
    growing = service.create_role(head, {"name": "Panitia", "permissions": []})
    crowd = [school.add(f"Murid {each}", f"m{each}@races.test", [], password=None).id for each in range(_RESETS)]
    members.add(head, keys.id, [helper.id])
    members.add(head, growing.id, crowd)
    weak, committed = caller(users.find(school.id, helper.id)), Committed()

    def run(lane):
        if lane == _RESETS:
            service.update_role(head, growing.id, {"permissions": ["audit:read"]}, None)
            return committed.place()
        return resets.reset(weak, crowd[lane], "Rahasia-Sekolah-27")

    with intercepted(committed):
        *outcomes, grown_at = race(_RESETS + 1, run)
    refused = {each.problems[0].code for each in outcomes if isinstance(each, CoreError)}
    assert refused <= {"stronger_account", "busy", "unavailable"}
    assert "stronger_account" in refused
    assert all(isinstance(each, CoreError | resets.Receipt) for each in outcomes)
    late = [written for began, written in committed.began if began > grown_at and "users.password.reset" in written]
    assert late == []
