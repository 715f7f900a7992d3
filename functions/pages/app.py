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

from core.http.answers import Answer
from core.http.api import Api
from core.http.requests import Request
from core.kernel.errors import BadRequest, CoreError, Problem
from core.kernel.forms import parse_form
from core.links.use import link_opens, reset_with_link

HTML = "text/html; charset=utf-8"
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


def _trouble(error: CoreError, request: Request | None) -> tuple[str, str]:
    """The page for whatever went wrong before or beside the form."""
    return _page(_TROUBLE), HTML


api = Api("pages", _trouble, headers=HEADERS)
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


@api.route("GET", "/reset-password", sessionless=True)
def show_reset_password(request: Request) -> Answer:
    """The form, or what to do when the link is not valid (any more)."""
    tokens = request.query.get("token", [])
    if len(tokens) == 1 and link_opens(tokens[0], request.source_ip):
        return Answer(_form(tokens[0]), content_type=HTML)
    return Answer(_page(_DEAD), content_type=HTML)


@api.route("POST", "/reset-password", sessionless=True)
def submit_reset_password(request: Request) -> Answer:
    """Sets the password; or the form again, saying why not: a refusal leaves the link usable."""
    fields = parse_form(request.body, request.headers.get("content-type", ""))
    token, password = fields.get("token", ""), fields.get("password", "")
    try:
        if password != fields.get("confirmation", ""):
            raise BadRequest(_WORDS["mismatch"]["en"], code="mismatch", field="confirmation")
        reset_with_link(token, password, request.source_ip)
    except CoreError as error:
        if any(each.code == "invalid_token" for each in error.problems):
            return Answer(_page(_DEAD), error.status, content_type=HTML)
        return Answer(_form(token, error.problems), error.status, content_type=HTML, headers=error.headers)
    return Answer(_page(_DONE), content_type=HTML)


@api.route("GET", "/email-verified", sessionless=True)
def show_email_verified(request: Request) -> Answer:
    """What somebody reads who followed the link in a mail that verifies an address."""
    verified = request.query.get("status") == ["verified"]
    title = "Alamat surel · Mail address"
    return Answer(_page(_VERIFIED if verified else _UNVERIFIED, title), content_type=HTML)
