"""Lets the first platform administrator in. Nothing of the API reaches it: whoever runs the deployment invokes it."""

from typing import Any

from school.bodies import validate
from school.organizations.platform import invite_administrator
from school.organizations.schemas import FirstAdministrator


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Invites whom the event names, `{"name", "email"}`, by mail.

    Returns:
        `{"id", "organizationId"}` of the account.
    """
    person = validate(FirstAdministrator, event)
    user = invite_administrator(person.name, person.email)
    return {"id": user.id, "organizationId": user.organization_id}
