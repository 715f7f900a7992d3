"""The rule of every operation. A name after the path tells variants apart, as in the tables of costs.

What a route declares is not repeated here. An operation without a rule fails a test.
"""

from core.contract.operations import Operation
from core.kernel.policy import ADMINISTRATOR, Permission
from core.people.kinds import KINDS, PersonKind

from tools.authorization.rules import Outcome, Relation, Rule, Target
from tools.openapi.operations import by_key
from tools.sam_template import routes

_CLOSING_OWN = {Relation.OWN: Outcome.CONFLICT}
#: Nobody sets the own password without the old one.
_NOT_ONES_OWN = {Relation.OWN: Outcome.REFUSED}
#: Whoever reads the mails to an address can set the password, so a session alone does not change the own one.
_READDRESSING_OWN = {Relation.OWN: Outcome.REFUSED}
_OWN = Rule(own=True)
_PASSWORDS = frozenset({Permission.USERS_PASSWORD})
_SENSITIVE = frozenset({Permission.STUDENTS_SENSITIVE})
#: Who graduates becomes inactive, which is a change of the student.
_GRADUATING = frozenset({Permission.STUDENTS_WRITE})
_IMPORTING = frozenset(kind.write for kind in KINDS.values())
_OF_KIND = {"students": Target.STUDENT, "teachers": Target.TEACHER, "staff": Target.STAFF}

#: A platform administrator who acts in another school meets there what is another's here, and nothing of the own one.
_IN_THE_OTHER_SCHOOL = {
    **dict.fromkeys((Relation.OWN, Relation.RELATED, Relation.OTHER, Relation.STRONGER), Outcome.HIDDEN),
    Relation.OTHER_SCHOOL: Outcome.ALLOWED,
}
_ENTERING = frozenset({Permission.ORGANIZATIONS_WRITE})

_AUTH = {
    "POST /api/auth/sign-in/email": Rule(),
    "GET /api/auth/get-session": Rule(),
    "POST /api/auth/sign-out": Rule(),
    "GET /api/auth/list-sessions": _OWN,
    "POST /api/auth/revoke-session": _OWN,
    "POST /api/auth/revoke-sessions": _OWN,
    "POST /api/auth/revoke-other-sessions": _OWN,
    "POST /api/auth/update-user": _OWN,
    "POST /api/auth/change-password": _OWN,
    "POST /api/auth/request-password-reset": Rule(),
    "GET /api/auth/reset-password/{token}": Rule(),
    "POST /api/auth/reset-password": Rule(),
    "GET /api/auth/verify-email": Rule(),
}

_USERS = {
    "GET /api/users": Rule(),
    "POST /api/users": Rule(),
    "GET /api/users/me": _OWN,
    "PATCH /api/users/me": _OWN,
    "GET /api/users/me/devices": _OWN,
    "DELETE /api/users/me/devices/{device_id}": Rule(Target.DEVICE, own=True, meets={Relation.OTHER: Outcome.HIDDEN}),
    "GET /api/users/me/login-history": _OWN,
    # Whatever the header says, `me` is the account that is signed in.
    "GET /api/users/me, in the other school": _OWN,
    "GET /api/users/{user_id}": Rule(Target.ACCOUNT),
    "GET /api/users/{user_id}, in the other school": Rule(Target.ACCOUNT, needs=_ENTERING, meets=_IN_THE_OTHER_SCHOOL),
    "PATCH /api/users/{user_id}": Rule(Target.ACCOUNT, ceiling=True),
    # The record of a person owns the address of its account; the related are people.
    "PATCH /api/users/{user_id}, another email of an account with a password": Rule(
        Target.ACCOUNT,
        at_target=_PASSWORDS,
        ceiling=True,
        meets=_READDRESSING_OWN | {Relation.RELATED: Outcome.CONFLICT},
    ),
    "PATCH /api/users/{user_id}, in the other school": Rule(
        Target.ACCOUNT, needs=_ENTERING, meets=_IN_THE_OTHER_SCHOOL
    ),
    "POST /api/users/{user_id}/invitation": Rule(Target.ACCOUNT, ceiling=True, meets=_NOT_ONES_OWN),
    "DELETE /api/users/{user_id}": Rule(Target.ACCOUNT, ceiling=True, meets=_CLOSING_OWN),
    "POST /api/users/{user_id}/deactivate": Rule(Target.ACCOUNT, ceiling=True, meets=_CLOSING_OWN),
    "POST /api/users/{user_id}/activate": Rule(Target.ACCOUNT, ceiling=True, meets=_CLOSING_OWN),
    "GET /api/users/{user_id}/devices": Rule(Target.ACCOUNT),
    "DELETE /api/users/{user_id}/devices/{device_id}": Rule(Target.ACCOUNT, ceiling=True),
    # The account is another's, and the device its own or not.
    "DELETE /api/users/{user_id}/devices/{device_id}, the device": Rule(
        Target.DEVICE, meets={Relation.OWN: Outcome.HIDDEN}
    ),
    "GET /api/users/{user_id}/login-history": Rule(Target.ACCOUNT),
    "PATCH /api/users/{user_id}/password": Rule(Target.ACCOUNT, ceiling=True, meets=_NOT_ONES_OWN),
    "GET /api/users/{user_id}/password-status": Rule(Target.ACCOUNT, ceiling=True),
    # A stronger account among many is refused in its own row of the answer.
    "POST /api/users/password-resets": Rule(Target.CLASS),
    "POST /api/users/me/image": _OWN,
    "GET /api/users/me/image": _OWN,
    "POST /api/users/{user_id}/image": Rule(Target.ACCOUNT, ceiling=True),
    "GET /api/users/{user_id}/image": Rule(Target.ACCOUNT, own=True),
}


