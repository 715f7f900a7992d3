"""moto's bucket, as a test looks at it and fills it, beside what functions do: no test intercepts or counts that."""

from functools import cache
from typing import Any

import boto3
from core.kernel.settings import settings
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends


@cache
def client(service: str) -> Any:
    """A client of the service, made once: that takes longer than most calls."""
    return boto3.client(service)


def _bucket() -> Any:
    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"].get_bucket(settings().bucket_name)


def keys(prefix: str = "") -> list[str]:
    """The keys of everything in the bucket that begins with `prefix`, in their order."""
    return sorted(each for each in _bucket().keys if each.startswith(prefix))


def content_of(key: str) -> bytes:
    """The bytes under a key."""
    return _bucket().keys[key].value


def keep(key: str, content: bytes) -> None:
    """Puts bytes under a key, as whoever holds a link does."""
    client("s3").put_object(Bucket=settings().bucket_name, Key=key, Body=content)


def remove(prefix: str = "") -> None:
    """Removes everything whose key begins with `prefix`."""
    for key in keys(prefix):
        _bucket().keys.pop(key)
