"""What is exported can be imported again: nothing gets lost on the way, so nothing is to be changed."""

import base64
import re

import pytest
from core.kernel.media_types import CSV, XLSX

from tests.functions.test_people_exports import export
from tests.gateway import call
from tests.imports import form, send
from tools.demo.people import EVENTS_YEAR
from tools.demo.population import population

PEOPLE = [each for each in population(EVENTS_YEAR) if each.school.key == "smandua" and each.number <= 2]


#: What a spreadsheet would run, what looks like the cure, and what parts the items of a list.
ODD = ("Budi;=1+1;x", "@Budi, '+1", "'=Budi", "'007", 'Budi "=x"; "-1"', "\uff1dBudi", "Budi; \"' =1")
#: A formula behind the beginning of a cell or any separator, blanks and quotes between them or not.
FORMULA = re.compile(r'(^|[,;\t\n])[ "]*[=+@\uff1d]|(^|[,;\t\n])[ "]*-[^0-9]')


@pytest.mark.parametrize("headers", ["fields", "dapodik"])
@pytest.mark.parametrize("accept", [CSV, XLSX])
@pytest.mark.parametrize("kind", ["students", "teachers", "staff"])
def test_c7_texts_that_hold_formulas_are_exported_harmless_and_imported_as_they_were(school, kind, accept, headers):
    token = school.token("administrator")
    for number, text in enumerate(ODD):
        person = {"name": text, "birthPlace": text, "email": f"=orang{number}@x.test", "specialNeeds": [text, "-1, A"]}
        body = person | {"address": {"street": text}, "phoneNumber": "+62 812-3456-7890"}
        assert call(kind, "POST", f"/api/{kind}", token=token, json_body=body).status == 201
    exported = export(kind, token, accept, headers=headers).text
    if accept == CSV:
        assert FORMULA.search(exported.removeprefix("\ufeff").replace("\r\n", "\n")) is None
    file = base64.b64decode(exported) if accept == XLSX else exported.encode()
    report = send(kind, token, dry_run=True, **form(file))
    assert [each["status"] for each in report.result["rows"]] == ["unchanged"] * len(ODD), report.text


@pytest.mark.parametrize("headers", ["fields", "dapodik"])
@pytest.mark.parametrize("accept", [CSV, XLSX])
@pytest.mark.parametrize("kind", ["students", "teachers", "staff"])
def test_an_exported_file_is_imported_as_unchanged(school, kind, accept, headers):
    token = school.token("administrator")
    people = [each.profile for each in PEOPLE if each.kind == kind]
    for each in people:
        assert call(kind, "POST", f"/api/{kind}", token=token, json_body=each).status == 201
    exported = export(kind, token, accept, headers=headers).text
    file = base64.b64decode(exported) if accept == XLSX else exported.encode()
    report = send(kind, token, dry_run=True, **form(file))
    assert report.result["summary"] | {"unchanged": 0} == dict.fromkeys(report.result["summary"], 0) | {
        "total": len(people)
    }
    assert report.result["summary"]["unchanged"] == len(people)
    assert [each["warnings"] for each in report.result["rows"]] == [[]] * len(people)
