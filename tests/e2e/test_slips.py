"""The slips over HTTP, on the template as it is deployed: bytes of a PDF come as bytes, JSON as text."""

import http.client
import io
import json
import re

from core.slips.service import ALPHABET
from pypdf import PdfReader

from tests.outcomes import summary
from tests.waiting import HANGING_SECONDS

PATH = "/api/users/password-resets"
BUDI = "budi.slip@smansa.test"


def test_a_sheet_comes_whole_and_what_it_prints_signs_in(core, call, sign_in):
    administrator = sign_in("admin@smansa.test")[2]["token"]
    person = call("POST", "/api/users", {"name": "Budi Santoso", "email": BUDI}, administrator)[2]["result"]["id"]
    status, headers, body = call("POST", PATH, {"userIds": [person]}, administrator)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert body["meta"]["summary"] == summary(total=1, updated=1)

    connection = http.client.HTTPConnection("127.0.0.1", core.port, timeout=HANGING_SECONDS)
    sent = {
        "Accept": "application/pdf",
        "Authorization": f"Bearer {administrator}",
        "Content-Type": "application/json",
    }
    connection.request("POST", PATH, json.dumps({"userIds": [person]}), sent)
    answer = connection.getresponse()
    sheet = answer.read()
    connection.close()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert sheet.startswith(b"%PDF")
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet)).pages)
    (password,) = re.findall(f"^[{ALPHABET}]{{12}}$", text, re.MULTILINE)
    assert sign_in(BUDI, body["result"][0]["password"])[0] == 401
    assert sign_in(BUDI, password)[0] == 200
