"""Unleash's door to the password service: /api/admin and /auth/reset. It only translates."""

from urllib.parse import unquote

from core.accounts.addresses import holder
from core.api_tokens import service as api_tokens
from core.api_tokens.models import ApiTokenItem
from core.api_tokens.schemas import API_TOKEN, API_TOKENS, CreateApiToken, ShownToken
from core.contract.operations import Bare, Parameter
from core.contract.values import TEXT
from core.http.answers import With
from core.http.api import Api
from core.http.requests import Request
from core.http.systems import unleash
from core.http.systems import unleash_bodies as schemas
from core.kernel.errors import NotFound
from core.kernel.policy import Permission
from core.links import mails as link_mails
from core.links import resets
from core.links import use as link_use
from core.passwords import service as passwords
from core.passwords.attempts import count_attempt
from core.passwords.rules import RULES
from core.users.service import find

_NOTHING = Bare(None)
_TOKEN = Parameter("token", TEXT, "What stands in the link.", required=True)
_DEAD_LINK = (unleash.DeadLink.code,)
api = Api(
    "unleash",
    unleash.error_body,
    api_tokens=api_tokens.caller_of,
    organization_header=None,
    read_body=unleash.read,
)
handler = api


@api.operation(
    "POST",
    "/api/admin/user-admin/{id}/change-password",
    permission=Permission.USERS_PASSWORD,
    own="id",
    while_password_is_due=True,
    by_api_token=True,
    answers=_NOTHING,
    errors={
        400: (*RULES, "invalid_password", "password_mismatch", "password_reused"),
        403: ("own_account", "session_required", "stronger_account"),
    },
)
def change_password(request: Request, id: str, body: schemas.UnleashChangePassword) -> None:
    """Sets an account's password, or changes the caller's own (seed: unleash-change-password).

    The own one needs `oldPassword`.
    """
    caller, is_own = request.caller, id == request.caller.user_id
    if body.confirmPassword is not None and body.confirmPassword != body.password:
        raise unleash.PasswordMismatch()
    if not is_own:
        resets.reset(caller, id, body.password)
        return
    if body.oldPassword is None:
        raise unleash.required("oldPassword")
    count_attempt(caller, id)
    passwords.change_own(caller, body.oldPassword, body.password)


@api.operation(
    "POST",
    "/api/admin/user-admin/reset-password",
    permission=Permission.USERS_PASSWORD,
    by_api_token=True,
    answers=Bare(schemas.GIVEN_LINK),
    errors={403: ("own_account", "stronger_account"), 404: ("not_found",)},
)
def reset_password(request: Request, body: schemas.UnleashResetPassword) -> str:
    """Makes a link to a new password, for the administrator to hand over (seed: unleash-reset)."""
    try:
        user = holder(request.caller.organization_id, body.id)
    except NotFound as error:
        raise NotFound(f'Could not find the user with email "{body.id}".') from error
    return resets.issue_link(request.caller, user)


@api.operation(
    "POST",
    "/api/admin/user-admin/validate-password",
    by_api_token=True,
    answers=_NOTHING,
    errors={400: RULES},
)
def validate_password(request: Request, body: schemas.UnleashValidatePassword) -> None:
    """Tells whether the caller could have this password."""
    user = find(request.caller.organization_id, request.caller.user_id)
    passwords.require_acceptable(
        body.password,
        person=passwords.identity_of(user),
        school=passwords.school_name(user.organization_id),
        role_ids=list(user.roles),
    )


@api.operation(
    "GET",
    "/auth/reset/validate",
    public=True,
    query=(_TOKEN,),
    answers=Bare(schemas.TOKEN_USER),
    errors={401: _DEAD_LINK},
)
def validate_link(request: Request, token: str) -> schemas.ShownLink:
    """Tells whose a link is. Looking never uses it up."""
    opened = link_use.open_link(token, request.source_ip)
    if opened is None:
        raise unleash.DeadLink()
    return schemas.shown_link(opened, token)


@api.operation(
    "POST",
    "/auth/reset/password",
    public=True,
    answers=_NOTHING,
    errors={400: (*RULES, "password_reused"), 401: _DEAD_LINK},
)
def use_link(request: Request, body: schemas.UnleashUseLink) -> None:
    """Sets a new password by a link, once."""
    try:
        link_use.reset_with_link(body.token, body.password, request.source_ip)
    except link_use.InvalidToken as error:
        raise unleash.DeadLink() from error


@api.operation("POST", "/auth/reset/password-email", public=True, answers=_NOTHING)
def mail_link(request: Request, body: schemas.UnleashMailLink) -> None:
    """Mails a reset link, if the address is an account's. Nobody learns whether it is."""
    link_mails.request_link(body.email, request.source_ip, None, seconds=resets.ISSUED_SECONDS)


@api.operation(
    "POST",
    "/api/admin/api-tokens",
    permission=Permission.USERS_PASSWORD,
    answers=Bare(API_TOKEN, 201),
)
def create_api_token(request: Request, body: CreateApiToken) -> With:
    """Creates an API token, which acts as its creator. Its secret is shown now and never again."""
    return With(ShownToken(*api_tokens.make(request.caller, body)), headers={"Location": "api-tokens"})


@api.operation(
    "GET",
    "/api/admin/api-tokens",
    permission=Permission.USERS_PASSWORD,
    by_api_token=True,
    answers=Bare(API_TOKENS),
)
def list_api_tokens(request: Request) -> list[ApiTokenItem]:
    """Lists the school's API tokens, without their secrets."""
    return api_tokens.listing(request.caller.organization_id)


@api.operation(
    "DELETE",
    "/api/admin/api-tokens/{token}",
    permission=Permission.USERS_PASSWORD,
    by_api_token=True,
    texts=("token",),
    answers=_NOTHING,
    errors={403: ("stronger_account",), 404: ("not_found",)},
)
def delete_api_token(request: Request, token: str) -> None:
    """Deletes an API token, named by its secret, its id, or what the list shows."""
    try:
        api_tokens.revoke(request.caller, unquote(token))
    except NotFound as error:
        raise NotFound("Could not find the API token.") from error
