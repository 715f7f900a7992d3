"""Fills the demo schools. Doing it twice changes nothing: what is there already stays as it is."""

from school.clock import is_id
from school.organizations.models import ORGANIZATION_SORT, OrganizationItem, organization_item
from school.passwords.rules import hash_password
from school.policy import SYSTEM_ROLES
from school.table import create, get_many, transact
from school.users.models import UserItem, users_of
from school.users.service import opening

from tools.demo.people import MADE_AT, PASSWORD, SCHOOLS, DemoUser, demo_id, everybody

_ROLE_IDS = {role.name: role.id for role in SYSTEM_ROLES.values()}
_AT_A_TIME = 100


def seed_schools() -> int:
    """Creates the schools that are missing and returns how many those were."""
    found = get_many([(OrganizationItem, demo_id(school.key), ORGANIZATION_SORT) for school in SCHOOLS])
    missing = [school for school, item in zip(SCHOOLS, found, strict=True) if item is None]
    for school in missing:
        item = organization_item(
            demo_id(school.key), name=school.name, npsn=school.npsn, created_at=MADE_AT, updated_at=MADE_AT
        )
        transact(create(item))
    return len(missing)


def _create(user: DemoUser) -> None:
    organization_id = demo_id(user.school_key)
    item = UserItem(
        users_of(organization_id),
        demo_id(user.email),
        name=user.name,
        email=user.email,
        email_verified=user.has_password,
        roles=[_ROLE_IDS[user.role]],
        created_at=MADE_AT,
        updated_at=MADE_AT,
    )
    hashed = hash_password(PASSWORD) if user.has_password else None
    transact(*opening(item, hashed, mailed=False))


def seed_users() -> int:
    """Creates the accounts that are missing and returns how many those were."""
    users = everybody()
    created = 0
    for start in range(0, len(users), _AT_A_TIME):
        run = users[start : start + _AT_A_TIME]
        keys = [(UserItem, users_of(demo_id(user.school_key)), demo_id(user.email)) for user in run]
        for user, item in zip(run, get_many(keys), strict=True):
            if item is None:
                _create(user)
                created += 1
    return created


def main() -> None:
    """Seeds and says what was new."""
    assert is_id(demo_id("smansa"))
    print(f"{seed_schools()} schools and {seed_users()} accounts created")


if __name__ == "__main__":
    main()
