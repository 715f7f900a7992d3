"""Signing in, and the history that every account keeps of it."""

from datetime import timedelta
from typing import Any

from core.kernel import clock
from core.kernel.cursors import Page, PageRequest
from core.kernel.lists import Source, attribute, walk
from core.kernel.table import create, get_many, transact, update
from core.logins import guard
from core.logins.models import HISTORY_SECONDS, NOBODYS_SECONDS, LoginItem, Reason, login_sort, owner_of_history
from core.passwords.models import PASSWORD_SORT, PasswordItem
from core.passwords.rules import LONGEST, verify, verify_nobody
from core.passwords.service import strengthened
from core.sessions.new import Client, cut
from core.sessions.service import SignedIn, WrongCredentials, start
from core.throttles.models import WindowItem
from core.throttles.service import Overtaken
from core.users.models import UserItem, belongings_of, users_of

_ATTEMPTS = 5


def sign_in(email: str, password: str, client: Client) -> SignedIn:
    """Starts a session.

    Args:
        email: normalized.
        password: as typed; longer than the limit fails without hashing.
        client: what asks for the session.

    Raises:
        WrongCredentials: the same, in the same time and with the same calls of the table, whatever was wrong.
        TooManyRequests: too many attempts failed; the password was not looked at.
    """
    if len(password) > LONGEST:
        raise WrongCredentials()
    approach = guard.enter(email, client.ip_address)
    if approach.reached:
        _note_refusal(approach, client)
        approach.refuse(approach.reached)
    for _ in range(_ATTEMPTS):
        user, kept = _account(approach)
        reason = _reason_against(password, user, kept)
        if reason:
            _record_failure(approach, client, reason)
            clock.blur()
            raise WrongCredentials()
        history = create(_login(approach, client, None))
        try:
            stronger = strengthened(kept, password, WrongCredentials())
            return start(user, client, history, *guard.passed(approach, user.id), *stronger)
        except WrongCredentials:
            # The account changed since it was read; perhaps its owner only ended the other sessions.
            continue
    raise WrongCredentials()


def _account(approach: guard.Approach) -> Any:
    """User and password behind the address. For an unknown one the same call finds nothing."""
    claim = approach.claim
    belongings = owner_of_history(claim, approach.email)
    organization_id, user_id = (claim.organization_id, claim.user_id) if claim else ("nobody", "nobody")
    return get_many([(UserItem, users_of(organization_id), user_id), (PasswordItem, belongings, PASSWORD_SORT)])


def _reason_against(password: str, user: UserItem | None, kept: PasswordItem | None) -> Reason | None:
    """Why this password does not sign this user in, if so. Takes one verification in every case."""
    if kept is None:
        verify_nobody(password)
        return Reason.NO_PASSWORD
    if not verify(password, kept.hashed):
        return Reason.WRONG_PASSWORD
    if user is None or not user.active or user.deleted_at:
        return Reason.INACTIVE
    if kept.valid_until is not None and kept.valid_until <= clock.now().timestamp():
        return Reason.PASSWORD_EXPIRED
    return None


def _login(approach: guard.Approach, client: Client, reason: Reason | None) -> LoginItem:
    at = clock.now()
    kept_seconds = HISTORY_SECONDS if approach.claim else NOBODYS_SECONDS
    stamp, login_id = clock.to_wire(at), clock.new_id(at)
    return LoginItem(
        owner_of_history(approach.claim, approach.email),
        login_sort(stamp, login_id),
        id=login_id,
        at=stamp,
        success=reason is None,
        reason=reason,
        ip_address=client.ip_address,
        user_agent=cut(client.user_agent),
        expires_at=int(at.timestamp()) + kept_seconds,
    )


def _record_failure(approach: guard.Approach, client: Client, reason: Reason) -> None:
    """Counts a failure under the wide limits and writes it into the history, if that has room today."""
    for _ in range(_ATTEMPTS):
        writes = guard.failed(approach)
        if approach.has_room(approach.recorded):
            writes += [approach.counted(approach.recorded), create(_login(approach, client, reason))]
        try:
            return transact(*writes) if writes else None
        except Overtaken:
            approach = guard.look(approach.email, client.ip_address)
    return None


def _note_refusal(approach: guard.Approach, client: Client) -> None:
    """Writes into the history that attempts are refused: once for each window, not for each attempt."""
    assert approach.reached
    window = approach.windows[approach.reached]
    if window is None or window.noted or not approach.has_room(approach.recorded):
        return
    first = (WindowItem.closes_at == window.closes_at) & (WindowItem.noted == False)  # noqa: E712
    note = update(window, [WindowItem.noted.set(True)], first, Overtaken())
    try:
        transact(note, approach.counted(approach.recorded), create(_login(approach, client, Reason.THROTTLED)))
    except Overtaken:
        return


def history(organization_id: str, user_id: str, request: PageRequest) -> Page:
    """A page of an account's sign-ins, newest first."""
    since = clock.to_wire(clock.now() - timedelta(seconds=HISTORY_SECONDS))
    success = request.filters.get("success")
    source = Source(
        belongings_of(organization_id, user_id),
        range_condition=attribute("sk").between(login_sort(since), login_sort("~")),
        filter_condition=None if success is None else attribute("success") == success,
        forward=False,
    )
    run = walk(source, request, None)
    return Page([LoginItem.from_raw_data(entry) for entry in run.entries], run.total, run.next)
