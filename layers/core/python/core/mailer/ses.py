"""SES, which takes the mails. Beside `core.kernel.table` this is the only module that knows a client of AWS."""

from functools import cache
from typing import Any, NamedTuple

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from core.kernel.settings import settings


class Mail(NamedTuple):
    """A mail, written."""

    subject: str
    text: str
    html: str


class NotTaken(Exception):
    """SES did not take a mail. It says only SES's code, because SES's sentences name addresses."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@cache
def _client() -> Any:
    """The client, made for the first mail.

    It tries again after a moment when SES is busy: a queue brings what failed again after some minutes only, and
    somebody waits for a link.
    """
    config = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    return get_session().create_client("sesv2", region_name=settings().region, config=config)


def send(address: str, mail: Mail) -> None:
    """Hands a mail to SES.

    Raises:
        NotTaken: SES refused it, was busy or did not answer in time.
    """
    content = {
        "Subject": _utf8(mail.subject),
        "Body": {"Text": _utf8(mail.text), "Html": _utf8(mail.html)},
        # RFC 3834: tells holiday notices and other robots not to answer.
        "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
    }
    options = {"ConfigurationSetName": settings().mail_configuration} if settings().mail_configuration else {}
    try:
        _client().send_email(
            FromEmailAddress=settings().mail_sender,
            Destination={"ToAddresses": [address]},
            Content={"Simple": content},
            **options,
        )
    except ClientError as error:
        raise NotTaken(str(error.response.get("Error", {}).get("Code", "unknown"))) from None
    except BotoCoreError as error:
        raise NotTaken(type(error).__name__) from None


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
