"""User accounts: /api/users."""

from school.answers import Answer, tagged
from school.api import Api
from school.contract.operations import PLAIN, SORTS
from school.contract.values import BOOLEAN
from school.devices import schemas as device_schemas
from school.devices import service as devices
from school.listings import asked, listed
from school.logins import schemas as login_schemas
from school.logins import service as logins
from school.passwords import link_mails, resets
from school.passwords import service as passwords
from school.passwords.status import password_status
from school.policy import Permission
from school.requests import Request
from school.users import service
from school.users.models import UserItem
from school.users.schemas import USER_MEMBERS, CreateUser, SetPassword, UpdateMe, UpdateUser, to_wire

api = Api("users")
handler = api

# How each member of a body is named in the table.
_STORED = {"name": "name", "email": "email", "secondaryEmail": "secondary_email", "image": "image"}


def _stored(members: dict[str, object]) -> dict[str, object]:
    return {_STORED[name]: value for name, value in members.items()}


@api.route("GET", "/api/users", permission=Permission.USERS_READ)
def list_users(request: Request) -> Answer:
    """The school's users, page by page."""
    wanted = asked(request, "/api/users", SORTS, USER_MEMBERS, {"active": BOOLEAN.read})
    page = service.listing(request.caller.organization_id, wanted)
    return listed(wanted, page, [to_wire(user) for user in page.items])


@api.route("POST", "/api/users", permission=Permission.USERS_WRITE)
def create_user(request: Request) -> Answer:
    """A new account without roles."""
    request.require_no_query()
    body = request.read(CreateUser)
    members = body.model_dump(exclude={"password"})
    first = None
    if body.password is not None:
        person = tuple(filter(None, (body.name, body.email, body.secondaryEmail)))
        school = passwords.school_name(request.caller.organization_id)
        passwords.require_acceptable(body.password, person=person, school=school, role_ids=[])
        first = passwords.first_password(body.password)
    user = service.create_user(request.caller, _stored(members), first)
    return tagged(user.version, to_wire(user), request, 201, {"Location": f"/api/users/{user.id}"})


@api.route("GET", "/api/users/me")
def get_me(request: Request) -> Answer:
    """The caller's own account."""
    request.require_no_query()
    user = request.session.user
    return tagged(user.version, to_wire(user), request)


@api.route("PATCH", "/api/users/me")
def update_me(request: Request) -> Answer:
    """Changes the caller's own account."""
    return _update(request, request.caller.user_id, request.read(UpdateMe))


@api.route("GET", "/api/users/me/devices")
def list_my_devices(request: Request) -> Answer:
    """Where the caller is signed in."""
    return _devices(request, request.session.user)


@api.route("GET", "/api/users/<user_id>/devices", permission=Permission.USERS_READ)
def list_devices(request: Request, user_id: str) -> Answer:
    """Where somebody of the school is signed in."""
    return _devices(request, service.find(request.caller.organization_id, user_id))


def _devices(request: Request, user: UserItem) -> Answer:
    # The route holds the user, because a cursor is bound to it.
    route = f"/api/users/{user.id}/devices"
    wanted = asked(request, route, ("-lastSeenAt",), device_schemas.DEVICE_MEMBERS, without=PLAIN)
    current = request.session.session.handle
    page = devices.listing(user, wanted)
    return listed(wanted, page, [device_schemas.to_wire(device, current) for device in page.items])


# The caller's own come first: the routes below them would take `me` for an id.
@api.route("DELETE", "/api/users/me/devices/<device_id>")
def sign_out_my_device(request: Request, device_id: str) -> Answer:
    """Ends the caller's sessions on one device."""
    return _sign_out(request, request.caller.user_id, device_id)


@api.route("DELETE", "/api/users/<user_id>/devices/<device_id>", permission=Permission.USERS_WRITE)
def sign_out_device(request: Request, user_id: str, device_id: str) -> Answer:
    """Ends somebody's sessions on one device."""
    return _sign_out(request, user_id, device_id)


def _sign_out(request: Request, user_id: str, device_id: str) -> Answer:
    request.require_no_query()
    devices.sign_out(request.caller, user_id, device_id)
    return Answer(status=204)


