"""Imports of students, teachers and staff: what is sent, what becomes of each row, and what the report says."""

import base64
import io
import re
import zipfile

import pytest
from core.imports.xlsx import sheet_rows
from core.kernel.media_types import XLSX

from tests.bucket import keep
from tests.documents import filled
from tests.functions.test_people import KINDS, STUDENT, create, listed
from tests.gateway import call
from tests.imports import CORE, csv_file, form, send, table_file, xlsx_file
from tests.outcomes import summary
from tests.schools import everything

ROWS = [
    ["Ani Wijaya", "ani@smansa.test", "", "0012345678", "25001", "Perempuan", "Islam"],
    ["Budi Santoso", "BUDI@smansa.test", "", "0012345679", "25002", "L", "Kristen"],
    ["Citra Lestari", "citra@smansa.test", "", "0012345680", "25003", "P", "Khonghucu"],
]
PEOPLE = [
    {"name": "Ani Wijaya", "email": "ani@smansa.test", "nisn": "0012345678", "gender": "FEMALE", "religion": "ISLAM"},
    {"name": "Budi Santoso", "email": "budi@smansa.test", "gender": "MALE", "religion": "PROTESTANT"},
    {"name": "Citra Lestari", "nipd": "25003", "gender": "FEMALE", "religion": "CONFUCIAN"},
]


def rows_of(reply):
    """Status and errors of each row."""
    return [(each["status"], [(one["field"], one["code"]) for one in each["errors"]]) for each in reply.result["rows"]]


def people(table):
    """Everything that is stored but the imports themselves, the count of their rows, and plans in the trail."""
    kept = [item for item in everything(table) if not re.search("#IMPORT|^THROTTLE#", item["pk"]["S"])]
    return [item for item in kept if not item.get("action", {}).get("S", "").endswith(".import.plan")]


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8"), (",", "utf-8"), (";", "utf-8-sig")])
def test_cores_own_headers_work_in_a_csv_file(admin, delimiter, encoding):
    answer = send("students", admin, **form(csv_file(CORE, ROWS, delimiter, encoding)))
    assert answer.status == 200, answer.text
    assert answer.result["summary"] == summary(total=3, created=3)
    assert [each["row"] for each in answer.result["rows"]] == [2, 3, 4]
    assert answer.headers["location"] == f"/api/imports/{answer.result['id']}"
    found = listed("students", admin).result
    assert [each["id"] for each in found] == [each["id"] for each in answer.result["rows"]]
    for person, expected in zip(found, PEOPLE, strict=True):
        assert person.items() >= expected.items()


def test_they_work_in_a_spreadsheet(admin):
    file = table_file(CORE, ROWS)
    answer = send("students", admin, **form(file))
    assert answer.result["summary"] == summary(total=3, created=3)


def test_they_work_in_json_and_so_do_members(admin):
    data = [dict(zip(CORE, ROWS[0], strict=True)), {**STUDENT, "email": "lain@smansa.test"}]
    answer = send("students", admin, json_body={"data": data})
    assert answer.result["summary"] == summary(total=2, created=2), answer.text
    stored = call("students", "GET", f"/api/students/{answer.result['rows'][1]['id']}", token=admin).result
    assert filled(stored).items() >= filled({**STUDENT, "email": "lain@smansa.test"}).items()


def test_an_upload_of_the_callers_own_is_imported_and_nobody_elses(school, admin):
    own, other = school.people["administrator"].id, school.people["staff"].id
    for user in (own, other):
        key = f"imports/{school.id}/{user}/siswa.csv"
        keep(key, csv_file(CORE, ROWS))
    key = f"imports/{school.id}/{own}/siswa.csv"
    assert send("students", admin, json_body={"fileKey": key}).result["summary"]["created"] == 3
    refused = [key.replace(own, other), key.replace("siswa", "tiada"), f"imports/{school.id}/{own}/../x", "chunks/x"]
    for each in refused:
        answer = send("students", admin, json_body={"fileKey": each})
        assert (answer.status, answer.codes) == (404, [("fileKey", "not_found")])


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_file_a_second_time_changes_nothing_and_writes_nobody(kind, table, admin):
    send(kind, admin, json_body={"data": [KINDS[kind]]})
    before = people(table)
    again = send(kind, admin, json_body={"data": [KINDS[kind]]})
    assert again.result["summary"] == summary(total=1, unchanged=1)
    assert people(table) == before


