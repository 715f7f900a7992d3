"""The demo school's people over HTTP, on the template as it is deployed: lists, files and the public directory."""

import csv
import http.client
import io
import zipfile

import pytest
from core.kernel.media_types import CSV, XLSX

from tests.waiting import HANGING_SECONDS
from tools.demo.people import demo_id


@pytest.fixture
def download(core, sign_in):
    """Gets a file as the principal, who may see everybody."""
    token = sign_in("admin@smansa.test")[2]["token"]

    def get(path, accept):
        connection = http.client.HTTPConnection("127.0.0.1", core.port, timeout=HANGING_SECONDS)
        connection.request("GET", path, headers={"Accept": accept, "Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status == 200, body[:500]
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        return answer.headers["Content-Type"], body

    return get


def test_the_whole_school_comes_as_one_csv(download):
    content_type, body = download("/api/students", CSV)
    rows = list(csv.DictReader(io.StringIO(body.decode(), newline="")))
    assert content_type.startswith(CSV)
    assert len(rows) == len({row["nik"] for row in rows}) == 600 + 132, "those of this year, and who left with the last"
    assert len({row["email"] for row in rows if row["email"] == "student@smansa.test"}) == 1


def test_an_xlsx_comes_as_bytes_that_are_one(download):
    content_type, body = download("/api/teachers?headers=dapodik", XLSX)
    assert content_type == XLSX
    sheet = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row>") == 61
    assert "Nama Lengkap" in sheet


def test_the_incomplete_are_one_in_twelve(call, sign_in):
    token = sign_in("admin@smansa.test")[2]["token"]
    status, _, body = call("GET", "/api/students?readiness=incomplete&fields=id", token=token)
    assert status == 200
    # A birth certificate's number that is missing is none of Dapodik's business.
    assert 40 <= body["meta"]["total"] <= 60


def test_the_directory_needs_no_sign_in_and_ends_at_50_a_page(call):
    path = f"/api/public/teachers?organizationId={demo_id('smansa')}"
    status, headers, body = call("GET", f"{path}&limit=50")
    assert (status, headers["Cache-Control"], len(body["result"])) == (200, "public, max-age=300", 50)
    assert set(body["result"][0]) == {"id", "name", "photoUrl"}
    # Two have retired.
    assert body["meta"]["total"] == 60 - 2
    assert call("GET", f"{path}&limit=51")[0] == 400
