"""Schools for tests: made through the same models that the functions use."""

from dataclasses import dataclass, field
from typing import Any

from core.accounts.service import opening
from core.kernel import clock
from core.kernel.policy import SYSTEM_ROLES
from core.kernel.table import transact
from core.organizations.models import ORGANIZATIONS, OrganizationRecord
from core.passwords.service import first_password
from core.platform.schools import founding
from core.sessions.new import Client
from core.sessions.service import start as start_session
from core.users.models import UserItem, users_of

from tests.short_way import fill, is_motos, items_in, table_of

PASSWORD = "Rahasia-Sekolah-26"


@dataclass
class School:
    """A school of a test and its people by system role."""

    id: str
    domain: str
    people: dict[str, UserItem] = field(default_factory=dict)

    def add(self, name: str, email: str, role_ids: list[str], password: str | None = PASSWORD) -> UserItem:
        """A person with an account."""
        at = clock.now()
        stamp = clock.to_wire(at)
        user = UserItem(users_of(self.id), clock.new_id(at), name=name, email=email, roles=role_ids)
        user.created_at = user.updated_at = stamp
        transact(*opening(user, first_password(password) if password else None, mailed=False))
        return user

    def token(self, who: str | UserItem) -> str:
        """A new session's token of a person or of the person with a system role."""
        user = self.people[who] if isinstance(who, str) else who
        return start_session(user, Client(True, "127.0.0.1", "tests")).token


def build_school(name: str, domain: str) -> School:
    """A school with one account per system role, named after it: `administrator@<domain>`."""
    # Two schools whose ids end alike would share a part of the number of schools.
    school = School(f"{clock.new_id()[:-1]}{len(domain) % 16:x}", domain)
    stamp = clock.to_wire(clock.now())
    npsn = f"{int(clock.new_id()[-6:], 16):08}"
    record = OrganizationRecord(ORGANIZATIONS, school.id, name=name, npsn=npsn, created_at=stamp, updated_at=stamp)
    transact(*founding(record))
    for role in SYSTEM_ROLES.values():
        local = role.name.replace(" ", "-")
        school.people[role.name] = school.add(f"Orang {role.name.title()}", f"{local}@{domain}", [role.id])
    return school


def everything(table: Any) -> list[dict[str, Any]]:
    """Every item of the table, as stored."""
    if is_motos(table):
        return items_in(table_of(table, "core-test"))
    pages = table.get_paginator("scan").paginate(TableName="core-test", ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]


def write(table: Any, requests: list[dict[str, Any]]) -> None:
    """Puts and deletes items, 25 at a time."""
    for start in range(0, len(requests), 25):
        table.batch_write_item(RequestItems={"core-test": requests[start : start + 25]})


def restore(table: Any, items: list[dict[str, Any]]) -> None:
    """Puts items back as they were once."""
    if is_motos(table):
        fill(table_of(table, "core-test"), items)
    else:
        write(table, [{"PutRequest": {"Item": each}} for each in items])


def clear(table: Any) -> None:
    """Deletes every item of the table."""
    if is_motos(table):
        table_of(table, "core-test").items.clear()
        return
    write(table, [{"DeleteRequest": {"Key": {"pk": each["pk"], "sk": each["sk"]}}} for each in everything(table)])
