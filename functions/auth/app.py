"""Signing in and out, in the shapes of better-auth 1.7: /api/auth."""

from typing import Any
from urllib.parse import urlencode

from core.accounts import addresses
from core.accounts import service as accounts
from core.contract.operations import Bare, Parameter
from core.contract.values import TEXT
from core.http.answers import With
from core.http.api import Api
from core.http.error_bodies import better_auth_error
from core.http.requests import Request, cookie_name
from core.kernel.bodies import validate
from core.kernel.errors import BadRequest, Forbidden
from core.kernel.settings import settings
from core.links import mails as link_mails
from core.links import use as link_use
from core.passwords import service as passwords
from core.passwords import sign_in as logins
from core.passwords.attempts import count_attempt
from core.passwords.rules import RULES
from core.sessions import own, schemas, service
from core.sessions.new import REMEMBERED_SECONDS, Client
from core.sessions.redirects import trusted_url
from core.sessions.schemas import NewToken
from core.sessions.service import SignedIn
from core.users.schemas import UpdateOwn, normalize_email

api = Api("auth", better_auth_error, organization_header=None)
handler = api


@api.operation("GET", "/api/auth/ok", sessionless=True, answers=Bare(schemas.OK))
def get_ok(request: Request) -> bool:
    """Answers that sign-in works, as better-auth does."""
    return True


