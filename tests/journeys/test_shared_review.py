"""The shared review in a real Chromium: by keys alone, exact to the frame, with the line lost, stopped and left."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE, axe, offline, screenshot, watch_of
from tests.cast import PIN
from tests.clips.media import numbered
from tests.journeys.reviewing import WITHDRAW, Together, make
from tests.stack import Stack

pytestmark = [pytest.mark.journey, pytest.mark.film]
SPANS = [(5, 25), (30, 55), (60, 85)]
TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}

_LUMA = """() => {
  const video = document.querySelector("[data-video]");
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 256, height: 144 });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 256, 144);
  const { data } = context.getImageData(0, 0, 256, 144);
  const luma = [];
  for (let at = 0; at < data.length; at += 4) luma.push((data[at] + data[at + 1] + data[at + 2]) / 3);
  return luma;
}"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of truly variable rate with its frames' numbers painted in."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    numbered.make(path, *numbered.variable(90))
    return path


@pytest.fixture
def together(house: Stack, film: Path, page: Page) -> Together:
    found = Together(house, page, make(house, film, SPANS))
    found.sign_in()
    return found


def painted(page: Page) -> int:
    """The number painted in the picture on screen."""
    return numbered.read(np.array(page.evaluate(_LUMA)).reshape(144, 256))


def layer(page: Page, name: str) -> None:
    expect(page.locator(f"[data-layer={name}]")).to_be_visible()


def words_of(stack: Stack, review: str) -> list[str]:
    said: list[str] = stack.python(
        "from clips.models import Words\n"
        "result = list(Words.objects.filter(review=review).values_list('text', flat=True))",
        review=review,
    )
    return said