def _of_people(kind: PersonKind) -> dict[str, Rule]:
    one, target = f"{kind.path}/{{{kind.parameter}}}", _OF_KIND[kind.name]
    living = dict.fromkeys((Relation.OWN, Relation.RELATED, Relation.OTHER), Outcome.CONFLICT)
    deleted = {Relation.DELETED: Outcome.ALLOWED}
    return {
        f"GET {kind.path}": Rule(),
        f"POST {kind.path}": Rule(),
        # The account has the role of its kind, and nobody grants what they don't hold.
        f"POST {kind.path}, with an account": Rule(needs=kind.role.permissions),
        f"GET {one}": Rule(target),
        # A record is not an account: only what reaches the account has the ceiling.
        f"PATCH {one}": Rule(target),
        f"PATCH {one}, another email": Rule(target, ceiling=True, meets=_READDRESSING_OWN),
        f"PATCH {one}, another email of an account with a password": Rule(
            target, at_target=_PASSWORDS, ceiling=True, meets=_READDRESSING_OWN
        ),
        f"DELETE {one}": Rule(target, ceiling=True, meets=_CLOSING_OWN),
        f"POST {one}/restore": Rule(target, ceiling=True, meets=living | deleted),
        f"POST {one}/deactivate": Rule(target, ceiling=True, meets=_CLOSING_OWN),
        f"POST {one}/activate": Rule(target, ceiling=True),
        f"GET {one}/export": Rule(target, needs=_SENSITIVE),
        f"POST {one}/erasure": Rule(target, needs=_SENSITIVE, ceiling=True, meets=_CLOSING_OWN | deleted),
        f"POST {kind.path}/import": Rule(),
        f"GET {kind.path}/import/template": Rule(),
    } | {
        f"{operation}, of {kind.name}": Rule(Target.IMPORT, needs=frozenset({kind.write}), hidden_from=_IMPORTING)
        for operation in (
            "GET /api/imports/{import_id}",
            "GET /api/imports/{import_id}/rows",
            "POST /api/imports/{import_id}/apply",
        )
    }


_PEOPLE = {operation: rule for kind in KINDS.values() for operation, rule in _of_people(kind).items()} | {
    "GET /api/students/{student_id}/readiness": Rule(Target.STUDENT),
    "GET /api/public/teachers": Rule(),
    "GET /api/public/teachers/{id}": Rule(Target.TEACHER),
    "GET /api/public/staff": Rule(),
    "GET /api/public/staff/{id}": Rule(Target.STAFF),
}

