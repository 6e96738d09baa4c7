"""What the stepper shows, the mark, both ends of the clip and the still are the same frames: error 0.

Every picture of these films carries its own number, and a tick sounds with every twelfth.
"""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from clips.media import boxes, cut, frames, smart, still
from clips.media.probe import Film
from tests.clips.media import numbered
from tests.clips.media.prepared import Prepared, prepared

pytestmark = pytest.mark.film

IN_STEP = Fraction(5, 1000)
EVERY_FILM = pytest.mark.parametrize("name", numbered.FILMS)


def edges(count: int, key: int = 15) -> list[tuple[int, int]]:
    """First frame and first frame left out, at every place where a cut could go wrong by one."""
    return [
        (0, count),
        (0, 1),
        (key, count - 1),
        (key - 1, key + 20),
        (key + 1, 2 * key + 1),
        (key, key + 1),
        (key - 1, key),
        (key + 2, key + 9),
        (key - 1, key + 1),
        (2 * key - 2, 2 * key + 2),
        (count - 20, count),
        (count - 1, count),
    ]


def check_clip(clip: Path, film: Prepared, first: int, after: int, times: list[Fraction]) -> None:
    """Hold a clip against the numbers and ticks of the frames it must have; `times` are those of all frames."""
    wanted = list(film.made.numbers[first:after])
    # With the edit list ignored nothing can hide: what is stored is what is shown.
    found = numbered.numbers(clip, ignore_editlist="1")
    assert [number for _, number in found] == wanted
    assert [time for time, _ in found] == [times[index] - times[first] for index in range(first, after)]
    with av.open(str(clip)) as player:
        shown = [packet for packet in player.demux(video=0) if packet.size and not packet.is_discard]
    assert [packet.pts * packet.time_base for packet in shown] == [time for time, _ in found]
    if film.lag is not None:
        room = film.lag + numbered.TICK_DELAY + numbered.TICK_LENGTH + Fraction(1, 100)
        heard = numbered.ticks(clip)
        for tick in (times[index] - times[first] for index in film.made.ticking(first, after)):
            if tick + room < times[after] - times[first]:
                assert min(abs(tick + film.lag - other) for other in heard) < IN_STEP
    check_nothing_told(clip)


def check_nothing_told(path: Path) -> None:
    """No metadata, no device, program, place or time, and no edit list that could hide a picture."""
    top, inside = boxes.header(path)
    assert set(top) <= {"ftyp", "moov", "free", "mdat"}
    assert top.index("moov") < top.index("mdat")
    assert not {name.rpartition("/")[2] for name, _ in inside} & {"udta", "meta", "uuid", "ilst", "keys"}
    for name, body in inside:
        if name.endswith(("mvhd", "tkhd", "mdhd")):
            assert boxes.created(body) == 0
        if name.endswith("elst"):
            (edit,) = boxes.edits(body)
            assert 0 <= edit.media_time <= 1024
    data = path.read_bytes()
    assert not [word for word in (b"Lavf", b"Lavc", b"x264", b"x265", b"libx") if word in data]


@EVERY_FILM
def test_the_proxy_shows_every_frame_at_its_own_time(name: str) -> None:
    film = prepared(name)
    proxy = film.proxy
    found = numbered.numbers(proxy.path, ignore_editlist="1")
    assert [number for _, number in found] == list(film.made.numbers)
    assert [time for time, _ in found] == [proxy.time(index) for index in range(proxy.frames)]
    assert [film.film.time(index) + proxy.offset for index in range(proxy.frames + 1)] == [
        proxy.time(index) for index in range(proxy.frames + 1)
    ]
    assert (proxy.width, proxy.height) == film.made.size
    check_nothing_told(proxy.path)


@EVERY_FILM
def test_the_proxy_keeps_sound_and_picture_in_step(name: str) -> None:
    film = prepared(name)
    assert film.proxy.has_sound == (film.lag is not None)
    if film.lag is None:
        return
    if "AVI, B-frames" not in name:
        # That one really lags: its container has no times, and both codecs delay.
        assert abs(film.lag) < Fraction(1, 1000)
    heard = numbered.ticks(film.proxy.path)
    due = [film.proxy.time(index) + film.lag for index in film.made.ticking()]
    assert len(due) >= 5
    for tick in due:
        assert min(abs(tick - other) for other in heard) < IN_STEP


