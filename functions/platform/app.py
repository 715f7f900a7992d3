"""Lets the first platform administrator in. Nothing of the API reaches it: whoever runs the deployment invokes it."""

from typing import Any

from core.kernel.bodies import validate
from core.organizations.schemas import FirstAdministrator
from core.platform.administrators import invite_administrator


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Invites whom the event names, `{"name", "email"}`, by mail.

    Returns:
        `{"id", "organizationId"}` of the account.
    """
    person = validate(FirstAdministrator, event)
    user = invite_administrator(person.name, person.email)
    return {"id": user.id, "organizationId": user.organization_id}
