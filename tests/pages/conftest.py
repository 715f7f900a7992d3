"""What tests of pages stand on: the pages' function behind an address of this machine, and a Chromium to look at it."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.gateway import event, function
from tests.waiting import HANGING_SECONDS

expect.set_options(timeout=HANGING_SECONDS * 1000)

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def find_browser() -> str | None:
    """The Chromium of this machine: what CHROMIUM names, else what is installed."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, (*BROWSERS, MAC))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium here, so nobody looked at the pages: make browser installs one, or CHROMIUM names it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET, timeout=HANGING_SECONDS * 1000)
        yield browser
        browser.close()


@dataclass
class Site:
    """The pages at an address of this machine."""

    address: str = ""
    #: Method, path and headers of every request, in order.
    requests: list[tuple[str, str, Any]] = field(default_factory=list)

    def link(self, token: str) -> str:
        """The address that a mail would name."""
        return f"{self.address}/reset-password?token={token}"


class _Handler(BaseHTTPRequestHandler):
    """Hands requests to the function as API Gateway does."""

    site: ClassVar[Site]

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        self.site.requests.append((self.command, self.path, self.headers))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        query = parse_qs(parts.query, keep_blank_values=True) or None
        asked = event(self.command, parts.path, body=body, headers=dict(self.headers.items()), query=query)
        context = SimpleNamespace(aws_request_id="test", get_remaining_time_in_millis=lambda: 28_000)
        answer = function("pages").handler(asked, context)
        self.send_response(answer["statusCode"])
        for name, values in answer["multiValueHeaders"].items():
            for value in values:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer["body"].encode())

    do_GET = do_POST = _answer

    def log_message(self, format: str, *values: Any) -> None:
        """Says nothing."""


@pytest.fixture
def site(table) -> Iterator[Site]:
    found = Site()
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": found})) as server:
        found.address = f"http://localhost:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


@pytest.fixture
def open_page(chromium, site):
    """Opens new browser windows; fails if one of them complained, or asked anybody else for anything."""
    contexts, complaints = [], []

    def new(**options: Any) -> Page:
        context = chromium.new_context(base_url=site.address, **options)
        context.set_default_timeout(HANGING_SECONDS * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda sent: None if sent.url.startswith(site.address) else complaints.append(sent.url))
        return page

    yield new
    for each in contexts:
        each.close()
    # The console repeats the status of a refused form; that is no fault of the page.
    assert [each for each in complaints if "the server responded with a status of" not in each] == []
