"""The mails that the running Core sent. The local cloud keeps them until it stops, and sends them nowhere."""

import json
import urllib.request
from typing import Any

from tools.local.cloud import LocalError
from tools.local.containers import running


def show(port: int) -> None:
    """Prints every mail as text, the newest last.

    Raises:
        LocalError: Core does not run.
    """
    mails = sent(port)
    for mail in mails:
        print(f"To: {', '.join(mail['To'])}\nSubject: {mail['Subject']}\n\n{mail['BodyText'].rstrip()}\n{'=' * 72}")
    if not mails:
        print("Core has sent no mails yet.")


def sent(port: int) -> list[dict[str, Any]]:
    """Every mail that the Core on this port sent, the newest last.

    Raises:
        LocalError: Core does not run.
    """
    address = f"{running(port).endpoint}/_ministack/ses/messages"
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            accounts = json.load(answer)["messages"]
    except OSError as error:
        raise LocalError(f"The local cloud does not say which mails were sent: {error}") from error
    return sorted((mail for mails in accounts.values() for mail in mails), key=lambda mail: mail["Timestamp"])
