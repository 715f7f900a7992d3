"""Fills the demo schools. Doing it twice changes nothing: what is there already stays as it is.

Everything goes through the rules of Core itself: schools are founded, accounts opened, identifiers claimed, classes
made, students seated by them. What a class counts it counts by itself.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import batched

from core.accounts.service import opening
from core.classes.membership import entering, seated
from core.classes.models import ClassItem
from core.classes.models import classes_of as partition_of
from core.classes.service import create_class
from core.images.models import picture_prefix
from core.kernel import aws, clock
from core.kernel.policy import ADMINISTRATOR, SYSTEM_ROLES, Caller
from core.kernel.records import created, summed
from core.kernel.table import MOST_WRITES, Write, get_many, transact
from core.organizations.models import ORGANIZATIONS, OrganizationRecord
from core.passwords.models import FirstPassword
from core.passwords.service import first_password
from core.people.claims import claims
from core.people.models import PersonItem, people_of
from core.platform.schools import founding
from core.users.models import UserItem, users_of

from tools.demo import pictures, years
from tools.demo.classes import CAPACITY, DemoClass, classes_of
from tools.demo.people import (
    ACCOUNTS,
    GUEST,
    MADE_AT,
    PASSWORD,
    PERSONS_ACCOUNTS,
    SCHOOLS,
    DemoSchool,
    DemoUser,
    demo_id,
)
from tools.demo.population import DemoPerson, person_id, population
from tools.demo.years import SchoolYear

_ROLE_IDS = {role.name: role.id for role in SYSTEM_ROLES.values()}
_AT_A_TIME = 100
#: A person is some 24 writes with account and seats, and a transaction takes 100.
_IN_A_TRANSACTION = 4
#: The promotion by which the former year's last grade left; like any that is older than 30 days it is forgotten.
_PROMOTION = demo_id("promotions/before")


class OlderDemo(Exception):
    """The demo school that is there was made by an older version."""


def year_of_demo() -> SchoolYear | None:
    """The school year of the demo that is there; None where there is none yet.

    Raises:
        OlderDemo: it has no former year.
    """
    planned = all_classes(years.current(clock.now()))
    found = get_many([(ClassItem, partition_of(demo_id(each.school.key)), each.id) for each in planned])
    there = [(demo, item) for demo, item in zip(planned, found, strict=True) if item]
    this_year = [item.academic_year for demo, item in there if not demo.is_former]
    if this_year and len(this_year) == len(there):
        raise OlderDemo("An older version of Core made the demo schools that are here; make reset begins anew.")
    former = [years.following(item.academic_year) for demo, item in there if demo.is_former]
    return former[0] if former else None


@cache
def _password() -> FirstPassword:
    """The password of those who have one. It is documented, so that one hash for all of them tells nobody anything."""
    return first_password(PASSWORD)


def seed_schools() -> int:
    """Creates the schools that are missing and returns how many those were."""
    found = get_many([(OrganizationRecord, ORGANIZATIONS, demo_id(school.key)) for school in SCHOOLS])
    missing = [school for school, item in zip(SCHOOLS, found, strict=True) if item is None]
    for school in missing:
        record = OrganizationRecord(ORGANIZATIONS, demo_id(school.key), name=school.name, npsn=school.npsn)
        record.created_at = record.updated_at = MADE_AT
        transact(*founding(record))
    return len(missing)


def _user(account: DemoUser) -> UserItem:
    return UserItem(
        users_of(demo_id(account.school_key)),
        account.id,
        name=account.name,
        email=account.email,
        email_verified=account.has_password,
        roles=[_ROLE_IDS[account.role]],
        created_at=MADE_AT,
        updated_at=MADE_AT,
    )


def _opened(user: UserItem, account: DemoUser) -> list[Write]:
    return opening(user, _password() if account.has_password else None, mailed=False)


def seed_accounts() -> int:
    """Creates the accounts of nobody's record that are missing and returns how many those were."""
    accounts = [account for account in (*ACCOUNTS, GUEST) if account not in PERSONS_ACCOUNTS.values()]
    users = [_user(account) for account in accounts]
    found = get_many([(UserItem, user.partition, user.sort) for user in users])
    missing = [pair for *pair, item in zip(users, accounts, found, strict=True) if item is None]
    for user, account in missing:
        transact(*_opened(user, account))
    return len(missing)


def _administrator(school: DemoSchool) -> Caller:
    """The school's administrator, who makes its classes."""
    email = f"admin@{school.key}.test"
    home = demo_id(school.key)
    return Caller(home, home, demo_id(email), "", "", email, frozenset(), ADMINISTRATOR.permissions, False, 0)


