"""The configuration of a function: environment variables, read once, checked at once.

The template sets every one of them. A missing variable fails the start with its name, so that a
misconfigured deployment shows in the first log line and not in the tenth request.
"""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides."""

    stage: str
    table_name: str
    region: str
    dynamodb_endpoint: str | None
    public_origin: str
    trusted_origins: frozenset[str]
    hash_cost: int
    pepper: bytes
    cursor_key: bytes
    link_key: bytes
    mail_sender: str
    #: The configuration set of SES that reports bounces and complaints; only the mailer has one.
    mail_configuration: str | None
    throttle_key: bytes
    #: Where files are kept, and the queue of imports; only the functions that need them have them.
    bucket_name: str | None
    import_queue_url: str | None

    @property
    def secure(self) -> bool:
        """Whether the public origin is https, which decides the cookie's name and `Secure`."""
        return self.public_origin.startswith("https://")


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise RuntimeError(
            f"The environment variable {name} is not set. template.yaml sets it; sam local takes it from --env-vars."
        )
    return value


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises:
        RuntimeError: when a variable is missing or out of range; names it.
    """
    cost = int(_required("HASH_COST"))
    if not 4 <= cost <= 16:
        raise RuntimeError("HASH_COST must lie between 4 and 16.")
    origin = _required("PUBLIC_ORIGIN").rstrip("/")
    more = os.environ.get("TRUSTED_ORIGINS", "")
    secret = _required("SECRET").encode()
    return Settings(
        stage=_required("STAGE"),
        table_name=_required("TABLE_NAME"),
        region=_required("AWS_REGION"),
        dynamodb_endpoint=os.environ.get("AWS_ENDPOINT_URL_DYNAMODB") or os.environ.get("AWS_ENDPOINT_URL") or None,
        public_origin=origin,
        trusted_origins=frozenset({origin, *filter(None, (each.strip().rstrip("/") for each in more.split(",")))}),
        hash_cost=cost,
        pepper=b"pepper:" + secret,
        cursor_key=b"cursor:" + secret,
        link_key=b"link:" + secret,
        mail_sender=_required("MAIL_SENDER"),
        mail_configuration=os.environ.get("MAIL_CONFIGURATION") or None,
        throttle_key=b"throttle:" + secret,
        bucket_name=os.environ.get("BUCKET_NAME") or None,
        import_queue_url=os.environ.get("IMPORT_QUEUE_URL") or None,
    )
