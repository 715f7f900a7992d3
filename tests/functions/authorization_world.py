"""Two schools in which everything stands that the authorization matrix names, in each relation to each caller."""

from dataclasses import dataclass, field

from core.accounts import members
from core.accounts import service as accounts
from core.api_tokens import service as api_tokens
from core.api_tokens.schemas import ApiTokenType, CreateApiToken
from core.classes import additions
from core.classes import service as classes
from core.departures import service as lifecycle
from core.devices.service import device_id
from core.images.models import picture_prefix
from core.imports import service as imports
from core.imports.rows import rows_of_json
from core.kernel.policy import PLATFORM_ADMINISTRATOR, STUDENT, SYSTEM_ROLES, Permission
from core.kernel.table import put, transact, update
from core.links.models import new_link
from core.people import service as people
from core.people.kinds import KINDS, STUDENTS
from core.people.models import PersonItem
from core.promotions import service as promotions
from core.promotions.schemas import PlanPromotion
from core.roles import service as roles
from core.roles.models import granted
from core.sessions.service import caller_behind
from core.users import service as users
from core.users.models import UserItem

from tests.schools import School, build_school
from tools.authorization.rules import Permissions, Relation, Target

ABSENT = "0" * 24
NOTHING: Permissions = frozenset()
EVERYTHING = frozenset(Permission)
#: Who has a role of the school, whose permissions the test sets.
CUSTOM = "custom role"
_YEAR = {"grade": 10, "academicYear": "2026/2027", "capacity": 36}
_PLAN = PlanPromotion(fromAcademicYear="2026/2027", toAcademicYear="2027/2028")
_OF_KIND = {Target.STUDENT: "students", Target.TEACHER: "teachers", Target.STAFF: "staff"}
_RECORD_OF = {"student": "students", "teacher": "teachers"}


@dataclass(frozen=True)
class Aim:
    """What a request names: the ids for its path and body, and what the target may do or grants."""

    ids: dict[str, str]
    held: Permissions = NOTHING


Aims = dict[Relation, Aim]


@dataclass
class World:
    """The aims of each target, those that depend on the caller by the caller's name."""

    school: School
    other_school: School
    tokens: dict[str, str] = field(default_factory=dict)
    custom_role: str = ""
    link: str = ""
    of_all: dict[Target, Aims] = field(default_factory=dict)
    of_caller: dict[tuple[Target, str], Aims] = field(default_factory=dict)
    imports: dict[tuple[str, str], Aims] = field(default_factory=dict)
    #: The one of the deleted records whose account is stronger than any but a platform administrator's.
    stronger_deleted: dict[Target, Aim] = field(default_factory=dict)

    def aim(self, operation: str, target: Target, relation: Relation, caller: str) -> Aim | None:
        """What stands in the relation to the caller; None where nothing can."""
        if target is Target.IMPORT:
            kind = operation.rpartition(" ")[2]
            return (self.imports[kind, "all"] | self.imports.get((kind, caller), {})).get(relation)
        if operation.endswith("/restore") and relation is Relation.STRONGER:
            return self.stronger_deleted[target]
        return (self.of_all.get(target, {}) | self.of_caller.get((target, caller), {})).get(relation)


def build_world() -> World:
    """The schools, made through the services that the functions use."""
    school, other = (build_school(f"SMA Negeri {n} Contoh", f"{d}.test") for n, d in ((1, "smansa"), (2, "smandua")))
    world = World(school, other)
    world.of_all[Target.NOTHING] = {Relation.NONE: Aim({})}
    world.of_all[Target.ORGANIZATION] = {
        Relation.OWN: Aim({"organization_id": school.id}),
        Relation.OTHER: Aim({"organization_id": other.id}),
        Relation.ABSENT: Aim({"organization_id": ABSENT}),
    }
    world.of_all[Target.GRANT] = {
        Relation.OTHER: Aim({"grant": Permission.ROLES_WRITE}, frozenset({Permission.ROLES_WRITE})),
        Relation.STRONGER: Aim({"grant": Permission.ORGANIZATIONS_WRITE}, EVERYTHING),
    }
    _make_roles(world)
    _make_accounts(world)
    for target, kind in _OF_KIND.items():
        _make_people(world, target, kind)
    _make_classes(world)
    _make_devices(world)
    _make_api_tokens(world)
    for kind in KINDS:
        _make_imports(world, kind)
    _make_promotions(world)
    student = school.people["student"]
    link = new_link(student, 1, link_id=student.id, created_by=student.id, at=student.created_at, valid_until=2**32)
    transact(put(link.item))
    world.link = link.token
    return world


