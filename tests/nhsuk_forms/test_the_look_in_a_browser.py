"""The pages as Chromium draws them: nothing inaccessible, nothing wider than the screen, the keys and the script."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Dialog, Page, expect

from tests.browser import PHONE, axe
from tests.nhsuk_forms.site import MIDDLEWARE

pytestmark = pytest.mark.journey


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """The browser says what matters."""


@pytest.fixture
def site(settings) -> Iterator[str]:
    """A server of this test's own: the live server keeps the middleware that it was started with."""
    settings.ROOT_URLCONF = "tests.nhsuk_forms.site"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.MIDDLEWARE = MIDDLEWARE
    with make_server("localhost", 0, StaticFilesHandler(WSGIHandler()), _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture
def open_page(site: str, new_page: Callable[..., Page]) -> Callable[..., Page]:
    def open_one(path: str, **options: object) -> Page:
        page = new_page(**options)
        # how long one may be away is for tests of the door
        page.route("**/accounts/session.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.goto(site + path)
        return page

    return open_one


def fits(page: Page) -> None:
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} is {over} px wider than the screen"


@pytest.mark.parametrize("path", ["/form", "/parts", "/nowhere"])
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_a_page_is_accessible_and_fits_the_screen(open_page, path: str, options: dict[str, object]):
    page = open_page(path, **options)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    axe(page)
    fits(page)


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_a_form_with_errors_is_accessible_and_its_summary_takes_the_focus(open_page, options: dict[str, object]):
    page = open_page("/form", **options)
    page.get_by_label("Phone", exact=True).check()
    page.get_by_role("button", name="Save this person").click()
    summary = page.locator(".nhsuk-error-summary")
    expect(summary).to_be_focused()
    expect(page).to_have_title("Error: Who is in this family? – Parent-Infant Relationship Service")
    axe(page)
    fits(page)
    summary.get_by_role("link", name="Enter phone number").click()
    expect(page.get_by_label("Phone number")).to_be_focused()


def test_a_question_shows_itself_when_its_option_is_chosen_and_goes_with_it(open_page):
    page = open_page("/form")
    email, phone = page.get_by_label("Email address"), page.get_by_label("Phone number")
    expect(email).to_be_hidden()
    page.get_by_label("Email", exact=True).check()
    expect(email).to_be_visible()
    page.get_by_label("Phone", exact=True).check()
    expect(email).to_be_hidden()
    expect(phone).to_be_visible()
    language = page.get_by_label("Language")
    expect(language).to_be_hidden()
    page.get_by_label("They need an interpreter").check()
    expect(language).to_be_visible()


def test_without_scripts_every_question_is_there(site: str, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(site + "/form")
    expect(page.get_by_label("Email address")).to_be_visible()
    expect(page.get_by_label("Phone number")).to_be_visible()


def test_the_slash_goes_to_the_search_but_not_out_of_a_box_one_types_in(open_page):
    page = open_page("/form")
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    name = page.get_by_label("Full name")
    name.focus()
    page.keyboard.type("Sam/Sue")
    expect(name).to_have_value("Sam/Sue")


def test_leaving_with_words_unsaved_asks_first_and_saving_does_not(open_page):
    page = open_page("/form")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("Full name").fill("Sam")
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.get_by_label("Full name")).to_have_value("Sam")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save this person").click()
    expect(page.locator(".nhsuk-error-summary")).to_be_visible()
    assert asked == ["beforeunload"]


def test_a_page_left_untouched_is_left_without_a_question(open_page):
    page = open_page("/form")
    page.on("dialog", lambda dialog: pytest.fail("asked without a reason"))
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page).to_have_title("Parts – Parent-Infant Relationship Service")


def test_the_first_tab_skips_to_the_content(open_page):
    page = open_page("/form")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#maincontent")).to_be_focused()


def test_a_message_of_success_takes_the_focus(open_page):
    page = open_page("/parts")
    expect(page.locator(".app-notice").first).to_be_focused()


def test_printing_leaves_the_page_and_drops_the_way_round(open_page):
    page = open_page("/parts")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for gone in (".nhsuk-header", ".nhsuk-footer", ".app-notice", ".app-tabs", ".nhsuk-breadcrumb"):
        expect(page.locator(gone).first).to_be_hidden()
