"""What is exported can be imported again: nothing gets lost on the way, so nothing is to be changed."""

import base64

import pytest
from school.media_types import CSV, XLSX

from tests.functions.test_people_exports import export
from tests.gateway import call
from tests.imports import form, send
from tools.demo.population import population

PEOPLE = [each for each in population() if each.school.key == "smandua" and each.number <= 2]


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