def test_a_row_finds_its_person_by_nisn_then_nipd_then_email(admin):
    person = create("students", admin).result
    rows = [
        {"nisn": STUDENT["nisn"], "hobby": "Catur"},
        {"nipd": STUDENT["nipd"], "weight": 60},
        {"email": STUDENT["email"].upper(), "nisn": "0099999999"},
    ]
    for row in rows:
        answer = send("students", admin, json_body={"data": [row]})
        assert (rows_of(answer), answer.result["rows"][0]["id"]) == ([("updated", [])], person["id"])
    stored = call("students", "GET", f"/api/students/{person['id']}", token=admin).result
    assert (stored["hobby"], stored["weight"], stored["nisn"]) == ("Catur", 60, "0099999999")


@pytest.mark.parametrize("kind", ["teachers", "staff"])
def test_teachers_and_staff_are_found_by_nuptk_then_nip_then_email(kind, admin):
    row = {**KINDS[kind], "nuptk": "1234567890123456"}
    person = create(kind, admin, nuptk=row["nuptk"]).result
    for member in ("nuptk", "nip", "email"):
        answer = send(kind, admin, json_body={"data": [{member: row[member], "spouseName": f"Nama {member}"}]})
        assert (rows_of(answer), answer.result["rows"][0]["id"]) == ([("updated", [])], person["id"])


def test_an_empty_cell_leaves_a_member_as_it_is_and_null_clears_it(admin):
    person = create("students", admin).result
    send("students", admin, **form(csv_file(("NISN", "Hobi", "Berat Badan"), [[STUDENT["nisn"], "Catur", ""]])))
    send("students", admin, json_body={"data": [{"nisn": STUDENT["nisn"], "height": None}]})
    stored = call("students", "GET", f"/api/students/{person['id']}", token=admin).result
    assert (stored["hobby"], stored["weight"], stored["height"]) == ("Catur", 52, None)


def test_one_bad_row_stops_no_other_and_is_not_half_written(table, admin):
    bad = {"name": "Buruk", "nisn": "12", "email": "buruk@smansa.test", "gender": "X"}
    before = {str(each) for each in everything(table)}
    answer = send("students", admin, json_body={"data": [PEOPLE[0], bad, PEOPLE[1]]})
    assert answer.status == 200
    assert answer.result["summary"] == summary(total=3, created=2, failed=1)
    assert rows_of(answer)[1] == ("failed", [("gender", "invalid"), ("nisn", "invalid")])
    assert answer.result["rows"][1]["id"] is None
    assert not any("buruk" in str(each).lower() for each in everything(table) if str(each) not in before)