def head(school: School):
    """The platform administrator of a school, whom nothing is refused."""
    return caller_behind(school.people[PLATFORM_ADMINISTRATOR.name])


def _make_roles(world: World) -> None:
    actor = head(world.school)
    weak, strong, gone, custom = (
        roles.create_role(actor, {"name": name, "permissions": list(permissions)}).id
        for name, permissions in (("Piket", ()), ("Semua", EVERYTHING), ("Lama", ()), ("Khusus", ()))
    )
    roles.delete_role(actor, gone, None)
    elsewhere = roles.create_role(head(world.other_school), {"name": "Piket", "permissions": []}).id
    world.custom_role = custom
    world.school.people[CUSTOM] = world.school.add("Orang Khusus", "khusus@smansa.test", [custom])
    world.of_all[Target.ROLE] = {
        Relation.OTHER: Aim({"role_id": weak}),
        Relation.STRONGER: Aim({"role_id": strong}, EVERYTHING),
        Relation.OTHER_SCHOOL: Aim({"role_id": elsewhere}),
        Relation.DELETED: Aim({"role_id": gone}),
        Relation.ABSENT: Aim({"role_id": ABSENT}),
    }
    for role in SYSTEM_ROLES.values():
        world.of_caller[Target.ROLE, role.name] = {Relation.OWN: Aim({"role_id": role.id}, role.permissions)}


def _account(user: UserItem, held: Permissions = NOTHING) -> Aim:
    ids = dict.fromkeys(("user_id", "userId", "id"), user.id)
    return Aim(ids | {"email": user.email, "device_id": device_id(user.id, "tests")}, held)


def _with_picture(school: School, user: UserItem) -> None:
    """Lets an account be signed in and have a picture, so that nothing is absent but itself."""
    school.token(user)
    transact(update(user, [UserItem.image.set(f"{picture_prefix(user.organization_id, user.id)}x.jpg")]))


def _make_accounts(world: World) -> None:
    school = world.school
    weak = school.add("Murid Lain", "lain@smansa.test", [STUDENT.id])
    strong = school.add("Orang Kuat", "kuat@smansa.test", [PLATFORM_ADMINISTRATOR.id])
    gone = school.add("Murid Lama", "lama@smansa.test", [STUDENT.id])
    elsewhere = world.other_school.people["student"]
    for user in (*school.people.values(), weak, strong, gone, elsewhere):
        _with_picture(school, user)
    accounts.delete_user(head(school), gone.id, None)
    nobody = UserItem("", ABSENT, email="nobody@smansa.test")
    world.of_all[Target.ACCOUNT] = {
        Relation.OTHER: _account(weak),
        Relation.STRONGER: _account(strong, EVERYTHING),
        Relation.OTHER_SCHOOL: _account(elsewhere),
        Relation.DELETED: _account(gone),
        Relation.ABSENT: _account(nobody),
    }
    for name, user in school.people.items():
        world.tokens[name] = school.token(user)
        world.of_caller[Target.ACCOUNT, name] = {Relation.OWN: _account(user)}


def _person(kind: str, person: PersonItem, held: Permissions | None = None) -> Aim:
    ids = {KINDS[kind].parameter: person.id, "id": person.id, "user_id": person.user_id or ""}
    return Aim(ids, KINDS[kind].role.permissions if held is None else held)


