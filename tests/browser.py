"""A real Chromium for the journeys, which also watches what the pages do.

``page`` (1280×720) and ``phone`` (390 px wide, touch) are fixtures; ``new_page`` opens more, each a person with
cookies of their own. A test fails at its end when any of its pages broke the content security policy, asked another
host for anything, or threw an error that nothing caught.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests import services

PROJECT = Path(__file__).resolve().parent.parent
SCREENSHOTS = PROJECT / "screenshots"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
# What is expected may take as long as a busy machine needs; a test that promises a time says its own.
expect.set_options(timeout=15_000)
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Reports a violation also where Chromium keeps the console quiet about it (workers, blocked styles).
_REPORT_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`Content Security Policy: ${event.effectiveDirective} refused ${event.blockedURI || event.sample}`);
});
"""


class Watch:
    """What the pages of one context did that they must not do."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self._forgiven: list[re.Pattern[str]] = []
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"uncaught error: {error.error}"))

    def forgive(self, pattern: str) -> None:
        """Do not fail for a fault that matches: for a test that provokes one on purpose."""
        self._forgiven.append(re.compile(pattern))

    def unforgiven(self) -> list[str]:
        """The faults that fail the test."""
        return [fault for fault in self.faults if not any(pattern.search(fault) for pattern in self._forgiven)]

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in {"localhost", "127.0.0.1"}:
            self.faults.append(f"request to another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if "content security policy" in message.text.lower():
            self.faults.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window, for the whole run."""
    services.require("chromium")
    # Playwright keeps an event loop in this thread; unit tests that run later in it may use the database all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=services.CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Open a page with cookies of its own: ``new_page()``, ``new_page(**PHONE)``; ``watch_of(page)`` is its watch."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(**({"locale": "en-GB", "timezone_id": "Europe/London"} | DESKTOP | options))
        context.set_default_timeout(15_000)
        watch = Watch(context)
        opened.append((context, watch))
        page = context.new_page()
        _WATCHES[page.context] = watch
        return page

    yield open_one
    failed = getattr(request.node, "call_failed", False)
    faults = [fault for _, watch in opened for fault in watch.unforgiven()]
    for number, (context, _) in enumerate(opened):
        if failed and context.pages:
            name = re.sub(r"\W+", "-", request.node.name).strip("-")
            screenshot(context.pages[-1], f"failed-{name}-{number}")
        _WATCHES.pop(context, None)
        context.close()
    if faults:
        pytest.fail("The pages did what they must not do:\n" + "\n".join(dict.fromkeys(faults)), pytrace=False)


_WATCHES: dict[BrowserContext, Watch] = {}


def watch_of(page: Page) -> Watch:
    """The watch over ``page``, for :meth:`Watch.forgive`."""
    return _WATCHES[page.context]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Tell the fixtures above whether the test failed, so that they keep a picture."""
    report = yield
    if call.when == "call":
        item.call_failed = report.failed  # type: ignore[attr-defined]
    return report


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A desktop page, 1280×720."""
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A phone's page, 390 px wide, with touch."""
    return new_page(**PHONE)


def screenshot(page: Page, name: str, *, whole: bool = False) -> Path:
    """A picture of the page in the git-ignored ``screenshots/``; ``whole`` scrolls to the end."""
    SCREENSHOTS.mkdir(exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    try:
        page.screenshot(path=path, full_page=whole)
    except Error as error:
        if "Unable to capture" not in str(error):
            raise
        page.screenshot(path=path, full_page=whole)  # a busy machine's compositor had no frame at hand
    return path


def axe(page: Page, *, exclude: list[str] | None = None) -> None:
    """Fail with a readable list when axe finds an accessibility violation on the page as it stands."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text() + ";0")  # by the debugger, which no content security policy concerns
    found = page.evaluate(
        "async (exclude) => (await axe.run({include: [['html']], exclude}, {resultTypes: ['violations']}))"
        ".violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 200))}))",
        [[selector] for selector in exclude or []],
    )
    told = [f"{one['id']}: {one['help']}\n    " + "\n    ".join(one["nodes"][:5]) for one in found]
    assert not found, f"{page.url} has accessibility violations:\n" + "\n".join(told)


class Authenticator:
    """A passkey device that always says yes, attached to one page."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        self.id: str = self._session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        """The passkeys that it holds."""
        found: list[dict[str, Any]] = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found


def offline(page: Page, lost: bool = True) -> None:
    """Take the line away from all pages of this person, or give it back."""
    page.context.set_offline(lost)


def cookies_as_json(page: Page) -> str:
    """The person's cookies, for a plain HTTP client that goes on as them."""
    return json.dumps(page.context.cookies())
