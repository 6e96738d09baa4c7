"""A frame's time is the one that Chromium tells of it, to the microsecond."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from clips.media.probe import Film, probe
from tests.clips.media import films
from tests.clips.media.films import make

pytestmark = pytest.mark.film

SHOWN = """async ([address, times]) => {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  document.body.replaceChildren(video);
  video.src = address;
  await new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(new Error(video.error.message));
  });
  const shown = [];
  for (const time of times) {
    const frame = new Promise((resolve) => video.requestVideoFrameCallback((_, data) => resolve(data.mediaTime)));
    const late = new Promise((resolve) => setTimeout(() => resolve(null), 5000));
    video.currentTime = time;
    shown.push(await Promise.race([frame, late]));
  }
  return [shown, video.videoWidth, video.videoHeight];
}"""

B_FRAMES = {"bf": "2", "preset": "fast", "g": "12"}


@pytest.fixture
def page(new_page: Callable[..., Page], tmp_path: Path) -> Page:
    """Stand on a page that may show films from disk."""
    blank = tmp_path / "blank.html"
    blank.write_text("<!doctype html><title>Films</title>")
    page = new_page()
    page.goto(blank.as_uri())
    return page


def agrees(page: Page, path: Path, film: Film, most: int = 24) -> None:
    """Seek to the middle of frames all over the film and compare what is shown with what the probe says."""
    count = film.frames
    indices = sorted({i * (count - 1) // (most - 1) for i in range(most)}) if count > most else list(range(count))
    # The first frame is on show already: a seek to it is told only when another was shown in between.
    indices = [*indices[1:], 0]
    middles = [float((film.time(i) + film.time(i + 1)) / 2) for i in indices]
    shown, width, height = page.evaluate(SHOWN, [path.as_uri(), middles])
    assert [round(time * 1_000_000) for time in shown] == [film.time_us(i) for i in indices]
    assert (width, height) == (film.width, film.height)


MADE: dict[str, dict[str, Any]] = {
    "steady": {},
    "b-frames": {"codec_options": B_FRAMES, "rate": Fraction(30000, 1001)},
    "late start": {"codec_options": B_FRAMES, "times": [45000 + 3000 * i for i in range(30)]},
    "uneven, late, b-frames": {"codec_options": B_FRAMES, "times": [90001 + time for time in films.uneven(40)]},
    "odd clock": {
        "times": [i * 20 + i % 3 for i in range(30)],
        "time_base": Fraction(1, 600),
        "container_options": {"video_track_timescale": "600"},
    },
    "no edit list": {"codec_options": {"g": "12"}, "container_options": {"use_editlist": "0"}},
    "negative offsets": {"codec_options": B_FRAMES, "container_options": {"movflags": "negative_cts_offsets"}},
    "turned": {"rotation": 90, "sounds": []},
}


@pytest.mark.parametrize("name", MADE)
def test_made_films_are_shown_at_the_times_that_we_say(name, page, tmp_path):
    path = make(tmp_path / "film.mp4", **MADE[name])
    film = probe(path)
    assert film.plays_directly
    agrees(page, path, film)


@pytest.mark.parametrize("name", ["iphone-rotated-editlist.mov", "gopro-hero7.mp4"])
def test_real_films_are_shown_at_the_times_that_we_say(name, page):
    path = films.SHARED / name
    if not path.exists():
        pytest.skip("The real films do not lie beside the project.")
    agrees(page, path, probe(path), most=8)


@pytest.mark.parametrize(
    "how",
    [
        {"container_options": {"use_editlist": "0"}},
        {"codec_options": {**B_FRAMES, "x264-params": "open-gop=1"}, "frames": 60},
    ],
    ids=["b-frames without an edit list", "open groups of pictures"],
)
def test_a_film_in_which_browsers_miss_frames_does_not_play_directly(how, tmp_path):
    """Chromium was seen to land on a key frame behind the frame that was asked for, or on none."""
    film = probe(make(tmp_path / "film.mp4", **{"codec_options": B_FRAMES, **how}))
    assert not film.plays_directly
    assert "exactly" in film.why_not_directly
