"""The workspace at a browser: films with their numbers painted in, and what page and picture say at one moment."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Page, expect

from tests.clips.media import numbered
from tests.journeys.at_the_desk import sign_in
from tests.stack import Stack

_FAMILY = """
from tests.cast import consent_to_everything, make_cast, make_family
from outcomes.models import HelpingQuestion, HelpingQuestionWording
from sessions.models import Cycle
cast = make_cast()
family = make_family(cast.asha)
consent_to_everything(family, by=cast.asha)
question = HelpingQuestion.objects.create(case=family.case, whose=family.sam)
wording = HelpingQuestionWording.objects.create(
    question=question, version=1, text="What am I doing to help her settle?", recorded_by=cast.asha
)
cycle = Cycle.objects.create(case=family.case, number=1, wording=wording)
result = {"case": str(family.case.pk), "rowan": str(family.rowan.pk), "sam": str(family.sam.pk), "cycle": str(cycle.pk)}
"""

# A film as the check leaves it; `upto` says how far the work goes.
_FILM = """
import shutil
from django.db import transaction
from accounts.models import User
from clips import jobs, store
from clips.models import Recording
from tests.clips import filming
film = Recording.objects.create(
    case_id=family["case"], cycle_id=family["cycle"], state=state, uploaded_by=User.objects.get(name__startswith="Asha")
)
film.people.set([family["rowan"], family["sam"]])
if upto != "arriving":
    store.make_folder(film.pk)
    shutil.copy(path, store.path(film.pk, store.ORIGINAL))
    with transaction.atomic():
        jobs.enqueue_check(film)
    if upto != "sent":
        filming.work("check")
    if upto == "ready":
        filming.work("prepare")
    film.refresh_from_db()
    assert upto == "sent" or film.state == {"checked": "preparing", "ready": "ready"}[upto], film.state
result = str(film.pk)
"""

# A preparation that has handed out some pieces of its copy and still runs.
_PIECES = """
import json
from clips import jobs, store
from clips.media import playable
from clips.media.probe import Film
from clips.models import Recording, VideoJob
film = Recording.objects.get(pk=id)
film.plays_directly = False
film.save()
job = VideoJob.objects.get(recording=film, kind="prepare", state="queued")
attempt = jobs.claim(job.pk)
there = store.work(attempt.job.attempt)
there.mkdir(parents=True)
checked = Film.from_json(json.loads(store.path(film.pk, store.FILM).read_bytes()))
folder = there / store.SEGMENTS
playable.make_proxy(checked, store.path(film.pk, store.ORIGINAL), there / "proxy.mp4", segments=folder)
index = json.loads((folder / "index.json").read_text())
(folder / "whole.json").write_text(json.dumps(index))
index.update(complete=False, segments=index["segments"][:pieces])
(folder / "index.json").write_text(json.dumps(index))
result = {"folder": str(folder), "job": job.pk}
"""

_LUMA = """([width, height]) => {
  const video = document.querySelector(".ws-stage .ws-video:not(.ws-video--coming)");
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  let luma = "";
  for (let at = 0; at < data.length; at += 4) {
    luma += String.fromCharCode(Math.round(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]));
  }
  return btoa(luma);
}"""


@dataclass
class Desk:
    """A service with one family, without workers: its work is done when the test says so."""

    stack: Stack
    family: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.family = self.stack.python(_FAMILY)

    def film(self, path: Path | None, upto: str = "ready") -> str:
        """A film of Asha's.

        "arriving" (nothing known), "sent" (left to the workers), "checked" (plays from the original), "ready" (copied).
        """
        state = "uploading" if upto == "arriving" else "checking"
        made: str = self.stack.python(_FILM, family=self.family, path=str(path), upto=upto, state=state)
        return made

    def pieces(self, film: str, count: int) -> dict[str, Any]:
        """Let a checked film's copy be in the making, with its first ``count`` pieces handed out."""
        made: dict[str, Any] = self.stack.python(_PIECES, id=film, pieces=count)
        return made

    def sign_in(self, page: Page, name: str = "asha") -> None:
        """Sign in by the page once; later pages bring the same cookies."""
        if name not in self.cookies:
            self.cookies[name] = sign_in(page, self.stack, name).context.cookies()
        page.context.add_cookies(self.cookies[name])

    def open(self, page: Page, film: str, badge: str = "exact") -> Looking:
        """The workspace of a film, once its picture is there."""
        self.sign_in(page)
        page.goto(f"{self.stack.base_url}/films/{film}/analyse/")
        if badge:
            expect(page.locator("[data-badge]")).to_have_text(badge)
        return Looking(page)


