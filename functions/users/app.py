"""User accounts: /api/users."""

from copy import replace
from typing import Any

from core.accounts import service as accounts
from core.accounts.current import CURRENT_USER, CurrentUser
from core.contract.operations import PLAIN, Listing, Many, Nothing, One, Plain
from core.contract.values import BOOLEAN, EMAIL, ID, Value
from core.devices import service as devices
from core.devices.schemas import DEVICE
from core.http.answers import With
from core.http.api import Api
from core.http.requests import Request
from core.kernel.cursors import Page, PageRequest
from core.kernel.policy import Permission
from core.links import mails as link_mails
from core.links import resets
from core.links.status import PasswordStatus, password_status
from core.logins.schemas import LOGIN_HISTORY
from core.passwords import service as passwords
from core.passwords import sign_in as logins
from core.passwords.rules import RULES
from core.passwords.schemas import PASSWORD_STATUS
from core.roles.models import member_ids
from core.users import service
from core.users.models import UserItem
from core.users.schemas import USER, CreateUser, SetPassword, UpdateMe, UpdateUser, normalize_email

api = Api("users")
handler = api

_DEVICES = Listing(("-lastSeenAt",), without=PLAIN)
_LOGINS = Listing(("-at",), {"success": BOOLEAN}, without=PLAIN)
_NOT_CLOSED = {403: ("stronger_account",), 409: ("last_administrator", "own_account", "person_record")}
# How each member of a body is named in the table.
_STORED = {"name": "name", "email": "email", "secondaryEmail": "secondary_email", "image": "image"}


def _stored(members: dict[str, Any]) -> dict[str, Any]:
    return {_STORED[name]: value for name, value in members.items()}


@api.operation(
    "GET",
    "/api/users",
    permission=Permission.USERS_READ,
    query=Listing(filters={"active": BOOLEAN, "email": Value(EMAIL.schema, normalize_email), "roleId": ID}),
    answers=Many(USER),
)
def list_users(request: Request, wanted: PageRequest) -> Page:
    """Lists the school's accounts, page by page."""
    organization_id, filters = request.caller.organization_id, dict(wanted.filters)
    role_id = filters.pop("roleId", None)
    among = None if role_id is None else frozenset(member_ids(organization_id, role_id))
    return service.listing(organization_id, replace(wanted, filters=filters), among)


@api.operation(
    "POST",
    "/api/users",
    permission=Permission.USERS_WRITE,
    answers=One(USER, 201),
    errors={400: RULES, 409: ("email_taken",)},
)
def create_user(request: Request, body: CreateUser) -> UserItem:
    """Creates an account without roles."""
    first = None
    if body.password is not None:
        person = tuple(filter(None, (body.name, body.email, body.secondaryEmail)))
        school = passwords.school_name(request.caller.organization_id)
        passwords.require_acceptable(body.password, person=person, school=school, role_ids=[])
        first = passwords.first_password(body.password)
    return accounts.create_user(request.caller, _stored(body.model_dump(exclude={"password"})), first)


def _current(request: Request, user: UserItem) -> CurrentUser:
    organization = request.session.organization
    assert organization is not None
    return CurrentUser(user, request.caller, organization)


# What roles grant changes without the account's version.
@api.operation("GET", "/api/users/me", with_organization=True, answers=One(CURRENT_USER, has_not_modified=False))
def get_me(request: Request) -> CurrentUser:
    """Tells the caller about the own account: what it may do, its school, and whose record it has."""
    return _current(request, request.session.user)


@api.operation(
    "PATCH",
    "/api/users/me",
    with_organization=True,
    answers=One(CURRENT_USER, has_not_modified=False),
    errors={409: ("person_record",)},
)
def update_me(request: Request, body: UpdateMe, expected: int | None) -> CurrentUser:
    """Changes the caller's own account: what is sent; null clears."""
    user = accounts.update_user(request.caller, request.caller.user_id, _stored(body.changes()), expected)
    return _current(request, user)


@api.operation("GET", "/api/users/me/devices", query=_DEVICES, answers=Many(DEVICE))
def list_my_devices(request: Request, wanted: PageRequest) -> Page:
    """Lists the devices on which the caller is signed in."""
    return devices.listing(request.session.user, wanted, request.session.session.handle)


@api.operation(
    "GET", "/api/users/{user_id}/devices", permission=Permission.USERS_READ, query=_DEVICES, answers=Many(DEVICE)
)
def list_devices(request: Request, user_id: str, wanted: PageRequest) -> Page:
    """Lists the devices on which an account of the school is signed in."""
    user = service.find(request.caller.organization_id, user_id)
    return devices.listing(user, wanted, request.session.session.handle)


# The caller's own come first: the routes below them would take `me` for an id.
@api.operation("DELETE", "/api/users/me/devices/{device_id}", answers=Nothing())
def sign_out_my_device(request: Request, device_id: str) -> None:
    """Ends the caller's sessions on one device."""
    devices.sign_out(request.caller, request.caller.user_id, device_id)


