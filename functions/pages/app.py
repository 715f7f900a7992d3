"""The page behind the links in mails, where people choose a new password or hear that an address is theirs.

It works without JavaScript and loads nothing. Opening it never uses a link up, because mail scanners open links too
(acceptance B9). Its parts lie in the folder beside this file.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from core.contract.operations import Form, Html, Parameter
from core.contract.values import TEXT
from core.http.api import Api
from core.http.requests import Request
from core.kernel.errors import BadRequest, CoreError, Problem
from core.kernel.forms import FORM, parse_form
from core.kernel.media_types import HTML
from core.links.use import link_opens, reset_with_link
from core.passwords.rules import RULES

_CONTENT_TYPE = f"{HTML}; charset=utf-8"
_PATH = "/reset-password"
_PARTS = Path(__file__).parent / "reset-password"


def _part(name: str) -> str:
    return (_PARTS / name).read_text("utf-8")


def _source_of(text: str) -> str:
    """What a Content-Security-Policy calls an element with exactly this content."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


_LAYOUT, _FORM, _FIELD_PROBLEMS = (Template(_part(name)) for name in ("layout.html", "form.html", "problems.html"))
_DEAD, _DONE, _TROUBLE = (_part(name) for name in ("dead.html", "done.html", "trouble.html"))
_VERIFIED, _UNVERIFIED = _part("verified.html"), _part("unverified.html")
_STYLE, _SCRIPT = _part("style.css"), _part("script.js")
#: What a person reads for each code of a refusal, in both languages.
_WORDS: dict[str, dict[str, str]] = json.loads(_part("problems.json"))

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            f"style-src {_source_of(_STYLE)}",
            f"script-src {_source_of(_SCRIPT)}",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    ),
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def _page(main: str, title: str = "Kata sandi baru · New password") -> str:
    return _LAYOUT.substitute(title=escape(title), main=main, style=_STYLE, script=_SCRIPT)


class Refused(CoreError):
    """A refusal of what somebody filled in, with the page that says so."""

    def __init__(self, error: CoreError, page: str) -> None:
        super().__init__(problems=error.problems, headers=error.headers)
        self.status, self.page = error.status, page


def _refusal(error: CoreError, request: Request | None) -> tuple[str, str]:
    """The page for whatever went wrong before or beside the form. An address that can't be a link's is a dead one."""
    if isinstance(error, Refused):
        return error.page, _CONTENT_TYPE
    is_no_link = request is not None and (request.method, request.route, error.status) == ("GET", _PATH, 400)
    return _page(_DEAD if is_no_link else _TROUBLE), _CONTENT_TYPE


api = Api("pages", _refusal, headers=HEADERS)
handler = api


def _form(token: str, problems: Iterable[Problem] = ()) -> str:
    """The form, with what was wrong with the last try at it."""
    by_field: dict[str, list[str]] = {"password": [], "confirmation": []}
    for problem in problems:
        by_field.get(problem.field or "", by_field["password"]).append(_item(problem))
    parts = {"token": escape(token)}
    for field, items in by_field.items():
        shown = _FIELD_PROBLEMS.substitute(field=field, items="".join(items)) if items else ""
        parts[f"{field}_problems"] = shown
        parts[f"{field}_state"] = f'aria-invalid="true" aria-errormessage="{field}-problems"' if items else ""
        parts[f"{field}_problems_id"] = f"{field}-problems" if items else ""
    return _page(_FORM.substitute(parts))


def _item(problem: Problem) -> str:
    words = _WORDS.get(problem.code, {"id": _WORDS["other"]["id"], "en": problem.message})
    return f'<li>{escape(words["id"])} <span lang="en">{escape(words["en"])}</span></li>'


@api.operation(
    "GET",
    _PATH,
    sessionless=True,
    query=(
        Parameter("token", TEXT, "What stands in the mailed link.", default=""),
        Parameter("error", TEXT, "Why there is no token: what better-auth's operation leads here with."),
    ),
    answers=Html(),
)
def show_reset_password(request: Request, token: str) -> str:
    """Shows the form for a new password, or what to do when the link is not valid any more."""
    return _form(token) if token and link_opens(token, request.source_ip) else _page(_DEAD)


@api.operation(
    "POST",
    _PATH,
    sessionless=True,
    form=Form(
        FORM,
        (
            Parameter("token", TEXT, "Of the link."),
            Parameter("password", TEXT, "The new password."),
            Parameter("confirmation", TEXT, "The new password once more."),
        ),
    ),
    answers=Html(),
    errors={400: (*RULES, "invalid_token", "malformed_form", "mismatch", "password_reused")},
)
def submit_reset_password(request: Request) -> str:
    """Sets the password, or shows the form again and says why not; a refusal leaves the link usable."""
    fields = parse_form(request.body, request.headers.get("content-type", ""))
    token, password = fields.get("token", ""), fields.get("password", "")
    try:
        if password != fields.get("confirmation", ""):
            raise BadRequest(_WORDS["mismatch"]["en"], code="mismatch", field="confirmation")
        reset_with_link(token, password, request.source_ip)
    except CoreError as error:
        is_dead = any(each.code == "invalid_token" for each in error.problems)
        raise Refused(error, _page(_DEAD) if is_dead else _form(token, error.problems)) from error
    return _page(_DONE)


@api.operation(
    "GET",
    "/email-verified",
    sessionless=True,
    query=(Parameter("status", TEXT, "`verified`; anything else says that the link is not valid."),),
    answers=Html(),
)
def show_email_verified(request: Request, status: str | None) -> str:
    """Shows what became of a mail address whose link was followed."""
    return _page(_VERIFIED if status == "verified" else _UNVERIFIED, "Alamat surel · Mail address")
