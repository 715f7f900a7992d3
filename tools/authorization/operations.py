"""The rule of every operation. A name after the path tells variants apart, as in the tables of costs.

What an operation declares is not repeated here, so most reads have none; an operation that writes needs one.
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
_ROSTERS = frozenset({Permission.CLASSES_READ})
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
    "POST /api/auth/sign-out": Rule(),
    "POST /api/auth/revoke-session": _OWN,
    "POST /api/auth/revoke-sessions": _OWN,
    "POST /api/auth/revoke-other-sessions": _OWN,
    "POST /api/auth/update-user": _OWN,
    "POST /api/auth/change-password": _OWN,
    "POST /api/auth/request-password-reset": Rule(),
    "POST /api/auth/reset-password": Rule(),
}

_USERS = {
    "POST /api/users": Rule(),
    "PATCH /api/users/me": _OWN,
    "PATCH /api/users/me/person": _OWN,
    "DELETE /api/users/me/devices/{device_id}": Rule(Target.DEVICE, own=True, meets={Relation.OTHER: Outcome.HIDDEN}),
    # Whatever the header says, `me` is the account that is signed in.
    "GET /api/users/me, in the other school": _OWN,
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
    "DELETE /api/users/{user_id}/devices/{device_id}": Rule(Target.ACCOUNT, ceiling=True),
    # The account is another's, and the device its own or not.
    "DELETE /api/users/{user_id}/devices/{device_id}, the device": Rule(
        Target.DEVICE, meets={Relation.OWN: Outcome.HIDDEN}
    ),
    "PATCH /api/users/{user_id}/password": Rule(Target.ACCOUNT, ceiling=True, meets=_NOT_ONES_OWN),
    "GET /api/users/{user_id}/password-status": Rule(Target.ACCOUNT, ceiling=True),
    # A stronger account among many is refused in its own row of the answer, which names whoever is in the class.
    "POST /api/users/password-resets": Rule(Target.CLASS, needs=_ROSTERS),
    "POST /api/users/invitations": Rule(Target.CLASS, needs=_ROSTERS),
    "POST /api/users/me/image": _OWN,
    "POST /api/users/{user_id}/image": Rule(Target.ACCOUNT, ceiling=True),
    "GET /api/users/{user_id}/image": Rule(Target.ACCOUNT, own=True),
}


def _of_people(kind: PersonKind) -> dict[str, Rule]:
    one, target = f"{kind.path}/{{{kind.parameter}}}", _OF_KIND[kind.name]
    living = dict.fromkeys((Relation.OWN, Relation.RELATED, Relation.OTHER), Outcome.CONFLICT)
    deleted = {Relation.DELETED: Outcome.ALLOWED}
    return {
        f"POST {kind.path}": Rule(),
        # The account has the role of its kind, and nobody grants what they don't hold.
        f"POST {kind.path}, with an account": Rule(needs=kind.role.permissions),
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
    } | {
        # Those of the matrix are begun by somebody who sees what is sensitive.
        f"{operation}, of {kind.name}": Rule(
            Target.IMPORT, needs=frozenset({kind.write}), at_target=_SENSITIVE, hidden_from=_IMPORTING
        )
        for operation in (
            "GET /api/imports/{import_id}",
            "GET /api/imports/{import_id}/rows",
            "POST /api/imports/{import_id}/apply",
        )
    }


_PEOPLE = {operation: rule for kind in KINDS.values() for operation, rule in _of_people(kind).items()} | {
    "GET /api/public/teachers/{id}": Rule(Target.TEACHER),
    "GET /api/public/staff/{id}": Rule(Target.STAFF),
}

_CLASSES = {
    "POST /api/classes": Rule(),
    "PATCH /api/classes/{class_id}": Rule(Target.CLASS),
    "DELETE /api/classes/{class_id}": Rule(Target.CLASS),
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
    "POST /api/classes/promotions/{promotion_id}/apply": Rule(Target.PROMOTION, needs=_GRADUATING),
    "POST /api/classes/promotions/{promotion_id}/undo": Rule(Target.PROMOTION, needs=_GRADUATING),
}

# One's own role is a system role here, which is the same in every school.
_ROLES = {
    "GET /api/permissions": Rule(),
    "POST /api/roles": Rule(Target.GRANT, ceiling=True),
    "PATCH /api/roles/{role_id}": Rule(Target.ROLE, ceiling=True, meets=_CLOSING_OWN),
    "DELETE /api/roles/{role_id}": Rule(Target.ROLE, ceiling=True, meets=_CLOSING_OWN),
    "GET /api/roles/{role_id}/eligible-users": Rule(Target.ROLE, ceiling=True),
    "POST /api/roles/{role_id}/members": Rule(Target.ROLE, ceiling=True),
    "DELETE /api/roles/{role_id}/members": Rule(Target.ROLE, ceiling=True),
}

_ORGANIZATIONS = {
    # Who makes a school makes an administrator, and nobody grants what they don't hold.
    "POST /api/organizations": Rule(needs=ADMINISTRATOR.permissions),
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
    "POST /auth/reset/password": Rule(),
    "POST /auth/reset/password-email": Rule(),
    "POST /api/admin/api-tokens": Rule(),
    "DELETE /api/admin/api-tokens/{token}": Rule(Target.API_TOKEN, ceiling=True),
    "POST /v1/users/{userId}/change-password": Rule(Target.ACCOUNT, own=True, ceiling=True),
}

_SERVICE = {
    "POST /reset-password": Rule(),
}

#: What the last id of a path names.
_TARGETS = {
    "class_id": Target.CLASS,
    "organization_id": Target.ORGANIZATION,
    "promotion_id": Target.PROMOTION,
    "role_id": Target.ROLE,
    "staff_id": Target.STAFF,
    "student_id": Target.STUDENT,
    "teacher_id": Target.TEACHER,
    "user_id": Target.ACCOUNT,
}


def _of_a_read(operation: Operation) -> Rule | None:
    """The rule of an operation that only reads, as its declaration has it; None where that does not say it."""
    if operation.method != "GET":
        return None
    if not operation.path_parameters or operation.public:
        return Rule(own=not operation.public and operation.permission is None)
    target = _TARGETS.get(operation.path_parameters[-1])
    return Rule(target) if target else None


def _rules() -> dict[str, Rule]:
    """Those that are written out, and for reads without one what follows from their declarations; in their order."""
    named: dict[str, dict[str, Rule]] = {key: {} for key in by_key()}
    for operation, rule in _WRITTEN.items():
        named[operation.partition(",")[0]][operation] = rule
    for key, rules in named.items():
        derived = None if rules.keys() & {key} else _of_a_read(by_key()[key].operation)
        if derived:
            named[key] = {key: derived, **rules}
    return {operation: rule for rules in named.values() for operation, rule in rules.items()}


_WRITTEN: dict[str, Rule] = _AUTH | _USERS | _PEOPLE | _CLASSES | _ROLES | _ORGANIZATIONS | _OTHER_SYSTEMS | _SERVICE


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


RULES = _rules()
