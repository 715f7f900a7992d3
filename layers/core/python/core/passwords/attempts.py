"""Counting attempts at somebody's current password by somebody who is signed in already.

Whoever gets hold of a session, and every administrator, could otherwise find a password out by trying.
"""

from core.kernel.policy import Caller
from core.throttles.service import attempt

_MOST = 10
_SECONDS = 300


def count_attempt(actor: Caller, user_id: str) -> None:
    """Counts one attempt, before the password is looked at: right or wrong, of an existing account or not.

    Raises:
        TooManyRequests: 10 in 5 minutes by this caller at this account, over all doors together.
    """
    attempt(f"current-password/{actor.user_id}/{user_id}", _MOST, _SECONDS)
