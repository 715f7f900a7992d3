"""Acceptance A1: every role, operation and relation of caller and target; each cell is as the one expectation says.

The expectation is tools/authorization, from which docs/authorization.md is written. A3 is shown on the way: what is
hidden and what is absent answer alike.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from core.kernel.policy import STUDENT, SYSTEM_ROLES, Permission
from core.kernel.table import delete, get, put, transact, update
from core.passwords.models import PASSWORD_SORT, PasswordItem, password_item
from core.people.kinds import KINDS
from core.people.models import PersonItem, people_of
from core.promotions import service as promotions
from core.roles.models import roles_of
from core.users.models import UserItem, belongings_of, users_of

from tests.bucket import content_of, keep, keys
from tests.functions.authorization_world import CUSTOM, World, build_world, head
from tests.functions.test_costs import CALLS
from tests.gateway import Reply, call
from tests.schools import PASSWORD, clear, everything, write
from tests.wire import Send, intercepted
from tools.authorization.operations import RULES, declared_of, folder_of, route_of
from tools.authorization.rules import RELATIONS, Outcome, Relation, Target, expected, lacking, needed
from tools.sam_template import routes

NEW = "Kunci-Baru-Untuk-Kantor"
#: The calls whose costs are measured, but for those that name the target in a body, a query or a header.
CALLS_HERE = (
    CALLS
    | {
        "POST /api/users/invitations": {"json_body": {"classId": "{class_id}"}},
        "POST /api/users/password-resets": {"json_body": {"classId": "{class_id}"}},
        "DELETE /api/classes/{class_id}": {"query": {"force": ["true"]}},
        "POST /api/roles": {"json_body": {"name": "Baru", "permissions": ["{grant}"]}},
        "POST /api/admin/user-admin/{id}/change-password": {"json_body": {"password": NEW, "oldPassword": PASSWORD}},
        "POST /api/admin/user-admin/reset-password": {"json_body": {"id": "{email}"}},
        "POST /management/v1/users/{userId}/password, in the other school": {
            "json_body": {"password": NEW},
            "headers": {"x-zitadel-orgid": "{other_school}"},
        },
    }
    | {f"POST /api/{kind}": {"json_body": {"name": "Orang Baru"}} for kind in KINDS}
    | {f"{each} of an account with a password": CALLS[each] for each in CALLS if each.endswith("another email")}
    | {f"POST /api/{kind}, with an account": CALLS[f"POST /api/{kind}"] for kind in KINDS}
    | {
        f"{operation}, in the other school": CALLS[operation] | {"headers": {"x-organization-id": "{other_school}"}}
        for operation in ("GET /api/users/me", "GET /api/users/{user_id}", "PATCH /api/users/{user_id}")
    }
)


class Restoring:
    """Remembers which items were written, to put them back as they were."""

    def __init__(self, table) -> None:
        self.table = table
        self.before = {(each["pk"]["S"], each["sk"]["S"]): each for each in everything(table)}
        self.files = {key: content_of(key) for key in keys()}
        self.touched: set[tuple[str, str]] = set()

    def __call__(self, send: Send, operation: str, arguments: dict) -> object:
        if operation == "TransactWriteItems":
            for entry in arguments["TransactItems"]:
                [(kind, write)] = entry.items()
                if kind == "ConditionCheck":
                    continue
                key = write["Item"] if kind == "Put" else write["Key"]
                self.touched.add((key["pk"]["S"], key["sk"]["S"]))
        else:
            assert operation in ("GetItem", "BatchGetItem", "Query"), "nothing would take this write back"
        return send(operation, arguments)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Undoes what is written inside."""
        with intercepted(self):
            yield
        if not self.touched:
            return
        write(self.table, [self._undoing(*key) for key in self.touched])
        self.touched.clear()
        for key in self.files.keys() - keys():
            keep(key, self.files[key])

    def _undoing(self, partition: str, sort: str) -> dict:
        if item := self.before.get((partition, sort)):
            return {"PutRequest": {"Item": item}}
        return {"DeleteRequest": {"Key": {"pk": {"S": partition}, "sk": {"S": sort}}}}


@pytest.fixture(scope="module")
def world(dynamodb) -> World:
    clear(dynamodb)
    return build_world()


@pytest.fixture(scope="module")
def restoring(dynamodb, world) -> Iterator[Restoring]:
    restoring = Restoring(dynamodb)
    yield restoring
    after = {(each["pk"]["S"], each["sk"]["S"]): each for each in everything(dynamodb)}
    left = {key for key in after.keys() | restoring.before.keys() if after.get(key) != restoring.before.get(key)}
    assert left <= {role_key(world)}, "a cell must not meet what another left"


def arrange(world: World, operation: str, relation: Relation, ids: dict[str, str]) -> None:
    """Brings the target into the state that the operation is for."""
    if operation.endswith("with a password") and relation in (Relation.OTHER, Relation.RELATED, Relation.STRONGER):
        transact(put(password_item(world.school.id, ids["user_id"], "x", "2026-11-21T00:00:00.000Z")))
    if relation not in (Relation.OTHER, Relation.STRONGER):
        return
    if operation.endswith("/undo"):
        promotions.apply(head(world.school), ids["promotion_id"])
    if operation.endswith("/invitation"):
        transact(delete(PasswordItem(belongings_of(world.school.id, ids["user_id"]), PASSWORD_SORT)))
    if operation.endswith("/activate"):
        user = get(UserItem, users_of(world.school.id), ids["user_id"])
        transact(update(user, [UserItem.active.set(False)]))
        if user.person_id:
            person = get(PersonItem, people_of(world.school.id, user.person_kind), user.person_id)
            transact(update(person, [PersonItem.active.set(False)]))


