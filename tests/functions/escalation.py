"""A school in which anybody tries anything that could raise somebody: what A6 is tried with, through every door."""

from collections import Counter
from dataclasses import dataclass
from itertools import count

from core.devices.service import device_id
from core.kernel import clock
from core.kernel.lists import Source, entries
from core.kernel.policy import SYSTEM_ROLES, Permission
from core.links.models import LINK_SORT
from core.passwords.models import PASSWORD_SORT
from core.people.kinds import KINDS
from core.people.models import PersonItem, people_of
from core.roles.models import RoleItem, granted_by, roles_of
from core.users.models import UserItem, belongings_of, users_of
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.gateway import call
from tests.schools import PASSWORD, School
from tools.sam_template import routes

PICK = st.integers(0, 30)
SOME = st.lists(PICK, min_size=1, max_size=3)
GRANTS = st.lists(st.sampled_from(sorted(Permission)), max_size=6, unique=True)
#: What an editor of roles, accounts and people needs; drawn often, or most edits would end at the first check.
KEYS = [each for each in Permission if each.endswith((":write", ":password")) and not each.startswith("organ")]
STRONG = st.one_of(GRANTS, st.lists(st.sampled_from(KEYS), min_size=3, max_size=6, unique=True))
KIND = st.sampled_from(sorted(KINDS))
NEW_PASSWORD = "Kunci-Baru-Untuk-Semua"

#: How many edits were tried, accepted, refused, and gave somebody too much, over all schools of a run.
tally: Counter[str] = Counter()
_numbers = count()


@dataclass(frozen=True)
class Account:
    """An account as the table has it."""

    #: What its roles grant, and what it may do: nothing while it is closed or deleted.
    strength: frozenset[Permission]
    may: frozenset[Permission]
    #: What only somebody as strong may change.
    guarded: tuple


def accounts_of(organization_id: str) -> dict[str, Account]:
    """Every account of a school by its id, deleted ones too."""
    own = [RoleItem.from_raw_data(each) for each in entries(Source(roles_of(organization_id)), None)]
    roles = {role.id: role for role in own}
    found = {}
    for raw in entries(Source(users_of(organization_id)), None):
        user = UserItem.from_raw_data(raw)
        strength = granted_by(list(user.roles), [roles.get(each) for each in user.roles])
        belongings = list(entries(Source(belongings_of(organization_id, user.id)), None))
        sessions = frozenset(each["sk"]["S"] for each in belongings if each["sk"]["S"].startswith("SESSION#"))
        secrets = [each for each in belongings if each["sk"]["S"].startswith((PASSWORD_SORT, LINK_SORT))]
        guarded = (
            (user.email, user.secondary_email, user.active, user.deleted_at),
            (user.session_epoch, user.api_token_epoch, user.must_change_password, sessions, str(secrets)),
        )
        found[user.id] = Account(strength, strength if user.active and not user.deleted_at else frozenset(), guarded)
    return found


