"""tools.demo: families, names, work and faith of the demo's people fit one another, as a person would check them."""

from collections import Counter
from datetime import date

import pytest

from tests.demo import EACH_SCHOOL, SMANSA, at_school, days, everybody, students, year_of_the_day  # noqa: F401 - fixtures
from tools.demo.employees import RELIGION_SUBJECTS, subjects_of
from tools.demo.livelihoods import DECEASED
from tools.demo.people import ACCOUNTS, PERSONS_ACCOUNTS, PLATFORM_ADMINISTRATOR, SCHOOLS
from tools.demo.years import SchoolYear


@pytest.mark.parametrize(
    ("member", "value", "least", "most"),
    [("gender", "FEMALE", 44, 56), ("religion", "ISLAM", 80, 94), ("transportationMode", "MOTORCYCLE", 42, 58)],
)
def test_distributions_are_believable(year, member, value, least, most):
    own = [each.profile for each in at_school(year)]
    assert least <= 100 * sum(each[member] == value for each in own) / len(own) <= most


def test_who_lives_with_a_guardian_or_in_an_orphanage_has_a_guardian_and_nobody_else(year):
    for each in students(year):
        guarded = each.profile["residenceType"] in ("WITH_GUARDIAN", "ORPHANAGE")
        assert ("guardian" in each.profile) == guarded
        if each.profile["residenceType"] == "ORPHANAGE":
            assert each.profile["father"]["occupation"] == DECEASED
    kinds = Counter(each.profile["residenceType"] for each in at_school(year))
    assert {"WITH_PARENTS", "WITH_GUARDIAN", "BOARDING_HOUSE", "DORMITORY", "ORPHANAGE"} == kinds.keys()


def adults(year):
    return [
        each.profile[kin] for each in students(year) for kin in ("father", "mother", "guardian") if kin in each.profile
    ]


def test_education_fits_the_occupation_and_the_income(year):
    needs = {
        "Guru": {"S1", "S2"},
        "Dokter": {"PROFESSION", "S2"},
        "Perawat": {"D3", "S1"},
        "PNS/TNI/Polri": {"SMA", "D3", "S1", "S2"},
        "Karyawan BUMN": {"D3", "S1", "S2"},
    }
    unpaid = {"Ibu rumah tangga", "Tidak bekerja", DECEASED}
    for each in adults(year):
        assert each["education"] in needs.get(each["occupation"], {each["education"]}), each
        assert (each["income"] == "NONE") == (each["occupation"] in unpaid), each
        if each["income"] == "ABOVE_20M":
            assert each["education"] in {"D3", "S1", "S2", "PROFESSION"}, each
        assert ("phoneNumber" in each) == (each["occupation"] != DECEASED), each
        if each["occupation"] in {"Nelayan", "Petani"}:
            assert each["education"] in {"SD", "SMP", "SMA"}, each


def test_fathers_are_no_housewives_and_all_parents_are_old_enough(year):
    for each in students(year):
        assert each.profile["father"]["occupation"] != "Ibu rumah tangga"
        for kin in ("father", "mother", "guardian"):
            if own := each.profile.get(kin):
                assert int(each.profile["birthDate"][:4]) - int(own["birthDate"][:4]) >= 19


#: Names by which everybody in Indonesia hears a religion.
_OF_ISLAM = {
    "Ahmad",
    "Muhammad",
    "Umar",
    "Yusuf",
    "Lukman",
    "Aisyah",
    "Khadijah",
    "Siti",
    "Nur",
    "Zahra",
    "Fitri",
    "Maulana",
}
_OF_CHRISTIANS = {
    "Yohanes",
    "Fransiskus",
    "Maria",
    "Theresia",
    "Samuel",
    "Yosua",
    "Debora",
    "Kristina",
    "Daniel",
    "Paulus",
}
_OF_BALI = ("I ", "Ni ")


def test_names_fit_religions(year):
    for each in everybody(year):
        profile = each.profile
        own = [profile["name"], *(profile[kin]["name"] for kin in ("father", "mother", "guardian") if kin in profile)]
        own += [profile["spouseName"]] if "spouseName" in profile else []
        for name in own:
            words = set(name.split())
            assert not words & _OF_ISLAM or profile["religion"] == "ISLAM", name
            assert not words & _OF_CHRISTIANS or profile["religion"] in ("PROTESTANT", "CATHOLIC"), name
            assert name.startswith(_OF_BALI) == (profile["religion"] == "HINDU"), name


def test_a_familys_name_goes_from_father_to_child_and_a_balinese_name_tells_the_order_of_birth(year):
    orders = {1: "Wayan Putu Gede Luh", 2: "Made Kadek", 3: "Nyoman Komang", 0: "Ketut"}
    met = set()
    for each in students(year):
        profile = each.profile
        met.add(profile["religion"])
        if profile["religion"] == "HINDU":
            assert profile["name"].split()[1] in orders[profile["birthOrder"] % 4].split()
        elif profile["religion"] != "ISLAM":
            assert profile["name"].split()[-1] == profile["father"]["name"].split()[-1]
            if "mother" in profile:
                assert profile["mother"]["name"].split()[-1] != profile["father"]["name"].split()[-1]
    assert met == {*RELIGION_SUBJECTS}


@EACH_SCHOOL
def test_every_religion_of_the_students_has_a_teacher_of_it_who_has_it_and_is_at_the_school(year, school):
    teachers = [each for each in everybody(year) if each.kind == "teachers" and each.school == school]
    for religion in {each.profile["religion"] for each in students(year, school)}:
        subject = RELIGION_SUBJECTS[religion]
        own = [each for each in teachers if each.is_active and subject in each.profile.get("subjects", [])]
        assert own, religion
        assert {each.profile["religion"] for each in own} == {religion}


def test_no_subject_is_without_a_teacher_and_only_the_principal_teaches_none():
    for school in SCHOOLS[1:]:
        taught = subjects_of(school)
        assert len({subject for own in taught.values() for subject in own}) == 15 + len(school.religions) - 1
        assert [number for number, own in taught.items() if not own] == [3]


def test_who_is_employed_had_finished_school_and_began_before_this_school_year(day, year):
    for each in everybody(year):
        if each.kind == "students":
            continue
        profile = each.profile
        [school] = profile["educationHistory"]
        assert school["endYear"] <= int(profile["employmentStartDate"][:4]), profile
        assert date.fromisoformat(profile["employmentStartDate"]) < year.first_day <= day
        if each.kind == "teachers":
            assert school["level"] in ("S1", "S2", "PROFESSION")
        if profile["employmentStatus"] in ("PNS", "CPNS", "PPPK"):
            assert profile["nip"].startswith(profile["birthDate"].replace("-", ""))
            assert school["level"] not in ("SMP", "SMA")
        else:
            assert "nip" not in profile


def test_everybody_who_signs_in_but_the_platform_has_a_record_and_one_account_has_each_role():
    assert {each.email for each in ACCOUNTS} - {each.email for each in PERSONS_ACCOUNTS.values()} == {
        PLATFORM_ADMINISTRATOR
    }
    signing_in = [each for each in everybody(SchoolYear(2026)) if each.account.has_password]
    assert sorted(each.account.email for each in signing_in) == sorted(e.email for e in PERSONS_ACCOUNTS.values())
    assert all(each.is_active and each.has_picture for each in signing_in)
    assert Counter(each.role for each in ACCOUNTS if each.school_key != "smandua").most_common(1)[0][1] == 1