@EVERY_FILM
def test_a_smart_cut_holds_exactly_its_frames_at_every_edge(name: str, tmp_path: Path) -> None:
    film = prepared(name)
    proxy = film.proxy
    times = [proxy.time(index) for index in range(proxy.frames + 1)]
    for first, after in edges(proxy.frames):
        clip = tmp_path / "clip.mp4"
        result = cut.cut(proxy, proxy.time(first), proxy.time(after), clip)
        assert result.method == "smart"
        assert (result.frames, result.first_time, result.last_time) == (after - first, times[first], times[after - 1])
        assert result.duration == times[after] - times[first]
        check_clip(clip, film, first, after, times)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


@EVERY_FILM
def test_a_cut_from_the_film_itself_holds_exactly_its_frames(name: str, tmp_path: Path) -> None:
    film = prepared(name)
    zero = film.film.time(0)
    times = [film.film.time(index) - zero for index in range(film.film.frames + 1)]
    count = film.film.frames
    for first, after in ((0, count), (14, 16), (24, 25), (count - 9, count)):
        clip = tmp_path / "clip.mp4"
        result = cut.cut(film.path, film.film.time(first), film.film.time(after), clip, film=film.film)
        assert result.method == "encoded"
        assert (result.frames, result.first_time) == (after - first, film.film.time(first))
        check_clip(clip, film, first, after, times)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


@pytest.mark.parametrize("name", ["variable rate", "29.97 fps", "240 fps"])
def test_random_cuts_are_exact(name: str, tmp_path: Path) -> None:
    film = prepared(name)
    proxy = film.proxy
    times = [proxy.time(index) for index in range(proxy.frames + 1)]
    choose = random.Random(20261123)
    for _ in range(20):
        first, after = sorted(choose.sample(range(proxy.frames + 1), 2))
        clip = tmp_path / "clip.mp4"
        assert cut.cut(proxy, times[first], times[after], clip).method == "smart"
        check_clip(clip, film, first, after, times)


@pytest.mark.parametrize("name", ["30 fps", "variable rate", "MJPEG in AVI"])
def test_a_clip_that_cannot_be_copied_is_encoded_as_exactly(name: str, tmp_path: Path) -> None:
    film = prepared(name)
    proxy = film.proxy
    times = [proxy.time(index) for index in range(proxy.frames + 1)]
    for first, after in ((0, proxy.frames), (14, 16), (20, 50)):
        clip = tmp_path / "clip.mp4"
        smart.encode(proxy, first, after, clip)
        check_clip(clip, film, first, after, times)


@EVERY_FILM
def test_a_still_is_the_frame_that_was_asked_for(name: str, tmp_path: Path) -> None:
    film = prepared(name)
    picture = tmp_path / "still.jpg"
    for index in (0, 1, 14, 15, 16, film.proxy.frames - 1):
        still.still(film.proxy, index, picture)
        assert numbered.read(np.asarray(Image.open(picture).convert("L"))) == film.made.numbers[index]


@EVERY_FILM
def test_a_picture_before_the_proxy_is_there_is_the_same_frame(name: str, tmp_path: Path) -> None:
    film = prepared(name)
    picture = tmp_path / "poster.jpg"
    for index in (0, film.film.frames - 1):
        assert still.poster(film.film, film.path, picture, index=index) == index
        assert numbered.read(np.asarray(Image.open(picture).convert("L"))) == film.made.numbers[index]


@EVERY_FILM
def test_a_time_that_a_player_reports_leads_to_the_frame_it_showed(name: str) -> None:
    film: Film = prepared(name).film
    times = frames.times_us(film.frame_times, film.time_base)
    end = film.time_us(film.frames)
    for index, time in enumerate(times):
        assert time == film.time_us(index)
        assert frames.index_at(times, time) == index
        assert frames.index_at(times, frames.middle_us(times, index, end)) == index
