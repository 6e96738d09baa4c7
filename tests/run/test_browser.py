"""The watch over the pages sees what it is there to see."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page

from tests.browser import Authenticator, axe, watch_of

pytestmark = pytest.mark.journey

PAGES = {
    "/clean": "<h1>Good</h1><p>Nothing wrong here.</p>",
    "/inline": "<h1>Bad</h1><p style='color:red'>An inline style</p>",
    "/elsewhere": "<h1>Bad</h1><img src='http://other.example/pixel.png' alt='dot'>",
    "/throws": "<h1>Bad</h1><script src='/throws.js'></script>",
    "/unlabelled": "<h1>Bad</h1><input type='text'>",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        script = self.path.endswith(".js")
        body = "throw new Error('nobody caught me')" if script else PAGES.get(self.path, "")
        if not script:
            head = "<!doctype html><html lang='en'><head><title>A page</title></head>"
            body = f"{head}<body><main>{body}</main></body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/inline", "Content Security Policy"),
        ("/elsewhere", "request to another host: http://other.example/pixel.png"),
        ("/throws", "nobody caught me"),
    ],
)
def test_what_a_page_must_not_do_is_noticed(page: Page, site: str, path: str, fault: str) -> None:
    page.goto(site + path)
    page.wait_for_timeout(200)
    assert any(fault.lower() in one.lower() for one in watch_of(page).faults), watch_of(page).faults
    watch_of(page).forgive(".*")


def test_a_clean_page_has_no_faults_and_no_violations(page: Page, site: str) -> None:
    page.goto(f"{site}/clean")
    axe(page)
    assert not watch_of(page).faults


def test_a_field_without_a_label_is_a_violation(page: Page, site: str) -> None:
    page.goto(f"{site}/unlabelled")
    with pytest.raises(AssertionError, match="label"):
        axe(page)


def test_the_phone_is_390_wide_and_touched(phone: Page, site: str) -> None:
    phone.goto(f"{site}/clean")
    assert phone.evaluate("[innerWidth > 0, screen.width, navigator.maxTouchPoints > 0]") == [True, 390, True]


def test_a_passkey_device_can_be_attached(page: Page, site: str) -> None:
    page.goto(f"{site}/clean")
    assert Authenticator(page).credentials() == []
