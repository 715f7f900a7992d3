"""What every mail says, in both languages: each with its own dates, the school and the link."""

import inspect

import pytest
from core.kernel.clock import from_wire
from core.mailer import texts

AT, URL = from_wire("2026-08-01T07:04:00Z"), "https://core.test/reset-password?token=abc"
READER = texts.Reader("Fauzan Gifari", "SMA Negeri 1 Contoh", "Asia/Makassar")
INDONESIAN, ENGLISH = "1 Agustus 2026, 15.04 WITA", "1 August 2026, 15:04 WITA"
#: A mail of every kind, each with the moment and the link that it may have.
MAILS = {
    "address_changed": texts.address_changed(READER, "administrator", AT, is_secondary=False),
    "invitation": texts.invitation(READER, URL, AT),
    "password_changed": texts.password_changed(READER, "administrator", AT),
    "reset_link": texts.reset_link(READER, URL, AT),
    "verify_address": texts.verify_address(READER, URL),
}
WITHOUT_MOMENT, WITH_LINK = {"verify_address"}, {"invitation", "reset_link", "verify_address"}


def test_every_mail_stands_above():
    public = {name for name, each in inspect.getmembers(texts, inspect.isfunction) if not name.startswith("_")}
    assert {name for name in public if inspect.signature(getattr(texts, name)).return_annotation is texts.Mail} == (
        MAILS.keys()
    )


@pytest.mark.parametrize("name", MAILS)
def test_each_language_has_its_own_dates_the_school_and_the_link(name):
    mail = MAILS[name]
    for written in (mail.text.split("\n----------\n"), mail.html.split("<hr>")):
        indonesian, english = written
        for part, own, other in ((indonesian, INDONESIAN, ENGLISH), (english, ENGLISH, INDONESIAN)):
            assert (own in part) == (name not in WITHOUT_MOMENT)
            assert other not in part
            assert READER.school in part
            assert (URL in part) == (name in WITH_LINK)