def answer(world: World, operation: str, token: str | None, ids: dict[str, str]) -> Reply:
    """The handler's answer to a valid call of the operation that names `ids`."""
    method, path = route_of(operation)
    text = json.dumps(CALLS_HERE.get(operation, CALLS_HERE[f"{method} {path}"]))
    own = {"link": world.link, "school": world.school.id, "other_school": world.other_school.id}
    own |= {"student": world.school.people["student"].id}
    for name, value in (own | ids).items():
        text = text.replace(f"{{{name}}}", value)
    path = path.format(**{"token": world.link} | ids)
    return call(folder_of(operation), method, path, token=token, **json.loads(text))


def met(reply: Reply) -> Outcome | str:
    if reply.status < 400:
        return Outcome.ALLOWED
    return Outcome(str(reply.status)) if str(reply.status) in Outcome else str(reply.status)


def callers(world: World, operation: str) -> Iterator[tuple[str, str, frozenset | None]]:
    """Who calls: a label, the name of the account and what its roles grant."""
    yield "nobody", "nobody", None
    for role in SYSTEM_ROLES.values():
        yield role.name, role.name, role.permissions
    wanted = needed(RULES[operation], declared_of(operation))
    if wanted:
        yield "only what it needs", CUSTOM, wanted
    for each in sorted(wanted):
        yield f"all but {each}", CUSTOM, frozenset(Permission) - {each}


def role_key(world: World) -> tuple[str, str]:
    return roles_of(world.school.id), world.custom_role


def grant(table, world: World, held: frozenset) -> None:
    """Lets the custom role grant these permissions, from the next request on."""
    table.update_item(
        TableName="core-test",
        Key={name: {"S": value} for name, value in zip(("pk", "sk"), role_key(world), strict=True)},
        UpdateExpression="SET #permissions = :held",
        ExpressionAttributeNames={"#permissions": "permissions"},
        ExpressionAttributeValues={":held": {"L": [{"S": str(each)} for each in sorted(held)]}},
    )


def masked(reply: Reply, ids: dict[str, str]) -> tuple:
    """The answer without ids: those of the request, and those that Unleash's errors have of their own."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", reply.text)
    for each in ids.values():
        # A refusal names the permission that is missing, which is no secret.
        text = text if each in Permission or not each else text.replace(each, "")
    return reply.status, text, tuple(sorted(reply.headers.items()))


@pytest.mark.parametrize("operation", RULES)
def test_a1_every_caller_meets_what_the_policy_says(dynamodb, world, restoring, operation):
    rule, declared = RULES[operation], declared_of(operation)
    wrong, tried = {}, set()
    for label, caller, held in callers(world, operation):
        if caller == CUSTOM:
            grant(dynamodb, world, held)
        alike = set()
        for relation in RELATIONS[rule.target]:
            aim = world.aim(operation, rule.target, relation, caller)
            if aim is None:
                continue
            with restoring.undone():
                arrange(world, operation, relation, aim.ids)
                reply = answer(world, operation, world.tokens.get(caller), aim.ids)
            tried.add(relation)
            wanted = expected(rule, declared, held, relation, aim.held)
            if met(reply) != wanted:
                wrong[label, relation.value] = f"{met(reply)} instead of {wanted}: {reply.text[:200]}"
            if wanted in (Outcome.HIDDEN, Outcome.INVALID, lacking(rule, declared, held, is_there=False)):
                alike.add(masked(reply, aim.ids))
        if len(alike) > 1:
            wrong[label, "alike"] = alike
    assert wrong == {}
    assert tried == set(RELATIONS[rule.target])


def test_a_student_reads_the_own_record_and_nobody_elses(dynamodb, world, restoring):
    own = world.of_caller[Target.STUDENT, STUDENT.name][Relation.OWN].ids["student_id"]
    kinds = tuple(f"#{kind.upper()}" for kind in KINDS)
    people = {each["sk"]["S"] for each in everything(dynamodb) if each["pk"]["S"].endswith(kinds)}
    shown = {}
    for operation, rule in RULES.items():
        declared = declared_of(operation)
        if declared.public or declared.method != "GET":
            continue
        for relation in RELATIONS[rule.target]:
            if aim := world.aim(operation, rule.target, relation, STUDENT.name):
                with restoring.undone():
                    reply = answer(world, operation, world.tokens[STUDENT.name], aim.ids)
                if found := {each for each in people if each in reply.text and reply.status < 400}:
                    shown[operation] = shown.get(operation, set()) | found
    assert shown == {"GET /api/users/me": {own}, "GET /api/users/me, in the other school": {own}} | {
        "GET /api/users/me/person": {own}
    }


def test_every_operation_stands_in_the_matrix_and_names_a_target_where_its_path_does():
    assert {route_of(operation) for operation in RULES} == set(routes())
    of_nothing = [name for name, rule in RULES.items() if "{" in name and rule.target is Target.NOTHING]
    assert of_nothing == ["GET /api/auth/reset-password/{token}"]
