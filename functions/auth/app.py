"""Signing in and out, in the shapes of better-auth 1.7: /api/auth."""

from school.api import Answer, Api, better_auth_error
from school.bodies import validate
from school.errors import BadRequest, Forbidden
from school.requests import Request, cookie_name
from school.sessions import service
from school.sessions.schemas import SignIn, session_to_wire, user_to_wire
from school.settings import settings
from school.users.schemas import normalize_email

api = Api("auth", better_auth_error)
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
    url = _trusted_url(body.callbackURL)
    try:
        email = normalize_email(body.email)
    except ValueError as error:
        raise BadRequest("Invalid email", code="invalid_email", field="email") from error
    signed_in = service.sign_in(
        email,
        body.password,
        remember=body.rememberMe,
        ip_address=request.source_ip,
        user_agent=request.headers.get("user-agent"),
    )
    result = {"redirect": url is not None, "token": signed_in.token, "user": user_to_wire(signed_in.user)}
    if url is not None:
        result["url"] = url
    cookie = _cookie(signed_in.token, service.REMEMBERED_SECONDS if body.rememberMe else None)
    return Answer(result, bare=True, headers={"set-auth-token": signed_in.token}, cookies=[cookie])


def _trusted_url(url: str | None) -> str | None:
    """The callback, if it is a path of ours or lies on a trusted origin."""
    if url is None:
        return None
    is_path = url.startswith("/") and not url.startswith(("//", "/\\")) and "\\" not in url
    if is_path or any(url == origin or url.startswith(f"{origin}/") for origin in settings().trusted_origins):
        return url
    raise Forbidden("Invalid callbackURL", code="invalid_callback_url")


@api.route("GET", "/api/auth/get-session", public=True)
def get_session(request: Request) -> Answer:
    """The current session and its user, or null when signed out; never 401."""
    signed_in = service.find(request.token) if request.token else None
    return Answer(session_to_wire(signed_in) if signed_in else None, bare=True)


@api.route("POST", "/api/auth/sign-out", public=True)
def sign_out(request: Request) -> Answer:
    """Ends the current session, whatever the body."""
    if request.token:
        service.sign_out(request.token)
    return Answer({"success": True}, bare=True, cookies=[_cookie("", 0)])
