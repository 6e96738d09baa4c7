"""A practitioner at work on a film: by keyboard alone, by touch, in two windows, without a line, consent withdrawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser import PHONE, axe, offline, watch_of
from tests.clips.media import numbered
from tests.journeys.looking import Desk, Looking
from tests.stack import Stack, running

pytestmark = [pytest.mark.journey, pytest.mark.film]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with running(workers=(), beat=False) as stack:
        yield Desk(stack)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds at ten frames a second: long enough to move about in, quick to make."""
    folder = tmp_path_factory.mktemp("film")
    recipe = numbered.Recipe(options={"preset": "ultrafast", "crf": "24", "g": "10", "bf": "0"})
    return numbered.make(folder / "film.mp4", *numbered.constant(100, Fraction(10)), recipe).path


@pytest.fixture
def film(desk: Desk, path: Path) -> str:
    return desk.film(path)


def rows(page: Page) -> Any:
    return page.locator("[data-moments] > li")


def says(page: Page) -> Any:
    return page.locator("[data-says]")


def jump(looking: Looking, key: str, seconds: int) -> None:
    """Whole seconds on or back, each one seen to arrive."""
    for _ in range(seconds):
        looking.step(key, 10 if key.endswith("Right") else -10)


def mark(looking: Looking, on: int, long: int) -> None:
    jump(looking, "Shift+ArrowRight", on)
    looking.press("i")
    jump(looking, "Shift+ArrowRight", long)
    looking.press("o")


def test_three_moments_by_keyboard_alone_and_everything_is_there_again_afterwards(
    desk: Desk, film: str, page: Page
) -> None:
    looking = desk.open(page, film)
    expect(page.locator(".ws-question")).to_contain_text("What am I doing to help her settle?")
    expect(page.locator("[data-empty]")).to_contain_text("No moments yet")

    looking.press("o")
    expect(page.locator("[data-pill]")).to_have_text("Press I first, where the moment begins.")
    mark(looking, 1, 2)
    expect(says(page)).to_have_text("Moment 1 marked, 2.1 s.")
    looking.press("3", "1", "n")
    page.keyboard.type("She waits, he looks up. 135")  # figures in a note are a note
    looking.press("Escape")
    expect(rows(page).first).to_contain_text("Being attentive · Receiving initiatives")
    looking.press("c")
    expect(page.locator("[data-pill]")).to_have_text("Chosen for the review: 1 now.")
    mark(looking, 1, 1)
    looking.press("4")
    mark(looking, 1, 1)
    expect(rows(page)).to_have_count(3)

    # An O before its I is turned round, not refused.
    jump(looking, "Shift+ArrowRight", 1)
    looking.press("i")
    jump(looking, "Shift+ArrowLeft", 1)
    looking.press("o")
    expect(page.locator("[data-pill]")).to_contain_text("It runs from here to where you pressed I")
    expect(rows(page)).to_have_count(4)
    looking.press("Delete")
    expect(rows(page)).to_have_count(3)
    looking.press("Control+z")
    expect(rows(page)).to_have_count(4)
    looking.press("Control+Shift+z")
    expect(rows(page)).to_have_count(3)

    # Its edges are sliders: reached by Tab, moved by one frame, said in words.
    looking.press("PageUp", "PageUp")
    edge = page.get_by_role("slider", name="Start of moment 1")
    edge.focus()
    expect(edge).to_have_attribute("aria-valuetext", "1 second, frame 10")
    looking.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuetext", "0.9 seconds, frame 9")
    expect(edge).to_be_focused()
    assert looking.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    looking.until(lambda: looking.frame() == 9 == looking.number(), "the moved edge is on screen")
    looking.press("Control+z")
    expect(edge).to_have_attribute("aria-valuetext", "1 second, frame 10")
    looking.press("Control+y")
    expect(edge).to_have_attribute("aria-valuetext", "0.9 seconds, frame 9")
    looking.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    looking.press("i", "Escape")  # keys do nothing behind the list
    looking.saved()

    page.reload()
    expect(rows(page)).to_have_count(3)
    expect(rows(page).first).to_contain_text("0:00.9")
    expect(rows(page).first).to_contain_text("She waits, he looks up. 135")
    saved = [
        (each["first_frame"], each["last_frame"], each["principles"], each["chosen"]) for each in looking.marks(film)
    ]
    assert saved == [(9, 30, ["1", "3"], True), (40, 50, ["4"], False), (60, 70, [], False)]


