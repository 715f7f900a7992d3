"""Whether an account may be touched by another: compared by what both may do now, through roles of every kind."""

from school import policy
from school.policy import Caller
from school.roles.models import granted
from school.users.models import UserItem


def require_strength(actor: Caller, user: UserItem) -> None:
    """Refuses to touch an account that may do something the actor may not (acceptance A6).

    Raises:
        Forbidden: the account is stronger than the actor.
    """
    policy.require_strength(actor, granted(user.organization_id, list(user.roles)))
