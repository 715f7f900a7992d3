"""The mailer: what stands in the outbox goes out, to each address once, whatever SES and the stream do."""

from datetime import timedelta

import pytest
from botocore.exceptions import ReadTimeoutError
from core.kernel import clock
from core.kernel.table import put, transact
from core.links import models as links
from core.mailer.service import suppress
from core.outbox.models import DeliveryState, MailKind, delivery_item, order

from tests.gateway import call
from tests.wire import intercepted, refusal

OWN, SECOND = "student@smansa.test", "ibu@rumah.test"


@pytest.fixture
def ordered(school):
    """Orders a mail about the student and returns the student."""

    def place(kind=MailKind.PASSWORD_CHANGED, **options):
        student = school.people["student"]
        members = {"user_id": student.id, "name": "Fauzan Gifari", "to": [OWN]} | options
        transact(order(school.id, kind, **members))
        # Orders of one millisecond have no order.
        stamp = clock.to_wire(clock.now())
        while clock.to_wire(clock.now()) == stamp:
            pass
        return student

    return place


def throttled(times):
    """SES that refuses the first calls, as it does above its rate."""
    left = [times]

    def refuse(_):
        left[0] -= 1
        if left[0] >= 0:
            raise refusal(429, "TooManyRequestsException")

    return refuse


class TestWhatAMailSays:
    def test_a_changed_password_is_told_with_the_time_at_the_school(self, mails, ordered):
        ordered(details={"by": "administrator", "at": "2026-11-21T07:04:00.000Z"})
        assert mails.deliver() == []
        assert mails.calls[0]["FromEmailAddress"] == "core@core.test"
        assert "Halo Fauzan Gifari," in mails.text()
        assert "SMA Negeri 1 Contoh" in mails.text()
        # The tests' school keeps the default zone, eight hours before UTC.
        assert "oleh administrator sekolah pada 21 November 2026, 15.04 WITA" in mails.text()
        assert "by a school administrator on 21 November 2026, 15:04 WITA" in mails.text()
        assert "segera hubungi administrator sekolah" in mails.text()

    @pytest.mark.parametrize("kind", [MailKind.PASSWORD_CHANGED, MailKind.VERIFY_ADDRESS])
    def test_details_may_be_missing(self, mails, ordered, kind):
        ordered(kind)
        assert mails.deliver() == []
        assert len(mails.calls) == 1

    def test_a_reset_link_opens_and_its_origin_is_configured(self, mails, ordered):
        until = clock.to_wire(clock.now() + timedelta(hours=1))
        student = ordered(MailKind.RESET_LINK, details={"link_id": "a" * 24, "valid_until": until})
        mails.deliver()
        token = links.token_of(student.organization_id, student.id, "a" * 24)
        assert f"http://localhost:3000/reset-password?token={token}" in mails.text()
        assert f'href="http://localhost:3000/reset-password?token={token}"' in mails.html()

    def test_a_reset_link_for_another_page_leads_there(self, mails, ordered):
        until = clock.to_wire(clock.now() + timedelta(hours=1))
        details = {"link_id": "a" * 24, "valid_until": until, "redirect_to": "http://localhost:3000/baru"}
        ordered(MailKind.RESET_LINK, details=details)
        mails.deliver()
        assert "?callbackURL=http%3A%2F%2Flocalhost%3A3000%2Fbaru" in mails.text()

    def test_a_verification_proves_the_address_that_it_went_to(self, mails, ordered):
        student = ordered(MailKind.VERIFY_ADDRESS, to=[OWN, SECOND])
        mails.deliver()
        for number, address in enumerate((OWN, SECOND)):
            assert links.verification_url(student.organization_id, student.id, address) in mails.text(number)

    def test_indonesian_stands_before_english_in_both_parts(self, mails, ordered):
        ordered()
        mails.deliver()
        for part in (mails.text(), mails.html()):
            assert part.index("Halo") < part.index("Hello")
        assert mails.html().index('lang="id"') < mails.html().index('lang="en"')

    def test_a_name_stays_a_name(self, mails, ordered):
        ordered(name='<script>alert("a")</script>\r\n\r\nKunjungi http://jahat.test {school}\u202e&')
        mails.deliver()
        assert "<script>" not in mails.html()
        assert (
            "&lt;script&gt;alert(&quot;a&quot;)&lt;/script&gt; Kunjungi http://jahat.test {school} &amp;"
            in mails.html()
        )
        assert '<script>alert("a")</script> Kunjungi http://jahat.test {school} &,' in mails.text().splitlines()[0]

    def test_no_name_reaches_a_header(self, mails, ordered):
        ordered(name="Fauzan\r\nBcc: everybody@jahat.test")
        mails.deliver()
        simple = mails.calls[0]["Content"]["Simple"]
        assert "Fauzan" not in simple["Subject"]["Data"]
        assert simple["Headers"] == [{"Name": "Auto-Submitted", "Value": "auto-generated"}]


