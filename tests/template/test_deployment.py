"""Acceptance E7: what makes a deployment live, and what none may be made with, as CloudFormation gets it."""

import re

import pytest
from core.kernel.settings import LEAST_PRODUCTION_COST

from tools.sam_template import template, translated

FUNCTIONS = sorted(name for name, each in translated()["Resources"].items() if each["Type"] == "AWS::Lambda::Function")


def versions(release: str) -> dict[str, str]:
    """The version to which the alias of each function leads in a release, by function."""
    aliases = [each for each in translated(release)["Resources"].values() if each["Type"] == "AWS::Lambda::Alias"]
    properties = [each["Properties"] for each in aliases]
    return {each["FunctionName"]["Ref"]: each["FunctionVersion"]["Fn::GetAtt"][0] for each in properties}


@pytest.mark.parametrize("name", FUNCTIONS)
class TestEveryFunction:
    def test_is_published_anew_by_a_release_whose_own_code_did_not_change(self, name):
        assert versions("1" * 64)[name] != versions("2" * 64)[name]

    def test_changes_with_the_release_so_that_lambda_has_something_to_publish(self, name):
        first, second = (translated(each * 64)["Resources"][name]["Properties"] for each in "12")
        assert first != second


def assertions(rule: str) -> list[dict]:
    return [each["Assert"] for each in template()["Rules"][rule]["Assertions"]]


def test_a_deployment_that_names_no_release_is_refused_because_it_would_leave_the_old_code_live():
    unnamed = template()["Parameters"]["Release"]["Default"]
    assert assertions("Deployed") == [{"Fn::Not": [{"Fn::Equals": [{"Ref": "Release"}, unnamed]}]}]


def test_a_production_whose_passwords_are_cheap_to_guess_is_refused():
    assert template()["Rules"]["Production"]["RuleCondition"] == {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
    (costs, parameter) = assertions("Production")[0]["Fn::Contains"]
    assert parameter == {"Ref": "HashCost"}
    assert min(map(int, costs)) == LEAST_PRODUCTION_COST
    assert max(map(int, costs)) == template()["Parameters"]["HashCost"]["MaxValue"]


def test_a_production_on_a_local_cloud_is_refused():
    assert assertions("Production")[1] == {"Fn::Equals": [{"Ref": "EndpointUrl"}, ""]}


@pytest.mark.parametrize("origin", ["https://core.example.sch.id", "https://a.example:8443", "http://localhost:3000"])
def test_the_origins_that_people_have_are_taken(origin):
    assert re.fullmatch(template()["Parameters"]["PublicOrigin"]["AllowedPattern"], origin)
