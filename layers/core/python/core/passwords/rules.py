"""What makes a password acceptable, and how one is hashed. Pure: no table, no request.

Rules: contract section 4 (after NIST SP 800-63B-4 section 3.1.1: length, a blocklist, no composition rules).
Hashing: bcrypt over base64(HMAC-SHA-256(pepper, UTF-8 bytes)), so that nothing is cut at bcrypt's 72 bytes.
"""

import base64
import hmac
import re
from functools import cache

import bcrypt

from core.kernel.errors import Problem
from core.kernel.settings import settings
from core.passwords.common import is_common

SHORTEST = 8
SHORTEST_FOR_STAFF = 12
LONGEST = 128
KEPT_HISTORY = 5
_SHORTEST_IDENTITY = 4
#: The codes of the rules that a password may break.
RULES = ("password_contains_identity", "password_too_common", "password_too_long", "password_too_short")


def problems_with(password: str, *, person: tuple[str, ...], school: str, for_staff: bool) -> list[Problem]:
    """Every rule that the password breaks, empty when it is acceptable.

    Args:
        password: any Unicode; 8 to 128 characters, 12 for school staff and administrators.
        person: the owner's name and addresses, no longer word of which it may contain.
        school: the school's name, which it may not contain.
        for_staff: whether the longer minimum holds.
    """
    shortest = SHORTEST_FOR_STAFF if for_staff else SHORTEST
    if not password:
        return [Problem("required", "A password is required.", "password")]
    if len(password) > LONGEST:
        return [Problem("password_too_long", f"The password must have at most {LONGEST} characters.", "password")]
    problems = []
    if len(password) < shortest:
        problems.append(
            Problem("password_too_short", f"The password must have at least {shortest} characters.", "password")
        )
    if is_common(password):
        problems.append(
            Problem(
                "password_too_common",
                "Too many people use this password. Choose one that is harder to guess.",
                "password",
            )
        )
    folded = password.casefold()
    if any(identity in folded for identity in _identities(person, school)):
        problems.append(
            Problem(
                "password_contains_identity",
                "The password must not contain the person's name, email or the school's name.",
                "password",
            )
        )
    return problems


def is_short(password: str) -> bool:
    """Whether the password is long enough for students only."""
    return len(password) < SHORTEST_FOR_STAFF


def _identities(person: tuple[str, ...], school: str) -> set[str]:
    """What a password must not contain: each longer word of a person's name or address, the school's name whole."""
    words = {word for text in person for word in re.split(r"[\s.@_+-]+", text.partition("@")[0].casefold())}
    words |= {text.casefold() for text in person}
    words |= {re.sub(r"\s+", "", text.casefold()) for text in (*person, school)} | {school.casefold()}
    return {word for word in words if len(word) >= _SHORTEST_IDENTITY}


def _prepare(password: str) -> bytes:
    return base64.b64encode(hmac.digest(settings().pepper, password.encode("utf-8"), "sha256"))


def hash_password(password: str, cost: int | None = None) -> str:
    """A new salted hash, at the configured cost unless another one is given."""
    return bcrypt.hashpw(_prepare(password), bcrypt.gensalt(cost or settings().hash_cost)).decode()


def verify(password: str, hashed: str) -> bool:
    """Whether `password` is the one that was hashed, in a time that does not depend on the answer or the hash."""
    prepared = _prepare(password)
    # A cheap hash would answer sooner, and tell a stranger that the account exists and has a one-time password. Each
    # step of the cost doubles the time, so those from its own up to the configured one add up to the difference.
    for cost in range(cost_of(hashed), settings().hash_cost):
        bcrypt.hashpw(prepared, bcrypt.gensalt(cost))
    return bcrypt.checkpw(prepared, hashed.encode())


def cost_of(hashed: str) -> int:
    """The cost inside a bcrypt hash: `$2b$12$…`."""
    return int(hashed.split("$")[2])


@cache
def _nobody() -> str:
    return hash_password("nobody")


def verify_nobody(password: str) -> None:
    """Spends the time of a verification, so that an unknown address answers no faster than a known one."""
    verify(password, _nobody())
