"""What mails say: Indonesian first, English below, as text and as HTML. Pure: no table, no SES."""

import re
from datetime import datetime
from html import escape
from typing import NamedTuple

from core.kernel.local_time import moment
from core.mailer.ses import Mail

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class Words(NamedTuple):
    """One mail in one language: paragraphs, and what the link in it is called."""

    language: str
    paragraphs: tuple[str, ...]
    button: str = ""


class Reader(NamedTuple):
    """Who reads a mail, and where: what every kind of mail needs."""

    name: str
    school: str
    timezone: str


def password_changed(reader: Reader, by: str | None, at: datetime | None) -> Mail:
    """That the password was changed, and what to do if it was not the reader.

    Args:
        reader: who reads it.
        by: `owner` or `administrator`, None when nobody wrote it down.
        at: when, None when nobody wrote it down.
    """
    when_id = f" pada {moment(at, reader.timezone, 'id')}" if at else ""
    when_en = f" on {moment(at, reader.timezone, 'en')}" if at else ""
    by_id, by_en = (" oleh administrator sekolah", " by a school administrator") if by == "administrator" else ("", "")
    return _mail(
        reader,
        "Kata sandi Anda telah diubah / Your password was changed",
        Words(
            "id",
            (
                f"Kata sandi akun Anda{{school}} telah diubah{by_id}{when_id}. "
                "Semua perangkat yang masuk sebelumnya telah dikeluarkan.",
                "Jika Anda mengetahui perubahan ini, Anda tidak perlu melakukan apa pun.",
                "Jika bukan Anda dan Anda tidak mengetahuinya, segera hubungi administrator sekolah Anda "
                "dan mintalah kata sandi baru.",
            ),
        ),
        Words(
            "en",
            (
                f"The password of your account{{school}} was changed{by_en}{when_en}. "
                "All devices that were signed in have been signed out.",
                "If you know about this change, there is nothing to do.",
                "If this was not you and you do not know about it, contact your school's administrator at once "
                "and ask for a new password.",
            ),
        ),
    )


def address_changed(reader: Reader, by: str, at: datetime, *, is_secondary: bool) -> Mail:
    """That the account has another address, for whoever reads the mails to the old one.

    Args:
        reader: who reads it.
        by: `owner` or `administrator`.
        at: when.
        is_secondary: whether it is the second address, which opens nothing: then no device was signed out.
    """
    by_id, by_en = (" oleh administrator sekolah", " by a school administrator") if by == "administrator" else ("", "")
    which_id, which_en = (" kedua", " second") if is_secondary else ("", "")
    ended_id = "" if is_secondary else " Semua perangkat yang masuk sebelumnya telah dikeluarkan."
    ended_en = "" if is_secondary else " All devices that were signed in have been signed out."
    return _mail(
        reader,
        "Alamat surel akun Anda telah diubah / The email address of your account was changed",
        Words(
            "id",
            (
                f"Alamat surel{which_id} akun Anda{{school}} telah diubah{by_id} pada "
                f"{moment(at, reader.timezone, 'id')}.{ended_id}",
                "Jika Anda mengetahui perubahan ini, Anda tidak perlu melakukan apa pun.",
                "Jika bukan Anda dan Anda tidak mengetahuinya, segera hubungi administrator sekolah Anda.",
            ),
        ),
        Words(
            "en",
            (
                f"The{which_en} email address of your account{{school}} was changed{by_en} on "
                f"{moment(at, reader.timezone, 'en')}.{ended_en}",
                "If you know about this change, there is nothing to do.",
                "If this was not you and you do not know about it, contact your school's administrator at once.",
            ),
        ),
    )


def reset_link(reader: Reader, url: str, valid_until: datetime) -> Mail:
    """Where to set a new password, and until when."""
    until_id, until_en = moment(valid_until, reader.timezone, "id"), moment(valid_until, reader.timezone, "en")
    return _mail(
        reader,
        "Atur ulang kata sandi / Reset your password",
        Words(
            "id",
            (
                f"Seseorang meminta kata sandi baru untuk akun Anda{{school}}. Jika itu Anda, buka tautan berikut "
                f"dan pilih kata sandi baru. Tautan berlaku sampai {until_id} dan hanya dapat dipakai satu kali.",
                "Jika bukan Anda, abaikan surel ini: kata sandi Anda tetap sama. "
                "Jangan teruskan surel ini kepada siapa pun.",
            ),
            "Pilih kata sandi baru",
        ),
        Words(
            "en",
            (
                f"Somebody asked for a new password of your account{{school}}. If it was you, open the link and "
                f"choose a new password. The link works until {until_en}, and only once.",
                "If it was not you, ignore this mail: your password stays the same. "
                "Do not forward this mail to anybody.",
            ),
            "Choose a new password",
        ),
        url,
    )


