"""Another name or other addresses of an account, whoever changes them and through whatever record.

Whoever reads the mails to an account's address can set its password. So another address of an account that has a
password is as strong as a reset (contract section 4): it needs the same permission, nobody gives it to the own account
by a session alone, it ends what a reset ends, and both addresses are told.
"""

from typing import Any

from core.kernel import clock
from core.kernel.errors import Forbidden
from core.kernel.policy import Caller, Permission
from core.kernel.records import searchable_anew
from core.kernel.table import Write, delete, get
from core.links.models import link_keys
from core.outbox.models import MailKind, order
from core.passwords.models import password_key
from core.users.claims import claim_email, release_email
from core.users.models import UserItem
from core.users.verification import asked_by, readdressed, verification


def members_of(user: UserItem) -> dict[str, Any]:
    """What an update may change of an account, by its names on the wire."""
    return {"name": user.name, "email": user.email, "secondaryEmail": user.secondary_email, "image": user.image}


def end_access(user: UserItem) -> None:
    """Ends the account's sessions and API tokens, which stay dead when the account comes back."""
    user.session_epoch += 1
    user.api_token_epoch += 1


def renaming(actor: Caller, before: UserItem, user: UserItem, *, alone: bool = True) -> list[Write]:
    """The writes that go along with another name or other addresses of an account. The account itself is not put.

    Args:
        actor: who changes it.
        before: the account as it was read.
        user: the same with its new name and addresses; what ends with an address is ended in it.
        alone: whether somebody asks for this account; an import asks for many, and has a limit of its own.

    Raises:
        Forbidden: the account has a password, and the actor may not set it; or it is the actor's own.
        TooManyRequests: when the writes are made: too many mails would go to strangers.
    """
    return [*_readdressing(actor, before, user, alone=alone), *searchable_anew(before, user)]


def _readdressing(actor: Caller, before: UserItem, user: UserItem, *, alone: bool) -> list[Write]:
    other = user.email != before.email
    other_secondary = user.secondary_email != before.secondary_email
    if not other and not other_secondary:
        return []
    told = _require_as_for_a_password(actor, before, "email" if other else "secondaryEmail")
    writes: list[Write] = []
    if other:
        user.email_verified = False
        end_access(user)
        links = link_keys(user.organization_id, user.id)
        writes += [release_email(before.email), claim_email(user)]
        writes += [delete(model(partition, sort)) for model, partition, sort in links]
    if other_secondary:
        user.secondary_email_verified = False
    new = [user.email if other else None, user.secondary_email if other_secondary else None]
    if any(new):
        writes += [*verification(user, new), readdressed(user), *([asked_by(actor, user)] if alone else [])]
    return [*writes, *([_notice(actor, before, user)] if told else [])]


def _require_as_for_a_password(actor: Caller, user: UserItem, field: str) -> bool:
    """Refuses another address from whoever may not set the account's password.

    Returns:
        whether the account has a password. One without has nothing that could be taken over yet, and its school
        corrects the address to which the invitation goes.
    """
    if user.id == actor.user_id:
        if field == "email":
            message = "You can't change the address of your own account. Ask another administrator."
            raise Forbidden(message, code="own_account", field=field)
        return True
    # Whoever sets a first password at the same moment puts the account too, and this write then fails.
    has_password = get(*password_key(user.organization_id, user.id)) is not None
    if has_password and Permission.USERS_PASSWORD not in actor.permissions:
        message = (
            f"This account has a password, and whoever reads the mails to its addresses can set it: you need the "
            f"permission {Permission.USERS_PASSWORD} to change them. Ask an administrator of your school."
        )
        raise Forbidden(message, code="password_permission_required", field=field)
    return has_password


def _notice(actor: Caller, before: UserItem, user: UserItem) -> Write:
    """Tells the owner where the account was at home until now. What is new gets a link to confirm it."""
    known = [before.email, before.secondary_email if before.secondary_email_verified else None]
    details = {
        "by": "owner" if user.id == actor.user_id else "administrator",
        "member": "email" if user.email != before.email else "secondaryEmail",
        "at": clock.to_wire(clock.now()),
    }
    to = list(dict.fromkeys(filter(None, known)))
    kind = MailKind.ADDRESS_CHANGED
    return order(user.organization_id, kind, user_id=user.id, name=before.name, to=to, details=details)
