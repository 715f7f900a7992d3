"""The page behind the links in mails, as the function answers it. tests/pages looks at it with a browser."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from core.kernel import clock
from core.kernel.errors import Unavailable
from core.kernel.table import get, put, transact
from core.links.models import new_link
from core.passwords.models import PASSWORD_SORT, PasswordItem
from core.users.models import belongings_of

from tests.gateway import call, function
from tests.schools import PASSWORD

NEW = "Kunci-Baru-Untuk-Siswa"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def student(school):
    return school.people["student"]


@pytest.fixture
def token(student):
    return make_link(student)


def make_link(user, seconds=3600):
    """The token of a new link of `user`."""
    at = clock.now()
    until = int(at.timestamp()) + seconds
    kept = get(PasswordItem, belongings_of(user.organization_id, user.id), PASSWORD_SORT)
    link_id, stamp = clock.new_id(at), clock.to_wire(at)
    link = new_link(user, kept.sequence, link_id=link_id, created_by=user.id, at=stamp, valid_until=until)
    transact(put(link.item))
    return link.token


def show(token=None, **options):
    return call("pages", "GET", "/reset-password", query={"token": [token]} if token else None, **options)


def post(body, headers=FORM):
    return call("pages", "POST", "/reset-password", body=body, headers=headers)


def submit(token, password=NEW, confirmation=None, headers=FORM):
    fields = {"token": token, "password": password, "confirmation": password if confirmation is None else confirmation}
    return post(urlencode(fields), headers)


def sign_in(password):
    body = {"email": "student@smansa.test", "password": password}
    return call("auth", "POST", "/api/auth/sign-in/email", json_body=body).status


class Elements(HTMLParser):
    """The elements of a page by name, each with its attributes; fails at what nobody closed."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


class TestTheForm:
    def test_opening_shows_it_and_never_uses_the_link_up(self, token):
        for _ in range(10):
            reply = show(token)
            assert reply.status == 200
            assert 'action="reset-password"' in reply.text
        assert submit(token).status == 200

    def test_the_token_stands_in_the_hidden_field_only(self, token):
        text = show(token).text
        assert text.count(token) == 1
        assert f'<input type="hidden" name="token" value="{token}">' in text

    def test_a_new_password_signs_in_and_the_old_one_does_not(self, token):
        reply = submit(token)
        assert (reply.status, "Kata sandi Anda sudah diganti" in reply.text) == (200, True)
        assert (sign_in(NEW), sign_in(PASSWORD)) == (200, 401)
        assert NEW not in reply.text

    def test_any_characters_arrive_as_they_were_typed(self, token):
        password = "käse + % & = 日本 😀 <i>"
        assert submit(token, password).status == 200
        assert sign_in(password) == 200

    def test_a_session_cookie_changes_nothing(self, token, school):
        # A form of a page that sends no referrer comes with this origin.
        cookie = {"Cookie": f"core.session_token={school.token('student')}", "Origin": "null"}
        assert submit(token, headers=FORM | cookie).status == 200

    def test_an_unknown_cookie_does_not_matter(self, token):
        assert show(token, headers={"Cookie": "core.session_token=x"}).status == 200


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "required"),
        ("Pendek1", "password_too_short"),
        ("x" * 129, "password_too_long"),
        ("12345678", "password_too_common"),
        ("student-smansa-26", "password_contains_identity"),
        (PASSWORD, "password_reused"),
    ],
)
def test_a_refused_password_is_explained_in_both_languages_and_leaves_the_link_usable(token, password, code):
    words = function("pages")._WORDS[code]
    reply = submit(token, password)
    assert reply.status == 400
    assert words["id"] in reply.text
    assert words["en"].replace("'", "&#x27;") in reply.text
    field = next(each for each in Elements(reply.text).all("input") if each.get("id") == "password")
    assert field["aria-invalid"] == "true"
    assert "password-problems" in field["aria-describedby"].split()
    assert password == "" or f'value="{password}"' not in reply.text
    assert submit(token).status == 200


def test_every_problem_of_a_password_is_shown(token):
    assert submit(token, "student").text.count("<li>") >= 2


def test_two_different_passwords_are_refused_without_javascript_too(token):
    reply = submit(token, NEW, "Kunci-Lain-Untuk-Siswa")
    assert reply.status == 400
    assert "Kedua kata sandi tidak sama" in reply.text
    assert (sign_in(PASSWORD), submit(token).status) == (200, 200)


def test_a_code_that_the_page_does_not_know_is_explained_all_the_same(token, monkeypatch):
    def refuse(*_):
        raise function("pages").BadRequest("<b>New rule</b>", code="invalid", field="password")

    monkeypatch.setattr(function("pages"), "reset_with_link", refuse)
    assert '<span lang="en">&lt;b&gt;New rule&lt;/b&gt;</span>' in submit(token).text


