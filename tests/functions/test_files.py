"""Every file that Core writes opens in the readers that people use, and a file in parts is the whole one."""

import base64
import io

import openpyxl
import pytest
from core.contract.operations import Listing
from core.http.answers import JSON
from core.kernel.forms import FORM
from core.kernel.media_types import CSV, XLSX
from python_calamine import CalamineWorkbook

from tests.functions.test_people import KINDS, create
from tests.functions.test_people_exports import export, rows
from tests.gateway import call
from tests.links import parameters_of_next
from tools.openapi.operations import declarations
from tools.sam_template import resources


def in_openpyxl(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]


def in_calamine(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def same(read, written):
    """Whether a sheet's rows hold the texts of a CSV: a number as a number, a text as the text."""
    return len(read) == len(written) and all(
        float(text) == cell if isinstance(cell, int | float) else text == cell
        for cells, texts in zip(read, written, strict=True)
        for cell, text in zip(cells, texts, strict=True)
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("headers", ["fields", "dapodik"])
def test_an_xlsx_of_a_list_shows_the_cells_of_the_csv_in_two_readers(kind, headers, admin):
    create(kind, admin, name="=HYPERLINK(1)")
    assert call(kind, "POST", f"/api/{kind}", token=admin, json_body={"name": "Ani"}).status == 201
    content = base64.b64decode(export(kind, admin, XLSX, headers=headers).text)
    table = rows(export(kind, admin, headers=headers), ";" if headers == "dapodik" else ",")
    expected = [list(table[0]), *(list(each.values()) for each in table)]
    assert same(in_openpyxl(content), expected)
    assert same(in_calamine(content), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_to_fill_in_opens_in_two_readers_with_the_headers_of_the_csv(kind, admin):
    path = f"/api/{kind}/import/template"
    content = base64.b64decode(call("imports", "GET", path, token=admin, headers={"Accept": XLSX}).text)
    expected = call("imports", "GET", path, token=admin).text.removeprefix("\ufeff").strip().split(";")
    assert [list(each) for each in in_openpyxl(content)] == [expected]
    assert in_calamine(content) == [expected]


def test_a_csv_page_by_page_through_its_link_is_the_whole(admin):
    for number in range(5):
        body = {"name": f"Murid {number}", "gender": "MALE" if number % 2 else "FEMALE", "nisn": f"000000000{number}"}
        assert call("students", "POST", "/api/students", token=admin, json_body=body).status == 201
    asked = [
        {},
        {"sort": "-createdAt", "fields": "nisn,name"},
        {"gender": "FEMALE", "sort": "-name"},
        {"search": "murid", "headers": "dapodik"},
        {"search": "murid", "gender": "FEMALE", "fields": "name"},
    ]
    for each in asked:
        whole = export("students", admin, **each).text.splitlines(keepends=True)
        parts, parameters = [], {**each, "limit": "2"}
        while parameters is not None:
            reply = export("students", admin, **parameters)
            assert reply.status == 200, reply.text
            header, *lines = reply.text.splitlines(keepends=True)
            assert header == whole[0]
            parts += lines
            parameters = parameters_of_next(reply, "/api/students")
        assert parts == whole[1:], each


def test_the_columns_of_a_file_stand_in_the_order_of_fields(admin):
    create("students", admin)
    (row,) = rows(export("students", admin, fields="nisn,address,name,nisn"))
    columns = list(row)
    assert (columns[0], columns[1], columns[-1]) == ("nisn", "address.street", "name")


@pytest.mark.parametrize(
    ("accept", "status"), [(CSV, 406), (XLSX, 406), (f"{CSV}, {JSON}", 200), (f"{CSV};q=1, */*", 200), ("*/*", 200)]
)
def test_a_list_that_has_no_file_refuses_to_be_one(admin, accept, status):
    answer = call("users", "GET", "/api/users", token=admin, headers={"Accept": accept})
    assert answer.status == status
    assert status == 200 or answer.codes == [(None, "not_acceptable")]


def test_no_list_that_has_no_file_answers_with_json_who_asks_for_one(school):
    lists = [each for each in declarations() if each.operation.is_fileless_list]
    assert len(lists) > 12
    token, ids = school.token("platform administrator"), dict.fromkeys(("user_id", "class_id", "role_id"), "0" * 24)
    for each in lists:
        path = each.operation.path.format(**ids, import_id="0" * 24)
        for accept in (CSV, XLSX):
            answer = call(each.folder, "GET", path, token=token, headers={"Accept": accept})
            assert (each.key, answer.status) == (each.key, 406)


@pytest.mark.parametrize("content_type", [CSV, XLSX])
def test_a_file_is_asked_for_in_letters_of_any_case_and_with_parameters(admin, content_type):
    answer = export("students", admin, accept=f" {content_type.title()};q=0.9, */*;q=0.1")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith(content_type)


def test_api_gateway_hands_on_as_bytes_what_is_no_text():
    types = set()
    for operation in (each.operation for each in declarations()):
        types |= {*operation.media_types, *([operation.form.media_type] if operation.form else [])}
        if isinstance(operation.query, Listing) and operation.query.files:
            types |= {*operation.query.files.types}
    named = resources("AWS::Serverless::Api")["Api"]["Properties"]["BinaryMediaTypes"]
    assert set(named) == {each for each in types if not each.startswith("text/")} - {FORM}
