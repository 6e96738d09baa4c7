"""What the stepper tells, what the picture shows and what a mark keeps are the same frame: error 0."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.clips.media import numbered
from tests.journeys.looking import Desk, Looking, wrong_frames
from tests.stack import running

pytestmark = [pytest.mark.journey, pytest.mark.film]

# Name -> what `numbered.make` is told. Small and short: two cores are shared by everybody.
RECIPES = {
    "25": (numbered.constant(75, 25), numbered.Recipe()),
    "variable": (numbered.variable(70), numbered.Recipe()),
    "29.97 with B-frames": (
        numbered.constant(70, Fraction(30000, 1001)),
        numbered.Recipe(options={"preset": "ultrafast", "crf": "18", "g": "30", "bf": "3"}),
    ),
    "60 turned": (numbered.constant(90, 60), numbered.Recipe(rotation=90, size=(144, 256))),
    "240": (numbered.constant(120, 240), numbered.Recipe()),
}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with running(workers=(), beat=False) as stack:
        yield Desk(stack)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    return {
        name: numbered.make(folder / f"{at}.mp4", *times, recipe).path
        for at, (name, (times, recipe)) in enumerate(RECIPES.items())
    }


@pytest.mark.parametrize("upto", ["checked", "ready"])
@pytest.mark.parametrize("name", ["25", "variable"])
def test_thirty_steps_on_and_back_and_jumps_show_the_frames_that_they_tell(
    desk: Desk, films: dict[str, Path], page: Page, name: str, upto: str
) -> None:
    looking = desk.open(page, desk.film(films[name], upto))
    assert looking.kind() == {"checked": "original", "ready": "proxy"}[upto]
    assert wrong_frames(looking, 30, 15) == []


@pytest.mark.parametrize("name", ["29.97 with B-frames", "60 turned", "240"])
def test_other_rates_and_shapes_are_exact_too(desk: Desk, films: dict[str, Path], page: Page, name: str) -> None:
    for upto in ("checked", "ready"):
        looking = desk.open(page, desk.film(films[name], upto))
        looking.go(0.5)
        size = (144, 256) if "turned" in name else (256, 144)
        for key, by in [("ArrowRight", 1)] * 5 + [("ArrowLeft", -1)] * 5:
            looking.step(key, by)
            assert looking.number(size) == looking.frame(), (name, upto, key)


@pytest.mark.parametrize("upto", ["checked", "ready"])
def test_a_mark_keeps_the_frames_that_were_on_screen(desk: Desk, films: dict[str, Path], page: Page, upto: str) -> None:
    film = desk.film(films["variable"], upto)
    looking = desk.open(page, film)
    looking.go(0.3)
    first = looking.number()
    looking.press("i")
    looking.press("Space")
    page.wait_for_timeout(500)
    looking.press("k")
    looking.still()
    last = looking.number()
    looking.press("o")
    looking.saved()
    (mark,) = looking.marks(film)
    assert (mark["first_frame"], mark["last_frame"]) == (first, last)
    assert last > first

    looking.press("Shift+ArrowLeft")
    looking.still()
    looking.press("z")
    looking.until(lambda: looking.frame() == first - 1, "the edge that is moved comes to the screen")
    assert looking.number() == first - 1
    looking.press("b")
    looking.until(lambda: looking.frame() == last + 1, "the other edge comes to the screen")
    assert looking.number() == last + 1
    looking.until(
        lambda: [(m["first_frame"], m["last_frame"]) for m in looking.marks(film)] == [(first - 1, last + 1)],
        "both edges are saved",
    )


def test_a_moment_plays_from_its_first_frame_to_its_last(desk: Desk, films: dict[str, Path], page: Page) -> None:
    looking = desk.open(page, desk.film(films["variable"], "ready"))
    looking.go(0.2)
    first = looking.number()
    looking.press("i")
    looking.go(0.6)
    last = looking.number()
    looking.press("o")
    looking.go(0.9)
    looking.press("p")
    expect(page.locator("[data-play]")).to_have_attribute("aria-label", "Pause")
    expect(page.locator("[data-play]")).to_have_attribute("aria-label", "Play")
    looking.still()
    assert (looking.frame(), looking.number()) == (last, last)
    looking.press("r")  # repeats with a breath; stopped somewhere inside
    page.wait_for_timeout(1500)
    looking.press("k")
    looking.still()
    assert first <= looking.number() <= last
    assert looking.number() == looking.frame()


def test_backwards_comes_to_earlier_frames_and_tells_them(desk: Desk, films: dict[str, Path], page: Page) -> None:
    looking = desk.open(page, desk.film(films["25"], "ready"))
    looking.press("End")
    looking.until(lambda: looking.frame() == 74, "the last frame")
    looking.press("j", "j")
    expect(page.locator("[data-speed-shown]")).to_have_text("−2×")
    looking.until(lambda: looking.frame() < 50, "it runs back")
    looking.press("k")
    looking.still()
    assert 0 < looking.number() == looking.frame()


def test_pieces_of_a_copy_in_the_making_are_exact_and_the_copy_takes_over_in_place(
    desk: Desk, tmp_path: Path, page: Page
) -> None:
    made = numbered.make(tmp_path / "long.mp4", *numbered.variable(200))
    film = desk.film(made.path, "checked")
    pieces = desk.pieces(film, 2)
    looking = desk.open(page, film)
    assert looking.kind() == "blob"
    expect(page.locator("[data-timeline]")).to_have_class("ws-timeline ws-timeline--coming")
    for key, by in [("ArrowRight", 1)] * 4 + [("ArrowLeft", -1)] * 2:
        looking.step(key, by)
        assert looking.number() == looking.frame()
    looking.go(0.99)
    end = looking.frame()
    assert end == looking.number()
    assert end < 199, "only what has been handed out can be shown"

    folder = Path(pieces["folder"])
    (folder / "index.json").write_text((folder / "whole.json").read_text())
    expect(page.locator("[data-timeline]")).to_have_class("ws-timeline")
    looking.go(0.95)
    assert looking.frame() == looking.number() > end

    place = looking.frame()
    desk.stack.python(
        "from clips.models import VideoJob\nfrom tests.clips import filming\n"
        "VideoJob.objects.filter(pk=job).update(state='queued')\nfilming.work('prepare')",
        job=pieces["job"],
    )
    looking.until(lambda: looking.kind() == "proxy", "the finished copy takes over")
    looking.still()
    assert looking.frame() == looking.number() == place


def picture_as_told(looking: Looking, times: list[float]) -> int:
    """The number in the picture once it is that of the time which the page tells: a busy machine paints late."""

    def told() -> int:
        minutes, seconds = looking.page.locator("[data-time]").inner_text().split(":")
        at = int(minutes) * 60 + float(seconds) + 0.0005
        return max(number for number, time in enumerate(times) if time <= at)

    looking.still()
    looking.until(lambda: looking.number() == told(), "the picture is not that of the time told")
    return looking.number()


def test_marking_before_the_film_has_arrived_holds_when_it_has(desk: Desk, films: dict[str, Path], page: Page) -> None:
    """The file on this device plays in the part of the upload page that is the workspace."""
    film = desk.film(None, "arriving")
    desk.sign_in(page)
    page.goto(f"{desk.stack.base_url}/me/")
    page.route("**/local.mp4", lambda route: route.fulfill(path=films["variable"], content_type="video/mp4"))
    page.evaluate(
        """async (film) => {
          const html = await (await fetch(`/films/${film}/analyse/fragment/`)).text();
          document.querySelector("main").innerHTML = html;
          const source = new File([await (await fetch("/local.mp4")).blob()], "IMG_0001.MOV", { type: "video/mp4" });
          const { mount } = await import("/static/clips/workspace/index.js");
          window.looking = mount(document.querySelector("main"), { film, source });
        }""",
        film,
    )
    looking = Looking(page)
    expect(page.locator("[data-badge]")).to_have_text("about")
    assert looking.kind() == "blob"
    looking.press("Space")
    looking.until(lambda: page.evaluate("document.querySelector('.ws-video').currentTime") > 0.3, "the film plays")
    looking.press("k")
    ticks, _, base = RECIPES["variable"][0]
    times = [float(tick * base) for tick in ticks]
    first = picture_as_told(looking, times)
    looking.press("i")
    for _ in range(3):
        looking.press("ArrowRight")
        looking.still()
    last = picture_as_told(looking, times)
    looking.press("o")
    looking.saved()
    (mark,) = looking.marks(film)
    assert mark["first_frame"] is None

    desk.stack.python(
        "import shutil\nfrom django.db import transaction\nfrom clips import jobs, store\n"
        "from clips.models import Recording\nfrom tests.clips import filming\n"
        "film = Recording.objects.get(pk=id)\nfilm.state = 'checking'\nfilm.save()\nstore.make_folder(film.pk)\n"
        "shutil.copy(path, store.path(film.pk, store.ORIGINAL))\n"
        "with transaction.atomic():\n    jobs.enqueue_check(film)\n"
        "filming.work('check')",
        id=film,
        path=str(films["variable"]),
    )
    expect(page.locator("[data-badge]")).to_have_text("exact")
    looking.until(lambda: looking.kind() == "original", "the service's own copy takes over")
    looking.still()
    assert looking.frame() == looking.number() == last, "the place is kept"
    (mark,) = looking.marks(film)
    assert (mark["first_frame"], mark["last_frame"]) == (first, last)
    page.evaluate("window.looking.destroy()")
    assert page.locator("video").count() == 0
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
