"""The names of next year's classes: X-1 becomes XI-1, 7A becomes 8A."""

import re

_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII")


def renamed(name: str, grade: int, following: int) -> str:
    """The name with the grade that stands in it, as a number or a Roman one, replaced; else the name as it is."""
    for old, new in ((str(grade), str(following)), (_ROMAN[grade], _ROMAN[following])):
        # Neither part of a longer word nor of a longer number: the X of XI is not meant, nor the 1 of 10.
        pattern = rf"(?<![A-Za-z0-9]){old}(?![0-9])" if old.isdigit() else rf"(?<![A-Za-z0-9]){old}(?![A-Za-z])"
        changed, number = re.subn(pattern, new, name, count=1)
        if number:
            return changed
    return name