BAD = [
    ({"name": "A", "nisn": "123"}, [("nisn", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "nik": "64"}, [("nik", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "email": "no address"}, [("email", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "birthDate": "17-05-2010"}, [("birthDate", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "birthDate": "2010-17-05"}, [("birthDate", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "birthDate": "2999-01-01"}, [("birthDate", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "Jenis Kelamin": "X"}, [("gender", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "Agama": "Jedi"}, [("religion", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "Tinggi Badan": "tinggi"}, [("height", "wrong_type")]),
    ({"name": "A", "nisn": "0000000001", "Tinggi Badan": "9"}, [("height", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "father.nik": "1"}, [("father.nik", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "Penghasilan Ayah": "banyak"}, [("father.income", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "Kode Pos": "7"}, [("address.postalCode", "invalid")]),
    ({"name": "A", "nisn": "0000000001", "Lintang": "91", "Bujur": "0"}, [("address.location", "invalid")]),
    ({"name": "", "nisn": "0000000001"}, [("name", "invalid")]),
    ({"nisn": "0000000001"}, [("name", "required")]),
    ({"name": "A"}, [(None, "identifier_required")]),
    ({"name": "A\u0007", "nisn": "0000000001"}, [("name", "invalid")]),
    ({"name": 7, "nisn": "0000000001"}, [("name", "wrong_type")]),
    ({"name": "A", "nisn": 1}, [("nisn", "wrong_type")]),
    ({"name": "A", "nisn": "0000000001", "id": "0" * 24}, [("id", "unknown_member")]),
    ({"name": "A", "nisn": "0000000001", "active": False}, [("active", "unknown_member")]),
    ({"name": "A", "nisn": "0000000001", "classId": "0" * 24}, [("classId", "unknown_member")]),
    ({"name": "A", "nisn": "0000000001", "roles": ["x"]}, [("roles", "unknown_member")]),
    ({"name": "A", "nisn": "0000000001", "password": "Kunci-Baru-Siswa"}, [("email", "required")]),
    ("a text", [(None, "wrong_type"), (None, "identifier_required"), ("name", "required")]),
]


@pytest.mark.parametrize(("row", "errors"), BAD, ids=[str(errors) for _, errors in BAD])
def test_a_bad_row_has_its_exact_code_and_field(table, admin, row, errors):
    before = people(table)
    answer = send("students", admin, dry_run=True, json_body={"data": [row]})
    assert rows_of(answer) == [("failed", errors)]
    assert people(table) == before


@pytest.mark.parametrize("member", ["nisn", "nipd", "nik", "email"])
def test_the_later_of_two_rows_with_one_identifier_fails_and_names_the_earlier(admin, member):
    rows = [
        {"name": "Satu", "nisn": "0000000001", "nipd": "1", "nik": "6472011705100001", "email": "satu@x.test"},
        {"name": "Dua", "nisn": "0000000002", "nipd": "2", "nik": "6472011705100002", "email": "dua@x.test"},
    ]
    rows[1][member] = rows[0][member].upper()
    answer = send("students", admin, json_body={"data": rows})
    assert rows_of(answer) == [("created", []), ("failed", [(member, "duplicate_in_file")])]
    assert "Row 1" in answer.result["rows"][1]["errors"][0]["message"]


def test_two_rows_about_one_person_under_different_identifiers_are_not_mixed(admin):
    create("students", admin)
    rows = [{"nisn": STUDENT["nisn"], "hobby": "Catur"}, {"nipd": STUDENT["nipd"], "hobby": "Renang"}]
    answer = send("students", admin, json_body={"data": rows})
    assert [each["status"] for each in answer.result["rows"]] == ["updated", "failed"]
    assert answer.result["rows"][1]["errors"][0]["code"] == "duplicate_in_file"


@pytest.mark.parametrize("member", ["nik", "nipd", "email"])
def test_somebody_elses_identifier_fails_the_row(school, admin, member):
    create("students", admin, nisn=None)
    row = {"name": "Orang Lain", "nisn": "0000000009", member: STUDENT[member]}
    if member != "nik":
        # By its NISN the row is about somebody else than by its other identifier.
        create("students", admin, name="Lain", nisn="0000000009", email=None, nik=None, nipd=None)
    answer = send("students", admin, json_body={"data": [row]})
    assert rows_of(answer) == [("failed", [(member, f"{member}_taken")])]


def test_an_address_of_another_school_fails_the_row(admin, other_school):
    row = {"name": "A", "nisn": "0000000009", "email": other_school.people["student"].email}
    assert rows_of(send("students", admin, json_body={"data": [row]})) == [("failed", [("email", "email_taken")])]


def test_what_contradicts_itself_is_warned_of_and_imported(admin):
    row = {"name": "A", "nisn": "0000000009", "nik": "6472015705100001", "gender": "MALE", "birthDate": "2010-05-18"}
    answer = send("students", admin, json_body={"data": [row | {"familyCardNumber": row["nik"]}]})
    assert rows_of(answer) == [("created", [])]
    codes = {each["code"] for each in answer.result["rows"][0]["warnings"]}
    assert codes == {"nik_birth_date", "nik_gender", "nik_equals_family_card"}


def test_who_is_there_already_can_be_left_as_they_are(admin):
    create("students", admin)
    rows = [{"nisn": STUDENT["nisn"], "name": "Nama Lain"}, PEOPLE[0]]
    answer = send("students", admin, json_body={"data": rows, "options": {"existing": "skip"}})
    assert answer.result["summary"] == summary(total=2, created=1, skipped=1)


def test_a_formula_is_stored_as_it_stands(admin):
    formula = '=HYPERLINK("http://x.test","x")'
    send("students", admin, **form(csv_file(("Nama Lengkap", "NISN"), [[formula, "0000000001"]])))
    assert [each["name"] for each in listed("students", admin).result] == [formula]


def test_unknown_columns_are_named_and_left_out(admin):
    file = csv_file(("No", "Nama", "NISN", "Rombel Saat Ini"), [["1", "Ani", "0000000001", "X-1"]])
    answer = send("students", admin, **form(file))
    assert answer.result["ignoredColumns"] == ["No", "Rombel Saat Ini"]
    assert answer.result["summary"]["created"] == 1


def twice(raw):
    """A form with each of its parts twice."""
    return raw.removesuffix(b"--\r\n") + raw.partition(b"\r\n")[1] + raw.partition(b"\r\n")[2]


class TestRefusals:
    def test_the_forms_and_documents_that_are_none(self, admin):
        for options, status, code in (
            ({"body": "x", "headers": {"Content-Type": "text/plain"}}, 415, "unsupported_media_type"),
            ({"json_body": {}}, 400, "required"),
            ({"json_body": {"data": [], "fileKey": "x"}}, 400, "required"),
            ({"json_body": {"data": [{}], "x": 1}}, 400, "unknown_member"),
            ({"json_body": {"data": [{}], "options": {"existing": "x"}}}, 400, "invalid"),
            ({"json_body": {"data": []}}, 422, "no_rows"),
            ({"body": '{"data": [NaN]}'}, 400, "malformed_json"),
            (form(b""), 422, "empty_file"),
            (form(b"a;b\r\n1;2\r\n"), 422, "no_known_header"),
            (form(b"NISN;nisn\r\n1;2\r\n"), 422, "repeated_column"),
            (form(b"NISN;Nama\r\n"), 422, "no_rows"),
            (form("NISN;Nama\r\n1;Café".encode("latin-1")), 422, "not_utf8"),
            (form(b"PK\x03\x04 nothing"), 422, "unreadable_file"),
            (form(xlsx_file("", **{"xl/worksheets/s.xml": "<!DOCTYPE x><worksheet/>"})), 422, "forbidden_xml"),
            (form(b"NISN", x="1"), 400, "unknown_member"),
            ({**form(b"NISN"), "raw": form(b"NISN")["raw"].replace(b'"file"', b'"existing"')}, 400, "required"),
            ({**form(b"NISN"), "headers": {"Content-Type": "multipart/form-data"}}, 400, "malformed_form"),
            ({**form(b"NISN"), "raw": b"x"}, 400, "malformed_form"),
            ({**form(b"NISN"), "raw": twice(form(b"NISN")["raw"])}, 400, "repeated_member"),
            (form(b"NISN", **{f"x{number}": "1" for number in range(20)}), 413, "too_many_parts"),
        ):
            answer = send("students", admin, **options)
            assert (answer.status, answer.codes[0][1]) == (status, code), answer.text

    @pytest.mark.parametrize("query", [{"dryRun": ["x"]}, {"dryRun": ["true", "true"]}, {"x": ["1"]}])
    def test_parameters_that_do_not_exist(self, admin, query):
        answer = call("imports", "POST", "/api/students/import", token=admin, query=query, json_body={"data": [{}]})
        assert answer.status == 400


class TestTemplate:
    @pytest.mark.parametrize("kind", KINDS)
    def test_the_file_to_fill_in_is_taken_back(self, kind, admin):
        path = f"/api/{kind}/import/template"
        text = call("imports", "GET", path, token=admin).text
        assert text.startswith("\ufeffNama Lengkap;Email Sekolah;Password;")
        answer = send(kind, admin, **form(text.encode() + b"Ani;ani@x.test\r\n"))
        assert answer.result["summary"]["created"] == 1, answer.text
        assert answer.result["ignoredColumns"] == []

    def test_it_comes_as_a_spreadsheet_too(self, admin):
        path = "/api/students/import/template"
        answer = call("imports", "GET", path, token=admin, headers={"Accept": XLSX})
        assert answer.headers["content-type"] == XLSX
        assert answer.headers["content-disposition"].endswith('.xlsx"')
        file = base64.b64decode(answer.text)
        headers = call("imports", "GET", path, token=admin).text.removeprefix("\ufeff").strip().split(";")
        assert list(sheet_rows(file)) == [(1, headers)]
        # What somebody types below them stays text: style 1 of the file is the text format.
        sheet = zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet1.xml").decode()
        (columns,) = re.findall(r"<col (.*?)/>", sheet)
        assert {'min="1"', f'max="{len(headers)}"', 'style="1"'} <= set(columns.split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("headers", ["fields", "dapodik"])
@pytest.mark.parametrize("accept", ["text/csv", XLSX])
def test_an_exported_list_is_taken_back_unchanged(kind, admin, headers, accept):
    create(kind, admin, name="=Nama", phoneNumber="+6282012345678")
    exported = call(kind, "GET", f"/api/{kind}", token=admin, query={"headers": [headers]}, headers={"Accept": accept})
    assert exported.status == 200
    file = base64.b64decode(exported.text) if accept == XLSX else exported.text.encode()
    answer = send(kind, admin, **form(file))
    assert answer.result["summary"] == summary(total=1, unchanged=1), answer.text
