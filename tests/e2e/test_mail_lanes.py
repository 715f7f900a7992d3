"""A thousand mails of a bulk operation wait, and one person asks for a reset link: it once took 139 seconds."""

import json
import urllib.request
from collections import Counter

import pytest
from core.kernel import clock
from core.kernel.items import Item
from core.kernel.table import MOST_WRITES, transact
from core.outbox.models import MailKind, order

from tests.waiting import HANGING_SECONDS, wait_for
from tools.demo.people import demo_id

pytestmark = pytest.mark.proof

PRINCIPAL, TEACHER = "principal@smansa.test", "teacher@smansa.test"
WAITING = 1_000


@pytest.fixture
def their_table(core, monkeypatch):
    """The table of the running Core under the models of this process."""
    for name, value in {"host": core.cloud.endpoint, "table_name": core.table_name}.items():
        monkeypatch.setattr(Item.Meta, name, value)
    monkeypatch.setattr(Item, "_connection", None)


def confirmations():
    """The orders of so many confirmations, as the rows of an import write them."""
    for number in range(WAITING):
        to = [f"impor{number}@orang-tua.test"]
        write = order(
            demo_id("smandua"), MailKind.VERIFY_ADDRESS, user_id=f"{number:024x}", name=f"Murid {number}", to=to
        )
        write.among_many()
        yield write


def test_a_reset_link_does_not_wait_for_a_thousand_confirmations_and_all_of_them_arrive_once(
    core, call, their_table, capsys
):
    def sent():
        """Every mail so far as its address and time, in the order in which SES took them."""
        with urllib.request.urlopen(f"{core.cloud.endpoint}/_ministack/ses/messages", timeout=HANGING_SECONDS) as page:
            accounts = json.load(page)["messages"]
        mails = [(each["Timestamp"], each["To"][0]) for of_one in accounts.values() for each in of_one]
        return [(at, address) for at, address in sorted(mails) if address.endswith("@orang-tua.test")], mails

    def links(address=PRINCIPAL):
        return [at for at, to in sent()[1] if to == address]

    # So that what is told is not how long this machine takes to start functions.
    assert call("POST", "/api/auth/request-password-reset", {"email": TEACHER})[0] == 200
    wait_for(lambda: links(TEACHER))
    before = len(links())
    writes = list(confirmations())
    for start in range(0, WAITING, MOST_WRITES):
        transact(*writes[start : start + MOST_WRITES])
    asked = clock.now().timestamp()
    assert call("POST", "/api/auth/request-password-reset", {"email": PRINCIPAL})[0] == 200
    arrived = wait_for(lambda: links()[before:])[0]
    ahead = [at for at, _ in sent()[0] if at <= arrived]
    with capsys.disabled():
        print(f"\nThe link arrived {arrived - asked:.1f} s after it was asked for, behind {len(ahead)} of {WAITING}")
    assert len(ahead) < WAITING / 2
    confirmed = wait_for(lambda: len(sent()[0]) >= WAITING and sent()[0])
    with capsys.disabled():
        print(f"The last of the {WAITING} arrived {confirmed[-1][0] - asked:.1f} s after that")
    assert Counter(Counter(address for _, address in confirmed).values()) == {1: WAITING}