def test_by_keys_alone_and_exact_to_the_frame(together: Together) -> None:
    page = together.page
    together.open_room()
    assert page.title() == "Together"
    axe(page)
    page.keyboard.press("Enter")  # the one button has the focus
    layer(page, "stage")
    expect(page.locator("[data-video]")).to_have_js_property("readyState", 4)
    wrong = []
    for key, by in [("ArrowRight", 1)] * 8 + [("ArrowLeft", -1)] * 3:
        wanted = together.frame() + by
        page.keyboard.press(key)
        expect(page.locator("[data-video]")).to_have_attribute("data-frame", str(wanted))
        page.wait_for_timeout(60)
        if painted(page) != SPANS[0][0] + wanted:
            wrong.append((key, wanted, painted(page)))
    assert not wrong
    page.keyboard.press("n")
    expect(page.locator("[data-video]")).to_have_attribute("aria-label", "Moment 2 of 3")
    axe(page)

    page.keyboard.press("s")
    expect(page.locator("[data-says]")).to_have_text("Kept")
    page.keyboard.press("w")
    page.keyboard.type("He waits for me.")
    expect(page.locator("[data-words-state]")).to_have_text("Kept")
    axe(page)
    page.keyboard.press("Escape")  # also while writing
    layer(page, "blank")
    expect(page.locator("[data-layer=stage]")).to_be_hidden()
    axe(page)
    assert page.url.endswith("/room/")
    page.keyboard.press("Escape")
    layer(page, "blank")
    page.keyboard.press("Enter")  # "…"
    layer(page, "stage")
    expect(page.locator("[data-text]")).to_have_value("He waits for me.")
    page.locator("[data-panel=words] [data-do=close-panel]").press("Enter")

    page.keyboard.press("o")
    page.locator("[data-strip] button", has_text="→").nth(1).press("Enter")
    expect(page.locator("[data-video]")).to_have_attribute("aria-label", "Moment 2 of 3")
    axe(page)
    page.locator("[data-do=seen]").press("Enter")
    layer(page, "ideas")
    page.fill("#room-new", "Wait a little")
    page.fill("#room-step", "Sing the bath song")
    page.locator("[data-do=to-end]").press("Enter")
    layer(page, "end")
    expect(page.locator("[data-layer=end]")).to_contain_text("He waits for me.")
    expect(page.locator("[data-layer=end]")).to_contain_text("Sing the bath song")
    assert page.locator("[data-end-stills] img").count() == 3
    axe(page)

    together.leave("000000")
    expect(page.locator("[data-ask-error]")).to_contain_text("4 tries are left")
    axe(page)
    page.fill("[data-secret]", PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/words/")
    expect(page.locator("main")).to_contain_text("He waits for me.")
    expect(page.locator("main")).to_contain_text("Held on")
    assert page.get_by_label("The next small step").input_value() == "Sing the bath song"
    frames = together.stack.python(
        "from clips.models import Still\n"
        "result = list(Still.objects.filter(clip=clip).values_list('frame', flat=True))",
        clip=together.family["clips"][1],
    )
    assert frames == [SPANS[1][0]]
    page.go_back()
    page.wait_for_timeout(500)
    assert "/room/" not in page.url
    assert page.locator("video").count() == 0
    together.go("/room/")
    expect(page.locator("main")).to_have_text("This room is closed")


def test_back_and_the_desk_show_nothing_while_the_room_is_open(together: Together) -> None:
    page = together.page
    together.go(f"/cases/{together.family['case']}/cycles/")
    together.open_room()
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text("Paused")
    assert "Rowan" not in page.content()
    assert together.family["reference"] not in page.content()


def test_a_lost_line_takes_neither_film_nor_words(together: Together) -> None:
    page = together.page
    together.open_room()
    expect(page.locator("[data-loading]")).to_have_text("")
    together.begin()
    offline(page)
    page.keyboard.press("n")
    page.keyboard.press("Space")
    expect(page.locator("[data-video]")).to_have_js_property("ended", True)
    page.keyboard.press("w")
    page.keyboard.type("She hums, and he listens.")
    page.wait_for_timeout(4000)  # two pulses pass: the room stays
    layer(page, "stage")
    expect(page.locator("[data-words-state]")).to_have_text("Kept here until the line is back")
    assert words_of(together.stack, together.family["review"]) == []
    offline(page, lost=False)
    expect(page.locator("[data-words-state]")).to_have_text("Kept")
    assert words_of(together.stack, together.family["review"]) == ["She hums, and he listens."]


def test_a_withdrawal_blanks_the_room_within_two_seconds(together: Together) -> None:
    page = together.page
    together.open_room()
    together.begin()
    page.keyboard.press("Space")
    page.evaluate("""() => new MutationObserver(() => {
      if (!document.querySelector('[data-layer=stopped]').hidden) document.body.dataset.stopped ||= String(Date.now());
    }).observe(document.getElementById('room'), { attributes: true, subtree: true })""")
    together.stack.python(WITHDRAW, sam=together.family["sam"])
    done = time.time() * 1000  # the withdrawal was committed before this moment
    layer(page, "stopped")
    stopped = float(page.locator("body").get_attribute("data-stopped") or 0)
    assert stopped - done <= 2000
    expect(page.locator("[data-layer=stopped]")).to_contain_text("Let us stop here for a moment.")
    assert not page.evaluate("document.querySelector('[data-video]').hasAttribute('src')")
    axe(page)
    page.get_by_role("button", name="Go on").click()
    page.fill("[data-secret]", PIN)
    page.keyboard.press("Enter")
    expect(page.locator("[data-ask-error]")).to_have_text("None of the moments can be shown just now.")


def test_a_room_that_ran_out_goes_on_in_place(together: Together) -> None:
    page = together.page
    together.open_room()
    together.begin()
    page.keyboard.press("n")
    page.keyboard.press("w")
    page.keyboard.type("Not yet sa")
    together.stack.python(
        "from clips.models import RoomLease\nfrom django.utils import timezone\n"
        "result = RoomLease.objects.filter(review=review).update(expires_at=timezone.now())",
        review=together.family["review"],
    )
    layer(page, "stopped")
    page.get_by_role("button", name="Go on").click()
    page.fill("[data-secret]", PIN)
    page.keyboard.press("Enter")
    layer(page, "stage")
    expect(page.locator("[data-video]")).to_have_attribute("aria-label", "Moment 2 of 3")
    expect(page.locator("[data-video]")).to_have_js_property("readyState", 4)
    expect(page.locator("[data-video]")).not_to_have_attribute("data-ref", "")
    page.keyboard.press("w")
    expect(page.locator("[data-said], [data-text]").first).to_be_visible()
    page.wait_for_timeout(1500)
    assert words_of(together.stack, together.family["review"]) == ["Not yet sa"]


@pytest.mark.parametrize("kind", [PHONE, TABLET], ids=["phone", "tablet"])
def test_by_touch(house: Stack, film: Path, new_page: Callable[..., Page], kind: dict[str, Any]) -> None:
    page = new_page(**kind)
    together = Together(house, page, make(house, film, SPANS))
    together.sign_in()
    wide = kind["viewport"]["width"]
    for path in ("/cases/{case}/cycles/", "/cycles/{cycle}/moments/", "/reviews/{review}/", "/cycles/{cycle}/close/"):
        together.go(path.format(**together.family))
        assert page.evaluate("document.documentElement.scrollWidth") <= wide, path
        axe(page)
    together.open_room()
    page.get_by_role("button", name="Begin").tap()
    layer(page, "stage")
    expect(page.locator("[data-video]")).to_have_js_property("readyState", 4)
    for control in page.locator("[data-controls] button").all():
        box = control.bounding_box()
        assert box
        assert box["width"] >= 44, control.inner_text()
        assert box["height"] >= 44, control.inner_text()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= wide
    screenshot(page, f"room-{wide}")
    expect(page.locator("#room")).to_have_class("room is-idle")  # nobody touched it for a while
    page.locator("[data-screen]").tap()
    expect(page.locator("#room")).to_have_class("room")
    expect(page.locator("[data-video]")).to_have_js_property("paused", True)  # that touch only brought the buttons
    page.get_by_role("button", name="Next").tap()
    expect(page.locator("[data-video]")).to_have_attribute("aria-label", "Moment 2 of 3")
    page.get_by_role("button", name="Words").tap()
    page.locator("[data-text]").fill("He smiles.")
    expect(page.locator("[data-words-state]")).to_have_text("Kept")
    axe(page)
    screenshot(page, f"room-words-{wide}")
    page.locator("[data-panel=words] [data-do=close-panel]").tap()
    page.get_by_role("button", name="Moments").tap()
    page.locator("[data-do=enough]").tap()
    page.locator("[data-do=to-end]").tap()
    expect(page.locator("[data-layer=end]")).to_contain_text("We go on another time.")
    page.get_by_role("button", name="One last question").tap()
    page.wait_for_url("**/room/rate/")
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    axe(page)
    page.locator(".room-scale label").nth(7).tap()
    page.get_by_role("button", name="Done").tap()
    expect(page.locator("main")).to_contain_text("Please hand the tablet back.")
    axe(page)
    page.fill("#secret", PIN)
    page.get_by_role("button", name="Leave").tap()
    page.wait_for_url("**/words/")
    expect(page.locator("main")).to_contain_text("To go on another day")
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    axe(page)
    assert not watch_of(page).unforgiven()
