"""What the linters do not see of queues that call functions, and of the bucket."""

import pytest
from core.kernel.queues import MOST_RECEIVES

from tests.template.test_template import KEY, LONGEST_TIMEOUT, deployed, properties, sources


@pytest.mark.parametrize("name", sources("queue"))
class TestEveryQueueThatCallsAFunction:
    def settings(self, name) -> dict:
        return properties("AWS::Lambda::EventSourceMapping", name)

    def queue(self, name) -> dict:
        return properties("AWS::SQS::Queue", self.settings(name)["EventSourceArn"]["Fn::GetAtt"][0])

    def test_reaches_it_through_its_alias(self, name):
        assert self.settings(name)["FunctionName"]["Ref"] in deployed("AWS::Lambda::Alias")

    def test_brings_again_only_what_failed(self, name):
        assert self.settings(name)["FunctionResponseTypes"] == ["ReportBatchItemFailures"]

    def test_brings_nothing_again_while_a_worker_may_have_it(self, name):
        assert self.queue(name)["VisibilityTimeout"] >= 6 * LONGEST_TIMEOUT

    def test_gives_up_in_the_end_and_says_where_the_message_goes(self, name):
        redrive = self.queue(name)["RedrivePolicy"]
        assert redrive["maxReceiveCount"] == MOST_RECEIVES
        assert properties("AWS::SQS::Queue", redrive["deadLetterTargetArn"]["Fn::GetAtt"][0])["KmsMasterKeyId"] == KEY

    def test_does_not_take_the_account_from_all_else(self, name):
        number = self.settings(name)["ScalingConfig"]["MaximumConcurrency"]
        (_, *numbers) = number["Fn::If"] if isinstance(number, dict) else (None, number)
        assert all(2 <= number <= 50 for number in numbers)


class TestTheBucket:
    def settings(self) -> dict:
        return properties("AWS::S3::Bucket", "Bucket")

    def test_is_nobodys_but_ours(self):
        closed = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
        assert self.settings()["PublicAccessBlockConfiguration"] == dict.fromkeys(closed, True)
        assert self.settings()["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]

    def test_is_encrypted_with_our_key(self):
        (rule,) = self.settings()["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}

    def test_forgets_what_was_to_be_imported(self):
        rules = {each.get("Prefix"): each for each in self.settings()["LifecycleConfiguration"]["Rules"]}
        assert rules["chunks/"]["ExpirationInDays"] == rules["imports/"]["ExpirationInDays"] == 1
        assert rules["images/uploads/"]["ExpirationInDays"] == 1
        assert {each["Status"] for each in rules.values()} == {"Enabled"}
        # Parts of an upload that never ended are listed nowhere.
        assert rules[None]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}

    def test_keeps_no_version_of_what_was_deleted(self):
        assert "VersioningConfiguration" not in self.settings()

    def test_is_reached_over_tls_only(self):
        (statement,) = properties("AWS::S3::BucketPolicy", "BucketPolicy")["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
        assert len(statement["Resource"]) == 2
