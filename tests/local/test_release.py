"""What the next deployment is made of, so that whatever changed is live after it (acceptance E7)."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from tools import deploy, release
from tools.local.cloud import LocalError, name_release
from tools.sam_template import template

STACK = "core-test"


@pytest.fixture
def build(tmp_path, monkeypatch):
    """What `sam build` made: a template, a function, the shared code and the libraries."""
    for each in ("template.yaml", "AuthFunction/app.py", "CoreLayer/python/core/http/api.py", "DependenciesLayer/x.so"):
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text("as it was")
    monkeypatch.setattr(release, "BUILD", tmp_path)
    return tmp_path


def absent(**_):
    raise ClientError({"Error": {"Code": "ValidationError", "Message": f"Stack {STACK} does not exist"}}, "Describe")


def clients(parameters=None, status="UPDATE_COMPLETE", versions=("first",)):
    """CloudFormation and Secrets Manager with a stack that has those parameters, or none, and a secret."""
    found = [{"ParameterKey": name, "ParameterValue": value} for name, value in (parameters or {}).items()]
    stages = {key: ["AWSPREVIOUS"] for key in versions} | {versions[-1]: ["AWSCURRENT"]}
    secret = {"StackResourceDetail": {"PhysicalResourceId": "the-secret"}}
    services = {
        "cloudformation": SimpleNamespace(
            describe_stacks=lambda **_: {"Stacks": [{"StackStatus": status, "Parameters": found}]},
            describe_stack_resource=lambda **_: secret,
        ),
        "secretsmanager": SimpleNamespace(describe_secret=lambda **_: {"VersionIdsToStages": stages}),
    }
    if parameters is None:
        services["cloudformation"] = SimpleNamespace(describe_stacks=absent, describe_stack_resource=absent)
    return services.__getitem__


@pytest.mark.parametrize(
    "file", ["template.yaml", "AuthFunction/app.py", "CoreLayer/python/core/http/api.py", "DependenciesLayer/x.so"]
)
def test_a_change_of_code_of_a_library_or_of_the_template_is_another_release(build, file):
    before = release.release({}, {})
    assert release.release({}, {}) == before
    (build / file).write_text("changed")
    assert release.release({}, {}) != before


def test_a_file_that_came_is_another_release(build):
    before = release.release({}, {})
    (build / "CoreLayer/python/core/new.py").write_text("")
    assert release.release({}, {}) != before


def test_another_parameter_is_another_release(build):
    first = release.parameters_for(STACK, {"Stage": "prod", "HashCost": "12"}, clients())
    second = release.parameters_for(STACK, {"Stage": "prod", "HashCost": "13"}, clients())
    assert first["Release"] != second["Release"]


def test_what_is_not_given_stays_as_it_was_deployed(build):
    before = {"MailSender": "core@example.sch.id", "HashCost": "12"}
    following = release.parameters_for(STACK, {"HashCost": "13"}, clients(before))
    assert (following["MailSender"], following["HashCost"]) == ("core@example.sch.id", "13")


def test_a_deployment_of_the_same_again_is_the_same_release(build):
    first = release.parameters_for(STACK, {"Stage": "prod"}, clients())
    defaults = {name: str(each.get("Default", "")) for name, each in template()["Parameters"].items()}
    assert release.parameters_for(STACK, {}, clients(defaults | first)) == first


def test_a_secret_that_was_changed_is_another_release(build):
    first = release.parameters_for(STACK, {}, clients({"Stage": "dev"}))["Release"]
    second = release.parameters_for(STACK, {}, clients({"Stage": "dev"}, versions=("first", "second")))["Release"]
    third = release.parameters_for(STACK, {}, clients({"Stage": "dev"}, versions=("second", "third")))["Release"]
    assert len({first, second, third}) == 3


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS", "UPDATE_FAILED"])
def test_a_release_whose_deployment_failed_is_deployed_again(build, status):
    assert "Release" not in release.deployed(STACK, clients({"Release": "1" * 64}, status))


def test_a_parameter_that_the_template_has_no_more_does_not_stop_the_deployment(build):
    assert "Forgotten" not in release.parameters_for(STACK, {}, clients({"Forgotten": "x"}))


def test_what_cloudformation_refuses_is_not_taken_for_a_stack_that_is_not_there(build):
    def refused(**_):
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "You may not."}}, "DescribeStacks")

    with pytest.raises(ClientError, match="You may not"):
        release.deployed(STACK, lambda _: SimpleNamespace(describe_stacks=refused))


def test_empty_parameters_are_handed_on_as_empty():
    assert release.overrides({"EndpointUrl": ""}) == ["--parameter-overrides", 'EndpointUrl=""']


def test_the_local_cloud_finds_the_release_in_the_template(tmp_path):
    built = tmp_path / "template.yaml"
    built.write_text("Parameters:\n  Release:\n    Type: String\n    Default: none\n  Other:\n    Default: none\n")
    name_release(built, "1" * 64)
    assert built.read_text().count("1" * 64) == 1
    assert "Other:\n    Default: none" in built.read_text()
    built.write_text("Parameters: {}")
    with pytest.raises(LocalError):
        name_release(built, "1" * 64)


@pytest.mark.parametrize("argument", ["PublicOrigin", "Nothing=1", "publicorigin=https://core.example"])
def test_a_parameter_that_the_template_does_not_have_is_refused_with_those_that_it_has(argument):
    with pytest.raises(ValueError, match=r"PublicOrigin") as raised:
        deploy.main("prod", argument)
    assert all(name in str(raised.value) for name in template()["Parameters"])


def test_a_stage_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="STAGE"):
        deploy.main("production")
