"""What the linters do not see in the template: the properties that keep the data, the answers and the rights safe."""

import json

import pytest
from core.kernel.aws import PATIENCE

from tools.sam_template import environment_of, resources, secret_variables, translated

LONGEST_TIMEOUT = 28  # API Gateway gives up after 29 seconds
MOST_RESOURCES = 500  # of one stack
PLANNED_FUNCTIONS = 20
PLANNED_OPERATIONS = 110
# What SAM attaches to every function: writing its own logs, and its traces.
MANAGED_POLICIES = {"AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"}


def deployed(of_type: str) -> dict:
    """The resources of one type as CloudFormation gets them, by logical id."""
    return {name: each for name, each in translated()["Resources"].items() if each["Type"] == of_type}


def properties(of_type: str, name: str) -> dict:
    return deployed(of_type)[name]["Properties"]


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


def statements() -> dict[str, dict]:
    """Every statement of every policy, by a name that says where it stands."""
    found = {}
    for name, role in deployed("AWS::IAM::Role").items():
        for number, policy in enumerate(role["Properties"].get("Policies", [])):
            for place, statement in enumerate(policy["PolicyDocument"]["Statement"]):
                found[f"{name} {number}.{place}"] = statement
    for name, key in deployed("AWS::KMS::Key").items():
        for statement in key["Properties"]["KeyPolicy"]["Statement"]:
            found[f"{name} {statement['Sid']}"] = statement
    return found


FUNCTIONS = sorted(deployed("AWS::Lambda::Function"))
RETAINED = [
    ("AWS::DynamoDB::Table", "Table"),
    ("AWS::KMS::Key", "Key"),
    ("AWS::S3::Bucket", "Bucket"),
    *[("AWS::SecretsManager::Secret", name) for name in sorted(secret_variables().values())],
]
KEY = {"Fn::GetAtt": ["Key", "Arn"]}


CHANGES = {"dynamodb:DeleteItem", "dynamodb:UpdateItem"}
#: Writes that name no single item, which a condition on leading keys would have to understand.
SWEEPING = {"dynamodb:BatchWriteItem", "dynamodb:PartiQLDelete", "dynamodb:PartiQLUpdate", "dynamodb:DeleteTable"}
TRAILS = {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": "*#AUDIT"}}


@pytest.mark.parametrize("name", sorted(deployed("AWS::IAM::Role")))
def test_no_function_can_change_or_delete_what_stands_in_an_audit_trail(name):
    own = [each for where, each in statements().items() if where.startswith(f"{name} ")]
    allowed = {action for each in own if each["Effect"] == "Allow" for action in listed(each["Action"])}
    kept = [each for each in own if each["Effect"] == "Deny" and each.get("Condition") == TRAILS]
    assert not allowed & SWEEPING
    if allowed & CHANGES:
        assert [(set(each["Action"]), each["Resource"]) for each in kept] == [
            (CHANGES, {"Fn::GetAtt": ["Table", "Arn"]})
        ]


@pytest.mark.parametrize("name", FUNCTIONS)
class TestEveryFunction:
    def settings(self, name) -> dict:
        return properties("AWS::Lambda::Function", name)

    def test_ends_before_api_gateway_gives_up(self, name):
        assert self.settings(name)["Timeout"] <= LONGEST_TIMEOUT

    def test_logs_json_into_its_own_group(self, name):
        logging = self.settings(name)["LoggingConfig"]
        assert logging["LogFormat"] == "JSON"
        sharing = [each for each in FUNCTIONS if self.settings(each)["LoggingConfig"] == logging]
        assert sharing == [name]
        assert logging["LogGroup"]["Ref"] in deployed("AWS::Logs::LogGroup")

    def test_is_traced(self, name):
        assert self.settings(name)["TracingConfig"] == {"Mode": "Active"}

    def test_keeps_its_environment_under_our_key(self, name):
        assert self.settings(name)["KmsKeyArn"] == KEY

    def test_has_an_alias(self, name):
        aliases = [each["Properties"] for each in deployed("AWS::Lambda::Alias").values()]
        assert [each["Name"] for each in aliases if each["FunctionName"] == {"Ref": name}] == ["live"]

    def test_says_where_failures_go_of_events_that_nobody_waits_for(self, name):
        function = resources("AWS::Serverless::Function")[name]["Properties"]
        events = [each for each in function.get("Events", {}).values() if each["Type"] != "Api"]
        for event in events:
            assert {"DestinationConfig", "DeadLetterConfig", "RedrivePolicy"} & event["Properties"].keys()
            # A topic has done its work when Lambda took the event; what fails then is the function's to say.
            assert event["Type"] != "SNS" or function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]