def test_the_meaning_of_a_principle_is_at_hand_when_it_has_the_focus(desk: Desk, film: str, page: Page) -> None:
    looking = desk.open(page, film)
    mark(looking, 1, 1)
    button = page.locator("[data-principle]", has_text="Encouraging initiatives")
    button.focus()
    expect(page.locator("[data-meaning]")).to_contain_text("Waiting and listening")
    described = button.get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_contain_text("Waiting and listening")
    looking.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")
    looking.until(lambda: [each["principles"] for each in looking.marks(film)] == [["2"]], "tagged")


def test_a_late_finger_can_be_corrected_and_ten_seconds_are_pointed_out_gently(
    desk: Desk, film: str, page: Page
) -> None:
    looking = desk.open(page, film)
    page.get_by_role("button", name="How it plays").click()
    page.get_by_label("When you press I while it plays").select_option("1000")
    looking.press("Escape")
    expect(page.locator("[data-settings]")).to_be_hidden()
    jump(looking, "Shift+ArrowRight", 3)
    looking.press("Space")
    looking.until(lambda: looking.frame() > 38, "it plays")
    looking.press("i")
    pressed = looking.frame()
    looking.press("k")
    looking.still()
    looking.press("End")
    looking.still()
    expect(page.locator("[data-pill]")).to_contain_text("Marking")
    looking.press("o")
    looking.saved()
    first = looking.marks(film)[0]["first_frame"]
    assert pressed - 13 <= first <= pressed - 8, "a second earlier than the press"
    assert page.evaluate("localStorage.length") == 0, "settings are kept in the page alone"


def test_a_second_window_cannot_overwrite_and_no_word_is_lost(
    desk: Desk, film: str, new_page: Callable[..., Page]
) -> None:
    one = desk.open(new_page(), film)
    mark(one, 1, 1)
    one.saved()
    other = desk.open(new_page(), film)
    other.press("PageDown")
    one.press("n")
    one.page.keyboard.type("From the first window.")
    one.press("Escape")
    one.until(lambda: one.marks(film)[0]["note"] == "From the first window.", "saved")

    other.press("n")
    other.page.keyboard.type("From the second.")
    expect(other.page.locator("[data-banner]")).to_contain_text("The note was changed in another window")
    note = other.page.get_by_role("textbox", name="Note")
    expect(note).to_have_value("From the first window.")
    expect(other.page.locator("[data-mine]")).to_contain_text("From the second.")
    other.page.get_by_role("button", name="Add it to the note").click()
    other.until(
        lambda: other.marks(film)[0]["note"] == "From the first window.\nFrom the second.",
        "both windows' words are kept",
    )
    # What does not touch the same thing goes on top without a word.
    other.press("Escape")
    expect(other.page.locator("[data-banner]")).to_be_hidden()
    other.press("2")
    other.until(lambda: other.marks(film)[0]["principles"] == ["2"], "tagged")
    one.press("3")
    one.until(lambda: one.marks(film)[0]["note"] == "From the first window.\nFrom the second.", "kept")
    expect(rows(one.page).first).to_contain_text("From the second.")
    watch_of(one.page).forgive("409")


def test_a_moment_deleted_elsewhere_comes_back_when_it_is_written_on(
    desk: Desk, film: str, new_page: Callable[..., Page]
) -> None:
    one = desk.open(new_page(), film)
    mark(one, 1, 1)
    one.saved()
    other = desk.open(new_page(), film)
    other.press("PageDown", "n")
    other.page.keyboard.type("Lo")
    one.press("Delete")
    one.until(lambda: one.marks(film) == [], "deleted")
    other.page.keyboard.type("ok at her face.")
    other.until(lambda: [each["note"] for each in other.marks(film)] == ["Look at her face."], "back, with the words")
    expect(other.page.locator("[data-banner]")).to_contain_text("it is back")


def test_without_a_line_nothing_is_lost_and_it_says_so(desk: Desk, film: str, page: Page) -> None:
    looking = desk.open(page, film)
    jump(looking, "Shift+ArrowRight", 1)
    offline(page)
    looking.press("i", "ArrowRight", "ArrowRight", "ArrowRight")
    looking.still()
    looking.press("o", "1", "n")
    page.keyboard.type("Written without a line.")
    looking.press("Escape")
    expect(page.locator("[data-saved]")).to_contain_text("Not saved yet: the line is lost", timeout=10_000)
    expect(rows(page)).to_have_count(1)

    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.evaluate("setTimeout(() => location.reload(), 0)")
    looking.until(lambda: asked == ["beforeunload"], "leaving would lose it, so the browser asks")
    offline(page, False)
    looking.saved()
    (kept,) = looking.marks(film)
    assert (kept["note"], kept["principles"]) == ("Written without a line.", ["1"])
    page.reload()
    expect(rows(page)).to_have_count(1)
    assert asked == ["beforeunload"], "with everything saved nobody is asked"


