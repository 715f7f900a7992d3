"""The page behind the links in mails, as people meet it: with and without JavaScript, with a keyboard, in the dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.functions.test_reset_page import NEW, make_link, sign_in
from tests.schools import PASSWORD

SERIOUS = {"serious", "critical"}


@pytest.fixture
def token(school):
    return make_link(school.people["student"])


def fill(page, password, confirmation=None):
    page.locator("#password").fill(password)
    page.locator("#confirmation").fill(password if confirmation is None else confirmation)
    page.locator("button[type=submit]").click()


def heading(page):
    return expect(page.locator("h1"))


class TestWithoutJavaScript:
    @pytest.fixture
    def page(self, open_page):
        return open_page(java_script_enabled=False)

    def test_a_password_is_refused_explained_and_then_taken(self, page, site, token):
        page.goto(site.link(token))
        expect(page.locator("#show")).to_be_hidden()
        fill(page, "pendek")
        expect(page.locator("#password-problems")).to_contain_text("terlalu pendek")
        expect(page.locator("#password-problems [lang=en]")).to_contain_text("too short")
        fill(page, NEW, "Kunci-Lain-Untuk-Siswa")
        expect(page.locator("#confirmation-problems")).to_contain_text("tidak sama")
        fill(page, NEW)
        heading(page).to_contain_text("Kata sandi Anda sudah diganti")
        assert (sign_in(NEW), sign_in(PASSWORD)) == (200, 401)

    def test_a_dead_link_says_how_to_get_another(self, page, site, token):
        page.goto(site.link("x"))
        heading(page).to_contain_text("Tautan ini tidak berlaku")
        expect(page.locator("main")).to_contain_text("administrator sekolah")


class TestWithJavaScript:
    @pytest.fixture
    def page(self, open_page, site, token):
        page = open_page()
        page.goto(site.link(token))
        return page

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("", ""),
            ("abc", "Terlalu pendek · Too short"),
            ("aaaaaaaaaaaa", "Lemah: tambahkan kata lagi · Weak: add another word"),
            ("kudalaut9", "Lemah: tambahkan kata lagi · Weak: add another word"),
            ("kudalaut99x", "Cukup · Fair"),
            ("kuda laut makan mangga", "Kuat · Strong"),
        ],
    )
    def test_it_says_how_strong_a_password_is(self, page, typed, said):
        page.locator("#password").fill(typed)
        expect(page.locator("#strength")).to_have_text(said)

    def test_the_password_can_be_shown_and_hidden(self, page):
        show, password = page.get_by_role("button", name="Tampilkan kata sandi"), page.locator("#password")
        for pressed, kind in (("false", "password"), ("true", "text"), ("false", "password")):
            expect(show).to_have_attribute("aria-pressed", pressed)
            expect(password).to_have_attribute("type", kind)
            expect(page.locator("#confirmation")).to_have_attribute("type", kind)
            show.click()

    def test_two_different_passwords_are_not_even_sent(self, page, site):
        fill(page, NEW, "Kunci-Lain")
        expect(page.locator("#match")).to_have_text("Belum sama · Not the same yet")
        expect(page.locator("#confirmation")).to_be_focused()
        assert [method for method, _, _ in site.requests] == ["GET"]
        page.locator("#confirmation").fill(NEW)
        expect(page.locator("#match")).to_have_text("Sama · The same")

    def test_a_shown_password_is_taken_too(self, page):
        page.locator("#show").click()
        fill(page, NEW)
        heading(page).to_contain_text("Kata sandi Anda sudah diganti")
        assert sign_in(NEW) == 200

    def test_somebody_who_is_signed_in_can_use_the_link(self, page, site, school):
        cookie = {"name": "core.session_token", "value": school.token("student"), "url": site.address}
        page.context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Lax"}])
        fill(page, NEW)
        heading(page).to_contain_text("Kata sandi Anda sudah diganti")
        assert "core.session_token" in site.requests[-1][2]["Cookie"]

    def test_the_form_can_be_filled_in_with_the_keyboard_only(self, page):
        keyboard = page.keyboard
        keyboard.press("Tab")
        keyboard.type(NEW)
        keyboard.press("Tab")
        keyboard.type(NEW)
        keyboard.press("Tab")
        expect(page.locator("#show")).to_be_focused()
        keyboard.press("Tab")
        keyboard.press("Enter")
        heading(page).to_contain_text("Kata sandi Anda sudah diganti")

    def test_nobody_learns_the_link_from_a_referrer(self, page, site, token):
        fill(page, "pendek")
        expect(page.locator("#password-problems")).to_be_visible()
        assert [headers.get("Referer") for _, _, headers in site.requests] == [None, None]
        assert token not in page.url

    def test_it_fits_on_a_small_telephone(self, page):
        page.set_viewport_size({"width": 320, "height": 640})
        fill(page, "pendek")
        expect(page.locator("#password-problems")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(open_page, site, token, colors):
    page = open_page(color_scheme=colors)
    findings = {}

    def examine(name):
        violations = Axe().run(page).response["violations"]
        findings.update({f"{name}: {each['id']}": each["impact"] for each in violations})

    page.goto(site.link(token))
    page.locator("#password").fill("lemah123")
    page.locator("#confirmation").fill("lemah")
    expect(page.locator("#match")).not_to_be_empty()
    examine("form")
    fill(page, "pendek")
    expect(page.locator("#password-problems")).to_be_visible()
    examine("refused")
    fill(page, NEW)
    heading(page).to_contain_text("sudah diganti")
    examine("done")
    page.goto(site.link(token))
    heading(page).to_contain_text("tidak berlaku")
    examine("dead")
    page.goto(site.link(token))
    page.evaluate("document.body.innerHTML = `<form method=post action=reset-password enctype=text/plain></form>`")
    page.evaluate("document.forms[0].submit()")
    heading(page).to_contain_text("gangguan")
    examine("trouble")
    assert {name: impact for name, impact in findings.items() if impact in SERIOUS} == {}
    assert findings == {}
