"""What every test stands on: the environment of a function, and an in-process table made from template.yaml."""

import os

os.environ.update(
    STAGE="test",
    TABLE_NAME="core-test",
    PUBLIC_ORIGIN="http://localhost:3000",
    MAIL_SENDER="core@core.test",
    HASH_COST="4",
    PASSWORD_KEY="a secret of the tests",
    CURSOR_KEY="another one",
    LINK_KEY="a third one",
    THROTTLE_KEY="a fourth one",
    IMPORT_KEY="a fifth one",
    BUCKET_NAME="core-test-files",
    PICTURES_FUNCTION="core-test-pictures",
    IMPORT_QUEUE_URL="https://sqs.ap-southeast-3.amazonaws.com/123456789012/core-test-imports",
    URGENT_MAILS_URL="https://sqs.ap-southeast-3.amazonaws.com/123456789012/core-test-urgent-mails",
    BULK_MAILS_URL="https://sqs.ap-southeast-3.amazonaws.com/123456789012/core-test-bulk-mails",
    MAILS_PER_SECOND="1000000000",
    AWS_REGION="ap-southeast-3",
    AWS_DEFAULT_REGION="ap-southeast-3",
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    POWERTOOLS_LOG_LEVEL="INFO",
    POWERTOOLS_DEV="false",
)
for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_PROFILE", "AWS_CA_BUNDLE"):
    os.environ.pop(name, None)

from collections.abc import Iterator  # noqa: E402
from copy import deepcopy  # noqa: E402

import boto3  # noqa: E402
import pytest  # noqa: E402
from core.imports import work  # noqa: E402
from core.kernel import aws  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402
from moto import mock_aws  # noqa: E402

from tests.invocations import run_here  # noqa: E402
from tests.mails import Outbox, outbox  # noqa: E402
from tests.quicker_moto import quicken  # noqa: E402
from tests.schools import School, build_school, clear, everything, restore  # noqa: E402
from tools.sam_template import table_definition  # noqa: E402

# Hypothesis itself watches the clock, and a busy machine is no fault of what is tried.
_slow = [HealthCheck.too_slow]
# Examples for the OpenAPI document are the same each time they are recorded.
_repeats = "WRITE_EXAMPLES" in os.environ
settings.register_profile("any machine", deadline=None, suppress_health_check=_slow, derandomize=_repeats)
settings.load_profile("any machine")
pytest_plugins = ["tests.recording", "tests.workers"]

# One after the other, so that a test knows which write is the third.
work.THREADS = 1


@pytest.fixture(scope="session")
def dynamodb() -> Iterator[object]:
    """A client of moto's DynamoDB with the table of the template; files and messages have their places too."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        quicken(patch)
        client = boto3.client("dynamodb")
        client.create_table(**table_definition("core-test"))
        place = {"LocationConstraint": os.environ["AWS_REGION"]}
        boto3.client("s3").create_bucket(Bucket=os.environ["BUCKET_NAME"], CreateBucketConfiguration=place)
        for name in ("imports", "urgent-mails", "bulk-mails"):
            boto3.client("sqs").create_queue(QueueName=f"core-test-{name}")
        run_here(aws._client("lambda"))
        yield client


@pytest.fixture
def table(dynamodb) -> object:
    """The empty table."""
    clear(dynamodb)
    return dynamodb


#: Each school of the tests with its items, made once: its transactions are most of a test's time otherwise.
_made: dict[str, tuple[School, list[dict]]] = {}


def _school(table, name: str, domain: str) -> School:
    if domain not in _made:
        before = everything(table)
        school = build_school(name, domain)
        _made[domain] = school, [item for item in everything(table) if item not in before]
    else:
        restore(table, _made[domain][1])
    return deepcopy(_made[domain][0])


@pytest.fixture
def school(table) -> School:
    """A school with one account per system role."""
    return _school(table, "SMA Negeri 1 Contoh", "smansa.test")


@pytest.fixture
def other_school(table) -> School:
    """Another school in the same deployment."""
    return _school(table, "SMA Negeri 2 Contoh", "smandua.test")


@pytest.fixture
def admin(school) -> str:
    """A session of the school's administrator."""
    return school.token("administrator")


@pytest.fixture
def mails(table: object) -> Iterator[Outbox]:
    """What is ordered and sent."""
    with outbox(table) as found:
        yield found
