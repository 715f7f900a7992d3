"""Devices: the living sessions of an account, grouped by what their clients say they are."""

import hashlib
from collections import defaultdict
from typing import NamedTuple

from core.audit.models import done_by
from core.kernel.cursors import Page, PageRequest
from core.kernel.errors import NotFound
from core.kernel.policy import Caller
from core.kernel.records import unchanged
from core.kernel.table import MOST_WRITES, delete, transact
from core.roles.models import MOST_ROLES
from core.roles.strength import require_strength
from core.sessions.models import SessionItem
from core.sessions.own import living_sessions
from core.users.models import UserItem
from core.users.service import find

#: A transaction takes 100 writes; the others are the audit entry, the account and its roles.
_AT_ONCE = MOST_WRITES - 2 - MOST_ROLES


class Device(NamedTuple):
    """Sessions with one user agent, the one used last first."""

    id: str
    sessions: list[SessionItem]
    #: Whether the session that asks is one of them.
    is_current: bool = False

    @property
    def latest(self) -> SessionItem:
        return self.sessions[0]

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands in the list, which begins with the greatest: the device used last."""
        return self.latest.updated_at, self.id


def device_id(user_id: str, user_agent: str | None) -> str:
    """The id of a device. Two people with the same browser have different ones, so none tells of another."""
    return hashlib.sha256(f"{user_id}{user_agent or ''}".encode()).hexdigest()[:24]


def devices_of(user: UserItem, current: str = "") -> list[Device]:
    """The devices on which this user is signed in, the one used last first; `current` is the handle that asks."""
    sessions: dict[str, list[SessionItem]] = defaultdict(list)
    for session in sorted(living_sessions(user), key=lambda each: (each.updated_at, each.id), reverse=True):
        sessions[device_id(user.id, session.user_agent)].append(session)
    devices = [
        Device(found, used, any(session.handle == current for session in used)) for found, used in sessions.items()
    ]
    return sorted(devices, key=lambda device: device.place, reverse=True)


def listing(user: UserItem, request: PageRequest, current: str) -> Page:
    """A page of an account's devices.

    Args:
        user: the account.
        request: the page.
        current: the handle of the session that asks.
    """
    devices = devices_of(user, current)
    if request.cursor:
        after = request.cursor["at"], request.cursor["id"]
        left = [device for device in devices if device.place < after]
    else:
        left = devices[(request.page - 1) * request.limit :]
    shown = left[: request.limit]
    following = {"at": shown[-1].place[0], "id": shown[-1].id} if len(left) > len(shown) else None
    return Page(shown, len(devices) if request.by_page_number else None, following)


def sign_out(actor: Caller, user_id: str, wanted: str) -> None:
    """Ends the sessions of one of a user's devices; they are dead on the next request.

    Deleting twice does no harm, so a repeated request after a lost answer only finds less left to do. What an
    administrator ends stands in the audit trail, in the same transaction.

    Raises:
        NotFound: there is no such user in the actor's school, or no such device.
        Forbidden: the account is stronger than the actor's.
        Overtaken: the account or one of its roles was changed at the same moment.
    """
    user = find(actor.organization_id, user_id)
    others = user.id != actor.user_id
    reach = [unchanged(user), *require_strength(actor, user)] if others else []
    device = next((each for each in devices_of(user) if each.id == wanted), None)
    if device is None:
        raise NotFound()
    for start in range(0, len(device.sessions), _AT_ONCE):
        writes = [*reach, *(delete(session) for session in device.sessions[start : start + _AT_ONCE])]
        if start == 0 and others:
            writes.append(done_by(actor, "users.devices.sign_out", user.id))
        transact(*writes)