def test_a_function_that_another_one_waits_for_ends_before_that_gives_up():
    waited_for = {
        (name, value["Ref"].removesuffix(".Alias"))
        for name in resources("AWS::Serverless::Function")
        for value in environment_of(name).values()
        if isinstance(value, dict) and str(value.get("Ref")).endswith("Function.Alias")
    }
    assert waited_for
    for name, other in waited_for:
        waits, works = (properties("AWS::Lambda::Function", each)["Timeout"] for each in (name, other))
        assert works < PATIENCE["lambda"][0] < waits


def sources(kind: str) -> list[str]:
    """The event sources that are streams of the table, or else queues."""
    found = deployed("AWS::Lambda::EventSourceMapping")
    return sorted(
        name
        for name, each in found.items()
        if (each["Properties"]["EventSourceArn"]["Fn::GetAtt"][1] == "StreamArn") == (kind == "stream")
    )


@pytest.mark.parametrize("name", sources("stream"))
class TestEveryStreamThatCallsAFunction:
    def settings(self, name) -> dict:
        return properties("AWS::Lambda::EventSourceMapping", name)

    def test_reaches_it_through_its_alias(self, name):
        assert self.settings(name)["FunctionName"]["Ref"] in deployed("AWS::Lambda::Alias")

    def test_does_not_hang_on_a_record_that_fails_for_ever(self, name):
        assert self.settings(name)["MaximumRetryAttempts"] <= 20
        assert self.settings(name)["MaximumRecordAgeInSeconds"] <= 24 * 3600
        assert self.settings(name)["BisectBatchOnFunctionError"] is True
        assert self.settings(name)["FunctionResponseTypes"] == ["ReportBatchItemFailures"]

    def test_does_not_give_a_record_up_because_others_were_busy_for_some_minutes(self, name):
        # Lambda's pauses grow to a minute each.
        assert self.settings(name)["MaximumRetryAttempts"] >= 8
        assert self.settings(name)["MaximumRecordAgeInSeconds"] >= 30 * 60

    def test_says_where_such_a_record_goes(self, name):
        (queue, _) = self.settings(name)["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"]
        assert properties("AWS::SQS::Queue", queue)["KmsMasterKeyId"] == KEY

    def test_loses_nothing_that_was_written_while_it_was_made(self, name):
        assert self.settings(name)["StartingPosition"] == "TRIM_HORIZON"


@pytest.mark.parametrize(
    ("name", "of_type"),
    [(name, of_type) for of_type in ("AWS::SNS::Topic", "AWS::SQS::Queue") for name in sorted(deployed(of_type))],
)
def test_what_passes_messages_on_encrypts_them_with_our_key(name, of_type):
    assert properties(of_type, name)["KmsMasterKeyId"] == KEY


