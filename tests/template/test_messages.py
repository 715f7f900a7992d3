"""Who may hand what on to whom: mails, reports of them, what fails, and the key that all of it passes under."""

import json

import pytest
from core.mailer.service import BULK_SHARE, BULK_WORKERS, TAKEN_SECONDS

from tests.template.test_template import deployed, listed, properties, statements
from tools.sam_template import template

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

    def test_alone_call_the_function_that_hands_them_on(self):
        (mapping,) = [
            each["Properties"]
            for each in deployed("AWS::Lambda::EventSourceMapping").values()
            if each["Properties"]["EventSourceArn"]["Fn::GetAtt"][1] == "StreamArn"
        ]
        assert mapping["FunctionName"] == {"Ref": "OutboxFunctionAliaslive"}
        (pattern,) = [json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"]]
        assert pattern["eventName"] == ["INSERT"]
        assert pattern["dynamodb"]["Keys"] == {"pk": {"S": [{"suffix": "#OUTBOX"}]}}


@pytest.mark.parametrize("lane", ["BulkMails", "UrgentMails"])
class TestBothLanesOfMails:
    def test_call_the_function_that_sends_them(self, lane):
        assert self.workers(lane)["FunctionName"] == {"Ref": "MailerFunctionAliaslive"}

    def test_are_those_that_orders_are_handed_to(self, lane):
        variables = properties("AWS::Lambda::Function", "OutboxFunction")["Environment"]["Variables"]
        assert variables[{"BulkMails": "BULK_MAILS_URL", "UrgentMails": "URGENT_MAILS_URL"}[lane]] == {"Ref": lane}

    def test_give_a_worker_one_mail_so_that_none_waits_for_the_pace_of_others_or_is_cut_short(self, lane):
        assert self.workers(lane)["BatchSize"] == 1

    def test_bring_a_mail_again_only_when_whoever_had_it_no_longer_has_it_to_itself(self, lane):
        runs = properties("AWS::Lambda::Function", "MailerFunction")["Timeout"]
        again = properties("AWS::SQS::Queue", lane)["VisibilityTimeout"]
        assert runs < TAKEN_SECONDS < again

    def test_keep_a_mail_as_long_as_a_weekend_lasts(self, lane):
        assert properties("AWS::SQS::Queue", lane)["MessageRetentionPeriod"] == 4 * 24 * 3600

    def workers(self, lane) -> dict:
        (found,) = [
            each["Properties"]
            for each in deployed("AWS::Lambda::EventSourceMapping").values()
            if each["Properties"]["EventSourceArn"] == {"Fn::GetAtt": [lane, "Arn"]}
        ]
        return found


def test_the_lane_of_many_has_the_workers_that_its_pace_counts_on():
    workers = properties("AWS::Lambda::EventSourceMapping", "BulkMailsWorkers")
    assert workers["ScalingConfig"] == {"MaximumConcurrency": BULK_WORKERS}
    variables = properties("AWS::Lambda::Function", "MailerFunction")["Environment"]["Variables"]
    assert variables["MAILS_PER_SECOND"] == {"Ref": "MailsPerSecond"}
    asked = template()["Parameters"]["MailsPerSecond"]
    assert (asked["Type"], asked["Default"], asked["MinValue"]) == ("Number", 14, 1)
    # The slowest pace, in which a worker sends to both addresses of an account, fits into its run.
    slowest = 2 * BULK_WORKERS / (BULK_SHARE * asked["MinValue"])
    assert slowest < properties("AWS::Lambda::Function", "MailerFunction")["Timeout"] / 2


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
