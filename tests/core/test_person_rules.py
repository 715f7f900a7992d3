"""What a person's record takes, up to both ends of what is possible, and what it refuses beside them."""

from datetime import timedelta

import pytest
from core.kernel import clock
from core.kernel.bodies import validate
from core.kernel.errors import BadRequest
from core.people.schemas import StudentBody

TODAY = clock.now().date()
#: For each member what lies at its ends, and what lies just beside them.
ENDS = {
    "birthDate": (["1900-01-01", str(TODAY)], ["1899-12-31", str(TODAY + timedelta(days=1))]),
    "email": ([f"{'a' * 64}@x.test"], [f"{'a' * 65}@x.test", f"a@{'x.' * 125}test"]),
    "height": ([30, 161.0, 250], [29, 161.3, 251]),
    "weight": ([2, 300], [1, 52.5, 301]),
    "headCircumference": ([20, 80], [19, 55.5, 81]),
    "birthOrder": ([1, 30], [0, 31]),
    "numberOfSiblings": ([0, 30], [-1, 31]),
    "travelTime": ([0, 1440], [-1, 1441]),
    "hobby": (["x", "x" * 200], ["", "x" * 201]),
    "specialNeeds": ([[], ["x"] * 20], [["x"] * 21]),
    "phoneNumber": (["0811", "+62 811-5551-2345"], ["081", "0811x"]),
    "educationHistory": (
        [[{"level": "SMP", "institution": "x", "startYear": 2024, "endYear": year}] for year in (2024, 2025)],
        [[{"level": "SMP", "institution": "x", "startYear": 2024, "endYear": 2023}]],
    ),
    "address": (
        [{"location": {"type": "Point", "coordinates": each}} for each in ([180, 90], [-180, -90])],
        [{"location": {"type": "Point", "coordinates": each}} for each in ([180.1, 0], [0, 90.1], [-180.1, 0])],
    ),
}


def refused_members(member, value):
    try:
        validate(StudentBody, {"name": "Budi", member: value})
    except BadRequest as error:
        return {(each.field or "").partition(".")[0] for each in error.problems}
    return set()


@pytest.mark.parametrize("member", ENDS)
def test_a_member_takes_both_its_ends_and_nothing_beside_them(member):
    taken, refused = ENDS[member]
    for value in taken:
        assert refused_members(member, value) == set(), value
    for value in refused:
        assert refused_members(member, value) == {member}, value
