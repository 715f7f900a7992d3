"""What API Gateway lets in, logs and answers itself, and what the parameters of a deployment may be."""

import json
import re

import pytest
from core.http.api import STRICT_TRANSPORT_SECURITY
from core.http.error_bodies import PROBLEM_JSON

from tests.template.test_template import ROLE_OF_LOGS, deployed, properties
from tools.sam_template import gateway_responses, preflight_headers, resources, routes, template, translated

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


def preflights() -> dict:
    """What API Gateway answers by path to what a browser asks beforehand, as the template has it."""
    paths = resources("AWS::Serverless::Api")["Api"]["Properties"]["DefinitionBody"]["paths"]
    return {path: methods["options"] for path, methods in paths.items()}


def test_every_path_answers_what_a_browser_asks_beforehand():
    assert set(preflights()) == {path for _, path in routes()}
    assert len({json.dumps(each) for each in preflights().values()}) == 1
    assert resources("AWS::Serverless::Api")["Api"]["Properties"]["MergeDefinitions"] is True


def test_sam_merges_the_answers_with_the_operations():
    paths = deployed("AWS::ApiGateway::RestApi")["Api"]["Properties"]["Body"]["paths"]
    assert {path: methods["options"] for path, methods in paths.items()} == preflights()
    assert {(method.upper(), path) for path, each in paths.items() for method in each if method != "options"} == {
        *routes()
    }


def test_what_a_browser_asks_beforehand_is_answered_without_a_function_and_without_a_body():
    answer = next(iter(preflights().values()))
    integration = answer["x-amazon-apigateway-integration"]
    (status,) = answer["responses"]
    assert json.loads(integration["requestTemplates"]["application/json"]) == {"statusCode": int(status)}
    assert (integration["type"], integration["passthroughBehavior"]) == ("mock", "when_no_match")
    assert integration["responses"]["default"]["statusCode"] == status
    named = {*preflight_headers(), "Access-Control-Allow-Origin"}
    assert answer["responses"][status]["headers"] == {each: {"type": "string"} for each in named}
    assert preflight_headers()["Vary"] == "Origin"


def test_cors_names_the_origin_of_the_request_if_it_is_trusted_and_never_all():
    answer = next(iter(preflights().values()))["x-amazon-apigateway-integration"]["responses"]["default"]
    assert not any("Allow-Origin" in name for name in answer["responseParameters"])
    written = answer["responseTemplates"]["application/json"]["Fn::Sub"]
    assert '$trusted = ",${PublicOrigin},${TrustedOrigins},"' in written
    assert '$trusted.contains(",$origin,")' in written
    assert "'*'" not in json.dumps(translated())


@pytest.mark.parametrize("origins", ["", "https://a.example", "http://localhost:5173,https://b.example:8443"])
def test_several_origins_can_be_trusted_or_none(origins):
    assert re.fullmatch(template()["Parameters"]["TrustedOrigins"]["AllowedPattern"], origins)


@pytest.mark.parametrize("origins", ["*", "https://*", "https://a.example/x", "https://a.example,", "http://a.example"])
def test_what_is_no_list_of_origins_is_not_trusted(origins):
    assert re.fullmatch(template()["Parameters"]["TrustedOrigins"]["AllowedPattern"], origins) is None


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*",
        "",
        "https://a.example/path",
        "https://a.example,https://b",
        "http://a.example",
        "http://localhost.a",
    ],
)
def test_the_public_origin_can_only_be_one_origin_and_on_http_only_this_machine(origin):
    assert re.fullmatch(template()["Parameters"]["PublicOrigin"]["AllowedPattern"], origin) is None


