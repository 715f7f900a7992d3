"""Signing in and out, in the shapes of better-auth 1.7: /api/auth."""

from urllib.parse import urlencode

from core.accounts import addresses
from core.accounts import service as accounts
from core.http.answers import Answer
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
from core.sessions import own, service
from core.sessions.new import REMEMBERED_SECONDS, Client
from core.sessions.redirects import trusted_url
from core.sessions.schemas import (
    ChangePassword,
    RequestReset,
    ResetPassword,
    RevokeSession,
    SignIn,
    session_to_wire,
    signed_in_to_wire,
    user_to_wire,
)
from core.users.schemas import UpdateOwn, normalize_email

api = Api("auth", better_auth_error, organization_header=None)
handler = api


def _cookie(value: str, seconds: int | None) -> str:
    parts = [f"{cookie_name()}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if seconds is not None:
        parts.append(f"Max-Age={seconds}")
    if settings().secure:
        parts.append("Secure")
    return "; ".join(parts)


@api.route("POST", "/api/auth/sign-in/email", public=True)
def sign_in(request: Request) -> Answer:
    """Starts a session; its token is in the body, the cookie and `set-auth-token`."""
    document = request.document()
    if "callbackUrl" in document:
        document.setdefault("callbackURL", document.pop("callbackUrl"))
    body = validate(SignIn, document)
    url = _trusted(body.callbackURL)
    email = _address(body.email)
    client = Client(body.rememberMe, request.source_ip, request.headers.get("user-agent"))
    signed_in = logins.sign_in(email, body.password, client)
    result = {"redirect": url is not None, "token": signed_in.token, "user": user_to_wire(signed_in.user)}
    if url is not None:
        result["url"] = url
    cookie = _cookie(signed_in.token, REMEMBERED_SECONDS if body.rememberMe else None)
    return Answer(result, bare=True, headers={"set-auth-token": signed_in.token}, cookies=[cookie])


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


@api.route("GET", "/api/auth/get-session", public=True)
def get_session(request: Request) -> Answer:
    """The current session and its user, or null when signed out; never 401."""
    signed_in = service.find(request.token) if request.token else None
    return Answer(signed_in_to_wire(signed_in) if signed_in else None, bare=True)


@api.route("POST", "/api/auth/sign-out", public=True)
def sign_out(request: Request) -> Answer:
    """Ends the current session, whatever the body."""
    if request.token:
        service.sign_out(request.token)
    return Answer({"success": True}, bare=True, cookies=[_cookie("", 0)])


@api.route("GET", "/api/auth/list-sessions")
def list_sessions(request: Request) -> Answer:
    """The caller's sessions. Only this one's token is known; the others have a handle that revoke-session takes."""
    current, user = request.session.session, request.session.user
    tokens = {current.handle: request.session.token}
    sessions = own.living_sessions(user)
    shown = [session_to_wire(each, user, tokens.get(each.handle, each.handle)) for each in sessions]
    return Answer(shown, bare=True)


@api.route("POST", "/api/auth/revoke-session")
def revoke_session(request: Request) -> Answer:
    """Ends one of the caller's sessions."""
    own.revoke(request.session, request.read(RevokeSession).token)
    return Answer({"status": True}, bare=True)


@api.route("POST", "/api/auth/revoke-sessions")
def revoke_sessions(request: Request) -> Answer:
    """Ends all sessions of the caller, this one too, whatever the body."""
    own.revoke_all(request.session)
    return Answer({"status": True}, bare=True)


@api.route("POST", "/api/auth/revoke-other-sessions")
def revoke_other_sessions(request: Request) -> Answer:
    """Ends all sessions of the caller but this one, whatever the body."""
    own.revoke_others(request.session)
    return Answer({"status": True}, bare=True)


@api.route("POST", "/api/auth/update-user")
def update_user(request: Request) -> Answer:
    """Changes the caller's own name and image."""
    document = request.document()
    if "email" in document:
        raise BadRequest("Email can not be updated", code="email_can_not_be_updated", field="email")
    changes = validate(UpdateOwn, document).changes()
    if not changes:
        raise BadRequest("No fields to update", code="no_fields_to_update")
    accounts.update_user(request.caller, request.caller.user_id, changes, None)
    return Answer({"status": True}, bare=True)


@api.route("POST", "/api/auth/request-password-reset", public=True)
def request_password_reset(request: Request) -> Answer:
    """Mails a reset link, if the address is an account's. Nobody learns whether it is."""
    body = request.read(RequestReset)
    redirect_to = _trusted(body.redirectTo, "redirectTo", "invalid_redirect_url")
    link_mails.request_link(_address(body.email), request.source_ip, redirect_to)
    message = "If this email exists in our system, check your email for the reset link"
    return Answer({"status": True, "message": message}, bare=True)


@api.route("GET", "/api/auth/reset-password/<token>", public=True)
def follow_reset_link(request: Request, token: str) -> Answer:
    """Leads from a mailed link to the page that sets the password. Following a link never uses it up."""
    asked = request.query.get("callbackURL", [f"{settings().public_origin}/reset-password"])
    page = _trusted(asked[-1]) or ""
    told = {"token": token} if link_use.link_opens(token, request.source_ip) else {"error": "INVALID_TOKEN"}
    location = f"{page}{'&' if '?' in page else '?'}{urlencode(told)}"
    return Answer(None, 302, bare=True, headers={"Location": location, "Referrer-Policy": "no-referrer"})


@api.route("POST", "/api/auth/reset-password", public=True)
def reset_password(request: Request) -> Answer:
    """Sets the password with a mailed link's token; all sessions end."""
    body = request.read(ResetPassword)
    link_use.reset_with_link(body.token, body.newPassword, request.source_ip)
    return Answer({"status": True}, bare=True)


@api.route("POST", "/api/auth/change-password", while_password_is_due=True)
def change_password(request: Request) -> Answer:
    """Changes the own password. The session goes on under a new token; others end unless the body keeps them."""
    body = request.read(ChangePassword)
    count_attempt(request.caller, request.caller.user_id)
    signed_in = request.session
    user, token = passwords.change_own(
        request.caller,
        body.currentPassword,
        body.newPassword,
        others_stay=not body.revokeOtherSessions,
        client=Client(bool(signed_in.session.remember), request.source_ip, request.headers.get("user-agent")),
    )
    answer = Answer({"token": token, "user": user_to_wire(user)}, bare=True)
    if token:
        answer.headers["set-auth-token"] = token
        answer.cookies.append(_cookie(token, REMEMBERED_SECONDS if signed_in.session.remember else None))
    return answer


@api.route("GET", "/api/auth/verify-email", public=True)
def verify_email(request: Request) -> Answer:
    """Marks a mail address as its holder's own, whose link leads here, and goes on to a page that says so."""
    token = request.query.get("token", [""])[-1]
    told = "verified" if addresses.verify(token) else "invalid"
    location = f"{settings().public_origin}/email-verified?{urlencode({'status': told})}"
    return Answer(None, 302, bare=True, headers={"Location": location, "Referrer-Policy": "no-referrer"})