def test_withdrawn_consent_takes_the_picture_away_within_two_seconds(desk: Desk, film: str, page: Page) -> None:
    looking = desk.open(page, film)
    mark(looking, 1, 1)
    looking.press("s")
    expect(page.locator("[data-stills] img")).to_have_count(1)
    looking.press("Space")
    page.evaluate(
        """() => {
          window.wentAt = null;
          new MutationObserver(() => {
            if (!document.querySelector("video")) window.wentAt ??= Date.now();
          }).observe(document.body, { childList: true, subtree: true });
        }"""
    )
    done = desk.stack.python(
        "import time\nfrom accounts.models import User\nfrom families.actions import withdraw_consent\n"
        "from families.models import Person\n"
        "sam = Person.objects.get(pk=sam)\n"
        "withdraw_consent(by=User.objects.get(name__startswith='Asha'), person=sam, purpose='film', said_by=sam)\n"
        "result = time.time()",
        sam=desk.family["sam"],
    )
    try:
        expect(page.locator("video")).to_have_count(0)
        gone: float = page.evaluate("window.wentAt") / 1000
        assert gone - done < 2.0, f"{gone - done:.2f} s"
        expect(page.locator("[data-veil]")).to_contain_text("What you wrote is kept")
        expect(page.locator("[data-veil]")).to_contain_text("no longer")
        expect(page.locator("[data-stills] img")).to_have_count(0)
        expect(rows(page)).to_have_count(1)
    finally:
        desk.stack.python(
            "from accounts.models import User\nfrom families.models import Person\n"
            "from clips import consent\nfrom tests.cast import give_consent\n"
            "asha = User.objects.get(name__startswith='Asha')\nsam = Person.objects.get(pk=sam)\n"
            "give_consent(sam, 'film', by=asha)\nconsent.changed(sam, 'film')",
            sam=desk.family["sam"],
        )
    expect(page.locator("[data-badge]")).to_have_text("exact")
    looking.until(lambda: page.locator("video").count() == 1, "it opens again by itself when everyone agrees again")
    watch_of(page).forgive("Failed to load resource")


def test_a_worry_goes_to_the_risk_section_and_leaves_no_trace_beside_the_film(
    desk: Desk, film: str, page: Page
) -> None:
    looking = desk.open(page, film)
    mark(looking, 1, 1)
    looking.press("w")
    page.get_by_role("button", name="Keep it in the risk section").click()
    expect(page.locator("[data-concern-error]")).to_have_text("Enter what you saw.")
    page.get_by_label("What did you see?").fill("A bruise on her arm.")
    axe(page)
    page.get_by_role("button", name="Keep it in the risk section").click()
    expect(page.locator("[data-pill]")).to_have_text("Kept in the staff-only risk section.")
    assert "bruise" not in page.content()
    kept = desk.stack.python(
        "from families.models import RiskConcern\n"
        "result = list(RiskConcern.objects.filter(film_id=film).values_list('text', 'film_time_us'))",
        film=film,
    )
    assert kept == [["A bruise on her arm.", 2_000_000]]


def test_covering_the_screen_stops_the_film(desk: Desk, film: str, page: Page) -> None:
    looking = desk.open(page, film)
    looking.press("Space")
    looking.until(lambda: looking.frame() > 2, "it plays")
    looking.press("F2")
    expect(page.locator("#vig-cover")).to_be_visible()
    before = looking.frame()
    page.wait_for_timeout(400)
    assert abs(looking.frame() - before) <= 1
    desk.cookies.clear()  # this sign-in is covered: the next test signs in anew


def test_zoom_into_the_picture_and_back_by_keys_and_wheel(desk: Desk, film: str, page: Page) -> None:
    looking = desk.open(page, film)
    stage = page.locator("[data-stage]")
    looking.press("+", "+", "Alt+ArrowRight")
    expect(page.locator("[data-zoom-shown]")).to_have_text("1.69×")
    assert "scale(1.69)" in (stage.get_attribute("style") or "")
    looking.press("0")
    expect(page.locator("[data-zoom-shown]")).to_have_text("1×")
    page.locator("[data-picture]").hover()
    page.mouse.wheel(0, -400)
    expect(page.locator("[data-zoom-shown]")).not_to_have_text("1×")
    assert looking.frame() == 0, "the film stands where it stood"