class TestToWhomItGoes:
    def test_two_addresses_get_a_mail_each_and_do_not_see_the_other(self, mails, ordered):
        ordered(to=[OWN, SECOND])
        assert mails.deliver() == []
        assert [each["Destination"] for each in mails.calls] == [{"ToAddresses": [OWN]}, {"ToAddresses": [SECOND]}]
        assert not any(OWN in mails.text(each) + mails.html(each) for each in range(2))

    @pytest.mark.parametrize(
        "address",
        [
            "a@x.test\r\nBcc: b@x.test",
            "a@x.test\n",
            "a@x.test, b@x.test",
            "A <a@x.test>",
            "a@x.test;b@x.test",
            "\ufb01@x.test",
            "\u212a@x.test",
            "",
            "x",
        ],
    )
    def test_what_is_not_exactly_one_address_gets_nothing(self, mails, ordered, address):
        ordered(to=[address])
        assert mails.deliver() == ["0"]
        assert mails.calls == []

    @pytest.mark.parametrize("state", list(DeliveryState))
    def test_an_address_that_bounced_or_complained_gets_nothing(self, mails, ordered, state):
        suppress(OWN, state, clock.now())
        ordered(to=[OWN, SECOND])
        assert mails.deliver() == []
        assert mails.addresses == [SECOND]
        assert mails.stored()[0].sent_at

    def test_after_a_while_an_address_that_bounced_is_tried_again(self, mails, ordered):
        transact(put(delivery_item(OWN, DeliveryState.BOUNCED, clock.now() - timedelta(days=31))))
        ordered()
        mails.deliver()
        assert mails.addresses == [OWN]

    def test_nobody_gets_what_was_written_for_an_unknown_address(self, mails, ordered):
        ordered(MailKind.NOTHING, to=[])
        assert mails.deliver() == []
        assert mails.calls == []

    @pytest.mark.parametrize("kind", [MailKind.RESET_LINK, MailKind.INVITATION])
    def test_a_link_that_has_expired_is_not_mailed(self, mails, ordered, kind):
        details = {"link_id": "a" * 24, "valid_until": clock.to_wire(clock.now() - timedelta(seconds=1))}
        ordered(kind, details=details)
        assert mails.deliver() == []
        assert mails.calls == []

    def test_both_addresses_are_told_when_an_administrator_sets_a_password(self, mails, school):
        student = school.people["student"]
        path = f"/api/users/{student.id}"
        token = school.token("administrator")
        assert call("users", "PATCH", path, token=token, json_body={"secondaryEmail": SECOND}).status == 200
        before = mails.records()
        body = {"password": "Kunci-Baru-Untuk-Siswa"}
        assert call("users", "PATCH", f"{path}/password", token=token, json_body=body).status == 200
        mails.deliver(mails.records()[len(before) :])
        assert mails.addresses == [OWN, SECOND]


class TestOnceAndNotLost:
    def test_a_record_that_the_stream_brings_again_mails_nobody_twice(self, mails, ordered):
        ordered(to=[OWN, SECOND])
        assert [mails.deliver(), mails.deliver(), mails.deliver()] == [[], [], []]
        assert mails.addresses == [OWN, SECOND]
        assert mails.stored()[0].sent_at

    def test_a_throttled_mail_is_brought_again_and_then_goes_out(self, mails, ordered):
        mails.breaks = throttled(1)
        ordered()
        assert mails.deliver() == ["0"]
        assert mails.stored()[0].sent_at is None
        assert mails.deliver() == []
        assert mails.addresses == [OWN]

    def test_throttling_between_two_addresses_mails_the_first_once(self, mails, ordered):
        mails.breaks = lambda arguments: (
            throttled(1)(arguments) if arguments["Destination"]["ToAddresses"] == [SECOND] else None
        )
        ordered(to=[OWN, SECOND])
        assert mails.deliver() == ["0"]
        assert mails.stored()[0].sent_to == [OWN]
        mails.breaks = lambda _: None
        assert mails.deliver() == []
        assert mails.addresses == [OWN, SECOND]

    def test_an_ses_that_does_not_answer_loses_nothing(self, mails, ordered):
        def silent(_):
            raise ReadTimeoutError(endpoint_url="https://email")

        mails.breaks = silent
        ordered()
        assert mails.deliver() == ["0"]
        mails.breaks = lambda _: None
        assert mails.deliver() == []
        assert mails.addresses == [OWN]

    def test_a_record_that_nobody_understands_stops_no_other(self, mails, ordered):
        ordered()
        ordered("letter", to=[SECOND])
        ordered(to=["third@x.test"])
        assert mails.deliver() == ["1"]
        assert mails.addresses == [OWN, "third@x.test"]

    def test_a_record_whose_item_is_gone_is_done(self, mails, ordered, table):
        ordered()
        records = mails.records()
        table.delete_item(TableName="core-test", Key=records[0]["dynamodb"]["Keys"])
        assert mails.deliver(records) == []
        assert mails.calls == []

    def test_a_table_that_does_not_answer_makes_the_record_come_again(self, mails, ordered, monkeypatch):
        monkeypatch.setattr("core.kernel.table.BUDGET_SECONDS", 0.05)
        ordered()
        records = mails.records()

        def broken(send, operation, arguments):
            raise refusal(400, "ThrottlingException")

        with intercepted(broken):
            assert mails.deliver(records) == ["0"]
        assert mails.deliver(records) == []
        assert mails.addresses == [OWN]


def test_the_log_says_why_a_mail_was_not_sent(mails, ordered, caplog):
    # Without a level set here, because no function of AWS has one: what the package itself decides is what is written.
    suppress(OWN, DeliveryState.BOUNCED, clock.now())
    ordered()
    assert mails.deliver() == []
    told = [(each.getMessage(), each.kind, each.reason) for each in caplog.records]
    assert told == [("not sent", "password_changed", "suppressed")]


def test_no_address_and_no_name_stands_in_the_logs(mails, ordered, caplog):
    def rejected(_):
        raise refusal(400, "MessageRejected", **{"message": f"{OWN} is not verified"})

    caplog.set_level("DEBUG", logger="core")
    suppress(SECOND, DeliveryState.BOUNCED, clock.now())
    mails.breaks = rejected
    ordered(to=[SECOND, OWN])
    ordered(to=[f"{OWN}\n"])
    assert mails.deliver() == ["0", "1"]
    logged = "\n".join(str(vars(each)) for each in caplog.records)
    assert "MessageRejected" in logged
    assert not any(each in logged for each in (OWN, SECOND, "Fauzan"))
