"""The calls of roles and of the audit trail whose costs are measured, and the role that each needs."""

from core.accounts import members
from core.roles import service
from core.sessions.service import caller_behind

#: Stands in a body for the id of an account.
STUDENT_ID = "{student}"
_IDS = {"json_body": {"userIds": [STUDENT_ID]}}

CALLS = {
    "POST /api/roles": {"json_body": {"name": "Piket", "permissions": ["students:read"]}},
    "PATCH /api/roles/{role_id}": {"json_body": {"description": "x"}},
    "POST /api/roles/{role_id}/members": _IDS,
    "DELETE /api/roles/{role_id}/members": _IDS,
}


def role_for(school, operation):
    """The id for the path of an operation: a role, which the student has where that is needed."""
    if "/api/roles" not in operation:
        return {}
    actor = caller_behind(school.people["administrator"])
    made = service.create_role(actor, {"name": "Wali", "permissions": ["students:read"]})
    if operation.endswith("/members") and not operation.startswith("POST"):
        members.add(actor, made.id, [school.people["student"].id])
    return {"role_id": made.id}
