"""From the picture on screen to the files: stepper, mark, clip and still are the same frames, on films as devices write
them; error 0."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.clips.media import numbered
from tests.journeys.looking import Desk
from tests.stack import running

pytestmark = [pytest.mark.journey, pytest.mark.film]

FILMS = [
    "25 fps",
    "29.97 fps",
    "30 fps",
    "60 fps",
    "240 fps",
    "variable rate",
    "B-frames, open groups",
    "turned 90",
    "HEVC 10 bit HLG, turned",
    "hidden frames, variable, B-frames",
    "starts late",
    "MPEG-TS",
]

_CUT = """
from clips import store
from clips.models import Clip
from tests.clips import filming
from tests.clips.media import numbered
filming.work("cut")
clip = Clip.objects.get(recording=film)
assert clip.state == "ready", clip.state
result = [number for _, number in numbered.numbers(store.path(clip.recording_id, clip.file))]
"""


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with running(workers=(), beat=False) as stack:
        yield Desk(stack)


@pytest.mark.parametrize("name", FILMS)
def test_what_is_seen_is_what_is_marked_cut_and_kept(desk: Desk, tmp_path: Path, page: Page, name: str) -> None:
    made = numbered.film(name, tmp_path)
    film = desk.film(made.path)
    looking = desk.open(page, film)
    upright = made.size[1] > made.size[0]
    size = (144, 256) if upright else (256, 144)

    def painted() -> int:
        """The number on screen, checked against the frame that the page tells."""
        number = looking.number(size)
        assert made.numbers[looking.frame()] == number
        return number

    looking.go(0.4)
    for key, by in [("ArrowRight", 1)] * 2 + [("ArrowLeft", -1)] * 3:
        looking.step(key, by)
        painted()
    first = painted()
    looking.press("i")
    for _ in range(4):
        looking.step("ArrowRight", 1)
    last = painted()
    looking.press("o", "s")
    expect(page.locator("[data-stills] img")).to_have_count(1)
    looking.saved()

    (mark,) = looking.marks(film)
    assert [made.numbers[mark["first_frame"]], made.numbers[mark["last_frame"]]] == [first, last]
    origin = desk.stack.base_url
    rows: dict[str, Any] = page.request.get(f"{origin}/films/{film}/marks/").json()
    (still,) = rows["stills"]
    kept = Image.open(io.BytesIO(page.request.get(f"{origin}{still['url']}").body())).convert("L")
    assert made.numbers[still["frame"]] == last == numbered.read(np.asarray(kept))
    assert desk.stack.python(_CUT, film=film) == list(range(first, last + 1))
