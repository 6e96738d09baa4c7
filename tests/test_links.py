"""Every link that a page shows somebody opens for them: no dead end, no page that says "not you" after inviting."""

from __future__ import annotations

from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import Resolver404, resolve

from tests.test_access import PEOPLE
from tests.world import StandingWorld

ONCE_EACH = 1  # of the addresses of one kind: the next would tell the same


class Links(HTMLParser):
    """What a page invites to: its links, and the ids that one can jump to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(str(given["id"]))
        if tag == "a" and (href := given.get("href")) and not href.startswith(("mailto:", "tel:")):
            self.links.append(href)


@pytest.mark.parametrize("name", PEOPLE)
def test_every_link_that_is_shown_opens(
    standing_world: StandingWorld, db: None, settings: LazySettings, name: str
) -> None:
    settings.MEDIA_STORE, world = standing_world.store, standing_world.world
    client = Client()
    client.force_login(getattr(world.cast, name))
    wrong: list[str] = []
    visits: dict[str, int] = {}
    waiting = deque([("/", "the address bar")])
    seen = {"/"}
    while waiting:
        url, shown_on = waiting.popleft()
        response = client.get(url)
        if response.status_code in {301, 302, 303}:
            to = urljoin(url, response.headers["Location"])
            if "/account/login/" in to:
                wrong.append(f"{shown_on} leads to {url}, which asks for a sign-in")
            elif to not in seen:
                seen.add(to)
                waiting.append((to, url))
            continue
        if response.status_code != 200:
            wrong.append(f"{shown_on} leads to {url}: {response.status_code}")
            continue
        if response.streaming or not response.headers["Content-Type"].startswith("text/html"):
            continue
        page = Links(response.content.decode())
        for href in page.links:
            there = urljoin(url, href)
            parts = urlsplit(there)
            if parts.netloc or parts.scheme:
                continue
            if parts.path == urlsplit(url).path and not parts.query and parts.fragment and href.startswith("#"):
                if parts.fragment not in page.ids:
                    wrong.append(f"{url} has no #{parts.fragment}")
                continue
            address = there.split("#")[0]
            try:
                kind = resolve(parts.path).view_name
            except Resolver404:
                wrong.append(f"{url} leads to {there}, which is no address")
                continue
            if address in seen or visits.get(kind, 0) >= ONCE_EACH:
                continue
            seen.add(address)
            visits[kind] = visits.get(kind, 0) + 1
            waiting.append((address, url))
    assert not wrong, "\n".join(wrong)
    assert len(visits) >= 4