def test_speeds_sound_and_repeats(desk: Desk, film: str, page: Page) -> None:
    looking = desk.open(page, film)
    heard = "((film) => [film.playbackRate, film.muted, film.preservesPitch])(document.querySelector('.ws-video'))"
    for _ in range(6):
        looking.press("[")
    assert page.evaluate(heard) == [0.1, False, True], "the slowest, at its own pitch"
    page.get_by_role("button", name="How it plays").click()
    page.get_by_label("Sound when slow").select_option("silent")
    assert page.evaluate(heard) == [0.1, True, True]
    page.get_by_label("Sound when slow").select_option("drop")
    assert page.evaluate(heard) == [0.1, False, False]
    page.get_by_label("Pause between repeats").select_option("1000")
    looking.press("Escape")
    for _ in range(9):
        looking.press("]")
    assert page.evaluate(heard)[0] == 2
    mark(looking, 1, 1)
    looking.press("r")
    expect(page.get_by_role("button", name="Repeat")).to_have_attribute("aria-pressed", "true")
    looking.until(lambda: looking.frame() == 20, "it comes to the end of the moment")
    looking.until(lambda: 10 <= looking.frame() < 20, "and after a breath begins again")
    looking.press("r", "k")
    looking.still()
    assert 10 <= looking.frame() <= 20


# --- By touch ---------------------------------------------------------------------------------------------


class Fingers:
    """Touches as a screen sends them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def _send(self, kind: str, points: list[tuple[float, float]]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag(self, *ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Each finger from its first point to its second, all at once."""
        self._send("touchStart", [begin for begin, _ in ways])
        for part in (0.2, 0.4, 0.6, 0.8, 1.0):
            points = [(a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part) for a, b in ways]
            self._send("touchMove", points)
            self.page.wait_for_timeout(30)
        # A finger that leaves in full motion throws the page, and Chromium then swallows the next tap.
        self.page.wait_for_timeout(250)
        self._send("touchMove", [end for _, end in ways])
        self._send("touchEnd", [])
        self.page.wait_for_timeout(250)


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found
    return dict(found)


def test_a_moment_by_touch_on_a_small_screen(desk: Desk, film: str, new_page: Callable[..., Page]) -> None:
    page = new_page(**PHONE)
    looking = desk.open(page, film)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    fingers = Fingers(page)
    lanes = box(page, "[data-lanes]")

    def at(part: float, down: float = 0.3) -> tuple[float, float]:
        return (lanes["x"] + part * lanes["width"], lanes["y"] + down * lanes["height"])

    fingers.drag((at(0.1), at(0.3)))  # the place follows the finger
    looking.still()
    assert looking.frame() == looking.number()
    assert 28 <= looking.frame() <= 31
    page.get_by_role("button", name="Moment begins here").tap()
    fingers.drag((at(0.3), at(0.5)))
    looking.still()
    page.get_by_role("button", name="Moment ends here").tap()
    looking.until(lambda: len(looking.marks(film)) == 1, "saved")

    edge = box(page, ".ws-mark--selected .ws-mark__edge--last")
    middle = (edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2)
    fingers.drag((middle, (middle[0] + 0.2 * lanes["width"], middle[1])))
    looking.until(lambda: 65 <= looking.marks(film)[0]["last_frame"] <= 75, "the edge is where the finger left it")

    before = box(page, ".ws-mark--selected")["width"]
    fingers.drag((at(0.45), at(0.25)), (at(0.55), at(0.75)))  # two fingers apart
    looking.until(lambda: box(page, ".ws-mark--selected")["width"] > before * 1.5, "the timeline is closer")

    page.get_by_role("button", name="Moments 1").tap()
    expect(page.get_by_role("heading", name="Moments 1")).to_be_visible()
    page.locator("[data-principle]", has_text="Receiving initiatives").tap()
    looking.until(lambda: looking.marks(film)[0]["principles"] == ["3"], "tagged")
    page.wait_for_timeout(300)
    axe(page)
    page.get_by_role("button", name="Close the moments").tap()
    picture = box(page, "[data-picture]")
    middle = (picture["x"] + picture["width"] / 2, picture["y"] + picture["height"] / 2)
    fingers.drag(
        ((middle[0] - 20, middle[1]), (middle[0] - 100, middle[1])),
        ((middle[0] + 20, middle[1]), (middle[0] + 100, middle[1])),
    )
    looking.until(lambda: "scale" in (page.locator("[data-stage]").get_attribute("style") or ""), "into the picture")


# --- For everybody ----------------------------------------------------------------------------------------