_CLASSES = {
    "GET /api/classes": Rule(),
    "POST /api/classes": Rule(),
    "GET /api/classes/{class_id}": Rule(Target.CLASS),
    "PATCH /api/classes/{class_id}": Rule(Target.CLASS),
    "DELETE /api/classes/{class_id}": Rule(Target.CLASS),
    "GET /api/classes/{class_id}/students": Rule(Target.CLASS),
    "POST /api/classes/{class_id}/students": Rule(Target.CLASS),
    # Whom a body names is no address: who is not there is a mistake in the body.
    "POST /api/classes/{class_id}/students, the student": Rule(
        Target.MEMBER,
        meets=dict.fromkeys((Relation.OTHER_SCHOOL, Relation.DELETED, Relation.ABSENT), Outcome.INVALID),
    ),
    "DELETE /api/classes/{class_id}/students/{student_id}": Rule(Target.CLASS),
    "DELETE /api/classes/{class_id}/students/{student_id}, the student": Rule(Target.MEMBER),
    "POST /api/classes/{class_id}/copy": Rule(Target.CLASS),
    "POST /api/classes/promotions": Rule(needs=_GRADUATING),
    "GET /api/classes/promotions/{promotion_id}": Rule(Target.PROMOTION),
    "POST /api/classes/promotions/{promotion_id}/apply": Rule(Target.PROMOTION, needs=_GRADUATING),
    "POST /api/classes/promotions/{promotion_id}/undo": Rule(Target.PROMOTION, needs=_GRADUATING),
}

# One's own role is a system role here, which is the same in every school.
_ROLES = {
    "GET /api/permissions": Rule(),
    "GET /api/roles": Rule(),
    "POST /api/roles": Rule(Target.GRANT, ceiling=True),
    "GET /api/roles/{role_id}": Rule(Target.ROLE),
    "PATCH /api/roles/{role_id}": Rule(Target.ROLE, ceiling=True, meets=_CLOSING_OWN),
    "DELETE /api/roles/{role_id}": Rule(Target.ROLE, ceiling=True, meets=_CLOSING_OWN),
    "GET /api/roles/{role_id}/eligible-users": Rule(Target.ROLE, ceiling=True),
    "GET /api/roles/{role_id}/members": Rule(Target.ROLE),
    "POST /api/roles/{role_id}/members": Rule(Target.ROLE, ceiling=True),
    "DELETE /api/roles/{role_id}/members": Rule(Target.ROLE, ceiling=True),
    "GET /api/audit": Rule(),
}

_ORGANIZATIONS = {
    "GET /api/organizations": Rule(),
    # Who makes a school makes an administrator, and nobody grants what they don't hold.
    "POST /api/organizations": Rule(needs=ADMINISTRATOR.permissions),
    "GET /api/organizations/{organization_id}": Rule(Target.ORGANIZATION),
    "PATCH /api/organizations/{organization_id}": Rule(Target.ORGANIZATION),
}

_OTHER_SYSTEMS = {
    "POST /management/v1/users/{userId}/password": Rule(Target.ACCOUNT, ceiling=True, meets=_NOT_ONES_OWN),
    "POST /management/v1/users/{userId}/password, in the other school": Rule(
        Target.ACCOUNT,
        needs=_ENTERING,
        meets=_IN_THE_OTHER_SCHOOL,
    ),
    "POST /v2/users/{userId}/password": Rule(Target.ACCOUNT, ceiling=True, meets=_NOT_ONES_OWN),
    "POST /v2/users/{userId}/password, with the current one": Rule(Target.ACCOUNT, own=True, ceiling=True),
    "POST /api/admin/user-admin/{id}/change-password": Rule(Target.ACCOUNT, own=True, ceiling=True),
    "POST /api/admin/user-admin/reset-password": Rule(Target.ACCOUNT, ceiling=True, meets=_NOT_ONES_OWN),
    "POST /api/admin/user-admin/validate-password": _OWN,
    "GET /auth/reset/validate": Rule(),
    "POST /auth/reset/password": Rule(),
    "POST /auth/reset/password-email": Rule(),
    "POST /api/admin/api-tokens": Rule(),
    "GET /api/admin/api-tokens": Rule(),
    "DELETE /api/admin/api-tokens/{token}": Rule(Target.API_TOKEN, ceiling=True),
    "POST /v1/users/{userId}/change-password": Rule(Target.ACCOUNT, own=True, ceiling=True),
}

_SERVICE = {
    "GET /api/health": Rule(),
    "GET /reset-password": Rule(),
    "POST /reset-password": Rule(),
    "GET /email-verified": Rule(),
}

RULES: dict[str, Rule] = _AUTH | _USERS | _PEOPLE | _CLASSES | _ROLES | _ORGANIZATIONS | _OTHER_SYSTEMS | _SERVICE


def route_of(operation: str) -> tuple[str, str]:
    """Method and path of an operation, whose name may end with that of a variant."""
    method, path = operation.partition(",")[0].split()
    return method, path


def folder_of(operation: str) -> str:
    """In which function an operation is."""
    return routes()[route_of(operation)]


def declared_of(operation: str) -> Operation:
    """What the route of an operation declares."""
    return by_key()[" ".join(route_of(operation))].operation
