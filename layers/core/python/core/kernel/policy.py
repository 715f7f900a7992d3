"""Who may do what to whom: the only place that decides.

Permissions are granted by roles. A caller needs the operation's permission (403 without it), sees only the
own organization (404 otherwise), and touches accounts only up to the own strength (403 above it).
"""

from copy import replace
from enum import StrEnum
from typing import NamedTuple

from core.kernel import clock
from core.kernel.errors import Forbidden


class Permission(StrEnum):
    """Everything a role can grant, in alphabetical order."""

    AUDIT_READ = "audit:read"
    CLASSES_READ = "classes:read"
    CLASSES_WRITE = "classes:write"
    LETTERS_READ = "letters:read"
    LETTERS_REVIEW = "letters:review"
    ORGANIZATIONS_READ = "organizations:read"
    ORGANIZATIONS_WRITE = "organizations:write"
    ROLES_READ = "roles:read"
    ROLES_WRITE = "roles:write"
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"
    STATS_READ = "stats:read"
    STUDENTS_READ = "students:read"
    STUDENTS_SENSITIVE = "students:sensitive"
    STUDENTS_WRITE = "students:write"
    TEACHERS_READ = "teachers:read"
    TEACHERS_WRITE = "teachers:write"
    USERS_PASSWORD = "users:password"  # noqa: S105 - a permission, not a secret
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"


_PLATFORM_ONLY = frozenset({Permission.ORGANIZATIONS_READ, Permission.ORGANIZATIONS_WRITE})


class SystemRole(NamedTuple):
    """A role that every school has and nobody can change. Its id is the same in every organization."""

    id: str
    name: str
    permissions: frozenset[Permission]


PLATFORM_ADMINISTRATOR = SystemRole("000000000000000000000001", "platform administrator", frozenset(Permission))
ADMINISTRATOR = SystemRole("000000000000000000000002", "administrator", frozenset(Permission) - _PLATFORM_ONLY)
PRINCIPAL = SystemRole(
    "000000000000000000000003",
    "principal",
    frozenset(
        {
            Permission.AUDIT_READ,
            Permission.CLASSES_READ,
            Permission.LETTERS_READ,
            Permission.LETTERS_REVIEW,
            Permission.ROLES_READ,
            Permission.STAFF_READ,
            Permission.STATS_READ,
            Permission.STUDENTS_READ,
            Permission.STUDENTS_SENSITIVE,
            Permission.TEACHERS_READ,
            Permission.USERS_READ,
        }
    ),
)
TEACHER = SystemRole(
    "000000000000000000000004",
    "teacher",
    frozenset({Permission.CLASSES_READ, Permission.STUDENTS_READ, Permission.TEACHERS_READ}),
)
STAFF = SystemRole(
    "000000000000000000000005",
    "staff",
    frozenset(
        {
            Permission.CLASSES_READ,
            Permission.LETTERS_READ,
            Permission.STAFF_READ,
            Permission.STUDENTS_READ,
            Permission.STUDENTS_WRITE,
            Permission.TEACHERS_READ,
        }
    ),
)
STUDENT = SystemRole("000000000000000000000006", "student", frozenset())

SYSTEM_ROLES = {role.id: role for role in (PLATFORM_ADMINISTRATOR, ADMINISTRATOR, PRINCIPAL, TEACHER, STAFF, STUDENT)}


def permissions_of(role_ids: frozenset[str] | set[str] | list[str]) -> frozenset[Permission]:
    """What the roles with these ids grant together. A role that nobody knows grants nothing."""
    granted: set[Permission] = set()
    for role_id in role_ids:
        if role := SYSTEM_ROLES.get(role_id):
            granted |= role.permissions
    return frozenset(granted)


def is_for_staff(role_ids: list[str]) -> bool:
    """Whether a password needs the longer minimum: for everybody who has a role other than student's."""
    return any(role_id != STUDENT.id for role_id in role_ids)


class Caller(NamedTuple):
    """The person behind a request, as the table knew them when it arrived."""

    #: The school in which the request acts.
    organization_id: str
    #: The school that the account belongs to. It is another one only for who may write organizations.
    home_organization_id: str
    user_id: str
    session_hash: str
    name: str
    email: str
    role_ids: frozenset[str]
    permissions: frozenset[Permission]
    must_change_password: bool
    #: The epoch of the account's API tokens, which a token that is made now will carry.
    api_token_epoch: float
    #: What the roles are called, in the order in which the account has them.
    role_names: tuple[str, ...] = ()
    #: The address that the request came from, as API Gateway saw it; empty where there is no request.
    source: str = ""


def require(caller: Caller, permission: Permission) -> None:
    """Refuses a caller whose roles don't grant `permission`.

    Raises:
        Forbidden: names the permission that is missing.
    """
    if permission not in caller.permissions:
        raise Forbidden(f"You need the permission {permission} for this. Ask an administrator of your school.")


def require_own_password(caller: Caller) -> None:
    """Refuses somebody who must change the password before doing anything else (acceptance B10).

    Raises:
        Forbidden: code `password_change_required`.
    """
    if caller.must_change_password:
        raise Forbidden("Change your password first.", code="password_change_required")


def require_session(caller: Caller) -> None:
    """Refuses an API token where somebody must be signed in: whoever finds one must not make more of it (B11).

    Raises:
        Forbidden: code `session_required`.
    """
    if not caller.session_hash:
        raise Forbidden("An API token can't do this. Sign in to do it.", code="session_required")


def require_another(caller: Caller, user_id: str) -> None:
    """Refuses the caller's own account where the password is set without the old one (contract section 4, B11).

    Raises:
        Forbidden: code `own_account`.
    """
    if user_id == caller.user_id:
        raise Forbidden("This is your own account. Change your password with the current one.", code="own_account")


def acting_in(caller: Caller, organization_id: str) -> Caller:
    """The same caller, acting in a school that the request names.

    Only who may write organizations acts in another school than the own. Whether the other one exists is not asked
    here.

    Raises:
        Forbidden: it is not the caller's own school, and the caller may not write organizations.
    """
    if organization_id.lower() == caller.home_organization_id:
        return replace(caller, organization_id=caller.home_organization_id)
    require(caller, Permission.ORGANIZATIONS_WRITE)
    if not clock.is_id(organization_id):
        raise Forbidden("x-organization-id names no organization: an id has 24 hexadecimal characters.")
    return replace(caller, organization_id=organization_id.lower())


def require_ceiling(caller: Caller, permissions: frozenset[Permission], field: str = "permissions") -> None:
    """Refuses to grant, or to change who is granted, what the caller does not hold (acceptance A6).

    Args:
        caller: who grants.
        permissions: what the role grants.
        field: the member of the request that would grant it.

    Raises:
        Forbidden: names what is missing; code `grant_ceiling`.
    """
    missing = sorted(permissions - caller.permissions)
    if missing:
        names = ", ".join(missing)
        raise Forbidden(f"You don't hold what this role grants: {names}.", code="grant_ceiling", field=field)


def require_strength(caller: Caller, target_permissions: frozenset[Permission]) -> None:
    """Refuses to touch an account that may do something the caller may not (acceptance A6).

    Raises:
        Forbidden: the account is stronger than the caller.
    """
    if not target_permissions <= caller.permissions:
        raise Forbidden(
            "This account has permissions that you don't have. Ask somebody who has them.", code="stronger_account"
        )
