"""Masked members: what somebody without `students:sensitive` may write and not see (contract section 8, acceptance A8).

Such a caller writes blindly. Whatever stood there, what is sent counts as changed; and a number that somebody else has
is not kept but noted on the record, for those to see who may. So a right guess looks like a wrong one.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from core.kernel import clock
from core.kernel.policy import Caller, Permission
from core.kernel.table import get_many
from core.people.kinds import SENSITIVE, PersonKind
from core.people.models import UNIQUE, PersonItem, claim_key

#: The masked members that nobody else of the school may have too.
NUMBERS = SENSITIVE & frozenset(UNIQUE)
#: Stands for the number of somebody who has none, so that a look costs the same.
_NOBODYS = "-"


def hidden_from(caller: Caller, kind: PersonKind) -> frozenset[str]:
    """The members of a kind that the caller may not see."""
    return frozenset() if Permission.STUDENTS_SENSITIVE in caller.permissions else masked(kind)


def masked(kind: PersonKind) -> frozenset[str]:
    """The members of a kind that are not for everybody who may read it."""
    return SENSITIVE & frozenset(kind.members)


class Sent(NamedTuple):
    """The profile that somebody is to have, and what its sender sends of it and is not to learn by that."""

    #: A valid body, without its nulls.
    profile: dict[str, Any]
    #: The members that are sent.
    names: frozenset[str]
    #: What the sender may not see.
    hidden: frozenset[str] = frozenset()
    #: Of these, the numbers that are somebody else's.
    contested: frozenset[str] = frozenset()

    def counts_as_changed(self, person: PersonItem) -> frozenset[str]:
        """What of it counts as changed whatever stood there: what is sent blindly, a number that was contested and is
        judged anew, and an address that was entered blindly and is sent by somebody who may see."""
        judged_anew = frozenset(person.contested or ())
        if person.addressed_blindly and not self.hidden:
            judged_anew |= {"email"}
        return self.names & (self.hidden | judged_anew)

    def changes(self, person: PersonItem) -> bool:
        """Whether there is something to write."""
        return self.profile != person.profile or bool(self.counts_as_changed(person))

    def put_into(self, person: PersonItem) -> None:
        """Gives the person the profile. Instead of a number that is somebody else's there stays what stood there."""
        before = person.profile or {}
        stays = {name: before[name] for name in self.contested if name in before}
        person.profile = without(self.profile, self.contested) | stays
        person.name = self.profile["name"]
        note_contested(person, self.contested, self.names)


def note_address(person: PersonItem, before: PersonItem, sent: Sent) -> None:
    """Notes whether whoever gave a person who was there another address may see what is masked.

    The address leads into the account, and its owner's record shows everything: who writes blindly would read it there.
    Whoever may see, and sends the same address, vouches for it.
    """
    if person.email != before.email or ("email" in sent.names and not sent.hidden):
        person.addressed_blindly = bool(sent.hidden) or None


def without(profile: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The profile without these members."""
    left_out = frozenset(names)
    return {name: value for name, value in profile.items() if name not in left_out}


def note_contested(person: PersonItem, contested: frozenset[str], sent: frozenset[str] = frozenset()) -> None:
    """Notes which numbers were not kept because somebody else has them; those that are sent anew are judged anew."""
    person.contested = sorted((frozenset(person.contested or ()) - sent) | contested) or None


def contested_numbers(person: PersonItem, profile: dict[str, Any], numbers: frozenset[str]) -> frozenset[str]:
    """Which of these numbers of the profile are somebody else's. One look, whether there are such numbers or not."""
    keys = [claim_key(person.organization_id, name, profile.get(name) or _NOBODYS) for name in sorted(numbers)]
    found = get_many(keys)
    others = zip(sorted(numbers), found, strict=True)
    return frozenset(name for name, claim in others if claim and claim.person_id != person.id)


def sent_by(
    actor: Caller, kind: PersonKind, person: PersonItem, profile: dict[str, Any], members: Iterable[str]
) -> Sent:
    """What the actor sends of a person, who is to have the profile: these members.

    A blind sender waits a random while: another number than the one that stood there is two writes more.
    """
    names, hidden = frozenset(members), hidden_from(actor, kind)
    if not names & hidden:
        return Sent(profile, names, hidden)
    clock.blur()
    return Sent(profile, names, hidden, contested_numbers(person, profile, names & hidden & NUMBERS))