def _cookie(value: str, seconds: int | None) -> str:
    parts = [f"{cookie_name()}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if seconds is not None:
        parts.append(f"Max-Age={seconds}")
    if settings().secure:
        parts.append("Secure")
    return "; ".join(parts)


def _with_token(new: NewToken, *, remembered: bool) -> With:
    """What a client gets that has just proved who it is, and a new token in all the ways that clients keep one."""
    if not new.token:
        return With(new)
    cookie = _cookie(new.token, REMEMBERED_SECONDS if remembered else None)
    return With(new, headers={"set-auth-token": new.token}, cookies=[cookie])


@api.operation(
    "POST",
    "/api/auth/sign-in/email",
    public=True,
    answers=Bare(schemas.SIGN_IN),
    errors={400: ("invalid_email",), 401: ("invalid_email_or_password",), 403: ("invalid_callback_url",)},
)
def sign_in(request: Request, body: schemas.SignIn) -> With:
    """Starts a session; its token is in the body, the cookie and `set-auth-token`."""
    # A page elsewhere could sign its visitor in as somebody else, who would then read what the visitor writes.
    if "origin" in request.headers:
        request.require_trusted_origin()
    url = _trusted(body.callbackURL)
    email = _address(body.email)
    client = Client(body.rememberMe, request.source_ip, request.headers.get("user-agent"))
    signed_in = logins.sign_in(email, body.password, client)
    return _with_token(NewToken(signed_in.token, signed_in.user, url), remembered=body.rememberMe)


def _address(text: str) -> str:
    try:
        return normalize_email(text)
    except ValueError as error:
        raise BadRequest("Invalid email", code="invalid_email", field="email") from error


def _trusted(url: str | None, name: str = "callbackURL", code: str = "invalid_callback_url") -> str | None:
    """The address to go on to, if it is a path of ours or lies on a trusted origin."""
    if url is None or trusted_url(url):
        return url
    raise Forbidden(f"Invalid {name}", code=code, field=name)


@api.operation(
    "GET",
    "/api/auth/get-session",
    public=True,
    query=(
        Parameter("disableCookieCache", TEXT, "Of better-auth's client; changes nothing, since no cookie is a cache."),
        Parameter("disableRefresh", TEXT, "Of better-auth's client; changes nothing here."),
    ),
    answers=Bare(schemas.CURRENT_SESSION, nullable=True),
)
def get_session(request: Request) -> SignedIn | None:
    """Retrieves the current session and its user.

    Null when nobody is signed in; never 401.
    """
    return service.find(request.token) if request.token else None


@api.operation("POST", "/api/auth/sign-out", public=True, answers=Bare(schemas.SIGN_OUT))
def sign_out(request: Request) -> With:
    """Ends the current session, whatever the body."""
    if request.token:
        service.sign_out(request.token)
    return With(True, cookies=[_cookie("", 0)])


@api.operation("GET", "/api/auth/list-sessions", answers=Bare(schemas.SESSION, is_list=True))
def list_sessions(request: Request) -> list[SignedIn]:
    """Lists the caller's sessions.

    Only the current one shows its token; the others show a handle, which revoke-session takes.
    """
    current, user = request.session, request.session.user
    tokens = {current.session.handle: current.token}
    return [SignedIn(each, user, tokens.get(each.handle, each.handle)) for each in own.living_sessions(user)]


@api.operation("POST", "/api/auth/revoke-session", answers=Bare(schemas.STATUS))
def revoke_session(request: Request, body: schemas.RevokeSession) -> bool:
    """Ends one of the caller's sessions.

    A token that names none of them ends nothing and gets the same answer.
    """
    own.revoke(request.session, body.token)
    return True


@api.operation("POST", "/api/auth/revoke-sessions", answers=Bare(schemas.STATUS))
def revoke_sessions(request: Request) -> bool:
    """Ends all sessions of the caller, this one too, whatever the body."""
    own.revoke_all(request.session)
    return True


@api.operation("POST", "/api/auth/revoke-other-sessions", answers=Bare(schemas.STATUS))
def revoke_other_sessions(request: Request) -> bool:
    """Ends all sessions of the caller but this one, whatever the body."""
    own.revoke_others(request.session)
    return True


@api.operation(
    "POST",
    "/api/auth/update-user",
    takes=UpdateOwn,
    answers=Bare(schemas.STATUS),
    errors={400: ("email_can_not_be_updated", "no_fields_to_update"), 409: ("person_record",)},
)
def update_user(request: Request, document: dict[str, Any]) -> bool:
    """Changes the caller's own name and image."""
    if "email" in document:
        raise BadRequest("Email can not be updated", code="email_can_not_be_updated", field="email")
    changes = validate(UpdateOwn, document).changes()
    if not changes:
        raise BadRequest("No fields to update", code="no_fields_to_update")
    accounts.update_user(request.caller, request.caller.user_id, changes, None)
    return True


@api.operation(
    "POST",
    "/api/auth/request-password-reset",
    public=True,
    answers=Bare(schemas.RESET_REQUEST),
    errors={400: ("invalid_email",), 403: ("invalid_redirect_url",)},
)
def request_password_reset(request: Request, body: schemas.RequestReset) -> str:
    """Mails a reset link, if the address is an account's.

    Nobody learns whether it is: the answer is the same, and takes the same time.
    """
    redirect_to = _trusted(body.redirectTo, "redirectTo", "invalid_redirect_url")
    link_mails.request_link(_address(body.email), request.source_ip, redirect_to)
    return "If this email exists in our system, check your email for the reset link"


@api.operation(
    "GET",
    "/api/auth/reset-password/{token}",
    public=True,
    texts=("token",),
    query=(Parameter("callbackURL", TEXT, "The page to lead to: a path of ours, or on a trusted origin."),),
    answers=Bare(None, 302),
    errors={403: ("invalid_callback_url",), 404: ("not_found",)},
)
def follow_reset_link(request: Request, token: str, callbackURL: str | None) -> With:
    """Leads from a mailed link to the page that sets the password.

    Following a link never uses it up. The page gets `token`, or `error=INVALID_TOKEN`.
    """
    page = _trusted(callbackURL) or f"{settings().public_origin}/reset-password"
    told = {"token": token} if link_use.link_opens(token, request.source_ip) else {"error": "INVALID_TOKEN"}
    return _onward(page, told)


def _onward(page: str, told: dict[str, str]) -> With:
    """Leads on to a page, which no other page learns of."""
    location = f"{page}{'&' if '?' in page else '?'}{urlencode(told)}"
    return With(None, headers={"Location": location, "Referrer-Policy": "no-referrer"})


@api.operation(
    "POST",
    "/api/auth/reset-password",
    public=True,
    answers=Bare(schemas.STATUS),
    errors={400: ("invalid_token", "password_reused", *RULES)},
)
def reset_password(request: Request, body: schemas.ResetPassword) -> bool:
    """Sets the password with a mailed link's token; all sessions end."""
    link_use.reset_with_link(body.token, body.newPassword, request.source_ip)
    return True


@api.operation(
    "POST",
    "/api/auth/change-password",
    while_password_is_due=True,
    answers=Bare(schemas.PASSWORD_CHANGE),
    errors={400: ("invalid_password", "password_reused", *RULES)},
)
def change_password(request: Request, body: schemas.ChangePassword) -> With:
    """Changes the caller's own password.

    The session goes on under a new token; others end unless the body keeps them.
    """
    count_attempt(request.caller, request.caller.user_id)
    remembered = bool(request.session.session.remember)
    user, token = passwords.change_own(
        request.caller,
        body.currentPassword,
        body.newPassword,
        others_stay=not body.revokeOtherSessions,
        client=Client(remembered, request.source_ip, request.headers.get("user-agent")),
    )
    return _with_token(NewToken(token, user), remembered=remembered)


@api.operation(
    "GET",
    "/api/auth/verify-email",
    public=True,
    query=(Parameter("token", TEXT, "What stands in the mailed link.", default=""),),
    answers=Bare(None, 302),
)
def verify_email(request: Request, token: str) -> With:
    """Confirms a mail address, because its link was followed, and leads to a page that says so."""
    told = "verified" if addresses.verify(token) else "invalid"
    return _onward(f"{settings().public_origin}/email-verified", {"status": told})