def invitation(reader: Reader, url: str, valid_until: datetime) -> Mail:
    """Where to choose the first password of a new account, and until when."""
    until_id, until_en = moment(valid_until, reader.timezone, "id"), moment(valid_until, reader.timezone, "en")
    return _mail(
        reader,
        "Undangan ke Core / Your invitation to Core",
        Words(
            "id",
            (
                f"Sebuah akun telah dibuat untuk Anda{{school}}. Buka tautan berikut dan pilih kata sandi Anda. "
                f"Tautan berlaku sampai {until_id} dan hanya dapat dipakai satu kali.",
                "Jika Anda tidak mengharapkan undangan ini, abaikan surel ini. "
                "Jangan teruskan surel ini kepada siapa pun.",
            ),
            "Pilih kata sandi",
        ),
        Words(
            "en",
            (
                f"An account was made for you{{school}}. Open the link and choose your password. "
                f"The link works until {until_en}, and only once.",
                "If you did not expect this invitation, ignore this mail. Do not forward it to anybody.",
            ),
            "Choose a password",
        ),
        url,
    )


def verify_address(reader: Reader, url: str) -> Mail:
    """Where to prove that the address is the reader's."""
    return _mail(
        reader,
        "Konfirmasi alamat surel Anda / Confirm your email address",
        Words(
            "id",
            (
                "Alamat surel ini dicatat untuk akun Anda{school}. Buka tautan berikut untuk memastikan bahwa "
                "alamat ini milik Anda.",
                "Jika Anda tidak mengenal akun ini, abaikan surel ini.",
            ),
            "Konfirmasi alamat surel",
        ),
        Words(
            "en",
            (
                "This email address was entered for your account{school}. Open the link to confirm that "
                "the address is yours.",
                "If you do not know this account, ignore this mail.",
            ),
            "Confirm the email address",
        ),
        url,
    )


def _mail(reader: Reader, subject: str, first: Words, second: Words, url: str = "") -> Mail:
    name, school = _one_line(reader.name), _one_line(reader.school)
    greetings = {"id": f"Halo {name}," if name else "Halo,", "en": f"Hello {name}," if name else "Hello,"}
    places = {"id": f" di {school}" if school else "", "en": f" at {school}" if school else ""}
    texts, pages = [], []
    for words in (first, second):
        paragraphs = [each.replace("{school}", places[words.language]) for each in words.paragraphs]
        paragraphs = [greetings[words.language], *paragraphs]
        link = [f"{words.button}:\n{url}"] if url else []
        texts.append("\n\n".join([*paragraphs[:2], *link, *paragraphs[2:]]))
        written = [f"<p>{escape(each)}</p>" for each in paragraphs]
        anchor = [_anchor(words.button, url)] if url else []
        pages.append(f'<div lang="{words.language}">\n' + "\n".join([*written[:2], *anchor, *written[2:]]) + "\n</div>")
    sender = school or "Core"
    text = "\n\n----------\n\n".join(texts) + f"\n\n{sender}\n"
    return Mail(subject, text, _PAGE.format(content="\n<hr>\n".join(pages), sender=escape(sender)))


def _anchor(button: str, url: str) -> str:
    """The link as a button, and its address below for whoever's mail program shows none."""
    address = escape(url)
    return (
        f'<p><a href="{address}" style="display:inline-block;padding:12px 20px;border-radius:6px;'
        f'background:#0b5394;color:#ffffff;text-decoration:none">{escape(button)}</a></p>\n'
        f'<p style="font-size:13px;word-break:break-all">{address}</p>'
    )


_PAGE = """<!DOCTYPE html>
<html lang="id">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:24px;font-family:Arial,sans-serif;font-size:16px;line-height:1.5;color:#1f2933">
<div style="max-width:560px;margin:0 auto">
{content}
<p style="font-size:13px;color:#52606d">{sender}</p>
</div>
</body>
</html>
"""


def _one_line(text: str) -> str:
    """`text` without what could begin a line of its own or turn the direction of reading."""
    return _BLANKS.sub(" ", text).strip()