def test_it_fits_without_scrolling_and_has_no_barrier(desk: Desk, film: str, page: Page) -> None:
    looking = desk.open(page, film)
    axe(page)
    mark(looking, 1, 1)
    looking.press("1", "c", "s")
    expect(page.locator("[data-stills] img")).to_have_count(1)
    page.select_option("[data-person=initiative_by]", label="Rowan")
    page.select_option("[data-person=received_by]", label="Sam")
    looking.saved()
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [1280, 720]
    for selector in (
        "[data-play]",
        "[data-do=mark-out]",
        "[data-whole]",
        "[data-note]",
        "[data-do=delete]",
        ".ws-question",
    ):
        seen = box(page, selector)
        assert seen["y"] >= 0
        assert seen["y"] + seen["height"] <= 720, selector
    axe(page)
    page.get_by_role("button", name="How it plays").click()
    axe(page)
    looking.press("Escape", "?")
    axe(page)


def test_single_keys_can_be_switched_off(desk: Desk, film: str, page: Page) -> None:
    looking = desk.open(page, film)
    page.get_by_role("button", name="How it plays").click()
    page.get_by_label("Single letters and figures are keys").uncheck()
    looking.press("Escape")
    page.locator("[data-playhead]").focus()
    looking.press("i", "ArrowRight")
    looking.until(lambda: looking.frame() == 1, "arrows still step")
    expect(page.locator("[data-pill]")).to_be_hidden()


def test_whoever_may_not_mark_can_look(desk: Desk, film: str, new_page: Callable[..., Page]) -> None:
    """Carol manages the team; for a written reason she may play this film for a while."""
    desk.stack.python(
        "from datetime import timedelta\nfrom django.utils import timezone\nfrom accounts.models import User\n"
        "from families.models import BreakGlass, Case\n"
        "BreakGlass.objects.create(user=User.objects.get(name__startswith='Carol'), case_id=case, reason='Complaint.',"
        " film=True, until=timezone.now() + timedelta(hours=1))",
        case=desk.family["case"],
    )
    page = new_page()
    desk.sign_in(page, "carol")
    page.goto(f"{desk.stack.base_url}/films/{film}/analyse/")
    expect(page.locator("[data-badge]")).to_have_text("exact")
    looking = Looking(page)
    looking.step("ArrowRight", 1)
    assert page.get_by_role("button", name="Moment begins here").count() == 0
    looking.press("i", "o", "Delete", "w", "s")
    page.wait_for_timeout(300)
    assert looking.marks(film) == []
    axe(page)


def test_on_saving_the_worker_cuts_and_the_page_says_how_it_stands(own_stack: Stack, path: Path, page: Page) -> None:
    stack = own_stack  # with workers, and empty: the shared one has the cast of another story by now
    desk = Desk(stack)
    film = desk.film(path, "sent")
    stack.wait_for(
        "from clips.models import Recording\nresult = Recording.objects.get(pk=film).state == 'ready'", film=film
    )
    looking = desk.open(page, film)
    mark(looking, 1, 1)
    looking.until(lambda: [each["state"] for each in looking.marks(film)] == ["ready"], "cut", seconds=30)
    expect(rows(page).first.locator(".ws-moment__state")).to_have_text("")
    (cut,) = looking.marks(film)
    answer = page.request.get(f"{stack.base_url}{cut['file_url']}")
    assert answer.status == 200
    stack.python(
        "from clips.models import Clip, VideoJob\n"
        "VideoJob.objects.filter(clip=clip).update(state='failed', error='There was no room for it on the server.')\n"
        "Clip.objects.filter(pk=clip).update(state='failed')",
        clip=cut["id"],
    )
    expect(rows(page).first).to_contain_text("Could not be cut")
    page.get_by_role("button", name="Try again").click()
    looking.until(lambda: [each["state"] for each in looking.marks(film)] == ["ready"], "cut again", seconds=30)
    expect(rows(page).first).not_to_contain_text("Could not be cut")


def test_the_principles_can_be_kept_on_any_screen(desk: Desk, new_page: Callable[..., Page]) -> None:
    for options in ({}, PHONE):
        page = new_page(**options)
        desk.sign_in(page, "dev")
        page.goto(f"{desk.stack.base_url}/principles/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Principles")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        axe(page)
        page.get_by_role("link", name=re.compile("Change.*Guiding")).click()
        page.get_by_label("What it is called").fill("")
        page.get_by_role("button", name="Save this principle").click()
        expect(page.get_by_role("alert")).to_contain_text("Enter what it is called")
        axe(page)
