"""The slips of POST /api/users/password-resets: the PDF that brings one-time passwords to their owners."""

import io
import re
from unittest.mock import Mock

import pytest
from core.kernel.errors import Unavailable
from core.kernel.policy import STUDENT
from core.slips import service as one_time
from pypdf import PdfReader

from tests.functions.test_password_resets import NOBODY, reset, sign_in
from tests.gateway import call


def sheet(school, body, accept="application/pdf"):
    return reset(school.token("administrator"), json_body=body, headers={"Accept": accept})


def text_of(answer):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_it_is_a_pdf_with_each_persons_slip_once(school):
    for number in range(12):
        school.add(f"Siswa Ke-{number:02}", f"siswa{number}@smansa.test", [STUDENT.id], password=None)
    answer = sheet(school, {"roleId": STUDENT.id})
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 2
    text = text_of(answer)
    for number in range(12):
        assert text.count(f"Siswa Ke-{number:02}") == text.count(f"siswa{number}@smansa.test") == 1
    assert "SMA Negeri 1 Contoh" in text


def test_what_it_prints_signs_in_until_the_time_in_the_schools_zone(school):
    text = text_of(sheet(school, {"userIds": [school.people["student"].id]}))
    (password,) = re.findall(f"^[{one_time.ALPHABET}]{{12}}$", text, re.MULTILINE)
    assert sign_in(school.people["student"].email, password).status == 200
    assert re.search(r"Valid until \d+ \w+ \d{4}, \d\d\.\d\d WITA", text)


def test_the_slips_of_a_role_come_by_name_whatever_its_case_and_accents(school):
    names = ["ani kecil", "Budi", "Çinta", "dewi"]
    for number, name in enumerate(reversed(names)):
        school.add(name, f"siswa{number}@smansa.test", [STUDENT.id], password=None)
    rows = sheet(school, {"roleId": STUDENT.id}, "application/json").result
    assert [each["name"] for each in rows] == [*names, "Orang Student"]


def test_it_says_in_both_languages_what_to_do(school):
    text = text_of(sheet(school, {"userIds": [school.people["student"].id]}))
    assert "buat kata sandi Anda sendiri" in text
    assert "choose a password of your own" in text


@pytest.fixture
def seated(school, admin):
    """The id of a class, and that of the account of its one student."""
    body = {"name": "XI-1", "grade": 11, "academicYear": "2026/2027", "capacity": 30}
    room = call("classes", "POST", "/api/classes", token=admin, json_body=body).result["id"]
    person = {"name": "Murid Sebelas", "email": "murid@smansa.test"}
    student = call("students", "POST", "/api/students", token=admin, json_body=person).result
    call("classes", "POST", f"/api/classes/{room}/students", token=admin, json_body={"studentId": student["id"]})
    return room, student["userId"]


def test_a_students_slip_says_the_class_however_the_student_was_named(school, seated):
    room, user_id = seated
    for body in ({"classId": room}, {"userIds": [user_id]}, {"roleId": STUDENT.id}):
        assert text_of(sheet(school, body)).count("Kelas · Class XI-1\n") == 1
    assert "Kelas" not in text_of(sheet(school, {"userIds": [school.people["teacher"].id]}))


@pytest.mark.parametrize("more", [[], ["classes:read"], ["students:read"]])
def test_whoever_may_not_look_classes_up_is_not_told_them_by_slips(school, admin, seated, more):
    body = {"name": "Petugas kata sandi", "permissions": ["users:password", *more]}
    role = call("roles", "POST", "/api/roles", token=admin, json_body=body).result["id"]
    token = school.token(school.add("Petugas", "petugas@smansa.test", [role]))
    answer = reset(token, json_body={"userIds": [seated[1]]}, headers={"Accept": "application/pdf"})
    assert "Murid Sebelas" in text_of(answer)
    assert "XI-1" not in text_of(answer)


def test_a_slip_says_where_to_sign_in_at_the_first_frontend_or_where_the_api_is(school, monkeypatch):
    body = {"userIds": [school.people["student"].id]}
    assert "Sign in at http://localhost:3000\n" in text_of(sheet(school, body))
    monkeypatch.setenv("TRUSTED_ORIGINS", "https://siswa.sekolah.test/, https://guru.sekolah.test")
    assert "Sign in at https://siswa.sekolah.test\n" in text_of(sheet(school, body))


def test_nobody_gets_a_new_password_while_the_classes_can_not_be_read(school, seated, monkeypatch):
    monkeypatch.setattr("core.classes.beside.records.names", Mock(side_effect=Unavailable()))
    body = {"userIds": [seated[1]]}
    assert sheet(school, body).status == 503
    monkeypatch.undo()
    assert (
        call("users", "GET", f"/api/users/{seated[1]}/password-status", token=school.token("administrator")).result[
            "changedAt"
        ]
        is None
    )


def test_it_lists_who_got_none_and_why(school):
    ids = [school.people["student"].id, school.people["platform administrator"].id, NOBODY]
    text = text_of(sheet(school, {"userIds": ids}))
    assert text.count("Orang Platform Administrator") == 1
    assert f"{NOBODY} — There is no such person in your school." in text


def test_the_longest_name_and_address_leave_the_password_readable(school):
    person = school.add("N" * 200, f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.test", [STUDENT.id], password=None)
    text = text_of(sheet(school, {"userIds": [person.id]}))
    assert re.findall(f"^[{one_time.ALPHABET}]{{12}}$", text, re.MULTILINE)


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/json, application/pdf"])
def test_who_does_not_ask_for_a_pdf_first_gets_json(school, accept):
    answer = sheet(school, {"userIds": [school.people["student"].id]}, accept)
    assert answer.headers["content-type"] == "application/json"


def test_an_error_is_json_even_so(school):
    answer = sheet(school, {"classId": NOBODY})
    assert (answer.status, answer.headers["content-type"]) == (404, "application/json")