def _make_people(world: World, target: Target, kind: str) -> None:
    def person(school: School, name: str, address: str) -> PersonItem:
        return people.create_person(head(school), KINDS[kind], {"name": name, "email": f"{address}@{kind}.test"})

    other, gone, strong, strong_gone = (
        person(world.school, f"Orang {word.title()}", word) for word in ("biasa", "pergi", "kuasa", "mantan")
    )
    actor = head(world.school)
    members.add(actor, PLATFORM_ADMINISTRATOR.id, [strong.user_id, strong_gone.user_id])
    for each in (gone, strong_gone):
        lifecycle.delete_person(actor, KINDS[kind], each.id, None)
    elsewhere = person(world.other_school, "Orang Biasa", "jauh")
    world.of_all[target] = {
        Relation.OTHER: _person(kind, other),
        Relation.STRONGER: _person(kind, strong, EVERYTHING),
        Relation.OTHER_SCHOOL: _person(kind, elsewhere),
        Relation.DELETED: _person(kind, gone),
        Relation.ABSENT: Aim(dict.fromkeys((KINDS[kind].parameter, "id", "user_id"), ABSENT)),
    }
    world.stronger_deleted[target] = _person(kind, strong_gone, EVERYTHING)
    for name, user in world.school.people.items():
        if _RECORD_OF.get(name, "staff") == kind:
            own = people.create_person(actor, KINDS[kind], {"name": user.name})
            transact(
                update(own, [PersonItem.user_id.set(user.id)]),
                update(user, [UserItem.person_id.set(own.id), UserItem.person_kind.set(kind)]),
            )
            world.of_caller[target, name] = {Relation.OWN: _person(kind, own)}


def _make_classes(world: World) -> None:
    actor, far = head(world.school), head(world.other_school)
    teacher = world.of_caller[Target.TEACHER, "teacher"][Relation.OWN].ids["teacher_id"]
    own = world.of_caller[Target.STUDENT, "student"][Relation.OWN].ids["student_id"]
    body = {"name": "Anggota Kelas", "email": "anggota@smansa.test"}
    related = people.create_person(actor, STUDENTS, body)
    student = people.create_person(actor, STUDENTS, {"name": "Anggota Lain"})
    elsewhere = people.create_person(far, STUDENTS, {"name": "Anggota Jauh"})
    mine = classes.create_class(actor, {**_YEAR, "name": "X-1", "homeroomTeacherId": teacher}).id
    other = classes.create_class(actor, {**_YEAR, "name": "X-2"}).id
    gone = classes.create_class(actor, {**_YEAR, "name": "X-3"}).id
    # So that nobody who is in a class is in the highest grade, and graduates by a promotion.
    classes.create_class(actor, {**_YEAR, "name": "XI-1", "grade": 11})
    distant = classes.create_class(far, {**_YEAR, "name": "X-1"}).id
    for class_id, pupil in ((mine, related.id), (mine, own), (other, student.id)):
        additions.add_student(actor, class_id, pupil)
    additions.add_student(far, distant, elsewhere.id)
    classes.delete_class(actor, gone, None, force=False)
    free, left = (world.of_all[Target.STUDENT][each].ids["student_id"] for each in (Relation.OTHER, Relation.DELETED))
    world.of_all[Target.CLASS] = {
        Relation.OTHER: Aim({"class_id": other, "student_id": student.id, "pupil": free}),
        Relation.OTHER_SCHOOL: Aim({"class_id": distant, "student_id": elsewhere.id, "pupil": free}),
        Relation.DELETED: Aim({"class_id": gone, "student_id": student.id, "pupil": free}),
        Relation.ABSENT: Aim({"class_id": ABSENT, "student_id": student.id, "pupil": free}),
    }
    world.of_all[Target.MEMBER] = {
        Relation.OTHER: Aim({"class_id": other, "student_id": student.id, "pupil": free}),
        Relation.OTHER_SCHOOL: Aim({"class_id": other, "student_id": elsewhere.id, "pupil": elsewhere.id}),
        Relation.DELETED: Aim({"class_id": other, "student_id": left, "pupil": left}),
        Relation.ABSENT: Aim({"class_id": other, "student_id": ABSENT, "pupil": ABSENT}),
    }
    account = users.find(world.school.id, related.user_id)
    for name in ("teacher", "student"):
        ids = {"class_id": mine, "student_id": related.id, "pupil": free}
        world.of_caller[Target.CLASS, name] = {Relation.RELATED: Aim(ids)}
        world.of_caller.setdefault((Target.STUDENT, name), {})[Relation.RELATED] = _person("students", related)
        world.of_caller[Target.ACCOUNT, name][Relation.RELATED] = _account(account)
    world.of_caller[Target.TEACHER, "student"] = {
        Relation.RELATED: world.of_caller[Target.TEACHER, "teacher"][Relation.OWN]
    }


