"""SES's reports: what bounces for good or is complained about gets no more mails."""

import json

import pytest
from core.kernel import clock
from core.kernel.table import get
from core.mailer.service import suppress
from core.outbox.models import DeliveryState, delivery_key

from tests.gateway import function

ADDRESS = "student@smansa.test"


def report(*messages):
    """The event with which the topic calls the function."""
    records = [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(each)}} for each in messages]
    function("mailevents").handler({"Records": records}, None)


def bounce(kind, *addresses):
    recipients = [{"emailAddress": each, "action": "failed", "status": "5.1.1"} for each in addresses]
    members = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": recipients}
    return {"eventType": "Bounce", "bounce": members, "mail": {"destination": list(addresses)}}


def complaint(*addresses):
    recipients = [{"emailAddress": each} for each in addresses]
    return {"eventType": "Complaint", "complaint": {"complainedRecipients": recipients}, "mail": {}}


def state(address=ADDRESS):
    item = get(*delivery_key(address))
    return item and item.state


@pytest.mark.usefixtures("table")
class TestReports:
    def test_a_lasting_bounce_is_noted_for_a_while(self):
        report(bounce("Permanent", ADDRESS, "second@x.test"))
        assert state() == state("second@x.test") == "bounced"
        left = get(*delivery_key(ADDRESS)).expires_at - clock.now().timestamp()
        assert 29 * 24 * 3600 < left <= 30 * 24 * 3600

    @pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
    def test_a_full_mailbox_or_a_holiday_changes_nothing(self, kind):
        report(bounce(kind, ADDRESS))
        assert state() is None

    def test_a_complaint_is_noted_for_good(self):
        report(complaint(ADDRESS))
        assert state() == "complained"
        assert get(*delivery_key(ADDRESS)).expires_at is None

    def test_a_bounce_does_not_undo_a_complaint_and_a_complaint_outdoes_a_bounce(self):
        report(bounce("Permanent", ADDRESS), complaint(ADDRESS), bounce("Permanent", ADDRESS))
        assert state() == "complained"

    def test_an_address_is_found_however_ses_writes_it(self):
        report(bounce("Permanent", "Fauzan <Student@SMANSA.test>"))
        assert state() == "bounced"

    @pytest.mark.parametrize("message", [{"eventType": "Delivery"}, {}, {"eventType": "Bounce"}])
    def test_other_reports_are_none_of_its_business(self, message):
        report(message)
        assert state() is None

    def test_a_later_bounce_prolongs(self):
        suppress(ADDRESS, DeliveryState.BOUNCED, clock.from_wire("2026-01-01T00:00:00Z"))
        report(bounce("Permanent", ADDRESS))
        assert get(*delivery_key(ADDRESS)).expires_at > clock.now().timestamp()

    def test_what_is_no_report_fails_so_that_it_is_kept(self):
        with pytest.raises(ValueError):
            function("mailevents").handler({"Records": [{"Sns": {"Message": "not JSON"}}]}, None)
