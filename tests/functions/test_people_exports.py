"""Lists of people as files: the same people as in the list, harmless to whoever opens them."""

import base64
import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from core.http import exports
from core.kernel.media_types import CSV, XLSX
from core.kernel.table import query

from tests.documents import filled
from tests.functions.test_people import KINDS, STUDENT, create
from tests.gateway import call


def export(kind, token, accept=CSV, **parameters):
    sent = {name: [value] for name, value in parameters.items()} or None
    return call(kind, "GET", f"/api/{kind}", token=token, query=sent, headers={"Accept": accept})


def rows(reply, delimiter=","):
    assert reply.status == 200, reply.text
    return list(csv.DictReader(io.StringIO(reply.text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def sheet(reply):
    """The cells of an XLSX file, and which of them are text."""
    packed = zipfile.ZipFile(io.BytesIO(base64.b64decode(reply.text)))
    assert packed.testzip() is None
    for name in packed.namelist():
        ElementTree.fromstring(packed.read(name))
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    root = ElementTree.fromstring(packed.read("xl/worksheets/sheet1.xml"))
    return [["".join(cell.itertext()) for cell in row] for row in root.iter(f"{name}row")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_csv_holds_everybody_under_the_members_names(kind, admin):
    person = create(kind, admin).result
    reply = export(kind, admin)
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"].startswith(f'attachment; filename="{kind}-2')
    (row,) = rows(reply)
    assert (row["id"], row["name"], row["email"]) == (person["id"], person["name"], person["email"])


def test_nested_members_lists_and_numbers_are_readable_cells(admin):
    create("students", admin, specialNeeds=["A", "B"])
    (row,) = rows(export("students", admin))
    assert (row["father.name"], row["father.income"], row["address.rt"]) == ("Santoso", "FROM_2M_TO_5M", "001")
    assert (row["address.location.latitude"], row["address.location.longitude"]) == ("-0.5", "117.15")
    assert (row["height"], row["active"], row["specialNeeds"], row["mother.name"]) == ("165", "true", "A; B", "")
    assert filled(json.loads(row["educationHistory"])) == STUDENT["educationHistory"]


def test_dapodiks_headers_come_with_dapodiks_codes_and_semicolons(admin):
    create("students", admin)
    reply = export("students", admin, headers="dapodik")
    assert reply.text.startswith("\ufeff")
    (row,) = rows(reply, ";")
    assert (row["Nama Lengkap"], row["Jenis Kelamin"], row["Agama"]) == ("Budi Santoso", "L", "1")
    assert (row["Alat Transportasi"], row["Penghasilan Ayah"], row["NISN"]) == ("13", "14", "0098765432")
    assert "id" not in row


def test_filters_search_order_and_fields_hold_in_a_file_too(admin):
    for number, (name, gender) in enumerate([("Ana", "FEMALE"), ("Budi", "MALE"), ("Citra", "FEMALE")]):
        body = {"name": name, "gender": gender, "nisn": f"000000000{number}"}
        assert call("students", "POST", "/api/students", token=admin, json_body=body).status == 201

    def names(**parameters):
        return [row["name"] for row in rows(export("students", admin, **parameters))]

    assert names() == ["Ana", "Budi", "Citra"]
    assert names(sort="-name", gender="FEMALE") == ["Citra", "Ana"]
    assert names(search="bud") == ["Budi"]
    assert list(rows(export("students", admin, fields="name,nisn"))[0]) == ["name", "nisn"]


def test_a_list_in_parts_links_to_the_next_until_everybody_was_there(admin):
    for number in range(5):
        call("students", "POST", "/api/students", token=admin, json_body={"name": f"Murid {number}"})
    seen, parameters = [], {"limit": "2"}
    while parameters:
        reply = export("students", admin, **parameters)
        assert len(list(rows(reply))) <= 2
        seen += [row["name"] for row in rows(reply)]
        link = reply.headers.get("link")
        parameters = {"limit": "2", "cursor": link.partition("cursor=")[2].partition(">")[0]} if link else None
    assert seen == [f"Murid {number}" for number in range(5)]


@pytest.mark.parametrize("first", ["=", "+", "-", "@"])
def test_what_a_spreadsheet_would_run_is_quoted_in_both_formats(admin, first):
    name = f'{first}HYPERLINK("http://x.test")'
    create("students", admin, name=name)
    assert rows(export("students", admin))[0]["name"] == f"'{name}"
    reply = export("students", admin, XLSX)
    assert reply.headers["content-type"] == XLSX
    cells = sheet(reply)
    assert cells[1][cells[0].index("name")] == f"'{name}"
    assert b"<f>" not in base64.b64decode(reply.text)


def test_an_xlsx_keeps_every_digit_of_a_nik(admin):
    create("students", admin)
    header, row = sheet(export("students", admin, XLSX))
    assert (row[header.index("nik")], row[header.index("nisn")]) == (STUDENT["nik"], STUDENT["nisn"])


def test_who_may_not_see_sensitive_members_gets_no_columns_of_them(school, admin):
    create("students", admin)
    (row,) = rows(export("students", school.token("teacher")))
    assert not any(name.startswith(("nik", "religion", "familyCard", "father", "mother", "guardian")) for name in row)
    assert STUDENT["nik"] not in json.dumps(row)


def test_an_export_of_sensitive_members_is_audited_and_one_without_is_not(school, admin):
    person = create("students", admin).result

    def exported():
        entries = query(f"{school.id}#AUDIT").items
        return [
            each["details"]["M"]["ids"]["S"] for each in entries if each["action"]["S"].endswith("sensitive.export")
        ]

    export("students", admin, fields="id,name")
    export("students", school.token("teacher"))
    assert exported() == []
    export("students", admin)
    assert exported() == [person["id"]]
    # Whoever holds nothing sensitive is named too: the trail must not tell who has none.
    other = call("students", "POST", "/api/students", token=admin, json_body={"name": "Ani"}).result
    export("students", admin)
    assert set(exported()[1].split()) == {person["id"], other["id"]}


@pytest.mark.parametrize("accept", [CSV, XLSX])
def test_a_list_too_large_for_one_answer_is_413_and_says_what_to_do(admin, monkeypatch, accept):
    for number in range(3):
        call("students", "POST", "/api/students", token=admin, json_body={"name": f"Murid {number}"})
    monkeypatch.setattr(exports, "MOST_PEOPLE", 2)
    reply = export("students", admin, accept)
    assert (reply.status, reply.codes) == (413, [(None, "export_too_large")])
    assert export("students", admin, accept, limit="2").status == 200


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"page": "1"}, "page"),
        ({"updatedSince": "2026-01-01T00:00:00Z"}, "updatedSince"),
        ({"headers": "x"}, "headers"),
    ],
)
def test_what_makes_no_sense_in_a_file_is_400_with_its_name(admin, parameters, field):
    reply = export("students", admin, **parameters)
    assert (reply.status, reply.codes[0][0]) == (400, field)


def test_a_student_gets_403_and_nobody_401(school):
    assert export("students", school.token("student")).status == 403
    assert export("students", None).status == 401
