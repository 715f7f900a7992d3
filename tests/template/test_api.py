"""What API Gateway lets in and answers itself, and what the parameters of a deployment may be."""

import pytest

from tools.sam_template import gateway_responses, resources, template

STATUSES = {
    "DEFAULT_5XX": 500,
    "INTEGRATION_TIMEOUT": 503,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
}
#: What CORS and the API's own operations need of a browser.
HEADERS = {"authorization", "content-type", "if-match", "if-none-match", "idempotency-key", "x-organization-id"}


def cors(member: str) -> set[str]:
    return set(resources("AWS::Serverless::Api")["Api"]["Properties"]["Cors"][member].strip("'").split(","))


def test_a_browser_may_send_what_the_operations_take():
    assert cors("AllowHeaders") >= HEADERS
    methods = {
        event["Properties"]["Method"].upper()
        for function in resources("AWS::Serverless::Function").values()
        for event in function["Properties"].get("Events", {}).values()
        if event["Type"] == "Api"
    }
    assert cors("AllowMethods") >= methods


def test_a_browser_may_send_the_cookie_from_the_one_origin_and_asks_again_after_a_while():
    settings = resources("AWS::Serverless::Api")["Api"]["Properties"]["Cors"]
    assert settings["AllowCredentials"] is True
    assert 0 < int(settings["MaxAge"].strip("'")) <= 3600


@pytest.mark.parametrize("kind", STATUSES)
def test_api_gateways_own_failures_have_the_status_that_they_say(kind):
    assert gateway_responses()[kind]["StatusCode"] == STATUSES[kind]


def test_a_deployment_is_of_a_known_stage_and_processor():
    parameters = template()["Parameters"]
    assert parameters["Stage"]["AllowedValues"] == ["dev", "prod"]
    assert parameters["Architecture"]["AllowedValues"] == ["arm64", "x86_64"]


def test_a_hash_is_neither_worthless_nor_longer_than_a_request():
    cost = template()["Parameters"]["HashCost"]
    assert 4 <= cost["MinValue"] <= cost["MaxValue"] <= 16
