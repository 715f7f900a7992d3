"""Unleash's door to the password service: /api/admin and /auth/reset. It only translates."""

from urllib.parse import unquote

from core.accounts.addresses import holder
from core.api_tokens import service as api_tokens
from core.api_tokens.schemas import CreateApiToken, to_wire
from core.http.answers import Answer
from core.http.api import Api
from core.http.requests import Request
from core.http.systems import unleash
from core.http.systems.unleash_bodies import (
    ChangePassword,
    MailLink,
    ResetPassword,
    UseLink,
    ValidatePassword,
    link_to_wire,
)
from core.kernel.errors import NotFound
from core.kernel.policy import Permission, require, require_own_password
from core.links import mails as link_mails
from core.links import resets
from core.links import use as link_use
from core.passwords import service as passwords
from core.passwords.attempts import count_attempt
from core.users.service import find

api = Api("unleash", unleash.error_body, api_tokens=api_tokens.caller_of, organization_header=None)
handler = api


def _nothing() -> Answer:
    return Answer("", content_type="")


@api.route("POST", "/api/admin/user-admin/<id>/change-password", while_password_is_due=True, by_api_token=True)
def change_password(request: Request, id: str) -> Answer:
    """An administrator sets somebody's password; anybody changes the own one (seed: unleash-change-password)."""
    caller, user_id = request.caller, id.lower()
    is_own = user_id == caller.user_id
    if not is_own:
        require_own_password(caller)
        require(caller, Permission.USERS_PASSWORD)
    body = unleash.read(request, ChangePassword)
    if body.confirmPassword is not None and body.confirmPassword != body.password:
        raise unleash.PasswordMismatch()
    if not is_own:
        resets.reset(caller, user_id, body.password)
        return _nothing()
    if body.oldPassword is None:
        raise unleash.required("oldPassword")
    count_attempt(caller, user_id)
    passwords.change_own(caller, body.oldPassword, body.password)
    return _nothing()


@api.route("POST", "/api/admin/user-admin/reset-password", permission=Permission.USERS_PASSWORD, by_api_token=True)
def reset_password(request: Request) -> Answer:
    """A link with which the owner sets a new password, for the administrator to hand over (seed: unleash-reset)."""
    body = unleash.read(request, ResetPassword)
    try:
        user = holder(request.caller.organization_id, body.id)
    except NotFound as error:
        raise NotFound(f'Could not find the user with email "{body.id}".') from error
    return Answer({"resetPasswordUrl": resets.issue_link(request.caller, user)}, bare=True)


@api.route("POST", "/api/admin/user-admin/validate-password", by_api_token=True)
def validate_password(request: Request) -> Answer:
    """Whether the caller could have this password."""
    body = unleash.read(request, ValidatePassword)
    user = find(request.caller.organization_id, request.caller.user_id)
    passwords.require_acceptable(
        body.password,
        person=passwords.identity_of(user),
        school=passwords.school_name(user.organization_id),
        role_ids=list(user.roles),
    )
    return _nothing()


@api.route("GET", "/auth/reset/validate", public=True)
def validate_link(request: Request) -> Answer:
    """Whose link this is. Looking never uses it up."""
    token = request.query.get("token", [""])[-1]
    if not token:
        raise unleash.required("token")
    opened = link_use.open_link(token, request.source_ip)
    if opened is None:
        raise unleash.DeadLink()
    return Answer(link_to_wire(opened, token), bare=True)


@api.route("POST", "/auth/reset/password", public=True)
def use_link(request: Request) -> Answer:
    """The owner sets a new password with a link, once."""
    body = unleash.read(request, UseLink)
    try:
        link_use.reset_with_link(body.token, body.password, request.source_ip)
    except link_use.InvalidToken as error:
        raise unleash.DeadLink() from error
    return _nothing()


@api.route("POST", "/auth/reset/password-email", public=True)
def mail_link(request: Request) -> Answer:
    """Mails a reset link, if the address is an account's. Nobody learns whether it is."""
    body = unleash.read(request, MailLink)
    link_mails.request_link(body.email, request.source_ip, None, seconds=resets.ISSUED_SECONDS)
    return _nothing()


@api.route("POST", "/api/admin/api-tokens", permission=Permission.USERS_PASSWORD)
def create_api_token(request: Request) -> Answer:
    """A new API token, which acts as its creator. Its secret is shown now and never again."""
    item, secret = api_tokens.make(request.caller, unleash.read(request, CreateApiToken))
    return Answer(to_wire(item, secret), 201, bare=True, headers={"Location": "api-tokens"})


@api.route("GET", "/api/admin/api-tokens", permission=Permission.USERS_PASSWORD, by_api_token=True)
def list_api_tokens(request: Request) -> Answer:
    """The school's API tokens, without their secrets."""
    tokens = api_tokens.listing(request.caller.organization_id)
    return Answer({"tokens": [to_wire(each) for each in tokens]}, bare=True)


@api.route("DELETE", "/api/admin/api-tokens/<token>", permission=Permission.USERS_PASSWORD, by_api_token=True)
def delete_api_token(request: Request, token: str) -> Answer:
    """Ends an API token, named by its secret, its id, or what the list shows."""
    try:
        api_tokens.revoke(request.caller, unquote(token))
    except NotFound as error:
        raise NotFound("Could not find the API token.") from error
    return _nothing()
