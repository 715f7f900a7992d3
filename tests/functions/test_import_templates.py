"""The file to fill in: its headers are words of the school, and who fills all of it in loses nothing."""

import base64
import csv
import io
import re

import pytest
from core.imports.columns import template_headers
from core.kernel.formulas import original
from core.kernel.media_types import XLSX
from core.kernel.spreadsheets import XlsxFile
from core.people.kinds import KINDS

from tests.functions.test_people_exports import export, rows
from tests.gateway import call
from tests.imports import form, send
from tools.demo.population import population
from tools.demo.years import SchoolYear

#: What an answer gives and no file does.
GIVEN = {"id", "userId", "createdAt", "updatedAt"}
YEAR = SchoolYear(2026)


@pytest.mark.parametrize("kind", KINDS)
def test_no_header_is_the_name_of_a_member(kind):
    headers = template_headers(KINDS[kind])
    members = {*KINDS[kind].members, "latitude", "longitude", "password"}
    assert [each for each in headers if each in members or re.match(r"[a-z]", each)] == []
    assert len({each.casefold() for each in headers}) == len(headers)


def csv_of(headers, cells):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([headers, cells])
    return text.getvalue().encode()


def xlsx_of(headers, cells):
    file = XlsxFile(text_columns=len(headers))
    file.add(headers)
    file.add(cells)
    return file.finish()


@pytest.mark.parametrize("written", [csv_of, xlsx_of])
@pytest.mark.parametrize("kind", KINDS)
def test_who_fills_in_all_columns_gets_the_same_person(school, other_school, kind, written):
    here, there = school.token("administrator"), other_school.token("administrator")
    profile = next(each.profile for each in population(YEAR) if each.kind == kind and each.school.key == "smandua")
    more = {"students": {"siblings": 3}, "teachers": {"photoUrl": "https://x.test/p.jpg"}, "staff": {}}[kind]
    body = {name: value for name, value in {**profile, **more, "email": None}.items() if name != "educationHistory"}
    created = call(kind, "POST", f"/api/{kind}", token=here, json_body=body)
    assert created.status == 201, created.text
    (exported,) = rows(export(kind, here, headers="dapodik"), ";")
    template = call("imports", "GET", f"/api/{kind}/import/template", token=there)
    headers = template.text.removeprefix("\ufeff").strip().split(";")
    asked = call("imports", "GET", f"/api/{kind}/import/template", token=there, headers={"Accept": XLSX})
    assert base64.b64decode(asked.text).startswith(b"PK")
    file = written(headers, [original(exported.get(each, "")) for each in headers])
    report = send(kind, there, **form(file))
    assert (report.result["summary"]["created"], report.result["ignoredColumns"]) == (1, []), report.text
    (person,) = call(kind, "GET", f"/api/{kind}", token=there).result
    assert {**created.result, **dict.fromkeys(GIVEN)} == {**person, **dict.fromkeys(GIVEN)}
    assert all(person[name] == value for name, value in more.items())
