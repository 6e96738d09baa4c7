"""The frame that Chromium shows is the frame that was meant: in the proxy, in its pieces, in a clip."""

from __future__ import annotations

import base64
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from clips.media import cut, playable
from tests.clips.media import numbered
from tests.clips.media.prepared import prepared

pytestmark = [pytest.mark.film, pytest.mark.journey]

# Seeks to each time and returns what is then on screen: its media time and the green of every point.
_SHOW = """async ([mime, pieces, times]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const video = document.createElement('video');
  const canvas = document.createElement('canvas');
  document.body.append(video, canvas);
  video.muted = true;
  const loaded = new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(new Error(video.error.message));
  });
  if (pieces.length > 1) {
    const source = new MediaSource();
    video.src = URL.createObjectURL(source);
    await new Promise((resolve) => source.addEventListener('sourceopen', resolve, { once: true }));
    const buffer = source.addSourceBuffer(mime);
    for (const piece of pieces) {
      const done = new Promise((resolve) => buffer.addEventListener('updateend', resolve, { once: true }));
      buffer.appendBuffer(bytes(piece));
      await done;
    }
    source.endOfStream();
  } else {
    video.src = URL.createObjectURL(new Blob([bytes(pieces[0])], { type: 'video/mp4' }));
  }
  await loaded;
  const shown = [];
  for (const time of times) {
    const frame = new Promise((resolve) => video.requestVideoFrameCallback((_, about) => resolve(about.mediaTime)));
    video.currentTime = time;
    const mediaTime = await frame;
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const pen = canvas.getContext('2d');
    pen.drawImage(video, 0, 0);
    const points = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    let text = '';
    for (let at = 1; at < points.length; at += 4) text += String.fromCharCode(points[at]);
    shown.push([mediaTime, btoa(text)]);
  }
  return { size: [video.videoWidth, video.videoHeight], shown };
}"""


def shown(page: Page, pieces: list[bytes], times: list[Fraction], mime: str = "") -> list[tuple[float, int]]:
    """Return the media time and the painted number of what Chromium shows after seeking to each of `times`."""
    page.goto("about:blank")
    coded = [base64.b64encode(piece).decode() for piece in pieces]
    answer = page.evaluate(_SHOW, [mime, coded, [float(time) for time in times]])
    width, height = answer["size"]
    return [
        (media_time, numbered.read(np.frombuffer(base64.b64decode(points), np.uint8).reshape(height, width)))
        for media_time, points in answer["shown"]
    ]


def middles(proxy: playable.Proxy, first: int, after: int) -> list[Fraction]:
    """Return the middle of each frame's interval, counted from frame `first`."""
    return [(proxy.time(index) + proxy.time(index + 1)) / 2 - proxy.time(first) for index in range(first, after)]


@pytest.mark.parametrize("name", ["variable rate", "hidden frames, variable, B-frames", "turned 270, upright"])
def test_every_frame_of_the_proxy_is_the_one_sought(page: Page, name: str) -> None:
    film = prepared(name)
    proxy = film.proxy
    found = shown(page, [proxy.path.read_bytes()], middles(proxy, 0, proxy.frames))
    assert [number for _, number in found] == list(film.made.numbers)
    for index, (media_time, _) in enumerate(found):
        assert abs(media_time - float(proxy.time(index))) < 2e-6


def test_the_pieces_of_a_proxy_in_the_making_show_the_same_frames(page: Page, tmp_path: Path) -> None:
    film = prepared("hidden frames, variable, B-frames")
    folder = tmp_path / "pieces"
    proxy = playable.make_proxy(film.film, film.path, tmp_path / "proxy.mp4", segments=folder)
    index = json.loads((folder / "index.json").read_text())
    names = ["init.mp4", *(piece["name"] for piece in index["segments"])]
    pieces = [(folder / piece).read_bytes() for piece in names]
    found = shown(page, pieces, middles(proxy, 0, proxy.frames), index["mime"])
    assert [number for _, number in found] == list(film.made.numbers)


@pytest.mark.parametrize(("first", "after"), [(14, 40), (16, 31), (15, 16)])
def test_a_clip_shows_its_own_frames_and_no_other(page: Page, tmp_path: Path, first: int, after: int) -> None:
    film = prepared("variable rate")
    proxy = film.proxy
    cut.cut(proxy, proxy.time(first), proxy.time(after), tmp_path / "clip.mp4")
    # The very start and long after the end: whatever might lie hidden there would come up.
    times = [Fraction(0), *middles(proxy, first, after), proxy.time(after) - proxy.time(first) - Fraction(1, 500)]
    found = shown(page, [(tmp_path / "clip.mp4").read_bytes()], times)
    numbers = list(film.made.numbers[first:after])
    assert [number for _, number in found] == [numbers[0], *numbers, numbers[-1]]
