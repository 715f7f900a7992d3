"""Limits are where they are said to be: what reaches one is accepted, one more is refused."""

import pytest
from core.imports.reading import file_rows
from core.imports.rows import rows_of_file, rows_of_json
from core.kernel.errors import PayloadTooLarge
from core.people.kinds import STUDENTS

from tests.gateway import call
from tests.imports import csv_file, xlsx_file
from tests.outcomes import code_of


@pytest.mark.parametrize(("number", "status"), [(500, 200), (501, 422)])
def test_500_people_get_one_time_passwords_at_once(admin, number, status):
    body = {"userIds": [f"{each:024x}" for each in range(number)]}
    path = "/api/users/password-resets"
    answer = call("slips", "POST", path, token=admin, json_body=body, query={"dryRun": ["true"]})
    assert answer.status == status
    assert answer.codes == ([("userIds", "too_many")] if status == 422 else [])


def test_an_account_has_ten_roles(school, admin):
    student = school.people["student"].id
    outcomes = []
    for number in range(10):
        body = {"name": f"Peran {number}", "permissions": []}
        role = call("roles", "POST", "/api/roles", token=admin, json_body=body).result["id"]
        given = call("roles", "POST", f"/api/roles/{role}/members", token=admin, json_body={"userIds": [student]})
        outcomes += [(row["status"], code_of(row)) for row in given.result]
    # The first of the ten is that of students.
    assert outcomes == [("updated", None)] * 9 + [("failed", "too_many_roles")]
    assert len(call("users", "GET", f"/api/users/{student}", token=admin).result["roles"]) == 10


@pytest.mark.parametrize(("length", "status"), [(128, 200), (129, 400)])
def test_a_password_has_128_characters(school, length, status):
    student = school.people["student"]
    password = ("kuda hitam di padang " * 7)[:length]
    path, token = f"/api/users/{student.id}/password", school.token("administrator")
    answer = call("users", "PATCH", path, token=token, json_body={"password": password})
    assert answer.status == status, answer.text
    credentials = {"email": student.email, "password": password}
    signed_in = call("auth", "POST", "/api/auth/sign-in/email", json_body=credentials)
    assert signed_in.status == (200 if status == 200 else 401)


def in_csv(rows):
    return rows_of_file(STUDENTS, file_rows(csv_file(["NISN"], [[f"{each:010}"] for each in range(rows)])))


def in_xlsx(rows):
    cells = [
        '<row><c t="str"><v>NISN</v></c></row>',
        *(f'<row><c t="str"><v>{each:010}</v></c></row>' for each in range(rows)),
    ]
    return rows_of_file(STUDENTS, file_rows(xlsx_file("".join(cells))))


def in_json(rows):
    return rows_of_json(STUDENTS, ({"nisn": f"{each:010}"} for each in range(rows)))


@pytest.mark.parametrize("read", [in_csv, in_xlsx, in_json])
def test_an_import_has_10_000_rows_besides_the_headers(read):
    assert len(read(10_000).rows) == 10_000
    with pytest.raises(PayloadTooLarge) as refused:
        read(10_001)
    assert refused.value.problems[0].code == "too_many_rows"


@pytest.mark.parametrize(
    ("headers", "row", "code"),
    [
        (["NISN"] + [""] * 299, ["1"], None),
        (["NISN"] + [""] * 300, ["1"], "too_many_columns"),
        (["NISN", "Nama"], ["1", "a" * 10_000], None),
        (["NISN", "Nama"], ["1", "a" * 10_001], "cell_too_large"),
    ],
)
def test_an_import_has_300_columns_and_a_cell_10_000_characters(headers, row, code):
    file = csv_file(headers, [row])
    if code is None:
        assert len(rows_of_file(STUDENTS, file_rows(file)).rows) == 1
        return
    with pytest.raises(PayloadTooLarge) as refused:
        rows_of_file(STUDENTS, file_rows(file))
    assert refused.value.problems[0].code == code