def test_a_busy_table_is_explained_and_the_form_can_be_sent_again(token, monkeypatch):
    def busy(*_):
        raise Unavailable()

    monkeypatch.setattr(function("pages"), "reset_with_link", busy)
    reply = submit(token)
    assert (reply.status, reply.headers["retry-after"]) == (503, "2")
    assert "Layanan sedang sibuk" in reply.text
    assert token in reply.text


class TestADeadLink:
    @pytest.mark.parametrize("token", [None, "", "x", "A" * 75, "é", "A" * 9000, '"><script>alert(1)</script>'])
    def test_what_never_was_one_says_how_to_get_one(self, school, token):
        reply = show(token)
        assert reply.status == 200
        assert "Tautan ini tidak berlaku" in reply.text
        assert "administrator sekolah" in reply.text
        assert "<form" not in reply.text
        assert not token or len(token) < 2 or token not in reply.text

    def test_one_that_was_used_is_dead(self, token):
        submit(token)
        assert "Tautan ini tidak berlaku" in show(token).text
        reply = submit(token, "Kunci-Ketiga-Siswa")
        assert (reply.status, "Tautan ini tidak berlaku" in reply.text) == (400, True)
        assert sign_in(NEW) == 200

    def test_one_that_has_expired_is_dead(self, student):
        assert "Tautan ini tidak berlaku" in show(make_link(student, -1)).text

    def test_two_tokens_are_none(self, token):
        reply = call("pages", "GET", "/reset-password", query={"token": [token, token]})
        assert "Tautan ini tidak berlaku" in reply.text

    def test_an_address_with_anything_else_in_it_is_none_and_the_link_lives_on(self, token):
        reply = call("pages", "GET", "/reset-password", query={"token": [token], "then": ["x"]})
        assert (reply.status, "Tautan ini tidak berlaku" in reply.text) == (400, True)
        assert_is_guarded(reply)
        assert submit(token).status == 200

    def test_the_error_that_a_link_of_better_auth_leads_here_with_is_explained(self, school):
        reply = call("pages", "GET", "/reset-password", query={"error": ["INVALID_TOKEN"]})
        assert (reply.status, "Tautan ini tidak berlaku" in reply.text) == (200, True)


class TestWhatIsNoForm:
    @pytest.mark.parametrize(
        ("body", "headers", "status"),
        [
            ("token=x", {"Content-Type": "application/json"}, 415),
            ("token=x", {"Content-Type": "text/plain"}, 415),
            ("token=x&token=y", FORM, 400),
            ("token=%ff", FORM, 400),
            ("password=\u00e9", FORM, 400),
            ("&".join(f"a{number}=1" for number in range(17)), FORM, 400),
            ("token=" + "x" * 20_000, FORM, 413),
        ],
    )
    def test_it_is_refused_with_a_page(self, school, body, headers, status):
        reply = post(body, headers)
        assert reply.status == status
        assert "Terjadi gangguan" in reply.text
        assert_is_guarded(reply)

    @pytest.mark.parametrize("body", [None, "", "nothing", "token=&password=&confirmation="])
    def test_an_empty_one_is_a_dead_link(self, school, body):
        reply = post(body)
        assert (reply.status, "Tautan ini tidak berlaku" in reply.text) == (400, True)

    def test_a_token_that_is_markup_stays_text(self, school):
        reply = submit('"><script>alert(1)</script>', NEW, "Kunci-Lain-Untuk-Siswa")
        assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in reply.text


def assert_is_guarded(reply):
    headers = reply.headers
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    assert {name: policy[name] for name in ("default-src", "form-action", "frame-ancestors", "base-uri")} == {
        "default-src": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    for element in ("style", "script"):
        (content,) = re.findall(rf"<{element}>(.*?)</{element}>", reply.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert policy[f"{element}-src"] == f"'sha256-{digest}'"


def test_every_page_is_guarded_well_formed_and_loads_nothing(token, monkeypatch):
    replies = [show(token), show(), submit(token, "kurang"), submit(token), submit(token)]
    monkeypatch.setattr(function("pages"), "link_opens", lambda _: 1 / 0)
    replies.append(show(token))
    assert [each.status for each in replies] == [200, 200, 400, 200, 400, 500]
    for reply in replies:
        assert_is_guarded(reply)
        elements = Elements(reply.text)
        loading = {name for _, attributes in elements.found for name in attributes} & {"src", "href", "style", "srcset"}
        assert loading == set()
        assert "url(" not in reply.text
        assert "@import" not in reply.text
        assert elements.all("html") == [{"lang": "id"}]
        ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
        assert len(ids) == len(set(ids))
        for _, attributes in elements.found:
            assert set(attributes.get("aria-describedby", "").split()) <= set(ids)
