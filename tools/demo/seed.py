"""Fills the demo schools. Doing it twice changes nothing: what is there already stays as it is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched

from core.accounts.service import opening
from core.classes.homerooms import taking_charge
from core.classes.membership import joining, seated
from core.classes.models import ClassItem, classes_of
from core.classes.service import claimed
from core.kernel.policy import SYSTEM_ROLES
from core.kernel.records import Record, counting, created, searchable, summed
from core.kernel.table import Write, create, get_many, transact
from core.organizations.models import ORGANIZATIONS, OrganizationRecord
from core.passwords.models import password_item
from core.passwords.rules import hash_password
from core.passwords.service import first_password
from core.people.models import ClaimItem, PersonItem, claim_key, people_of
from core.platform.schools import founding
from core.roles.models import joined, roles_held
from core.users.claims import claim_email
from core.users.models import UserItem, users_of

from tools.demo import classes
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

_ROLE_IDS = {role.name: role.id for role in SYSTEM_ROLES.values()}
_AT_A_TIME = 100
#: A person is at most 20 writes with its account, and a transaction takes 100.
_IN_A_TRANSACTION = 4


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


def seed_accounts() -> int:
    """Creates the accounts of nobody's record that are missing and returns how many those were."""
    accounts = [account for account in (*ACCOUNTS, GUEST) if account not in PERSONS_ACCOUNTS.values()]
    users = [_user(account) for account in accounts]
    found = get_many([(UserItem, user.partition, user.sort) for user in users])
    missing = [user for user, item in zip(users, found, strict=True) if item is None]
    for user in missing:
        password = first_password(PASSWORD) if user.email_verified else None
        transact(*opening(user, password, mailed=False))
    return len(missing)


def _class_item(demo: classes.DemoClass) -> ClassItem:
    item = ClassItem(classes_of(demo_id(demo.school.key)), demo.id, name=demo.name, grade=demo.grade)
    item.academic_year, item.major = classes.ACADEMIC_YEAR, None
    item.capacity = item.free = classes.CAPACITY
    item.homeroom_teacher_id = person_id(demo.school.key, "teachers", demo.teacher)
    item.created_at = item.updated_at = MADE_AT
    return item


def seed_classes(schools: Iterable[DemoSchool] = SCHOOLS) -> int:
    """Creates the classes that are missing, without students, and returns how many those were."""
    items = [_class_item(each) for school in schools for each in classes.classes_of(school)]
    found = get_many([(ClassItem, item.partition, item.sort) for item in items])
    missing = [item for item, there in zip(items, found, strict=True) if there is None]
    for item in missing:
        # The teachers come after the classes, so nobody looks whether they are there.
        in_charge = taking_charge(item.organization_id, item.id, item.homeroom_teacher_id)
        transact(*created(item), claimed(item), in_charge)
    return len(missing)


def _enrolled(person: DemoPerson, item: PersonItem) -> list[Write]:
    """Puts a student into the class; the class counts them by itself."""
    if person.kind != "students":
        return []
    demo = classes.class_of(person.school, person.number)
    # A student who is new stands in no list yet, so only the first two are needed.
    return joining(item, [], demo.id, classes.ACADEMIC_YEAR)[:2]


def _seated(people: Sequence[DemoPerson]) -> list[Write]:
    numbers = Counter(classes.class_of(each.school, each.number) for each in people if each.kind == "students")
    return [seated(demo_id(each.school.key), each.id, number) for each, number in numbers.items()]


def _records(person: DemoPerson) -> tuple[PersonItem, UserItem]:
    partition = people_of(demo_id(person.school.key), person.kind)
    item = PersonItem(partition, person.id, kind=person.kind, name=person.profile["name"], profile=person.profile)
    user = _user(person.account)
    user.person_kind, user.person_id, item.user_id = person.kind, item.id, user.id
    item.created_at = item.updated_at = MADE_AT
    for record in (item, user):
        record.index()
    return item, user


def _claims(person: PersonItem) -> Iterator[Write]:
    for member, value in person.unique_values().items():
        _, partition, sort = claim_key(person.organization_id, member, value)
        yield create(ClaimItem(partition, sort, kind=person.kind, person_id=person.id))


def _counted(records: Iterable[Record]) -> list[Write]:
    """What `records.counted` writes for each, summed up: a transaction may touch an item once only."""
    numbers = Counter((f"{record.partition}#COUNT", record.id[-1]) for record in records)
    return [counting(key, number) for key, number in numbers.items()]


def _create(people: Sequence[DemoPerson]) -> None:
    """Creates some people with their accounts, all or none of them, so that a seed that was stopped goes on."""
    writes: list[Write] = []
    records: list[Record] = []
    for person in people:
        item, user = _records(person)
        writes += _enrolled(person, item)
        item.index()
        records += [item, user]
        writes += [create(item), *_claims(item), *searchable(item), create(user), claim_email(user), *searchable(user)]
        writes += joined(user, roles_held(user))
        if person.account.has_password:
            hashed = hash_password(PASSWORD)
            writes.append(create(password_item(user.organization_id, user.id, hashed, MADE_AT)))
    transact(*summed([*writes, *_seated(people), *_counted(records)]))


def seed_people(people: Iterable[DemoPerson], at_once: int = 4) -> int:
    """Creates those of `people` that are missing, with their accounts, and returns how many those were."""
    missing: list[DemoPerson] = []
    for run in batched(people, _AT_A_TIME, strict=False):
        found = get_many([(PersonItem, people_of(demo_id(each.school.key), each.kind), each.id) for each in run])
        missing += [person for person, item in zip(run, found, strict=True) if item is None]
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(_create, batched(missing, _IN_A_TRANSACTION, strict=False)))
    return len(missing)


def main() -> None:
    """Seeds and says what was new."""
    schools, accounts, rooms = seed_schools(), seed_accounts(), seed_classes()
    print(f"{schools} schools, {accounts} accounts, {rooms} classes and {seed_people(population())} people created")


if __name__ == "__main__":
    main()