class TestTheStage:
    def settings(self) -> dict:
        (stage,) = deployed("AWS::ApiGateway::Stage").values()
        return stage["Properties"]

    def test_is_traced(self):
        assert self.settings()["TracingEnabled"] is True

    def test_is_throttled_for_every_operation(self):
        (everything,) = self.settings()["MethodSettings"]
        assert (everything["HttpMethod"], everything["ResourcePath"]) == ("*", "/*")
        assert 0 < everything["ThrottlingBurstLimit"] <= everything["ThrottlingRateLimit"] <= 1000

    def test_writes_every_access_as_json_with_the_address_it_came_from_and_no_other_personal_data(self):
        access = self.settings()["AccessLogSetting"]
        assert access["DestinationArn"] == {"Fn::GetAtt": ["AccessLogGroup", "Arn"]}
        line = json.loads(access["Format"])
        assert line["address"] == "$context.identity.sourceIp"
        assert set(line) == {"requestId", "time", "address", "method", "route", "status", "milliseconds"}

    def test_waits_until_api_gateway_may_write_logs_in_an_account_that_never_had_one(self):
        api = deployed("AWS::ApiGateway::RestApi")["Api"]
        assert api["DependsOn"] == "ApiLogs"
        (condition, made, given) = properties("AWS::ApiGateway::Account", "ApiLogs")["CloudWatchRoleArn"]["Fn::If"]
        assert (made, given) == ({"Fn::GetAtt": [ROLE_OF_LOGS, "Arn"]}, {"Ref": "ApiLogsRoleArn"})
        assert translated()["Conditions"][condition] == {"Fn::Equals": [given, ""]}
        assert deployed("AWS::IAM::Role")[ROLE_OF_LOGS]["Condition"] == condition

    def test_lets_api_gateway_write_logs_and_do_nothing_else(self):
        role = properties("AWS::IAM::Role", ROLE_OF_LOGS)
        (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trusted["Principal"] == {"Service": "apigateway.amazonaws.com"}
        (policy,) = role["ManagedPolicyArns"]
        assert policy["Fn::Sub"].endswith(":policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs")
        assert "Policies" not in role

    @pytest.mark.parametrize(
        ("of_type", "name"), [("AWS::ApiGateway::Account", "ApiLogs"), ("AWS::IAM::Role", ROLE_OF_LOGS)]
    )
    def test_leaves_to_the_accounts_other_apis_what_lets_them_write_logs(self, of_type, name):
        assert deployed(of_type)[name]["DeletionPolicy"] == "Retain"
        assert deployed(of_type)[name]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("kind", sorted(gateway_responses()))
class TestEveryGatewayResponse:
    def test_speaks_the_envelope(self, kind):
        written = gateway_responses()[kind]["ResponseTemplates"]["application/json"]
        # API Gateway puts quotes around this one itself; all others stand inside quotes.
        filled = written.replace("$context.error.messageString", '"Refused."')
        answer = json.loads(re.sub(r"\$context\.[A-Za-z.]+", "filled", filled))
        assert list(answer) == ["success", "message", "meta", "errors", "result"]
        assert (answer["success"], answer["meta"], answer["result"]) == (False, {}, None)
        (error,) = answer["errors"]
        assert list(error) == ["code", "field", "message"]
        assert error["message"] == answer["message"] != ""

    def test_says_the_same_as_a_problem_to_whoever_asks_for_one(self, kind):
        templates = gateway_responses()[kind]["ResponseTemplates"]
        envelope, problem = (
            json.loads(templates[each].replace("$context.error.messageString", '"Refused."'))
            for each in ("application/json", PROBLEM_JSON)
        )
        assert (problem["type"], problem["detail"], problem["errors"]) == (
            "about:blank",
            envelope["message"],
            envelope["errors"],
        )
        assert problem.get("status") == gateway_responses()[kind].get("StatusCode")

    def test_carries_the_request_id_is_not_cached_and_keeps_browsers_on_https(self, kind):
        headers = gateway_responses()[kind]["ResponseParameters"]["Headers"]
        assert headers["x-request-id"] == "context.requestId"
        assert headers["Cache-Control"] == "'no-store'"
        assert headers["Strict-Transport-Security"] == f"'{STRICT_TRANSPORT_SECURITY}'"


@pytest.mark.parametrize("kind", ["THROTTLED", "INTEGRATION_TIMEOUT"])
def test_who_should_try_again_is_told_when(kind):
    assert "Retry-After" in gateway_responses()[kind]["ResponseParameters"]["Headers"]


@pytest.mark.parametrize(
    "kind", ["DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN", "REQUEST_TOO_LARGE", "THROTTLED"]
)
def test_api_gateways_own_failures_are_answered_in_our_words(kind):
    assert kind in gateway_responses()


def cors(member: str) -> set[str]:
    return set(preflight_headers()[f"Access-Control-{member}"].split(","))


def test_a_browser_may_send_what_the_operations_take():
    assert cors("Allow-Headers") >= HEADERS
    methods = {
        event["Properties"]["Method"].upper()
        for function in resources("AWS::Serverless::Function").values()
        for event in function["Properties"].get("Events", {}).values()
        if event["Type"] == "Api"
    }
    assert cors("Allow-Methods") >= methods


def test_a_browser_may_send_the_cookie_and_asks_again_after_a_while():
    headers = preflight_headers()
    assert headers["Access-Control-Allow-Credentials"] == "true"
    assert 0 < int(headers["Access-Control-Max-Age"]) <= 3600


@pytest.mark.parametrize("kind", sorted(gateway_responses()))
def test_a_page_elsewhere_can_read_api_gateways_own_failures(kind):
    headers = gateway_responses()[kind]["ResponseParameters"]["Headers"]
    assert headers["Access-Control-Allow-Origin"] == "method.request.header.Origin"
    assert headers["Access-Control-Allow-Credentials"] == "'true'"
    assert headers["Vary"] == "'Origin'"
    assert {"Retry-After", "x-request-id"} == set(headers["Access-Control-Expose-Headers"].strip("'").split(","))


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


@pytest.mark.parametrize(
    ("school", "is_one"), [("", True), ("695aff00fe59d19f76516ba8", True), ("1", False), ("*", False)]
)
def test_the_deployments_own_school_is_an_id_or_none(school, is_one):
    pattern = template()["Parameters"]["DefaultOrganizationId"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, school)) is is_one
