"""Cutting: what is refused and how it is said, what happens when something is wrong."""

from __future__ import annotations

import dataclasses
import hashlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from clips.media import cut, files, nal, probe, sandbox, smart, transcode, verify
from clips.media.encoder import Encoder
from tests.clips.media import films, numbered
from tests.clips.media.prepared import Prepared, prepared

pytestmark = pytest.mark.film


@pytest.fixture
def film() -> Prepared:
    return prepared("30 fps")


def test_the_result_describes_the_file(film: Prepared, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    heard: list[float] = []
    result = cut.cut(film.proxy, Fraction(1), Fraction(2), clip, progress=heard.append)
    assert (result.frames, result.duration) == (30, 1)
    assert (result.first_time, result.last_time) == (1, Fraction(59, 30))
    assert result.bytes == clip.stat().st_size
    assert result.sha256 == hashlib.sha256(clip.read_bytes()).hexdigest()
    assert heard[-1] == 1.0


def test_times_half_a_millisecond_off_mean_the_frame(film: Prepared, tmp_path: Path) -> None:
    near = Fraction(4, 10_000)
    result = cut.cut(film.proxy, Fraction(1) - near, Fraction(2) + near, tmp_path / "clip.mp4")
    assert (result.frames, result.first_time) == (30, 1)


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        ("2", "1", "Choose an end that comes after the start."),
        ("1", "1", "Choose an end that comes after the start."),
        ("0.9998", "1.0002", "Choose an end at least one frame after the start."),
        ("-1", "1", "The start lies before the beginning of the film."),
        ("1", "2.6", "The end lies after the end of the film."),
        ("1.015", "2", "The start is not the time of a frame of this film."),
        ("1", "2.015", "The end is neither the time of a frame of this film nor the film’s end."),
        ("2.5", "2.5004", "The start is not the time of a frame of this film."),
    ],
)
@pytest.mark.parametrize("trusted", [True, False])
def test_a_stretch_that_is_not_there_is_refused_in_plain_words(
    film: Prepared, tmp_path: Path, start: str, end: str, sentence: str, trusted: bool
) -> None:
    source = film.proxy if trusted else film.path
    with pytest.raises(cut.BadRange, match=sentence):
        cut.cut(source, Fraction(start), Fraction(end), tmp_path / "clip.mp4", film=film.film)
    assert not list(tmp_path.iterdir())


def test_a_plain_path_is_checked_before_it_is_cut(tmp_path: Path) -> None:
    letter = tmp_path / "letter.mp4"
    letter.write_text("ffconcat version 1.0\nfile /etc/passwd\n")
    with pytest.raises(probe.Rejected):
        cut.cut(letter, Fraction(0), Fraction(1), tmp_path / "clip.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.mp4"]


