"""The password service: one way to set a password, whatever door asks for it."""

from school import clock
from school.audit.models import entry
from school.errors import BadRequest, Conflict
from school.organizations.models import ORGANIZATION_SORT, OrganizationItem
from school.passwords.models import PASSWORD_SORT, PasswordItem
from school.passwords.rules import KEPT_HISTORY, hash_password, problems_with
from school.policy import STUDENT, Caller, require_strength
from school.table import Item, Write, get_many, put
from school.users.models import UserItem, belongings_of
from school.users.service import change


def is_for_staff(role_ids: list[str]) -> bool:
    """Whether the longer minimum holds: for everybody who has a role other than student's."""
    return any(role_id != STUDENT.id for role_id in role_ids)


def require_acceptable(password: str, *, person: tuple[str, ...], school: str, role_ids: list[str]) -> None:
    """Refuses a password that breaks a rule.

    Raises:
        BadRequest: with every broken rule, field `password`.
    """
    if problems := problems_with(password, person=person, school=school, for_staff=is_for_staff(role_ids)):
        raise BadRequest(problems=problems)


def school_name(organization_id: str) -> str:
    """The school's name, which its people's passwords may not contain."""
    organization = get_many([(OrganizationItem, organization_id, ORGANIZATION_SORT)])[0]
    return organization.name if organization else ""


def reset(actor: Caller, user_id: str, password: str) -> UserItem:
    """Sets somebody's password without knowing the old one, and ends all their sessions.

    Password, session epoch and audit entry change in one transaction. The last five passwords may come back
    here, because an administrator does not know them (contract section 4).

    Raises:
        NotFound: there is no such user in the actor's school.
        Forbidden: the account is stronger than the actor's.
        BadRequest: the password breaks a rule; field `password`.
    """
    hashes: list[str] = []

    def decide(user: UserItem) -> list[Write]:
        require_strength(actor, list(user.roles))
        person = tuple(filter(None, (user.name, user.email, user.secondary_email)))
        organization, kept = get_many(
            [
                (OrganizationItem, actor.organization_id, ORGANIZATION_SORT),
                (PasswordItem, belongings_of(actor.organization_id, user.id), PASSWORD_SORT),
            ]
        )
        require_acceptable(
            password, person=person, school=organization.name if organization else "", role_ids=list(user.roles)
        )
        if not hashes:
            hashes.append(hash_password(password))
        user.session_epoch += 1
        user.must_change_password = False
        at = clock.now()
        record = entry(
            actor.organization_id,
            action="users.password.reset",
            actor_id=actor.user_id,
            target_id=user.id,
            at=clock.to_wire(at),
            entry_id=clock.new_id(at),
        )
        return [_replacement(user, kept, hashes[0], clock.to_wire(at)), record]

    return change(actor.organization_id, user_id, None, decide)


def _replacement(user: UserItem, kept: PasswordItem | None, hashed: str, at: str) -> Write:
    """The write that puts the new hash in the old one's place, if nobody has replaced it meanwhile."""
    partition = belongings_of(user.organization_id, user.id)
    item = PasswordItem(partition, PASSWORD_SORT, hashed=hashed, changed_at=at)
    overtaken = Conflict("Somebody else set this password at the same moment. Try again.", code="busy")
    if kept is None:
        return put(item, Item.partition.does_not_exist(), overtaken)
    item.history = [kept.hashed, *kept.history][:KEPT_HISTORY]
    item.sequence = kept.sequence + 1
    return put(item, PasswordItem.sequence == kept.sequence, overtaken)
