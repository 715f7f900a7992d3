"""Times as a school's own clock and calendar show them, in Indonesian and English."""

from datetime import datetime, timedelta, timezone

_MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
#: Indonesia's zones, which know no summer time. Lambda's system has no list of time zones.
ZONES = {
    "Asia/Jakarta": timezone(timedelta(hours=7), "WIB"),
    "Asia/Pontianak": timezone(timedelta(hours=7), "WIB"),
    "Asia/Makassar": timezone(timedelta(hours=8), "WITA"),
    "Asia/Jayapura": timezone(timedelta(hours=9), "WIT"),
}
_UTC = timezone(timedelta(0), "UTC")


def day(at: datetime, zone: str, language: str) -> str:
    """The day of an instant at a place, such as `21 November 2026`.

    Args:
        at: the instant.
        zone: the place's name in the time zone database; one outside Indonesia shows UTC.
        language: `id` or `en`.
    """
    local = _at(at, zone)
    return f"{local.day} {_MONTHS[language][local.month - 1]} {local.year}"


def moment(at: datetime, zone: str, language: str) -> str:
    """The same with the time of day, such as `21 November 2026, 15.04 WITA`."""
    local = _at(at, zone)
    separator = "." if language == "id" else ":"
    return f"{day(at, zone, language)}, {local.hour:02}{separator}{local.minute:02} {local.tzname()}"


def _at(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZONES.get(zone, _UTC))
