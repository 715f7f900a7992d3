"""Whom a reset of many passwords, or an invitation of many, means: a class, a role, or people one by one."""

from collections.abc import Iterable
from itertools import islice

from core.classes import service as classes
from core.classes.beside import CLASS_NAMES
from core.kernel.errors import Impossible, NotFound
from core.kernel.lists import Source, entries
from core.kernel.policy import Caller, Permission, require
from core.kernel.table import get_all
from core.people.kinds import STUDENTS
from core.people.models import PersonItem
from core.people.models import people_of as partition_of
from core.roles import service as roles
from core.roles.models import members_of
from core.slips.schemas import NamedPeople
from core.users.models import UserItem, users_of

#: People in one call, so that it ends well before API Gateway gives up.
MOST_PEOPLE = 500

#: The people by their ids. None stands for an id that is nobody's in this school.
People = dict[str, UserItem | None]


def people_of(actor: Caller, asked: NamedPeople) -> People:
    """The people that `asked` means: of a class or role by name, else in the order that was sent.

    The answer names them, so whoever names a class must be allowed to see its roster, and whoever names a role to list
    the accounts that have it.

    Raises:
        Forbidden: the actor may not look up who that is.
        NotFound: the school has no such class or role.
        Impossible: they are more than 500; code `too_many`.
    """
    organization_id = actor.organization_id
    if asked.userIds is not None:
        _require_few(asked.userIds, "userIds")
        return people_with(organization_id, asked.userIds)
    if asked.roleId is not None:
        require(actor, Permission.USERS_READ)
        return _by_name(_with_role(organization_id, asked.roleId))
    require(actor, Permission.CLASSES_READ)
    ids = _student_users_of_class(organization_id, asked.classId or "")
    _require_few(ids, "classId")
    return _by_name(user for user in people_with(organization_id, ids).values() if user)


def _student_users_of_class(organization_id: str, class_id: str) -> list[str]:
    """The users who are the students of a class. Whose record is inactive has no account to open.

    Raises:
        NotFound: the school has no such class.
    """
    try:
        classes.find(organization_id, class_id)
    except NotFound as error:
        raise NotFound("There is no such class.", field="classId") from error
    students = classes.roster(organization_id, class_id.lower())
    return [student.user_id for student in students if student.user_id and student.active]


def _with_role(organization_id: str, role_id: str) -> list[UserItem]:
    """Everybody of the school who has the role, which may be nobody.

    Raises:
        NotFound: the school has no such role.
    """
    try:
        roles.find(organization_id, role_id)
    except NotFound as error:
        raise NotFound("There is no such role.", field="roleId") from error
    listed = entries(Source(members_of(organization_id, role_id)), None)
    ids = [each["sk"]["S"] for each in islice(listed, MOST_PEOPLE + 1)]
    _require_few(ids, "roleId")
    # The list may be a moment behind; the account decides.
    return [user for user in people_with(organization_id, ids).values() if user and role_id in user.roles]


def people_with(organization_id: str, ids: list[str]) -> People:
    """The people with these ids."""
    partition = users_of(organization_id)
    users = get_all((UserItem, partition, user_id) for user_id in ids)
    return {user_id: user if user and not user.deleted_at else None for user_id, user in zip(ids, users, strict=True)}


def class_names(actor: Caller, people: People) -> dict[str, str]:
    """The names of the classes in which the people are who are students, by the ids of their accounts.

    None for an actor who may not look them up.
    """
    if not {Permission.CLASSES_READ, Permission.STUDENTS_READ} <= actor.permissions:
        return {}
    found = [user for user in people.values() if user and user.person_kind == STUDENTS.name and user.person_id]
    accounts = {user.person_id: user.id for user in found}
    read = get_all((PersonItem, partition_of(actor.organization_id, STUDENTS.name), each) for each in accounts)
    students = [each for each in read if each and not each.deleted_at]
    CLASS_NAMES.give(students, {})
    return {accounts[each.id]: each.class_name for each in students if each.class_name}


def _by_name(users: Iterable[UserItem]) -> People:
    """By name, because that is how papers are handed out."""
    return {user.id: user for user in sorted(users, key=lambda user: user.name_key or "")}


def _require_few(ids: list[str], field: str) -> None:
    if len(ids) > MOST_PEOPLE:
        message = f"These are more than {MOST_PEOPLE} people. Take them class by class, or send their ids in parts."
        raise Impossible(message, code="too_many", field=field)
