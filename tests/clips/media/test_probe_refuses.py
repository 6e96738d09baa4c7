"""What is not a film that we can work with is refused, each kind with its own sentence and with what to do."""

from __future__ import annotations

import contextlib
import io
import random
import signal
import struct
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clips.media import formats, sandbox
from clips.media.formats import Family
from clips.media.probe import Rejected, probe
from tests.clips.media import films, hostile
from tests.clips.media.films import Sound, make

pytestmark = pytest.mark.film


def photograph(kind: str = "JPEG") -> bytes:
    data = io.BytesIO()
    Image.fromarray(films.draw(7)).convert("RGB").save(data, kind)
    return data.getvalue()


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("film.mp4", b"x")
    return data.getvalue()


def noise(length: int) -> bytes:
    return random.Random(5).randbytes(length)


FILES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "This file is empty"),
    "zeros": (bytes(50_000), "not a film in any format that we know"),
    "noise": (b"\x07" + noise(50_000), "not a film in any format that we know"),
    "text": ("Dear Ms Grey,\nthank you for your visit. Zoë".encode(), "holds text, not a film"),
    "utf-16": ("Dear Ms Grey,\nthank you for your visit.".encode("utf-16"), "holds text, not a film"),
    "photograph": (photograph(), "photograph or drawing"),
    "drawing": (photograph("PNG"), "photograph or drawing"),
    "animation": (photograph("GIF"), "photograph or drawing"),
    "iphone photograph": (struct.pack(">I", 24) + b"ftypheic" + bytes(12) + b"mif1", "photograph or drawing"),
    "document": (b"%PDF-1.7\n" + noise(1000), "a document"),
    "archive": (archive(), "an archive"),
    "windows media": (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + noise(1000), "Windows Media"),
    "flash": (b"FLV\x01\x05\0\0\0\x09" + noise(1000), "Flash"),
    "ogg": (b"OggS\0\x02" + noise(1000), "Ogg"),
    "bare stream": (b"\0\0\0\x01\x67" + noise(1000), "bare picture stream"),
    "almost a film": (struct.pack(">I", 24) + b"ftypisom" + bytes(8) + b"isom", "it is damaged"),
    "almost webm": (b"\x1a\x45\xdf\xa3" + noise(2000), "it is damaged"),
    "almost avi": (b"RIFF\xd0\x07\0\0AVI " + noise(2000), "neither picture nor sound"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_film_is_called_what_it_is(name, tmp_path):
    content, said = FILES[name]
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    with pytest.raises(Rejected) as refusal:
        probe(path)
    assert said in refusal.value.sentence
    assert refusal.value.advice.endswith(".")


def moov(data: bytes) -> tuple[int, int]:
    return next((start, size) for kind, start, size in films.boxes(data) if kind == b"moov")


def without_header(tmp: Path) -> bytes:
    data = make(tmp / "a.mp4").read_bytes()
    return data[: moov(data)[0]]


def half_a_header(tmp: Path) -> bytes:
    data = make(tmp / "a.mp4").read_bytes()
    return data[: moov(data)[0] + moov(data)[1] // 2]


def half(name: str, **how: object) -> Callable[[Path], bytes]:
    def make_half(tmp: Path) -> bytes:
        data = make(tmp / name, **how).read_bytes()
        return data[: len(data) // 2]

    return make_half


def sound(name: str, codec: str, container: str | None = None) -> Callable[[Path], bytes]:
    def make_sound(tmp: Path) -> bytes:
        return make(
            tmp / name, pictures=0, frames=0, sounds=[Sound(codec, seconds=1)], container=container
        ).read_bytes()

    return make_sound


def whole(name: str, **how: object) -> Callable[[Path], bytes]:
    return lambda tmp: make(tmp / name, **how).read_bytes()


def renamed(old: bytes, new: bytes) -> Callable[[Path], bytes]:
    return lambda tmp: hostile.retyped(make(tmp / "a.mp4", frames=5).read_bytes(), old, new)


def without_pictures(tmp: Path) -> bytes:
    data = make(tmp / "a.mp4", container_options={"movflags": "frag_keyframe+empty_moov"}).read_bytes()
    return data[: next(start for kind, start, _ in films.boxes(data) if kind == b"moof")]


def spoilt(first: bool) -> Callable[[Path], bytes]:
    def make_spoilt(tmp: Path) -> bytes:
        path = make(tmp / "a.mkv", codec="mjpeg", frames=40, sounds=[])
        data = bytearray(path.read_bytes())
        pictures = [at for at in range(len(data) - 2) if data[at : at + 3] == b"\xff\xd8\xff"]
        assert len(pictures) == 40
        for at in pictures[:1] if first else pictures[1:]:
            data[at : at + 600] = noise(600)
        return bytes(data)

    return make_spoilt


def long_claim(tmp: Path) -> bytes:
    """Return a short film whose header says that it lasts 55 hours."""

    def change(kind: bytes, content: bytes) -> bytes:
        if kind in (b"mvhd", b"mdhd"):
            scale = struct.unpack(">I", content[12:16])[0]
            return content[:16] + struct.pack(">I", min(55 * 3600 * scale, 0xFFFFFFFF)) + content[20:]
        return content

    return hostile.rewritten(make(tmp / "a.mp4").read_bytes(), change)


def huge_claim(tmp: Path) -> bytes:
    """Return a small film whose header says that its picture is 60,000 pixels wide and high."""

    def change(kind: bytes, content: bytes) -> bytes:
        if kind == b"stsd" and b"avc1" in content:
            return content[:40] + struct.pack(">HH", 60000, 60000) + content[44:]
        return content

    return hostile.rewritten(make(tmp / "a.mp4").read_bytes(), change)


def huge_picture(tmp: Path) -> bytes:
    """Return a film that says that it is small and holds one picture of more pixels than we decode."""
    data = io.BytesIO()
    Image.new("L", (8000, 8000)).save(data, "JPEG")
    return hostile.avi([data.getvalue()], films.SIZE)


HOUR = 3600 * 1000
HIDDEN = {"movflags": "faststart"}

FILMS: dict[str, tuple[Callable[[Path], bytes], str, str]] = {
    "sound alone, mp4": (sound("a.mp4", "aac"), "no-picture", "holds sound but no picture"),
    "sound alone, m4a": (sound("a.m4a", "aac", "ipod"), "no-picture", "holds sound but no picture"),
    "sound alone, webm": (sound("a.webm", "libopus"), "no-picture", "holds sound but no picture"),
    "sound alone, ts": (sound("a.ts", "mp2", "mpegts"), "no-picture", "holds sound but no picture"),
    "sound alone, mp3": (sound("a.mp3", "libmp3lame"), "no-picture", "holds sound but no picture"),
    "sound alone, wav": (sound("a.wav", "pcm_s16le"), "no-picture", "holds sound but no picture"),
    "no header": (without_header, "unfinished", "never finished"),
    "half a header": (half_a_header, "unfinished", "never finished"),
    "half a film, mp4": (half("a.mp4", container_options=HIDDEN), "breaks-off", "breaks off"),
    "half a film, mkv": (half("a.mkv"), "breaks-off", "breaks off"),
    "half a film, avi": (half("a.avi", codec="mjpeg", sounds=[]), "breaks-off", "breaks off"),
    "no pictures": (without_pictures, "no-frames", "not one picture"),
    "first picture spoilt": (spoilt(first=True), "damaged-start", "first picture of this film is damaged"),
    "other pictures spoilt": (spoilt(first=False), "damaged-inside", "Many of the pictures"),
    "55 hours claimed": (long_claim, "too-long", "55 hours long"),
    "55 hours": (
        whole("a.mkv", time_base=Fraction(1, 1000), times=[0, 20 * HOUR, 40 * HOUR, 55 * HOUR], sounds=[]),
        "too-long",
        "55 hours long",
    ),
    "huge picture behind a small claim": (huge_picture, "too-many-pixels", "8000 by 8000"),
    "huge picture claimed": (huge_claim, "too-many-pixels", "60000 by 60000"),
    "twenty tracks": (
        whole("a.mkv", sounds=[Sound("pcm_s16le")] * 20),
        "too-many-streams",
        "more than 16 tracks",
    ),
    "too fast": (whole("a.mp4", rate=1000, frames=600, size=(64, 64), sounds=[]), "too-fast", "1000 pictures"),
    "two pictures": (whole("a.mp4", pictures=2), "several-pictures", "2 pictures side by side"),
    "copy protection": (renamed(b"avc1", b"encv"), "protected", "copy protection"),
    "protected sound": (renamed(b"mp4a", b"enca"), "protected", "copy protection"),
    "prores": (
        whole("a.mov", codec="prores", pixel_format="yuv422p10le", frames=3),
        "picture-unknown",
        "do not take (prores)",
    ),
    "lossless": (whole("a.mkv", codec="ffv1", frames=3), "picture-unknown", "do not take (ffv1)"),
    "two recordings in one": (
        lambda tmp: make(tmp / "a.ts", container="mpegts", sounds=[Sound("mp2")], frames=60).read_bytes() * 2,
        "jumbled-times",
        "jumps back",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILMS)
def test_a_film_that_cannot_be_used_says_why_and_what_to_do(name, tmp_path):
    maker, code, said = FILMS[name]
    path = tmp_path / "film"
    path.write_bytes(maker(tmp_path))
    with pytest.raises(Rejected) as refusal:
        probe(path)
    assert refusal.value.code == code
    assert said in refusal.value.sentence
    assert refusal.value.advice.endswith(".")
    assert str(refusal.value) == f"{refusal.value.sentence} {refusal.value.advice}"


def test_the_limits_are_the_operators(tmp_path):
    path = make(tmp_path / "a.mp4", frames=60)
    with pytest.raises(Rejected, match="the largest that we take is 1 KB"):
        probe(path, max_bytes=1000)
    with pytest.raises(Rejected, match="The longest that we take is 1 second"):
        probe(path, max_seconds=1)
    with pytest.raises(Rejected, match="128 by 96"):
        probe(path, max_pixels=10_000)
    with pytest.raises(Rejected, match="30 pictures in a second"):
        probe(path, max_fps=20)


@pytest.mark.parametrize(
    ("off", "code", "said"),
    [
        (Family.MP4, "format-off", "MP4, MOV and 3GP"),
        (Family.H264, "picture-off", "H.264"),
    ],
)
def test_a_family_that_is_switched_off_is_refused_by_name(off, code, said, tmp_path):
    path = make(tmp_path / "a.mp4", frames=5)
    with pytest.raises(Rejected) as refusal:
        probe(path, formats=formats.ALL - {off})
    assert refusal.value.code == code
    assert said in refusal.value.sentence
    assert "administrator" in refusal.value.advice


def test_sound_that_is_switched_off_leaves_a_silent_film(tmp_path):
    film = probe(make(tmp_path / "a.mp4", frames=5), formats=formats.ALL - {Family.AAC})
    assert film.audio_codec is None
    assert "switched off" in film.audio_silent_reason


def test_a_film_that_takes_too_long_to_check_is_refused(tmp_path):
    path = make(tmp_path / "a.mp4", frames=5)
    with pytest.raises(Rejected) as refusal:
        probe(path, limits=sandbox.Limits(wall_seconds=0.01))
    assert refusal.value.code == "took-too-long"


def test_a_film_that_breaks_the_check_itself_is_refused_but_a_killed_check_is_no_judgement(tmp_path, monkeypatch):
    path = make(tmp_path / "a.mp4", frames=5)

    def ends_with(code: int) -> None:
        def python(*args: object, **kwargs: object) -> None:
            raise sandbox.Failed("It ended.", sandbox.Completed(code, "", ""))

        monkeypatch.setattr(sandbox, "python", python)

    for fault in (-signal.SIGSEGV, 128 + signal.SIGABRT):
        ends_with(fault)
        with pytest.raises(Rejected, match="broke down"):
            probe(path)
    ends_with(128 + signal.SIGKILL)
    with pytest.raises(sandbox.Failed):
        probe(path)


def test_no_damage_makes_the_check_itself_fail(tmp_path):
    """Whatever is done to a film, it is taken or refused; the check does not fall over."""
    sources = [
        make(tmp_path / "a.mp4", frames=20, codec_options={"bf": "2", "preset": "fast", "g": "8"}).read_bytes(),
        make(tmp_path / "a.webm", codec="libvpx", frames=20, sounds=[Sound("libopus")]).read_bytes(),
        make(tmp_path / "a.avi", codec="mpeg4", frames=20, sounds=[Sound("libmp3lame")]).read_bytes(),
        make(tmp_path / "a.mpg", codec="mpeg2video", frames=20, sounds=[Sound("mp2")], container="dvd").read_bytes(),
    ]
    chance = np.random.default_rng(11)
    taken = 0
    for turn in range(12):
        data = bytearray(sources[turn % len(sources)])
        for at in chance.integers(0, len(data), size=(1, 8, 60)[turn % 3]):
            data[at] = chance.integers(256)
        path = tmp_path / "damaged"
        path.write_bytes(data)
        with contextlib.suppress(Rejected):
            taken += probe(path).frames > 0
    assert taken
