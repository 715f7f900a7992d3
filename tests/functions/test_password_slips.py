"""The slips of POST /api/users/password-resets: the PDF that brings one-time passwords to their owners."""

import io
import re

import pytest
from core.kernel.policy import STUDENT
from core.slips import service as one_time
from pypdf import PdfReader

from tests.functions.test_password_resets import NOBODY, reset, sign_in


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