def test_mails_go_out_from_one_address_only():
    (sending,) = [each for each in statements().values() if "ses:SendEmail" in listed(each["Action"])]
    assert sending["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "MailSender"}}}


def test_callers_reach_functions_through_their_alias():
    called = {each["Properties"]["FunctionName"]["Ref"] for each in deployed("AWS::Lambda::Permission").values()}
    assert called
    assert called <= deployed("AWS::Lambda::Alias").keys()


@pytest.mark.parametrize("name", sorted(deployed("AWS::Logs::LogGroup")))
def test_logs_are_kept_for_a_while_and_encrypted_with_our_key(name):
    group = properties("AWS::Logs::LogGroup", name)
    assert 30 <= group["RetentionInDays"] <= 365
    assert group["KmsKeyId"] == KEY


@pytest.mark.parametrize(("of_type", "name"), RETAINED)
def test_what_holds_data_outlives_the_stack(of_type, name):
    assert deployed(of_type)[name]["DeletionPolicy"] == "Retain"
    assert deployed(of_type)[name]["UpdateReplacePolicy"] == "Retain"


def test_everything_that_holds_data_is_in_the_list_above():
    holds = {"AWS::DynamoDB::Table", "AWS::SecretsManager::Secret", "AWS::KMS::Key", "AWS::S3::Bucket"}
    found = {(each["Type"], name) for name, each in translated()["Resources"].items() if each["Type"] in holds}
    assert found == set(RETAINED)


class TestTheTable:
    def settings(self) -> dict:
        return properties("AWS::DynamoDB::Table", "Table")

    def test_cannot_be_deleted_by_mistake(self):
        assert self.settings()["DeletionProtectionEnabled"] is True

    def test_can_be_brought_back_to_any_second(self):
        assert self.settings()["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True

    def test_forgets_what_has_expired(self):
        assert self.settings()["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}

    def test_streams_both_images(self):
        assert self.settings()["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}

    def test_is_encrypted_with_our_key(self):
        encryption = self.settings()["SSESpecification"]
        assert encryption == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}


@pytest.mark.parametrize("name", sorted(deployed("AWS::SecretsManager::Secret")))
def test_every_secret_is_long_and_encrypted_with_our_key(name):
    secret = properties("AWS::SecretsManager::Secret", name)
    assert secret["GenerateSecretString"]["PasswordLength"] >= 64
    assert secret["KmsKeyId"] == KEY


def test_the_key_rotates():
    assert properties("AWS::KMS::Key", "Key")["EnableKeyRotation"] is True


def test_the_logs_service_may_use_the_key_for_this_accounts_logs_only():
    (condition,) = statements()["Key Logs"]["Condition"]["ArnLike"].items()
    assert condition[0] == "kms:EncryptionContext:aws:logs:arn"
    assert ":${AWS::AccountId}:log-group:" in condition[1]["Fn::Sub"]


@pytest.mark.parametrize("where", sorted(statements()))
class TestEveryStatement:
    def test_names_its_actions(self, where):
        if where == "Key Account":
            # The one exception: it delegates to the account's IAM policies, or the key could become unmanageable.
            principal = statements()[where]["Principal"]
            assert principal == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
            return
        assert [each for each in listed(statements()[where]["Action"]) if "*" in each] == []

    def test_names_its_resources(self, where):
        if where.startswith("Key "):
            return  # in a key's own policy `*` means that key
        assert "*" not in listed(statements()[where]["Resource"])

    def test_allows_nobody_in_particular_nothing(self, where):
        assert "*" not in json.dumps(statements()[where].get("Principal"))

    def test_uses_the_key_only_through_a_service_that_keeps_data(self, where):
        statement = statements()[where]
        if where.startswith("Key ") or not any(each.startswith("kms:") for each in listed(statement["Action"])):
            return
        services = [{"Fn::Sub": f"{name}.${{AWS::Region}}.amazonaws.com"} for name in ("dynamodb", "s3", "sqs")]
        assert statement["Condition"] in [{"StringEquals": {"kms:ViaService": each}} for each in services]


#: API Gateway's own, for the logs of all that it serves in the account.
ROLE_OF_LOGS = "ApiLogsRole"


@pytest.mark.parametrize("name", sorted(deployed("AWS::IAM::Role").keys() - {ROLE_OF_LOGS}))
def test_roles_are_for_functions_only_and_carry_no_other_managed_policy(name):
    role = properties("AWS::IAM::Role", name)
    trusted = [each["Principal"] for each in role["AssumeRolePolicyDocument"]["Statement"]]
    assert trusted == [{"Service": ["lambda.amazonaws.com"]}]
    assert {each.rpartition("/")[2] for each in role["ManagedPolicyArns"]} <= MANAGED_POLICIES


def test_the_whole_product_fits_into_one_stack():
    count = len(translated()["Resources"])
    operations = len(deployed("AWS::Lambda::Permission"))
    per_function = 5  # function, version, alias, role, log group
    growth = per_function * max(0, PLANNED_FUNCTIONS - len(FUNCTIONS)) + max(0, PLANNED_OPERATIONS - operations)
    projected = count + growth
    room = f"{count} resources now, about {projected} with everything planned, of {MOST_RESOURCES}"
    assert count < MOST_RESOURCES, room
    assert projected <= MOST_RESOURCES - 150, f"{room}: too little is left for alarms, queues and buckets"
