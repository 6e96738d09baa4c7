"""What a story at the desk does again and again: sign in, look whether a page is whole, answer a date."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from tests.browser import axe, screenshot
from tests.cast import PASSWORD
from tests.stack import Stack


def sign_in(page: Page, stack: Stack, name: str = "asha") -> Page:
    """Sign somebody of the cast in by the page."""
    page.goto(f"{stack.base_url}/account/login/")
    page.fill("input[name=login]", f"{name}@service.example")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "login" not in url)
    return page


def look(page: Page, name: str) -> None:
    """A picture of the page; nothing wider than the screen, nothing that axe finds."""
    screenshot(page, name, whole=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    axe(page)


def fill_date(page: Page, legend: str, days: int) -> None:
    """A date so many days from today, into the three boxes of its question."""
    day = timezone.localdate() + timedelta(days=days)
    boxes = page.get_by_role("group", name=re.compile(rf"^{re.escape(legend)}( \(optional\))?$"))
    for box, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(box, exact=True).fill(str(value))
