"""What the table forgets by itself, and when: every kind of item is decided here, and no kind is forgotten.

The time to live takes whatever carries `expiresAt` once that is past. So what should stay must not carry it, a record
that was restored included, and what holds somebody's traces must.
"""

import importlib
import pkgutil
from collections import defaultdict
from datetime import timedelta

import core
import pytest
from core.api_tokens.models import ApiTokenItem
from core.audit.models import AuditItem
from core.audit.updates import AddressesItem
from core.classes.models import ClassItem, HomeroomItem, MembershipItem, SeatItem
from core.classes.models import NameItem as ClassNameItem
from core.imports.models import ImportItem, ResultItem
from core.kernel import clock
from core.kernel.records import CountItem, Record, SearchItem
from core.kernel.table import Item
from core.links.models import LinkItem
from core.logins.models import FamiliarItem, LoginItem
from core.organizations.models import HostItem, NpsnItem, OrganizationItem, OrganizationRecord
from core.outbox.models import DeliveryItem, MailItem
from core.passwords.models import PasswordItem
from core.people.models import ClaimItem, PersonItem
from core.promotions.models import PromotionItem, StepItem
from core.roles.models import RoleItem, RoleMemberItem, RoleNameItem
from core.sessions.models import SessionItem
from core.throttles.models import WindowItem
from core.users.administrators import AdministratorsItem
from core.users.models import EmailItem, UserItem
from pynamodb.transactions import TransactWrite

from tests.functions.api_tokens import secret
from tests.functions.test_classes import add, made, one, student
from tests.functions.test_invitations import invite
from tests.functions.test_mailevents import bounce, complaint, report
from tests.functions.test_promotions import plan
from tests.gateway import call
from tests.imports import send
from tests.schools import PASSWORD, build_school, everything

DAY = 24 * 3600
#: Seconds that an item of each kind stays; None where it stays for good.
EXPIRES = {
    # With an end of its own, which here is a day away; it is listed for 30 days more.
    ApiTokenItem: {None, 31 * DAY},
    # A mailbox that was missing may come; a complaint is somebody's wish.
    DeliveryItem: {None, 30 * DAY},
    FamiliarItem: {30 * DAY},
    ImportItem: {30 * DAY},
    # An hour for a forgotten password, three days for an invitation; shown for 30 days more.
    LinkItem: {30 * DAY + 3600, 33 * DAY},
    # Those of an address that is nobody's are kept for a day.
    LoginItem: {DAY, 365 * DAY},
    MailItem: {7 * DAY},
    PromotionItem: {30 * DAY},
    ResultItem: {30 * DAY},
    # Remembered or not.
    SessionItem: {DAY, 7 * DAY},
    StepItem: {30 * DAY},
    WindowItem: range(60, DAY + 1),
}
#: Records that can be restored: living ones stay, deleted ones go after 30 days.
RESTORABLE = {ClassItem, PersonItem, RoleItem, UserItem}
#: What goes only together with what it belongs to.
STAYS = {
    # An account's former addresses stay as long as the trail, which does without them.
    AddressesItem,
    AuditItem,
    ClaimItem,
    ClassNameItem,
    EmailItem,
    HostItem,
    MembershipItem,
    NpsnItem,
    OrganizationItem,
    OrganizationRecord,
    PasswordItem,
    RoleMemberItem,
    RoleNameItem,
    SearchItem,
    SeatItem,
}
#: Never put: only members of them are added to, so none has an end.
ADDED_TO = {AdministratorsItem, CountItem, HomeroomItem}


def kinds(model=Item):
    """Every kind of item that the layer knows."""
    for module in pkgutil.walk_packages(core.__path__, "core."):
        importlib.import_module(module.name)
    below = {kind for each in model.__subclasses__() for kind in kinds(each)}
    return below | {model} - {Item, Record}


@pytest.fixture
def written(monkeypatch, table):
    """For every kind of item that was put: how many seconds each stays, and whether it was deleted."""
    found = defaultdict(set)
    at = clock.now().replace(microsecond=0)
    save = TransactWrite.save

    def watched(self, item, *arguments, **options):
        stays = None if item.expires_at is None else int(item.expires_at - at.timestamp())
        found[type(item)].add((stays, bool(getattr(item, "deleted_at", None))))
        return save(self, item, *arguments, **options)

    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(TransactWrite, "save", watched)
    return found


