"""Imports over HTTP: a form's bytes pass the gateway, and the queue brings the chunks to the workers."""

from tests.imports import csv_file, form
from tests.outcomes import summary
from tests.waiting import wait_for

#: Into the second school, so that whoever counts the first one's people finds the same before and after.
ROWS = [[f"Murid Impor {number}", f"impor{number}@smandua.test", f"{number:010d}"] for number in range(7000, 7250)]
HEADERS = ("Nama Lengkap", "Email Sekolah", "NISN")


def imported(call, token):
    """Sends the file and returns the job when it is done."""
    status, headers, body = call("POST", "/api/students/import", token=token, **form(csv_file(HEADERS, ROWS)))
    assert status in (200, 202), body

    def completed():
        job = call("GET", headers["Location"], token=token)[2]["result"]
        return job if job["status"] == "COMPLETED" else None

    return wait_for(completed)


def test_a_file_too_large_for_the_request_is_worked_off_by_workers_and_the_second_time_changes_nothing(call, sign_in):
    token = sign_in("admin@smandua.test")[2]["token"]
    assert imported(call, token)["summary"] == summary(total=250, created=250)
    job = imported(call, token)
    assert job["summary"] == summary(total=250, unchanged=250)
    _, _, page = call("GET", f"/api/imports/{job['id']}/rows?page=3&limit=100", token=token)
    assert [each["row"] for each in page["result"]] == list(range(202, 252))
