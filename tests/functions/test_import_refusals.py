"""The codes with which an import refuses a row, or warns, that need somebody to be there already, or a file's cells."""

import pytest
from core.kernel.table import get, put, transact
from core.users.models import UserItem, users_of

from tests.functions.test_imports import people, rows_of
from tests.functions.test_people import STUDENT, TEACHER, create
from tests.imports import csv_file, form, send, xlsx_file


def refused(table, admin, kind, row):
    """The field and code with which a row is refused, in a plan and in the import alike; nobody is written."""
    before = people(table)
    planned = send(kind, admin, dry_run=True, json_body={"data": [row]})
    imported = send(kind, admin, json_body={"data": [row]})
    assert rows_of(planned) == rows_of(imported)
    assert people(table) == before
    ((status, errors),) = rows_of(imported)
    assert status == "failed"
    return errors


@pytest.mark.parametrize("member", ["nuptk", "nip"])
def test_a_teachers_number_that_a_member_of_staff_has_is_taken(table, admin, member):
    create("staff", admin, **{"nip": None, member: TEACHER[member]})
    row = {"name": "Sri Lestari", "email": "sri@smansa.test", member: TEACHER[member]}
    assert refused(table, admin, "teachers", row) == [(member, f"{member}_taken")]


def test_an_account_that_is_stronger_than_ones_own_is_not_renamed(school, table, admin):
    person = create("students", admin).result
    user = get(UserItem, users_of(school.id), person["userId"])
    user.roles = school.people["platform administrator"].roles
    transact(put(user))
    row = {"nisn": STUDENT["nisn"], "name": "Nama Lain"}
    assert refused(table, admin, "students", row) == [(None, "stronger_account")]


def test_an_account_keeps_its_email(table, admin):
    create("students", admin)
    assert refused(table, admin, "students", {"nisn": STUDENT["nisn"], "email": None}) == [
        ("email", "account_needs_email")
    ]


def test_a_password_that_too_many_use_is_refused(admin):
    row = {"name": "Ani", "nisn": "0000000001", "email": "ani@x.test", "password": "password1"}
    planned = send("students", admin, dry_run=True, json_body={"data": [row]})
    assert rows_of(planned) == [("failed", [("password", "password_too_common")])]


@pytest.mark.parametrize(("kind", "shortest"), [("students", 8), ("teachers", 12), ("staff", 12)])
def test_a_password_is_as_long_as_the_role_that_comes_with_it_asks(admin, kind, shortest):
    rows = [
        {"name": "Ani", "email": f"a{length}@x.test", "password": "kucing-hutan"[:length]}
        for length in (shortest - 1, shortest)
    ]
    planned = send(kind, admin, dry_run=True, json_body={"data": rows})
    assert rows_of(planned) == [("failed", [("password", "password_too_short")]), ("created", [])]


def test_a_cell_too_many_and_a_number_that_lost_its_digits_are_refused_by_row(table, admin):
    file = csv_file(("Nama", "NISN"), [["Ani", "0000000001"], ["Budi", "0000000002", "Jl. Contoh 1"]])
    answer = send("students", admin, **form(file))
    assert rows_of(answer) == [("created", []), ("failed", [(None, "too_many_cells")])]
    cells = '<c t="inlineStr"><is><t>{}</t></is></c>'
    sheet = f"<row>{cells.format('Nama')}{cells.format('NISN')}{cells.format('NIK')}</row>"
    sheet += f"<row>{cells.format('Citra')}{cells.format('0000000003')}<c><v>6472011705100001</v></c></row>"
    answer = send("students", admin, **form(xlsx_file(sheet)))
    assert rows_of(answer) == [("failed", [("nik", "digits_lost")])]


def test_a_nik_whose_date_never_was_is_warned_of(admin):
    answer = send(
        "students", admin, json_body={"data": [{"name": "A", "nisn": "0000000001", "nik": "6472013113100001"}]}
    )
    (row,) = answer.result["rows"]
    assert (row["status"], [each["code"] for each in row["warnings"]]) == ("created", ["nik_impossible_date"])


def test_a_number_that_a_spreadsheet_cut_is_not_asked_for_once_more(admin):
    nip, named, name = (f'<c t="inlineStr"><is><t>{each}</t></is></c>' for each in ("NIP", "Nama", "Sri Lestari"))
    file = xlsx_file(f"<row>{nip}{named}</row><row><c><v>198501012010010000</v></c>{name}</row>")
    assert rows_of(send("teachers", admin, dry_run=True, **form(file))) == [("failed", [("nip", "digits_lost")])]