@api.operation(
    "DELETE",
    "/api/users/{user_id}/devices/{device_id}",
    permission=Permission.USERS_WRITE,
    answers=Nothing(),
    errors={403: ("stronger_account",)},
)
def sign_out_device(request: Request, user_id: str, device_id: str) -> None:
    """Ends the sessions of an account of the school on one device."""
    devices.sign_out(request.caller, user_id, device_id)


@api.operation("GET", "/api/users/me/login-history", query=_LOGINS, answers=Many(LOGIN_HISTORY))
def list_my_logins(request: Request, wanted: PageRequest) -> Page:
    """Lists the caller's own sign-ins of a year, failed ones too, newest first."""
    return logins.history(request.caller.organization_id, request.caller.user_id, wanted)


@api.operation(
    "GET",
    "/api/users/{user_id}/login-history",
    permission=Permission.USERS_READ,
    query=_LOGINS,
    answers=Many(LOGIN_HISTORY),
)
def list_logins(request: Request, user_id: str, wanted: PageRequest) -> Page:
    """Lists the sign-ins of an account of the school in a year, failed ones too, newest first."""
    user = service.find(request.caller.organization_id, user_id)
    return logins.history(user.organization_id, user.id, wanted)


@api.operation("GET", "/api/users/{user_id}", permission=Permission.USERS_READ, answers=One(USER))
def get_user(request: Request, user_id: str) -> UserItem:
    """Retrieves an account of the school."""
    return service.find(request.caller.organization_id, user_id)


@api.operation(
    "PATCH",
    "/api/users/{user_id}",
    permission=Permission.USERS_WRITE,
    answers=One(USER),
    errors={
        403: ("own_account", "password_permission_required", "stronger_account"),
        409: ("email_taken", "person_record"),
    },
)
def update_user(request: Request, user_id: str, body: UpdateUser, expected: int | None) -> UserItem:
    """Changes an account of the school: what is sent; null clears.

    Another address of an account that has a password needs `users:password` too, because mails open it.
    """
    return accounts.update_user(request.caller, user_id, _stored(body.changes()), expected)


@api.operation(
    "DELETE", "/api/users/{user_id}", permission=Permission.USERS_WRITE, answers=Nothing(), errors=_NOT_CLOSED
)
def delete_user(request: Request, user_id: str, expected: int | None) -> None:
    """Deletes an account and ends its sessions. It can be restored for 30 days."""
    accounts.delete_user(request.caller, user_id, expected)


@api.operation(
    "POST",
    "/api/users/{user_id}/deactivate",
    permission=Permission.USERS_WRITE,
    answers=One(USER),
    errors=_NOT_CLOSED,
)
def deactivate_user(request: Request, user_id: str, expected: int | None) -> UserItem:
    """Closes an account for a while and ends its sessions."""
    return accounts.set_active(request.caller, user_id, False, expected)


@api.operation(
    "POST",
    "/api/users/{user_id}/activate",
    permission=Permission.USERS_WRITE,
    answers=One(USER),
    errors={403: ("stronger_account",), 409: ("own_account", "person_record")},
)
def activate_user(request: Request, user_id: str, expected: int | None) -> UserItem:
    """Opens a closed account again."""
    return accounts.set_active(request.caller, user_id, True, expected)


@api.operation(
    "POST",
    "/api/users/{user_id}/invitation",
    permission=Permission.USERS_WRITE,
    answers=Nothing(),
    errors={403: ("own_account", "stronger_account"), 409: ("has_password", "inactive")},
)
def invite_user(request: Request, user_id: str) -> None:
    """Mails a link with which the owner of an account without a password chooses the first one."""
    link_mails.invite(request.caller, user_id)


@api.operation(
    "PATCH",
    "/api/users/{user_id}/password",
    permission=Permission.USERS_PASSWORD,
    answers=One(USER, without_errors=True),
    errors={400: RULES, 403: ("own_account", "stronger_account")},
)
def reset_password(request: Request, user_id: str, body: SetPassword) -> With:
    """Sets a user's password without the current one.

    All sessions and links of the user end, and both addresses are told. `meta.receipt` says how many ended.
    One's own password is changed with POST /api/auth/change-password instead.
    """
    receipt = resets.reset(request.caller, user_id, body.password)
    return With(receipt.user, meta={"receipt": receipt.to_wire()})


@api.operation(
    "GET",
    "/api/users/{user_id}/password-status",
    permission=Permission.USERS_PASSWORD,
    answers=Plain(PASSWORD_STATUS),
    errors={403: ("stronger_account",)},
)
def get_password_status(request: Request, user_id: str) -> PasswordStatus:
    """Tells when a password changed, whether a change is due, and until when a link is valid."""
    return password_status(request.caller, user_id)
