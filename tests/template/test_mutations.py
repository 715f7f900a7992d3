"""Whatever of the template keeps data, rights and answers safe is missed by an assertion when it is gone."""

from fnmatch import fnmatchcase

import pytest

from tests.template.mutations import checks, is_noticed, removals

#: What may be gone without one of this folder's assertions failing, and why.
PLAIN = {
    # It says what something is called.
    "*/Description": "for people",
    "*/description": "for people",
    "*/Sid": "for people",
    "*/ConstraintDescription": "for people",
    "*/PolicyName": "for people",
    "*/Rules/[*]/Id": "for people",
    "*/Tags*": "SAM's own",
    "*/Metadata*": "SAM's own",
    "*/DependsOn": "SAM's own, and the order of making",
    "*/PolicyDocument/Version": "cfn-lint asks for it",
    "*/AssumeRolePolicyDocument/*": "SAM's own but for who is trusted, which has its test",
    "AWS::KMS::Key/Properties/KeyPolicy/Version": "cfn-lint asks for it",
    # CloudFormation refuses the template without it, or nothing works at all.
    "AWS::ApiGateway::Stage/Properties/*Id": "required",
    "AWS::ApiGateway::Stage/Properties/StageName": "required",
    "AWS::DynamoDB::Table/Properties/AttributeDefinitions*": "required; every test's table is made of it",
    "AWS::DynamoDB::Table/Properties/BillingMode": "every test's table is made of it",
    "AWS::DynamoDB::Table/Properties/GlobalSecondaryIndexes*": "every test's table is made of it",
    "AWS::DynamoDB::Table/Properties/KeySchema*": "required; every test's table is made of it",
    "AWS::Lambda::Alias/Properties/FunctionVersion": "required",
    "AWS::Lambda::EventInvokeConfig/Properties/FunctionName": "required",
    "AWS::Lambda::EventSourceMapping/Properties/BatchSize": "how many at once",
    "AWS::Lambda::EventSourceMapping/Properties/EventSourceArn": "required",
    "AWS::Lambda::Function/Properties/Architectures": "what the layer is compiled for",
    "AWS::Lambda::Function/Properties/Code*": "required",
    "AWS::Lambda::Function/Properties/Environment*": "a function does not start without it",
    "AWS::Lambda::Function/Properties/Handler": "required",
    "AWS::Lambda::Function/Properties/Layers": "a function does not start without it",
    "AWS::Lambda::Function/Properties/MemorySize": "how fast",
    "AWS::Lambda::Function/Properties/Role": "required",
    "AWS::Lambda::Function/Properties/Runtime": "required",
    "AWS::S3::BucketPolicy/Properties/Bucket": "required",
    "AWS::SNS::Subscription/Properties/Protocol": "required",
    "AWS::SNS::Subscription/Properties/TopicArn": "required",
    # What it holds may go with the stack, and what it is set to is what it is without it.
    "AWS::Logs::LogGroup/*Policy": "logs may go with the stack",
    "AWS::SQS::Queue/*Policy": "messages may go with the stack",
    "AWS::S3::Bucket/Properties/BucketEncryption/*/BucketKeyEnabled": "what it costs",
    "AWS::SecretsManager::Secret/Properties/GenerateSecretString/ExcludePunctuation": "how it looks",
    "Parameter/Default": "for whoever deploys",
    "Parameter/Type": "required",
}


def is_plain(path):
    return any(fnmatchcase(path, each) for each in PLAIN)


def test_the_assertions_hold_as_long_as_nothing_is_gone():
    assert len(checks()) > 300
    assert [each.arguments for each in checks() if each.notices()] == []


@pytest.mark.parametrize("of_type", sorted({each.path.partition("/")[0] for each in removals()}))
def test_whatever_is_taken_out_is_missed(of_type):
    unnoticed = [
        f"{each.path} of {each.name}"
        for each in removals()
        if each.path.startswith(f"{of_type}/") and not is_plain(each.path) and not is_noticed(each)
    ]
    assert unnoticed == [], "Assert what these are for, or say in PLAIN why nothing need notice their loss."


@pytest.mark.parametrize("pattern", PLAIN)
def test_what_is_excepted_is_there(pattern):
    assert any(fnmatchcase(each.path, pattern) for each in removals())