@dataclass
class Looking:
    """A page with the workspace open."""

    page: Page

    def number(self, size: tuple[int, int] = (256, 144)) -> int:
        """The number painted in the picture on screen."""
        luma = np.frombuffer(base64.b64decode(self.page.evaluate(_LUMA, list(size))), np.uint8)
        return numbered.read(luma.reshape(size[1], size[0]))

    def frame(self) -> int:
        """The frame that the page says is on screen."""
        return int(self.page.locator("[data-workspace]").get_attribute("data-frame") or -1)

    def badge(self) -> str:
        return self.page.locator("[data-badge]").inner_text()

    def kind(self) -> str:
        """What is being played, from its address."""
        address: str = self.page.evaluate("document.querySelector('.ws-video').currentSrc")
        return "blob" if address.startswith("blob:") else address.rsplit("/", 1)[-1]

    def until(self, what: Callable[[], bool], why: str, seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, why
            self.page.wait_for_timeout(20)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def step(self, key: str, by: int) -> None:
        """Press a key that steps, and wait until the page says the frame that it must come to."""
        wanted = self.frame() + by
        self.press(key)
        self.until(lambda: self.frame() == wanted and self.badge() == "exact", f"{key} did not come to frame {wanted}")

    def go(self, part: float) -> None:
        """Click into the timeline at a part of its width, and wait until the picture stands."""
        box = self.page.locator("[data-lanes]").bounding_box()
        assert box
        self.page.mouse.click(box["x"] + 2 + part * (box["width"] - 4), box["y"] + 40)
        self.still()

    def still(self) -> None:
        """Wait until nothing changes any more: two looks at frame and clock, a few pictures apart, that agree."""
        before: Any = None
        for _ in range(100):
            now = self.page.evaluate(
                "(() => { const v = document.querySelector('.ws-video'); "
                "return [v.paused, v.seeking, v.currentTime, document.querySelector('[data-workspace]').dataset.frame, "
                "document.querySelector('[data-badge]').textContent].join(); })()"
            )
            if now == before and now.startswith("true,false"):
                return
            before = now
            self.page.wait_for_timeout(120)
        raise AssertionError("The picture does not come to rest.")

    def saved(self) -> None:
        expect(self.page.locator("[data-saved]")).to_contain_text("Saved")

    def marks(self, film: str) -> list[dict[str, Any]]:
        """The marks as the service has them."""
        address = urlsplit(self.page.url)
        answer = self.page.request.get(f"{address.scheme}://{address.netloc}/films/{film}/marks/")
        rows: list[dict[str, Any]] = answer.json()["marks"]
        return rows


def wrong_frames(looking: Looking, steps: int, seeks: int, seed: int = 5) -> list[tuple[str, int, int]]:
    """Step on and back and jump about; every place where the number in the picture is not the frame that is told."""
    wrong = []

    def compare(what: str) -> None:
        told, shown = looking.frame(), looking.number()
        if told != shown or looking.badge() != "exact":
            wrong.append((what, told, shown))

    for key, by in [("ArrowRight", 1)] * steps + [("ArrowLeft", -1)] * steps + [(".", 1)] * 3 + [(",", -1)] * 3:
        looking.step(key, by)
        compare(key)
    chance = random.Random(seed)
    for _ in range(seeks):
        looking.go(chance.random())
        compare("seek")
    return wrong
