"""The services beside the table that functions call: files in S3, messages in SQS, another function in Lambda.

Only this module knows their clients. What fails for a moment becomes `Unavailable` here, after the client's own
bounded retries. All attempts at one call together end within ten seconds.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from core.kernel.errors import PayloadTooLarge, Unavailable
from core.kernel.settings import settings

_ABSENT = frozenset({"NoSuchKey", "404", "NoSuchBucket"})
_MESSAGES_AT_ONCE = 10
#: How long a service may take for an answer, in seconds, and how often it is asked. A function that was slow once would
#: be slow again, and work twice.
PATIENCE = {"s3": (4, 2), "sqs": (4, 2), "lambda": (8, 1)}


@cache
def _client(service: str) -> Any:
    seconds, attempts = PATIENCE[service]
    config = Config(
        connect_timeout=1,
        read_timeout=seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=16,
        # At an address of one's own, links would be signed in the form that S3 no longer takes.
        signature_version="s3v4" if service == "s3" else None,
        # A bucket's own host name does not exist on a local cloud.
        s3={"addressing_style": "virtual" if settings().dynamodb_endpoint is None else "path"},
    )
    return get_session().create_client(service, region_name=settings().region, config=config)


def warm() -> None:
    """Makes the clients before threads race to make one each."""
    _client("s3")
    _client("sqs")


def put_object(key: str, body: bytes) -> None:
    """Keeps a file. The bucket encrypts it with the deployment's key.

    Raises:
        Unavailable: S3 did not take it.
    """
    try:
        _client("s3").put_object(Bucket=settings().bucket_name, Key=key, Body=body)
    except (ClientError, BotoCoreError) as error:
        raise Unavailable() from error


def get_object(key: str, most: int) -> bytes | None:
    """A file of at most so many bytes, or None when there is none under this key.

    Raises:
        PayloadTooLarge: it is larger.
        Unavailable: S3 did not answer.
    """
    try:
        answer = _client("s3").get_object(Bucket=settings().bucket_name, Key=key)
        if answer["ContentLength"] > most:
            raise PayloadTooLarge(f"The file is larger than {most // 1024 // 1024} MB.")
        return bytes(answer["Body"].read())
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _ABSENT:
            return None
        raise Unavailable() from error
    except BotoCoreError as error:
        raise Unavailable() from error


def delete_object(key: str) -> None:
    """Forgets a file; one that is not there is forgotten already.

    Raises:
        Unavailable: S3 did not answer.
    """
    try:
        _client("s3").delete_object(Bucket=settings().bucket_name, Key=key)
    except (ClientError, BotoCoreError) as error:
        raise Unavailable() from error


def objects_under(prefix: str) -> Iterator[tuple[str, datetime]]:
    """The keys that begin with `prefix`, each with when it was written.

    Raises:
        Unavailable: S3 did not answer.
    """
    wanted = {"Bucket": settings().bucket_name, "Prefix": prefix}
    while True:
        try:
            answer = _client("s3").list_objects_v2(**wanted)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable() from error
        for each in answer.get("Contents", []):
            yield each["Key"], each["LastModified"]
        if not answer["IsTruncated"]:
            return
        wanted["ContinuationToken"] = answer["NextContinuationToken"]


def upload_link(key: str, content_type: str, size: int, seconds: int) -> str:
    """A link that takes exactly so many bytes of this type under this key. It is made without a call."""
    wanted = {"Bucket": settings().bucket_name, "Key": key, "ContentType": content_type, "ContentLength": size}
    return str(_client("s3").generate_presigned_url("put_object", wanted, ExpiresIn=seconds))


def download_link(key: str, name: str, content_type: str, seconds: int) -> str:
    """A link that gives the file as one to save under this name. It is made without a call."""
    wanted = {
        "Bucket": settings().bucket_name,
        "Key": key,
        "ResponseContentType": content_type,
        "ResponseContentDisposition": f'attachment; filename="{name}"',
    }
    return str(_client("s3").generate_presigned_url("get_object", wanted, ExpiresIn=seconds))


def invoke(function: str, document: dict[str, Any]) -> dict[str, Any]:
    """What another function answers to a document.

    Raises:
        Unavailable: it was busy, did not answer in time, or failed.
    """
    try:
        answer = _client("lambda").invoke(FunctionName=function, Payload=json.dumps(document).encode())
        answered: dict[str, Any] = json.loads(answer["Payload"].read())
    except (ClientError, BotoCoreError) as error:
        raise Unavailable() from error
    if "FunctionError" in answer:
        raise Unavailable()
    return answered


def send_messages(queue_url: str, bodies: Sequence[str], *, of: str) -> None:
    """Puts messages into a queue. Some may arrive twice.

    Args:
        queue_url: which queue.
        bodies: the messages.
        of: whose they are. Who has many waiting does not hold up others: the queue brings those first whose owners
            have taken up less of its workers (fair queues of SQS).

    Raises:
        Unavailable: SQS did not take them all.
    """
    left = list(bodies)
    for start in range(0, len(left), _MESSAGES_AT_ONCE):
        run = left[start : start + _MESSAGES_AT_ONCE]
        entries = [{"Id": str(number), "MessageBody": body, "MessageGroupId": of} for number, body in enumerate(run)]
        try:
            answer = _client("sqs").send_message_batch(QueueUrl=queue_url, Entries=entries)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable() from error
        if answer.get("Failed"):
            raise Unavailable()
