"""The calls of imports whose costs are measured, and the import that each needs."""

from core.imports import service
from core.imports.rows import rows_of_json
from core.people.kinds import KINDS, STUDENTS
from core.sessions.service import caller_behind

_ROWS = {
    "students": {"Nama Lengkap": "Ani Wijaya", "Email Sekolah": "ani@smansa.test", "NISN": "0012345678"},
    "teachers": {"Nama Lengkap": "Ani Wijaya", "Email Sekolah": "ani@smansa.test", "NUPTK": "1234567890123456"},
    "staff": {"Nama Lengkap": "Ani Wijaya", "Email Sekolah": "ani@smansa.test", "NUPTK": "1234567890123456"},
}


def _calls(kind):
    body = {"data": [_ROWS[kind]]}
    return {
        f"POST /api/{kind}/import": {"json_body": body},
        f"POST /api/{kind}/import, dry run": {"json_body": body, "query": {"dryRun": ["true"]}},
    }


CALLS = {operation: options for kind in KINDS for operation, options in _calls(kind).items()} | {
    "POST /api/students/import, with invitations": {
        "json_body": {"data": [_ROWS["students"]]},
        "query": {"invite": ["true"]},
    }
}


def import_for(school, operation):
    """The id for the path of an operation: a plan for one new student."""
    if "{import_id}" not in operation:
        return {}
    actor = caller_behind(school.people["administrator"])
    plan = service.begin(actor, STUDENTS, rows_of_json(STUDENTS, [_ROWS["students"]]), service.Options(dry_run=True))
    return {"import_id": plan.id}
