"""The platform itself: who runs the deployment, and the way in before there is anybody to let others in."""

from typing import Any

from core.accounts.service import opening
from core.audit.models import entry
from core.kernel import clock
from core.kernel.errors import Conflict
from core.kernel.policy import PLATFORM_ADMINISTRATOR
from core.kernel.table import Write, get, transact
from core.links.mails import invitation
from core.organizations.models import ORGANIZATIONS, OrganizationRecord
from core.passwords.service import kept_password
from core.platform.schools import founding
from core.users.claims import claim_key
from core.users.models import UserItem, users_of

#: The organization of those who run the deployment: no school, but an organization like one.
PLATFORM_ID = "000000000000000000000001"
PLATFORM_NAME = "Core"
#: Who acts in the audit trail: whoever may invoke functions of the AWS account has no account here.
_OPERATOR = "000000000000000000000000"


def invite_administrator(name: str, email: str) -> UserItem:
    """Makes a platform administrator, who gets a link by mail to choose a password.

    It asks for nobody's permission, so no operation of the API may reach it: it is for whoever may call the
    deployment's functions. Doing it again for somebody without a password mails a new link.

    Args:
        name: of the person.
        email: normalized.

    Raises:
        Conflict: another account has the address; or this one has a password, is closed, or lacks the role.
    """
    claim = get(*claim_key(email))
    user = get(UserItem, users_of(PLATFORM_ID), claim.user_id) if claim else None
    if user is not None and not (user.active and PLATFORM_ADMINISTRATOR.id in user.roles):
        raise Conflict("This account is closed, or no platform administrator's. Name another address.", code="inactive")
    if user is not None and kept_password(user):
        raise Conflict(
            "This account has a password. Its owner can ask for a link to choose another.", code="has_password"
        )
    writes: list[Write] = []
    if user is None:
        at = clock.now()
        user = UserItem(users_of(PLATFORM_ID), clock.new_id(at), name=name, email=email)
        user.roles, user.created_at, user.updated_at = [PLATFORM_ADMINISTRATOR.id], clock.to_wire(at), clock.to_wire(at)
        writes = [*_platform(), *opening(user, None, mailed=False)]
    transact(*writes, *invitation(user, _OPERATOR), entry(PLATFORM_ID, _OPERATOR, "platform.invite", user.id))
    return user


def _platform() -> list[Write]:
    """The writes of the platform's organization, if it is not there yet."""
    if get(OrganizationRecord, ORGANIZATIONS, PLATFORM_ID):
        return []
    stamp = clock.to_wire(clock.now())
    members: dict[str, Any] = {"name": PLATFORM_NAME, "created_at": stamp, "updated_at": stamp}
    return founding(OrganizationRecord(ORGANIZATIONS, PLATFORM_ID, **members))