class Escalations(RuleBasedStateMachine):
    """Seven people of all system roles with drawn roles besides, who edit roles, accounts and each other."""

    @initialize(permissions=st.tuples(st.just(KEYS), STRONG, STRONG), having=st.lists(PICK, min_size=3, max_size=3))
    def begin(self, permissions, having):
        self.school = School(clock.new_id(), "sekolah.test")
        self.tokens, self.roles, self.people = {}, [], []
        for role in SYSTEM_ROLES.values():
            self.school.people[role.name] = self.school.add(f"Orang {role.name}", self.address(), [role.id])
        self.before: dict[str, Account] = {}
        # Ids of one second have no order, so a repetition needs one of its own.
        self.ids = [user.id for user in self.school.people.values()]
        for kind in sorted(KINDS):
            self.make_person(0, kind)
        for each, holder in zip(permissions, having, strict=True):
            self.make_role(0, each)
            self.give(0, -1, [holder])
        self.before = accounts_of(self.school.id)
        self.editor = self.ids[0]

    def address(self):
        return f"orang{next(_numbers)}@sekolah.test"

    def account(self, pick):
        """An account by number; 0 is the platform administrator, whose roles and people the school begins with."""
        return self.ids[pick % len(self.ids)]

    def chosen(self, pick, needed):
        """Mostly somebody below the platform administrator who gets past the door: the others end there."""
        able = [each for each in self.ids[1:] if pick % 4 and needed in _may(self.before, each)]
        return able[pick % len(able)] if able else self.account(pick)

    def role(self, pick):
        ids = [*SYSTEM_ROLES, *self.roles]
        return ids[pick % len(ids)]

    def edit(self, editor, operation, ids=None, **options):
        """One request of an editor, counted. A session that ended is begun anew, when the account still may."""
        method, path = operation.split()
        self.editor = self.chosen(editor, _needed(path))
        tally["tried"] += 1
        reply = None
        for _ in range(2):
            token = self.tokens.get(self.editor) or self.sign_in(self.editor)
            if token is None:
                break
            reply = call(routes()[method, path], method, path.format(**ids or {}), token=token, **options)
            if reply.status != 401:
                break
            del self.tokens[self.editor]
        done = reply is not None and reply.status < 400
        rows = reply.body.get("result") if done and reply.text.startswith("{") else None
        if isinstance(rows, list) and rows:
            done = any(each["status"] == "updated" for each in rows)
        tally["accepted" if done else "refused"] += 1
        return reply if done else None

    def sign_in(self, user_id):
        user = UserItem.get(users_of(self.school.id), user_id, consistent_read=True)
        if user.deleted_at or not user.active or user.must_change_password:
            return None
        self.tokens[user_id] = self.school.token(user)
        return self.tokens[user_id]

    @rule(editor=PICK, permissions=STRONG)
    def make_role(self, editor, permissions):
        body = {"name": f"Peran {next(_numbers)}", "permissions": [str(each) for each in permissions]}
        if made := self.edit(editor, "POST /api/roles", json_body=body):
            self.roles.append(made.result["id"])

    @rule(editor=PICK, role=PICK, permissions=STRONG)
    def change_role(self, editor, role, permissions):
        body = {"permissions": [str(each) for each in permissions]}
        self.edit(editor, "PATCH /api/roles/{role_id}", {"role_id": self.role(role)}, json_body=body)

    @rule(editor=PICK, role=PICK)
    def delete_role(self, editor, role):
        self.edit(editor, "DELETE /api/roles/{role_id}", {"role_id": self.role(role)})

    @rule(editor=PICK, role=PICK, members=SOME)
    def give(self, editor, role, members):
        body = {"userIds": [self.account(each) for each in members]}
        self.edit(editor, "POST /api/roles/{role_id}/members", {"role_id": self.role(role)}, json_body=body)

    @rule(editor=PICK, role=PICK, members=SOME)
    def take(self, editor, role, members):
        body = {"userIds": [self.account(each) for each in members]}
        self.edit(editor, "DELETE /api/roles/{role_id}/members", {"role_id": self.role(role)}, json_body=body)

    @rule(editor=PICK, role=PICK, with_roles=st.booleans())
    def make_account(self, editor, role, with_roles):
        body = {"name": "Orang Baru", "email": self.address(), "password": NEW_PASSWORD}
        self.edit(editor, "POST /api/users", json_body=body | ({"roles": [self.role(role)]} if with_roles else {}))

    @rule(editor=PICK, other=PICK, role=PICK, member=st.sampled_from(["roles", "active", "email", "secondaryEmail"]))
    def change_account(self, editor, other, role, member):
        values = {"roles": [self.role(role)], "active": False}
        body = {member: values.get(member) or self.address()}
        self.edit(editor, "PATCH /api/users/{user_id}", {"user_id": self.account(other)}, json_body=body)

    @rule(editor=PICK, other=PICK, how=st.sampled_from(["POST /deactivate", "POST /activate", "DELETE "]))
    def open_or_close(self, editor, other, how):
        method, path = how.split(" ")
        self.edit(editor, f"{method} /api/users/{{user_id}}{path}", {"user_id": self.account(other)})

    @rule(editor=PICK, kind=KIND, by_import=st.booleans())
    def make_person(self, editor, kind, by_import=False):
        email = self.address()
        if by_import:
            self.edit(editor, f"POST /api/{kind}/import", json_body={"data": [{"name": "Orang", "email": email}]})
        else:
            self.edit(editor, f"POST /api/{kind}", json_body={"name": "Orang", "email": email})
        raws = entries(Source(people_of(self.school.id, kind)), None)
        self.people += [each for raw in raws if (each := (kind, raw["sk"]["S"])) not in self.people]

    @rule(
        editor=PICK,
        person=PICK,
        how=st.sampled_from(["PATCH ", "POST /deactivate", "POST /activate", "DELETE ", "POST /restore", "erasure"]),
    )
    def change_person(self, editor, person, how):
        kind, person_id = self.people[person % len(self.people)]
        method, path = how.split(" ") if " " in how else ("POST", f"/{how}")
        bodies = {"PATCH ": {"email": self.address()}, "erasure": {"reason": "asked for"}}
        options = {"json_body": bodies[how]} if how in bodies else {}
        name = KINDS[kind].parameter
        self.edit(editor, f"{method} /api/{kind}/{{{name}}}{path}", {name: person_id}, **options)

    @rule(editor=PICK, person=PICK)
    def import_over(self, editor, person):
        kind, person_id = self.people[person % len(self.people)]
        there = PersonItem.get(people_of(self.school.id, kind), person_id)
        # Found by its email, which stays; another name would be one of the account as well.
        body = {"data": [{"name": f"Orang {next(_numbers)}", "email": there.email or self.address()}]}
        self.edit(editor, f"POST /api/{kind}/import", json_body=body)

    @rule(
        editor=PICK,
        other=PICK,
        operation=st.sampled_from(
            [
                "PATCH /api/users/{user_id}/password",
                "POST /management/v1/users/{userId}/password",
                "POST /v2/users/{userId}/password",
                "POST /api/admin/user-admin/{id}/change-password",
                "POST /api/admin/user-admin/reset-password",
                "POST /v1/users/{userId}/change-password",
                "POST /api/users/password-resets",
            ]
        ),
    )
    def set_password(self, editor, other, operation):
        user_id = self.account(other)
        email = UserItem.get(users_of(self.school.id), user_id).email
        bodies = {
            "POST /v2/users/{userId}/password": {"newPassword": {"password": NEW_PASSWORD}},
            "POST /api/admin/user-admin/reset-password": {"id": email},
            "POST /v1/users/{userId}/change-password": {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD},
            "POST /api/users/password-resets": {"userIds": [user_id]},
        }
        ids = dict.fromkeys(("user_id", "userId", "id"), user_id)
        self.edit(editor, operation, ids, json_body=bodies.get(operation, {"password": NEW_PASSWORD}))

    @rule(editor=PICK, role=PICK)
    def set_passwords_of_a_role(self, editor, role):
        self.edit(editor, "POST /api/users/password-resets", json_body={"roleId": self.role(role)})

    @rule(editor=PICK, other=PICK)
    def sign_out(self, editor, other):
        user_id = self.account(other)
        ids = {"user_id": user_id, "device_id": device_id(user_id, "tests")}
        self.edit(editor, "DELETE /api/users/{user_id}/devices/{device_id}", ids)

    @invariant()
    def nobody_rose_above_the_editor(self):
        """And a stronger account than the editor's is as it was."""
        if not hasattr(self, "before"):  # The school is not there yet.
            return
        before, now = self.before, accounts_of(self.school.id)
        editor = before[self.editor]
        raised = [each for each, it in now.items() if not it.may - _may(before, each) <= editor.may]
        raised += [self.editor] if not now[self.editor].may <= editor.may else []
        others = [each for each in before if each != self.editor and not before[each].strength <= editor.may]
        touched = [each for each in others if now[each].guarded != before[each].guarded]
        tally["escalations"] += bool(raised or touched)
        assert (raised, touched) == ([], [])
        self.before = now
        self.ids += [each for each in now if each not in self.ids]


def _needed(path: str) -> Permission:
    """What the door of an operation asks for."""
    if "password" in path:
        return Permission.USERS_PASSWORD
    return Permission(f"{path.split('/')[2]}:write")


def _may(accounts: dict[str, Account], user_id: str) -> frozenset[Permission]:
    return accounts[user_id].may if user_id in accounts else frozenset()
