"""The OpenAPI document, as everybody can get it."""

import json

from tests.gateway import call
from tools.sam_template import ROOT

#: Of an answer of Lambda, less a fifth for what is still to come.
MOST_BYTES = 5_000_000


def get_document(tag=None):
    return call("openapi", "GET", "/openapi.json", headers={"If-None-Match": tag} if tag else None)


def test_everybody_gets_the_committed_document():
    reply = get_document()
    assert reply.status == 200
    assert reply.text == (ROOT / "docs/openapi.json").read_text()
    assert reply.headers["content-type"].startswith("application/json")


def test_caches_keep_it_and_it_is_not_sent_twice():
    first = get_document()
    assert first.headers["cache-control"] == "public, max-age=300"
    again = get_document(first.headers["etag"])
    assert (again.status, again.text) == (304, "")
    assert again.headers["etag"] == first.headers["etag"]
    assert get_document('"another"').status == 200


def test_it_fits_into_what_lambda_may_answer():
    assert len(json.dumps(get_document().text).encode()) < MOST_BYTES