def _make_devices(world: World) -> None:
    accounts = world.of_all[Target.ACCOUNT]
    account = accounts[Relation.OTHER].ids["user_id"]

    def device(aim: Aim) -> Aim:
        return Aim({"user_id": account, "device_id": aim.ids["device_id"]})

    found = (Relation.OTHER, Relation.OTHER_SCHOOL)
    world.of_all[Target.DEVICE] = {each: device(accounts[each]) for each in found} | {
        Relation.ABSENT: Aim({"user_id": account, "device_id": ABSENT})
    }
    for name in world.tokens:
        own = world.of_caller[Target.ACCOUNT, name][Relation.OWN]
        world.of_caller[Target.DEVICE, name] = {Relation.OWN: device(own)}


def _make_api_tokens(world: World) -> None:
    def token(school: School, user: UserItem) -> Aim:
        actor = caller_behind(users.find(school.id, user.id))
        made = api_tokens.make(actor, CreateApiToken(tokenName="x", type=ApiTokenType.ADMIN))[0].id
        return Aim({"token": made}, granted(school.id, list(user.roles)))

    by = {name: token(world.school, user) for name, user in world.school.people.items()}
    gone = token(world.school, world.school.people["student"])
    api_tokens.revoke(head(world.school), gone.ids["token"])
    weak = users.find(world.school.id, world.of_all[Target.ACCOUNT][Relation.OTHER].ids["user_id"])
    world.of_all[Target.API_TOKEN] = {
        Relation.OTHER: token(world.school, weak),
        Relation.STRONGER: by[PLATFORM_ADMINISTRATOR.name],
        Relation.OTHER_SCHOOL: token(world.other_school, world.other_school.people["student"]),
        Relation.DELETED: gone,
        Relation.ABSENT: Aim({"token": ABSENT}),
    }
    for name, aim in by.items():
        world.of_caller[Target.API_TOKEN, name] = {Relation.OWN: aim}


def _make_imports(world: World, kind: str) -> None:
    def plan(school: School, who: str) -> Aim:
        rows = rows_of_json(KINDS[kind], [{"Nama Lengkap": "Ani Wijaya", "Email Sekolah": "ani@smansa.test", **number}])
        actor = caller_behind(school.people[who])
        return Aim({"import_id": imports.begin(actor, KINDS[kind], rows, imports.Options(dry_run=True)).id})

    number = {"NISN": "0012345678"} if kind == "students" else {"NUPTK": "1234567890123456"}
    first, second = (plan(world.school, who) for who in ("administrator", PLATFORM_ADMINISTRATOR.name))
    world.imports[kind, "all"] = {
        Relation.OTHER: first,
        Relation.OTHER_SCHOOL: plan(world.other_school, "administrator"),
        Relation.ABSENT: Aim({"import_id": ABSENT}),
    }
    world.imports[kind, "administrator"] = {Relation.OWN: first, Relation.OTHER: second}
    world.imports[kind, PLATFORM_ADMINISTRATOR.name] = {Relation.OWN: second}


def _make_promotions(world: World) -> None:
    here, far = (promotions.plan(head(each), _PLAN).id for each in (world.school, world.other_school))
    world.of_all[Target.PROMOTION] = {
        Relation.OTHER: Aim({"promotion_id": here}),
        Relation.OTHER_SCHOOL: Aim({"promotion_id": far}),
        Relation.ABSENT: Aim({"promotion_id": ABSENT}),
    }
