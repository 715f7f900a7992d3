"""One account in a stand-in table, and a function's environment, for the measurements of signing in.

The account has a role of its school besides a system role, because what grants it is read from the table.
"""

import os

from benchmarks.startup.table import ACCOUNT, MORE, SCHOOL, USER

_ROLE = "d" * 24
EMAIL, PASSWORD = "siti@example.org", "Rahasia-Sekolah-26"


def prepare(table_url: str, cost: int) -> str:
    """Gives this process a function's environment and the table one account; returns the account's hash."""
    os.environ.update(
        AWS_REGION="ap-southeast-3",
        AWS_DEFAULT_REGION="ap-southeast-3",
        AWS_ACCESS_KEY_ID="benchmark",
        AWS_SECRET_ACCESS_KEY="benchmark",  # noqa: S106 - nobody's
        AWS_ENDPOINT_URL=table_url,
        STAGE="dev",
        TABLE_NAME="core",
        PUBLIC_ORIGIN="https://core.example.org",
        MAIL_SENDER="core@example.org",
        HASH_COST=str(cost),
        PASSWORD_KEY="s" * 64,
        THROTTLE_KEY="t" * 64,
        POWERTOOLS_LOG_LEVEL="WARNING",
        POWERTOOLS_SERVICE_NAME="benchmark",
    )
    from core.passwords.rules import hash_password  # noqa: PLC0415 - reads the environment
    from core.roles.models import roles_of  # noqa: PLC0415
    from core.users.models import belongings_of, email_key, users_of  # noqa: PLC0415

    hashed = hash_password(PASSWORD)
    MORE[email_key(EMAIL), "CLAIM"] = {"organization_id": {"S": SCHOOL}, "user_id": {"S": USER}}
    MORE[belongings_of(SCHOOL, USER), "PASSWORD"] = {
        "hashed": {"S": hashed},
        "sequence": {"N": "1"},
        "changed_at": {"S": "2026-01-19T05:54:38.817Z"},
    }
    times = {name: ACCOUNT[name] for name in ("created_at", "updated_at", "version")}
    MORE[roles_of(SCHOOL), _ROLE] = {"name": {"S": "Kunci"}, "permissions": {"L": [{"S": "users:password"}]}, **times}
    MORE[users_of(SCHOOL), USER] = {**ACCOUNT, "roles": {"L": [*ACCOUNT["roles"]["L"], {"S": _ROLE}]}}
    return hashed
