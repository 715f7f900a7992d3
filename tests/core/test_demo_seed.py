"""tools.demo.seed: what is made of the plan, by Core's own rules, once (acceptance F3)."""

from datetime import UTC, datetime

import pytest
from core.images.models import picture_prefix
from core.kernel import clock
from core.kernel.table import get
from core.organizations.models import OrganizationRecord
from core.sessions.new import Client
from core.sessions.service import start
from core.users.models import UserItem, users_of

from tests.bucket import content_of
from tests.gateway import call
from tests.images import empty, stored
from tests.killing import keep, killed_anywhere
from tests.schools import everything, restore
from tools.demo import seed
from tools.demo.people import demo_id
from tools.demo.population import population
from tools.demo.years import SchoolYear

YEAR = SchoolYear(2026)
#: Everybody whom the second school has, and who signs in to the first one.
SOME = [each for each in population(YEAR) if each.school.key == "smandua" or each.account.has_password]
CLASSES = [each for each in seed.all_classes(YEAR) if each.school.key == "smandua"]


@pytest.fixture(autouse=True)
def _no_pictures():
    yield
    empty()


def run(people=SOME):
    made = seed.seed_schools(), seed.seed_accounts(), seed.seed_people(employed(people), at_once=1)
    return *made, seed.seed_classes(CLASSES), seed.seed_people(enrolled(people), at_once=1)


def employed(people):
    return [each for each in people if each.kind != "students"]


def enrolled(people):
    return [each for each in people if each.kind == "students" and each.school.key == "smandua"]


#: The demo's items, made once: its transactions are most of a test's time otherwise.
_made = []


@pytest.fixture
def demo(table):
    if _made:
        restore(table, _made)
    else:
        run()
        _made.extend(everything(table))
    return table


def token(email):
    school = demo_id(email.split("@")[1].removesuffix(".test"))
    user = get(UserItem, users_of(school), demo_id(email))
    return start(user, Client(True, "127.0.0.1", "tests")).token


def test_seeding_twice_changes_nothing(demo):
    before, pictures = everything(demo), stored()
    assert run() == (0, 0, 0, 0, 0)
    assert everything(demo) == before
    assert stored() == pictures


def test_a_seed_that_was_stopped_goes_on_where_it_was(table):
    half = [each for each in SOME if each.number < 9]
    run(half)
    assert run()[-1] == len(enrolled(SOME)) - len(enrolled(half))
    reply = call("classes", "GET", "/api/classes", token=token("admin@smandua.test"))
    assert sum(each["studentCount"] for each in reply.result) == sum(len(each.classes) for each in enrolled(SOME))


def test_a_seed_killed_at_any_call_and_run_again_makes_everything_once(table):
    run([each for each in SOME if each.kind != "students" or each.number < 3])
    few = [each for each in enrolled(SOME) if each.number in range(3, 12)]

    def operate():
        seed.seed_people(few, at_once=1)

    restored = keep(table)
    operate()
    whole = without_traces(table)
    restored()

    def check():
        assert without_traces(table) == whole

    killed_anywhere(operate, check, restored)


def without_traces(table):
    """Every item but for when a class was changed last, and how often."""
    kept = [{name: item[name] for name in item.keys() - {"updated_at", "change_key"}} for item in everything(table)]
    return sorted(kept, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def test_rosters_of_both_years_can_be_read_and_count_right(demo):
    administrator = token("admin@smandua.test")
    for year in (YEAR, YEAR.before):
        query = {"academicYear": [year.name]}
        found = call("classes", "GET", "/api/classes", token=administrator, query=query).result
        assert sorted(each["name"] for each in found) == ["X-1", "XI-1", "XII-1"]
        for each in found:
            assert each["homeroomTeacherId"]
            roster = call("classes", "GET", f"/api/classes/{each['id']}/students", token=administrator).result
            assert len(roster) == each["studentCount"] > 0


def test_last_years_graduates_have_closed_accounts_and_the_class_that_they_left(demo):
    administrator = token("admin@smandua.test")
    reply = call("students", "GET", "/api/students", token=administrator, query={"active": ["false"]})
    graduates = [each for each in SOME if each.kind == "students" and each.has_graduated]
    assert {each["id"] for each in reply.result} == {each.id for each in graduates}
    assert {each["classId"] for each in reply.result} == {graduates[0].classes[0].id}
    assert all(each["updatedAt"].startswith("2026-06-30") for each in reply.result)
    user = get(UserItem, users_of(demo_id("smandua")), graduates[0].account.id)
    assert not user.active


def test_the_demo_can_be_promoted_to_the_next_year(demo):
    body = {"fromAcademicYear": YEAR.name, "toAcademicYear": SchoolYear(2027).name}
    reply = call("classes", "POST", "/api/classes/promotions", token=token("admin@smandua.test"), json_body=body)
    assert reply.result["total"] == 18


@pytest.mark.parametrize("email", ["admin@smansa.test", "principal@smansa.test", "teacher@smansa.test"])
def test_who_signs_in_has_a_record_and_a_picture(demo, email):
    record = call("students", "GET", "/api/users/me/person", token=token(email))
    assert (record.status, record.result["email"]) == (200, email)
    reply = call("images", "GET", "/api/users/me/image", token=token(email))
    assert reply.status == 302


def test_pictures_lie_where_uploaded_ones_do(table):
    run()
    for email in ("admin@smandua.test",):
        [key] = stored(picture_prefix(demo_id("smandua"), demo_id(email)))
        assert content_of(key).startswith(b"\xff\xd8\xff")


def test_each_of_who_signs_in_can_sign_in(demo):
    for email in ("admin@smansa.test", "platform@core.test", "admin@smandua.test"):
        body = {"email": email, "password": "Rahasia-Sekolah-26"}
        assert call("auth", "POST", "/api/auth/sign-in/email", json_body=body).status == 200


def at(monkeypatch, *day):
    monkeypatch.setattr(clock, "now", lambda: datetime(*day, 5, tzinfo=UTC))


def test_a_demo_of_last_year_stays_what_it_is_and_says_so(demo, monkeypatch, capsys):
    monkeypatch.setattr(seed, "seed", lambda year: {"of": year.begins})
    at(monkeypatch, 2027, 6, 30)
    seed.main()
    assert "are of 2026/2027.\n2026 of created" in capsys.readouterr().out
    at(monkeypatch, 2027, 7, 1)
    seed.main()
    told = capsys.readouterr().out
    assert "are of 2026/2027, and now it is 2027/2028. Promote them" in told
    assert "2026 of created" in told


def test_a_demo_without_a_former_year_is_an_older_versions_and_stays_as_it_is(table, capsys):
    assert seed.year_of_demo() is None
    seed.seed_people(employed(SOME), at_once=1)
    seed.seed_classes([each for each in CLASSES if not each.is_former])
    before = everything(table)
    seed.main()
    assert "make reset begins anew" in capsys.readouterr().out
    assert everything(table) == before


def test_schools_are_founded_with_their_numbers(demo):
    assert get(OrganizationRecord, "ORGANIZATIONS", demo_id("smansa")).npsn == "69900001"