def test_a_plain_path_is_never_opened_outside_the_sandbox(
    film: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    really = av.open
    monkeypatch.setattr(av, "open", lambda path, *rest, **more: opened.append(str(path)) or really(path, *rest, **more))
    cut.cut(film.path, Fraction(0), Fraction(1), tmp_path / "clip.mp4")
    assert opened
    assert str(film.path) not in opened
    assert not [path for path in opened if path.endswith("/in")]


def test_a_clip_is_encoded_when_its_first_frames_would_not_fit_the_copy(
    film: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Encoder.__init__

    def other(self: Encoder, *args: object, **more: object) -> None:
        made(self, *args, **more)  # type: ignore[arg-type]
        self.sets = nal.ParameterSets((self.sets.sps[0] + b"\x01",), self.sets.pps)

    with monkeypatch.context() as patch:
        patch.setattr(Encoder, "__init__", other)
        with pytest.raises(verify.NotFaithful, match="parameter sets"):
            smart.cut(film.proxy, 20, 50, tmp_path / "clip.mp4")
    monkeypatch.setattr(smart, "cut", _refusing)
    clip = tmp_path / "clip.mp4"
    result = cut.cut(film.proxy, film.proxy.time(20), film.proxy.time(50), clip)
    assert result.method == "encoded"
    assert [number for _, number in numbered.numbers(clip)] == list(range(20, 50))


def _refusing(*args: object) -> None:
    raise verify.NotFaithful("for the test")


def test_pictures_that_do_not_decode_to_what_was_encoded_are_noticed(
    film: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = smart._look
    calls: list[int] = []

    def look(frame: av.VideoFrame) -> np.ndarray:
        calls.append(1)
        # The first call is for the picture that goes in, the second for the one that comes out.
        return really(frame) if len(calls) > 1 else 255 - really(frame)

    monkeypatch.setattr(smart, "_look", look)
    with pytest.raises(verify.NotFaithful, match="first frame does not decode"):
        smart.cut(film.proxy, 20, 50, tmp_path / "clip.mp4")


def test_a_proxy_that_is_not_the_file_it_was_is_not_cut(film: Prepared, tmp_path: Path) -> None:
    times = tuple(time + (3 if index == 25 else 0) for index, time in enumerate(film.proxy.frame_times))
    wrong = dataclasses.replace(film.proxy, frame_times=times)
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"the clip before")
    with pytest.raises(verify.NotFaithful):
        cut.cut(wrong, wrong.time(20), wrong.time(40), clip)
    assert clip.read_bytes() == b"the clip before"
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_missing_proxy_says_so(film: Prepared, tmp_path: Path) -> None:
    gone = dataclasses.replace(film.proxy, path=tmp_path / "gone.mp4")
    with pytest.raises(FileNotFoundError):
        cut.cut(gone, Fraction(0), Fraction(1), tmp_path / "clip.mp4")


def test_cutting_again_replaces_the_clip_whole(film: Prepared, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    first = cut.cut(film.proxy, Fraction(0), Fraction(1), clip)
    second = cut.cut(film.proxy, Fraction(1), Fraction(2), clip)
    assert first.sha256 != second.sha256 == files.sha256(clip)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_the_same_cut_twice_is_the_same_file(film: Prepared, tmp_path: Path) -> None:
    sums = {
        cut.cut(film.proxy, film.proxy.time(20), film.proxy.time(50), tmp_path / f"{turn}.mp4").sha256 for turn in "ab"
    }
    assert len(sums) == 1


def test_a_cut_can_be_stopped(film: Prepared, tmp_path: Path) -> None:
    with pytest.raises(sandbox.Cancelled):
        cut.cut(film.path, Fraction(0), Fraction(1), tmp_path / "clip.mp4", film=film.film, cancelled=lambda: True)
    assert not list(tmp_path.iterdir())


def test_when_reading_began_in_the_wrong_place_the_film_is_read_from_its_beginning(
    film: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcode, "_reading", lambda *args: ["-ss", "2.2"])
    clip = tmp_path / "clip.mp4"
    cut.cut(film.path, Fraction(1), Fraction(2), clip, film=film.film)
    assert [number for _, number in numbered.numbers(clip)] == list(range(30, 60))


def test_neighbouring_key_frames_never_carry_the_same_number(film: Prepared, tmp_path: Path) -> None:
    # A decoder may take two key frames in a row with the same idr_pic_id for one picture (H.264 §7.4.3).
    for first in (14, 29, 44):
        clip = tmp_path / "clip.mp4"
        cut.cut(film.proxy, film.proxy.time(first), film.proxy.time(first + 10), clip)
        with av.open(str(clip)) as reader:
            video = reader.streams.video[0]
            sets = nal.from_avcc(bytes(video.codec_context.extradata))
            packets = [packet for packet in reader.demux(video) if packet.size]
        assert [packet.is_keyframe for packet in packets[:3]] == [True, True, False]
        numbers = [nal.picture_number(bytes(packet), sets.sps[0]) for packet in packets[:2]]
        assert numbers[0] != numbers[1]


def test_most_of_a_clip_is_the_proxys_own_bytes(film: Prepared, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    cut.cut(film.proxy, film.proxy.time(20), film.proxy.time(60), clip)
    with av.open(str(clip)) as one, av.open(str(film.proxy.path)) as other:
        mine = [bytes(packet) for packet in one.demux(video=0) if packet.size]
        theirs = [bytes(packet) for packet in other.demux(video=0) if packet.size]
    assert mine[10:] == theirs[30:60]
    assert mine[:10] != theirs[20:30]


def test_a_clip_from_a_phones_film_carries_nothing_of_the_phone(tmp_path: Path) -> None:
    phone = films.SHARED / "iphone-rotated-editlist.mov"
    if not phone.exists():
        pytest.skip("the real films do not lie beside the project here")
    film = probe.probe(phone)
    clip = tmp_path / "clip.mp4"
    result = cut.cut(phone, film.time(30), film.time(60), clip, film=film)
    assert result.frames == 30
    data = clip.read_bytes()
    for word in (b"quicktime", b"creationdate", b"2017-02-01"):
        assert word in phone.read_bytes()
        assert word not in data
    with av.open(str(clip)) as reader:
        video = reader.streams.video[0]
        assert (video.width, video.height) == (720, 1280)
