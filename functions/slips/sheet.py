"""The sheet of slips: A4, one slip to cut out for each person, in Indonesian and English."""

import io
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.kernel import clock
from core.kernel.local_time import day, moment
from core.kernel.settings import settings
from core.organizations.models import OrganizationItem
from core.slips.service import Issued
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

# DejaVu Sans Mono has a dot in its zero and a foot under its one, so nothing on a slip is taken for something else.
TEXT, EXACT = "DejaVuSans", "DejaVuSansMono-Bold"
_FONTS = Path(__file__).parent / "fonts"
_WIDTH, _HEIGHT = A4
_MARGIN = 36.0
_TOP = _HEIGHT - 72.0
_COLUMNS, _LINES = 2, 5
_SLIP_WIDTH = (_WIDTH - 2 * _MARGIN) / _COLUMNS
_SLIP_HEIGHT = (_TOP - _MARGIN) / _LINES
_PADDING = 10.0
_SMALLEST = 5.0
_NOTE = "Kata sandi sekali pakai · One-time passwords — potong di sepanjang garis, cut along the lines"
_HOW = (
    "Masuk dengan email dan kata sandi ini, lalu buat kata sandi Anda sendiri. Jangan perlihatkan kepada siapa pun.",
    "Sign in with this email and password, then choose a password of your own. Show this slip to nobody.",
)


@cache
def _load_fonts() -> None:
    for name in (TEXT, EXACT):
        registerFont(TTFont(name, _FONTS / f"{name}.ttf"))


class Pen(NamedTuple):
    """Writes into a column of the page."""

    canvas: Canvas
    left: float
    width: float

    def write(self, text: str, font: str, size: float, y: float) -> float:
        """One line, smaller if it is wide, on several lines if it is very wide. Returns the height of the last one."""
        width = stringWidth(text, font, size)
        fitting = size if width <= self.width else max(_SMALLEST, size * self.width / width)
        lines = self._lines(text, font, fitting) if fitting == _SMALLEST else [text]
        self.canvas.setFont(font, fitting)
        for number, line in enumerate(lines):
            y -= (fitting + 0.5) * (number > 0)
            self.canvas.drawString(self.left, y, line)
        return y

    def _lines(self, text: str, font: str, size: float) -> Iterator[str]:
        line = ""
        for letter in text:
            if stringWidth(line + letter, font, size) > self.width:
                yield line
                line = ""
            line += letter
        yield line


def sheet_of(school: OrganizationItem, rows: Sequence[Issued]) -> bytes:
    """The PDF: slips of those who got a password, then the list of those who did not."""
    _load_fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, lang="id")
    canvas.setTitle(f"Kata sandi sekali pakai, {school.name}")
    canvas.setAuthor(school.name)
    pen = Pen(canvas, _MARGIN, _WIDTH - 2 * _MARGIN)
    head = f"{school.name} · {day(clock.now(), school.timezone, 'id')}"
    issued = [row for row in rows if row.password]
    for number, row in enumerate(issued):
        place = number % (_COLUMNS * _LINES)
        if place == 0:
            if number:
                canvas.showPage()
            pen.write(head, TEXT, 11, _HEIGHT - 44)
            pen.write(_NOTE, TEXT, 8, _HEIGHT - 58)
        _draw_slip(canvas, row, place, school.timezone)
    _draw_refused(pen, [row for row in rows if not row.password], head, on_first_page=not issued)
    canvas.save()
    return buffer.getvalue()


def _draw_slip(canvas: Canvas, row: Issued, place: int, zone: str) -> None:
    assert row.user
    assert row.password
    assert row.valid_until
    left = _MARGIN + place % _COLUMNS * _SLIP_WIDTH
    top = _TOP - place // _COLUMNS * _SLIP_HEIGHT
    canvas.saveState()
    canvas.setDash(2, 3)
    canvas.setLineWidth(0.5)
    frame = canvas.beginPath()
    frame.rect(left, top - _SLIP_HEIGHT, _SLIP_WIDTH, _SLIP_HEIGHT)
    canvas.drawPath(frame)
    # Not even the longest name and address may reach into somebody else's slip.
    canvas.clipPath(frame, stroke=0)
    pen = Pen(canvas, left + _PADDING, _SLIP_WIDTH - 2 * _PADDING)
    y = pen.write(row.user.name, TEXT, 11, top - 18)
    if row.class_name:
        y = pen.write(f"Kelas · Class {row.class_name}", TEXT, 7, y - 9)
    y = pen.write("Email untuk masuk · Email to sign in with", TEXT, 6, y - 13)
    y = pen.write(row.user.email, EXACT, 9, y - 10)
    y = pen.write("Kata sandi sekali pakai · One-time password", TEXT, 6, y - 12)
    y = pen.write(row.password, EXACT, 18, y - 18)
    y = pen.write(f"Masuk di · Sign in at {settings().sign_in_origin}", TEXT, 7, y - 12)
    y = pen.write(f"Berlaku sampai · Valid until {moment(row.valid_until, zone, 'id')}", TEXT, 7, y - 11) - 3
    for sentence in _HOW:
        for line in simpleSplit(sentence, TEXT, 6, pen.width):
            y = pen.write(line, TEXT, 6, y - 8)
    canvas.restoreState()


def _draw_refused(pen: Pen, rows: Sequence[Issued], head: str, *, on_first_page: bool) -> None:
    """Who got no password, so that whoever hands out the slips does not look for theirs."""
    if not rows and not on_first_page:
        return
    y = 0.0
    for line in _refusals(rows):
        if y < _MARGIN:
            if not on_first_page:
                pen.canvas.showPage()
            on_first_page = False
            pen.write(head, TEXT, 11, _HEIGHT - 44)
            y = _TOP
        y = pen.write(line, TEXT, 8, y) - 13


def _refusals(rows: Sequence[Issued]) -> Iterator[str]:
    yield f"Tanpa kata sandi baru · No new password: {len(rows)}"
    for row in rows:
        yield f"{row.user.name if row.user else row.id} — {row.errors[0].message}"
