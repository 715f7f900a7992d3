"""Acceptance A5: an answer about a person holds the members that the caller's role may see, and no other."""

import csv
import io

import pytest
from core.kernel.media_types import CSV
from core.kernel.policy import SYSTEM_ROLES, Permission
from core.kernel.table import query
from core.people.kinds import KINDS, SENSITIVE

from tests.functions.test_people import KINDS as BODIES
from tests.functions.test_people import create, listed, one
from tests.gateway import call

ROLES = sorted(role.name for role in SYSTEM_ROLES.values())
#: Something in every member that is not for everybody.
PRIVATE = {
    "nik": "6472011705100001",
    "religion": "ISLAM",
    "familyCardNumber": "6472010101010001",
    "birthCertificateNumber": "AL-1234567890",
    **{parent: {"name": f"Nama {parent}", "nik": "6472011705700001"} for parent in ("father", "mother", "guardian")},
}


def permissions_of(name):
    return next(role.permissions for role in SYSTEM_ROLES.values() if role.name == name)


def private_of(kind):
    return {name: value for name, value in PRIVATE.items() if name in KINDS[kind].members}


def views(school):
    entries = query(f"{school.id}#AUDIT").items
    return sum(".sensitive." in each["action"]["S"] for each in entries)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", BODIES)
def test_a5_each_role_gets_exactly_the_members_it_may_and_a_view_of_private_ones_is_audited(school, admin, kind, role):
    person = create(kind, admin, **private_of(kind)).result
    assert private_of(kind).keys() == SENSITIVE & person.keys()
    token, before = school.token(role), views(school)
    answers = [one(kind, "GET", person["id"], token), listed(kind, token)]
    file = call(kind, "GET", f"/api/{kind}", token=token, headers={"Accept": CSV})
    if KINDS[kind].read not in permissions_of(role):
        assert {each.status for each in (*answers, file)} == {403}
        assert not any(
            str(value) in each.text for each in answers for value in person.values() if isinstance(value, str)
        )
        return
    may = Permission.STUDENTS_SENSITIVE in permissions_of(role)
    shown = person if may else person | dict.fromkeys(private_of(kind))
    assert [answers[0].result, answers[1].result] == [shown, [shown]]
    assert [each.body["meta"].get("masked", []) for each in answers] == [[] if may else sorted(private_of(kind))] * 2
    (headers, *_) = csv.reader(io.StringIO(file.text))
    assert bool({each.partition(".")[0] for each in headers} & SENSITIVE) == may
    assert views(school) - before == (3 if may else 0)
