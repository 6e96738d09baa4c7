"""The time of every presented frame: what browsers show, whatever the file does to hide it."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clips.media import ffmpeg
from clips.media.probe import Film, microseconds, probe
from clips.media.probe.film import packed, unpacked
from tests.clips.media import films
from tests.clips.media.films import Sound, make

pytestmark = pytest.mark.film

B_FRAMES = {"bf": "2", "preset": "fast", "g": "12"}


def with_ffmpeg(*args: str | Path) -> None:
    subprocess.run([ffmpeg.binary(), "-v", "error", "-y", *args], check=True)


def test_a_variable_rate_is_told_from_a_steady_one(tmp_path):
    uneven = films.uneven(40)
    film = probe(make(tmp_path / "vfr.mp4", times=uneven, codec_options=B_FRAMES))
    assert film.variable_frame_rate
    assert [film.time(i) for i in range(40)] == [Fraction(time, 90000) for time in uneven]
    steady = make(tmp_path / "ms.mkv", rate=Fraction(30000, 1001), frames=40)  # whole milliseconds: 33 and 34
    assert not probe(steady).variable_frame_rate
    ntsc = probe(make(tmp_path / "ntsc.mp4", rate=Fraction(30000, 1001), frames=40))
    assert not ntsc.variable_frame_rate
    assert ntsc.time_us(1) == 33367


def test_a_late_start_is_kept_and_not_counted(tmp_path):
    film = probe(make(tmp_path / "late.mp4", times=[45000 + 3000 * i for i in range(30)], codec_options=B_FRAMES))
    assert film.time_us(0) == 500_000
    assert film.duration_s == pytest.approx(1.0)
    assert film.time(film.frames) == Fraction(3, 2)
    assert film.plays_directly


def test_frames_before_the_cut_of_a_trimmed_film_are_not_shown(tmp_path):
    whole = make(tmp_path / "whole.mp4", frames=60, codec_options={"g": "30"})
    trimmed = tmp_path / "trimmed.mp4"
    with_ffmpeg("-ss", "0.5", "-i", whole, "-c", "copy", trimmed)
    film = probe(trimmed)
    assert (film.frames, film.hidden_frames) == (45, 15)
    assert film.time_us(0) == 0
    assert films.numbers(trimmed) == list(range(15, 60))
    assert not film.plays_directly
    assert "hides" in film.why_not_directly


def test_a_sound_tail_does_not_lengthen_the_film(tmp_path):
    film = probe(make(tmp_path / "tail.mp4", frames=15, sounds=[Sound(seconds=3)]))
    assert film.duration_s == pytest.approx(0.5, abs=0.002)


def test_a_recording_made_in_a_browser_has_no_length_in_its_header(tmp_path):
    live = tmp_path / "live.webm"
    made = make(tmp_path / "made.webm", codec="libvpx", frames=30, sounds=[Sound("libopus")])
    live.write_bytes(
        subprocess.run(
            [ffmpeg.binary(), "-v", "error", "-i", made, "-c", "copy", "-f", "webm", "-"],
            check=True,
            capture_output=True,
        ).stdout
    )
    film = probe(live)
    assert (film.frames, film.duration_s) == (30, pytest.approx(1.0, abs=0.002))
    # Such a film may end anywhere: its header promised no length.
    live.write_bytes(live.read_bytes()[:-1500])
    assert 0 < probe(live).frames < 30


def test_a_fragmented_film_is_read_to_its_end(tmp_path):
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    film = probe(make(tmp_path / "f.mp4", frames=40, codec_options={"g": "10"}, container_options=options))
    assert film.frames == 40
    assert not film.plays_directly


def test_a_camcorder_film_that_starts_in_the_middle_has_only_the_frames_that_are_shown(tmp_path):
    options = {**B_FRAMES, "x264-params": "open-gop=1"}
    whole = make(
        tmp_path / "whole.ts", frames=60, rate=25, codec_options=options, container="mpegts", sounds=[Sound("mp2")]
    )
    middle = tmp_path / "middle.ts"
    middle.write_bytes(whole.read_bytes()[188 * 100 + 50 :])  # and in the middle of a packet
    film = probe(middle)
    assert film.frames < 60
    assert [film.time(i) for i in range(film.frames)] == films.times(middle)


def test_frames_without_a_time_get_theirs_from_decoding(tmp_path):
    """MPEG-PS with H.264 gives almost no frame a time of its own."""
    path = make(tmp_path / "ps.mpg", frames=50, rate=25, codec_options=B_FRAMES, sounds=[Sound("mp2")], container="vob")
    film = probe(path)
    assert film.frames == 50
    gaps = {film.time(i + 1) - film.time(i) for i in range(49)}
    assert gaps == {Fraction(1, 25)}


def test_frames_that_only_serve_others_are_not_counted(tmp_path):
    """VP8 has such frames; ffmpeg's writer drops their packets' flags, so one is made by hand."""
    path = make(tmp_path / "alt.webm", codec="libvpx", frames=20, sounds=[])
    data = bytearray(path.read_bytes())
    # A simple block: track 1, time, flags, then the frame; the fifth bit of a frame says that it is shown.
    blocks = [at for at in range(len(data) - 8) if data[at] == 0xA3 and b"\x81" in data[at + 1 : at + 5]]
    frame = data.index(0x81, blocks[10] + 1) + 4
    assert data[frame] & 0x11 == 0x11  # a shown frame that needs others
    data[frame] &= ~0x10
    path.write_bytes(data)
    assert probe(path).frames == 19


def test_a_film_goes_through_json_unchanged(tmp_path):
    film = probe(make(tmp_path / "a.mp4", times=films.uneven(30), metadata={"creation_time": "2024-05-06T07:08:09Z"}))
    again = Film.from_json(json.loads(json.dumps(film.to_json())))
    assert again == film
    assert again.recorded_at == film.recorded_at
    long = dataclasses.replace(film, frame_times=tuple(range(0, 512 * 324_000, 512)))
    assert len(json.dumps(long.to_json())) < 2000


@given(st.lists(st.integers(-(2**40), 2**40), max_size=40))
def test_coded_times_come_back(numbers):
    assert unpacked(json.loads(json.dumps(packed(numbers)))) == tuple(numbers)


@given(st.integers(-(10**9), 10**12), st.integers(1, 10**6))
def test_microseconds_are_rounded_half_away_from_zero(pts, denominator):
    exact = Fraction(pts * 1_000_000, denominator)
    rounded = microseconds(pts, Fraction(1, denominator))
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)