def sign_in(email, **changes):
    body = {"email": email, "password": PASSWORD, **changes}
    return call("auth", "POST", "/api/auth/sign-in/email", json_body=body).status


def use_accounts(found):
    """Signs in, fails to, forgets a password, is invited, makes API tokens; and is deleted."""
    pupil, admin = found.people["student"], found.token("administrator")
    pupil.update(actions=[UserItem.email_verified.set(True)])
    assert [sign_in(pupil.email), sign_in(pupil.email, rememberMe=False)] == [200, 200]
    assert [sign_in(pupil.email, password="salah sekali"), sign_in("nobody@smansa.test")] == [401, 401]
    asked = call("auth", "POST", "/api/auth/request-password-reset", json_body={"email": pupil.email})
    assert asked.status == 200
    guest = found.add("Tamu Baru", "tamu@smansa.test", [], password=None)
    body = {"email": "tamu.baru@smansa.test"}
    assert call("users", "PATCH", f"/api/users/{guest.id}", token=admin, json_body=body).status == 200
    assert invite(guest, admin).status == 204
    secret(found)
    secret(found, expiresAt=clock.to_wire(clock.now() + timedelta(days=1)))
    assert call("users", "DELETE", f"/api/users/{pupil.id}", token=admin).status == 204
    report(bounce("Permanent", "lain@smansa.test"), complaint("surat@smansa.test"))


def run_a_school(admin):
    """Has a class with teacher and student, roles, an import and a promotion; some are deleted and come back."""
    teacher = {"name": "Sri", "nip": "198501012010012001"}
    sri = call("teachers", "POST", "/api/teachers", token=admin, json_body=teacher).result["id"]
    x, empty = made(admin, homeroomTeacherId=sri), made(admin, name="X-2")
    budi = student(admin, email="budi@smansa.test", nisn="0098765432")
    assert add(admin, x, budi).status == 201
    assert plan(admin).status == 201
    assert one("DELETE", empty, admin).status == 204
    body = {"name": "Piket", "permissions": []}
    role = call("roles", "POST", "/api/roles", token=admin, json_body=body).result["id"]
    assert call("roles", "DELETE", f"/api/roles/{role}", token=admin).status == 204
    assert send("students", admin, json_body={"data": [{"name": "Ani", "nisn": "0012345678"}]}).status == 200
    assert call("students", "DELETE", f"/api/students/{budi}", token=admin).status == 204
    assert call("students", "POST", f"/api/students/{budi}/restore", token=admin).status == 200


def test_every_kind_of_item_is_decided():
    assert kinds() == EXPIRES.keys() | RESTORABLE | STAYS | ADDED_TO


def test_every_kind_of_item_stays_as_long_as_was_decided(written):
    found = build_school("SMA Negeri 1 Contoh", "smansa.test")
    run_a_school(found.token("administrator"))
    use_accounts(found)
    path, platform = f"/api/organizations/{found.id}", found.token("platform administrator")
    assert call("organizations", "PATCH", path, token=platform, json_body={"hosts": ["smansa.test"]}).status == 200
    assert kinds() - written.keys() == ADDED_TO, "The journey must make one of every kind."
    for kind, seen in written.items():
        if kind in RESTORABLE:
            assert seen == {(None, False), (30 * DAY, True)}, kind
        elif kind in STAYS:
            assert seen == {(None, False)}, kind
        else:
            seconds = {stays for stays, _ in seen}
            assert seconds <= set(EXPIRES[kind]), kind
            assert isinstance(EXPIRES[kind], range) or seconds == EXPIRES[kind], kind


def test_who_is_restored_is_not_forgotten_after_all(admin, table):
    person = call(
        "students", "POST", "/api/students", token=admin, json_body={"name": "Budi", "email": "budi@smansa.test"}
    ).result
    ids = {person["id"], person["userId"]}

    def forgotten():
        return {item["sk"]["S"] for item in everything(table) if "expiresAt" in item} & ids

    call("students", "DELETE", f"/api/students/{person['id']}", token=admin)
    assert forgotten() == ids
    assert call("students", "POST", f"/api/students/{person['id']}/restore", token=admin).status == 200
    assert forgotten() == set()
