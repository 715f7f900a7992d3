"""Times as a school's own clock shows them: Indonesia's three zones, in two languages."""

import pytest
from core.kernel.clock import from_wire
from core.kernel.local_time import ZONES, day, moment

AT = from_wire("2026-12-31T16:05:00Z")
SHOWN = {
    "Asia/Jakarta": "31 December 2026, 23:05 WIB",
    "Asia/Pontianak": "31 December 2026, 23:05 WIB",
    "Asia/Makassar": "1 January 2027, 00:05 WITA",
    "Asia/Jayapura": "1 January 2027, 01:05 WIT",
    "Europe/Berlin": "31 December 2026, 16:05 UTC",
}


def test_every_zone_has_its_line_above():
    assert SHOWN.keys() > ZONES.keys()


@pytest.mark.parametrize("zone", SHOWN)
def test_a_moment_is_that_of_the_schools_clock(zone):
    assert moment(AT, zone, "en") == SHOWN[zone]


def test_the_language_is_the_readers():
    assert moment(AT, "Asia/Makassar", "id") == "1 Januari 2027, 00.05 WITA"
    assert day(AT, "Asia/Jakarta", "id") == "31 Desember 2026"
