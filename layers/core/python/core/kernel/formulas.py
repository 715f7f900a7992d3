"""Formulas in files for spreadsheets: what one would run gets an apostrophe in front, and loses it when it is read.

A file is split at line breaks and at commas, semicolons or tabs, whichever the spreadsheet's country has. So a formula
can begin behind each of these in a text, not only where our own cell begins, and blanks or quotes may stand before it
(acceptance C7). One apostrophe more than stood there is put before it, and one less is read, so that every text comes
back as it was, those with apostrophes of their own too.
"""

import re

#: The forms of = + - @ in ASCII, full width and small.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
#: Quotes, blanks and what nobody sees. One class, so that no text is looked at twice.
_UNSEEN = r'["\x00-\x08\v\f\x0e-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]'
_BEFORE = rf"(?:^|[,;\t\r\n]){_UNSEEN}*"
_AFTER = rf"(?=[{_SIGNS}\t\r])"
_FORMULA = re.compile(rf"({_BEFORE})('*){_AFTER}")
#: Spreadsheets and people put an apostrophe before digits that are to stay text.
_DIGITS = re.compile(r"'+[0-9]+")


def harmless(text: str) -> str:
    """`text` as no spreadsheet takes any part of it for a formula."""
    if _DIGITS.fullmatch(text):
        return f"'{text}"
    return _FORMULA.sub(r"\1'\2", text)


def original(text: str) -> str:
    """The text of which `harmless` made this. One that a person wrote, without such apostrophes, stays as it is."""
    if _DIGITS.fullmatch(text):
        return text[1:]
    return _FORMULA.sub(lambda found: found[1] + found[2][1:], text)