def all_classes(year: SchoolYear) -> list[DemoClass]:
    """The classes of all schools, the former year's first: where there are none, the demo is an older one."""
    return sorted((each for school in SCHOOLS for each in classes_of(school, year)), key=lambda each: each.year)


def seed_classes(planned: Sequence[DemoClass]) -> int:
    """Creates the classes that are missing, without students, and returns how many those were.

    Their homeroom teachers are there already.
    """
    found = get_many([(ClassItem, partition_of(demo_id(each.school.key)), each.id) for each in planned])
    missing = [each for each, item in zip(planned, found, strict=True) if item is None]
    for each in missing:
        members = {
            "name": each.name,
            "grade": each.grade,
            "academicYear": each.year.name,
            "capacity": CAPACITY,
            "homeroomTeacherId": person_id(each.school.key, "teachers", each.teacher),
        }
        create_class(_administrator(each.school), members, each.id)
    return len(missing)


def _put_picture(user: UserItem) -> str:
    """Keeps a picture of the account in the form of those that were uploaded, and returns its key."""
    picture = pictures.drawn(user.name)
    key = f"{picture_prefix(user.organization_id, user.id)}{user.id}-{hashlib.sha256(picture).hexdigest()[:24]}.jpg"
    aws.put_object(key, picture)
    return key


def _made(person: DemoPerson) -> list[Write]:
    """The writes of a person with the account."""
    partition = people_of(demo_id(person.school.key), person.kind)
    item = PersonItem(partition, person.id, kind=person.kind, name=person.profile["name"], profile=person.profile)
    user = _user(person.account)
    user.person_kind, user.person_id, item.user_id = person.kind, item.id, user.id
    item.active = user.active = person.is_active
    item.created_at = item.updated_at = MADE_AT
    if person.has_graduated:
        item.graduated_by = _PROMOTION
        left = f"{person.classes[-1].year.last_day.isoformat()}T03:00:00.000Z"
        item.updated_at = user.updated_at = max(left, MADE_AT)
    if person.has_picture:
        user.image = _put_picture(user)
    enrolled = entering(item, {each.year.name: each.id for each in person.classes}, _PROMOTION)
    return [*enrolled, *claims({}, item, item.organization_id), *created(item), *_opened(user, person.account)]


def _seated(people: Sequence[DemoPerson]) -> list[Write]:
    numbers: Counter[DemoClass] = Counter(each for person in people for each in person.classes)
    return [seated(demo_id(each.school.key), each.id, number) for each, number in numbers.items()]


def _create(people: Sequence[DemoPerson]) -> None:
    """Creates some people, all or none of them, so that a seed that was stopped goes on."""
    writes = summed([*(write for each in people for write in _made(each)), *_seated(people)])
    if len(writes) > MOST_WRITES:
        _create(people[: len(people) // 2])
        _create(people[len(people) // 2 :])
    else:
        transact(*writes)


def seed_people(people: Iterable[DemoPerson], at_once: int = 4) -> int:
    """Creates those of `people` that are missing, with their accounts, and returns how many those were."""
    missing: list[DemoPerson] = []
    for run in batched(people, _AT_A_TIME, strict=False):
        found = get_many([(PersonItem, people_of(demo_id(each.school.key), each.kind), each.id) for each in run])
        missing += [person for person, item in zip(run, found, strict=True) if item is None]
    # Those of one class together: it is then counted once for several.
    missing.sort(key=lambda each: [place.id for place in reversed(each.classes)])
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(_create, batched(missing, _IN_A_TRANSACTION, strict=False)))
    return len(missing)


def seed(year: SchoolYear, at_once: int = 4) -> dict[str, int]:
    """Creates what is missing of the demo of a school year, and returns how much of each that was."""
    people = list(population(year))
    made = {"schools": seed_schools(), "accounts": seed_accounts()}
    employees = seed_people((each for each in people if each.kind != "students"), at_once)
    made["classes"] = seed_classes(all_classes(year))
    return made | {"people": employees + seed_people((each for each in people if each.kind == "students"), at_once)}


def main() -> None:
    """Seeds, and says of which year the demo is and what was new. An older version's demo stays as it is."""
    current = years.current(clock.now())
    try:
        year = year_of_demo() or current
    except OlderDemo as older:
        print(older)
        return
    made = seed(year)
    if year == current:
        print(f"The demo schools are of {year.name}.")
    else:
        print(
            f"The demo schools are of {year.name}, and now it is {current.name}. Promote them with "
            "POST /api/classes/promotions, or begin anew with make reset."
        )
    print(", ".join(f"{number} {what}" for what, number in made.items()), "created")


if __name__ == "__main__":
    main()
