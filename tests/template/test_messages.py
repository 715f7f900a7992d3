"""Who may hand what on to whom: mails, reports of them, what fails, and the key that all of it passes under."""

import json

import pytest

from tests.template.test_template import deployed, listed, properties, statements

ACCOUNT = "arn:${AWS::Partition}:%s:${AWS::Region}:${AWS::AccountId}:%s"
FAILED = {"Fn::GetAtt": ["FailedEvents", "Arn"]}
#: The services that may use the key, and for which of this account's resources.
SERVICES = {
    "Logs": ({"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}, "logs", ACCOUNT % ("logs", "log-group:*")),
    "Reports": ("ses.amazonaws.com", "sns:topic", ACCOUNT % ("sns", "*")),
    "Queues": ("sns.amazonaws.com", "sqs", ACCOUNT % ("sqs", "*")),
}


@pytest.mark.parametrize("sid", SERVICES)
def test_a_service_uses_the_key_for_what_is_this_accounts_only(sid):
    service, kind, arn = SERVICES[sid]
    statement = statements()[f"Key {sid}"]
    assert (statement["Effect"], statement["Principal"], statement["Resource"]) == ("Allow", {"Service": service}, "*")
    ((name, condition),) = statement["Condition"]["ArnLike"].items()
    assert name == f"kms:EncryptionContext:aws:{kind}{'Arn' if ':' in kind else ':arn'}"
    assert condition == {"Fn::Sub": arn}


def test_nobody_else_is_named_by_the_key():
    named = {where.removeprefix("Key ") for where in statements() if where.startswith("Key ")}
    assert named == {"Account", *SERVICES}
    account = statements()["Key Account"]
    assert (account["Effect"], account["Resource"]) == ("Allow", "*")


@pytest.mark.parametrize("name", sorted(deployed("AWS::IAM::Role")))
def test_a_function_that_reads_no_file_sees_the_names_of_pictures_only(name):
    own = [each for where, each in statements().items() if where.startswith(f"{name} ")]
    # Who reads files must see that one is absent, which S3 otherwise calls forbidden.
    if not any("s3:GetObject" in listed(each["Action"]) for each in own):
        seeing = [each.get("Condition") for each in own if "s3:ListBucket" in listed(each["Action"])]
        assert [each for each in seeing if each != {"StringLike": {"s3:prefix": "images/*"}}] == []


class TestMails:
    def test_go_out_over_tls_only(self):
        configuration = properties("AWS::SES::ConfigurationSet", "MailConfiguration")
        assert configuration["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
        assert configuration["SendingOptions"] == {"SendingEnabled": True}
        assert configuration["ReputationOptions"] == {"ReputationMetricsEnabled": True}

    def test_that_bounce_or_are_unwanted_are_reported(self):
        reports = properties("AWS::SES::ConfigurationSetEventDestination", "MailReports")
        assert reports["ConfigurationSetName"] == {"Ref": "MailConfiguration"}
        destination = reports["EventDestination"]
        assert (destination["Enabled"], set(destination["MatchingEventTypes"])) == (True, {"bounce", "complaint"})
        assert destination["SnsDestination"] == {"TopicARN": {"Ref": "MailTopic"}}

    def test_are_reported_by_nobody_but_our_own_configuration(self):
        policy = properties("AWS::SNS::TopicPolicy", "MailTopicPolicy")
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Action"]) == ("Allow", "sns:Publish")
        assert (statement["Principal"], statement["Resource"]) == (
            {"Service": "ses.amazonaws.com"},
            {"Ref": "MailTopic"},
        )
        configuration = {"Fn::Sub": ACCOUNT % ("ses", "configuration-set/${MailConfiguration}")}
        assert statement["Condition"] == {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
            "ArnEquals": {"aws:SourceArn": configuration},
        }
        assert policy["Topics"] == [{"Ref": "MailTopic"}]

    def test_alone_call_the_function_that_sends_them(self):
        (mapping,) = [
            each["Properties"]
            for each in deployed("AWS::Lambda::EventSourceMapping").values()
            if each["Properties"]["EventSourceArn"]["Fn::GetAtt"][1] == "StreamArn"
        ]
        (pattern,) = [json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"]]
        assert pattern["eventName"] == ["INSERT"]
        assert pattern["dynamodb"]["Keys"] == {"pk": {"S": [{"suffix": "#OUTBOX"}]}}


class TestWhatFailed:
    def test_is_kept_for_two_weeks(self):
        assert properties("AWS::SQS::Queue", "FailedEvents")["MessageRetentionPeriod"] == 14 * 24 * 3600

    def test_is_told_by_nobody_but_our_own_topic(self):
        policy = properties("AWS::SQS::QueuePolicy", "FailedEventsPolicy")
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Action"]) == ("Allow", "sqs:SendMessage")
        assert (statement["Principal"], statement["Resource"]) == ({"Service": "sns.amazonaws.com"}, FAILED)
        assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Ref": "MailTopic"}}}
        assert policy["Queues"] == [{"Ref": "FailedEvents"}]

    @pytest.mark.parametrize("name", sorted(deployed("AWS::SNS::Subscription")))
    def test_is_kept_when_the_topic_reaches_no_function(self, name):
        subscription = properties("AWS::SNS::Subscription", name)
        assert subscription["RedrivePolicy"] == {"deadLetterTargetArn": FAILED}
        assert subscription["Endpoint"]["Ref"] in deployed("AWS::Lambda::Alias")

    @pytest.mark.parametrize("name", sorted(deployed("AWS::Lambda::EventInvokeConfig")))
    def test_is_kept_when_the_function_gives_up(self, name):
        settings = properties("AWS::Lambda::EventInvokeConfig", name)
        assert settings["DestinationConfig"] == {"OnFailure": {"Destination": FAILED}}
        assert settings["MaximumRetryAttempts"] > 0
        assert settings["Qualifier"] == "live"


def test_what_an_import_waits_for_is_not_kept_longer_than_its_file():
    assert properties("AWS::SQS::Queue", "ImportQueue")["MessageRetentionPeriod"] == 24 * 3600