@api.route("GET", "/api/users/me/login-history")
def list_my_logins(request: Request) -> Answer:
    """The caller's own sign-ins, and those that failed."""
    return _logins(request, request.session.user)


@api.route("GET", "/api/users/<user_id>/login-history", permission=Permission.USERS_READ)
def list_logins(request: Request, user_id: str) -> Answer:
    """The sign-ins of somebody of the school, and those that failed."""
    return _logins(request, service.find(request.caller.organization_id, user_id))


def _logins(request: Request, user: UserItem) -> Answer:
    route, filters = f"/api/users/{user.id}/login-history", {"success": BOOLEAN.read}
    wanted = asked(request, route, ("-at",), login_schemas.LOGIN_MEMBERS, filters, without=PLAIN)
    page = logins.history(user.organization_id, user.id, wanted)
    return listed(wanted, page, [login_schemas.to_wire(login, user.id) for login in page.items])


@api.route("GET", "/api/users/<user_id>", permission=Permission.USERS_READ)
def get_user(request: Request, user_id: str) -> Answer:
    """One account of the school."""
    request.require_no_query()
    user = service.find(request.caller.organization_id, user_id)
    return tagged(user.version, to_wire(user), request)


@api.route("PATCH", "/api/users/<user_id>", permission=Permission.USERS_WRITE)
def update_user(request: Request, user_id: str) -> Answer:
    """Changes an account of the school."""
    return _update(request, user_id, request.read(UpdateUser))


def _update(request: Request, user_id: str, body: UpdateUser | UpdateMe) -> Answer:
    request.require_no_query()
    user = service.update_user(request.caller, user_id, _stored(body.changes()), request.expected_version)
    return tagged(user.version, to_wire(user), request)


@api.route("DELETE", "/api/users/<user_id>", permission=Permission.USERS_WRITE)
def delete_user(request: Request, user_id: str) -> Answer:
    """Hides an account and ends its sessions."""
    request.require_no_query()
    service.delete_user(request.caller, user_id, request.expected_version)
    return Answer(status=204)


@api.route("POST", "/api/users/<user_id>/deactivate", permission=Permission.USERS_WRITE)
def deactivate_user(request: Request, user_id: str) -> Answer:
    """Closes an account for a while and ends its sessions."""
    return _set_active(request, user_id, active=False)


@api.route("POST", "/api/users/<user_id>/activate", permission=Permission.USERS_WRITE)
def activate_user(request: Request, user_id: str) -> Answer:
    """Opens a closed account again."""
    return _set_active(request, user_id, active=True)


def _set_active(request: Request, user_id: str, *, active: bool) -> Answer:
    request.require_no_query()
    user = service.set_active(request.caller, user_id, active, request.expected_version)
    return tagged(user.version, to_wire(user), request)


@api.route("POST", "/api/users/<user_id>/invitation", permission=Permission.USERS_WRITE)
def invite_user(request: Request, user_id: str) -> Answer:
    """Mails a link with which the owner of an account without a password chooses the first one."""
    request.require_no_query()
    link_mails.invite(request.caller, user_id)
    return Answer(status=204)


@api.route("PATCH", "/api/users/<user_id>/password", permission=Permission.USERS_PASSWORD)
def reset_password(request: Request, user_id: str) -> Answer:
    """Sets a user's password without the current one.

    The seed (core-reset-user-password) shows this answer's members one by one, and `errors` is not among them.
    """
    request.require_no_query()
    body = request.read(SetPassword)
    receipt = resets.reset(request.caller, user_id.lower(), body.password)
    answer = tagged(receipt.user.version, to_wire(receipt.user), request)
    answer.meta["receipt"] = receipt.to_wire()
    answer.without_errors = True
    return answer


@api.route("GET", "/api/users/<user_id>/password-status", permission=Permission.USERS_PASSWORD)
def get_password_status(request: Request, user_id: str) -> Answer:
    """When the password changed, whether a change is due, and until when a link is valid."""
    request.require_no_query()
    return Answer(password_status(request.caller, user_id))
