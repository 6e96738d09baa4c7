"""The films that phones, tablets and camcorders write are taken, and described as they are shown."""

from __future__ import annotations

import subprocess
from fractions import Fraction

import av
import pytest

from clips.media import ffmpeg
from clips.media.probe import probe
from tests.clips.media import films
from tests.clips.media.films import Sound, make

pytestmark = pytest.mark.film

B_FRAMES = {"bf": "2", "preset": "fast", "g": "12"}
M2TS = {"mpegts_m2ts_mode": "1"}

# name: (how it is made, container, codec of picture, of sound)
KINDS = {
    "h264.mp4": ({}, "mov", "h264", "aac"),
    "h264-mp3.mp4": ({"sounds": [Sound("libmp3lame")]}, "mov", "h264", "mp3"),
    "hevc.mov": ({"codec": "libx265"}, "mov", "hevc", "aac"),
    "hevc10.mov": ({"codec": "libx265", "pixel_format": "yuv420p10le"}, "mov", "hevc", "aac"),
    "pcm.mov": ({"sounds": [Sound("pcm_s16be")]}, "mov", "h264", "pcm_s16be"),
    "av1.mp4": ({"codec": "libsvtav1", "sounds": [Sound("libopus")]}, "mov", "av1", "opus"),
    "mpeg4.mp4": ({"codec": "mpeg4"}, "mov", "mpeg4", "aac"),
    "h263.3gp": ({"codec": "h263", "sounds": [Sound("libopencore_amrnb", 8000)]}, "mov", "h263", "amr_nb"),
    "vp8.webm": ({"codec": "libvpx", "sounds": [Sound("libopus")]}, "matroska", "vp8", "opus"),
    "vp9.webm": ({"codec": "libvpx-vp9", "sounds": [Sound("libopus")]}, "matroska", "vp9", "opus"),
    "h264.mkv": ({"sounds": [Sound("vorbis", layout="stereo")]}, "matroska", "h264", "vorbis"),
    "hevc.mkv": ({"codec": "libx265", "sounds": [Sound("ac3")]}, "matroska", "hevc", "ac3"),
    "avchd.mts": (
        {"sounds": [Sound("ac3")], "container": "mpegts", "container_options": M2TS, "codec_options": B_FRAMES},
        "mpegts",
        "h264",
        "ac3",
    ),
    "mpeg2.ts": (
        {"codec": "mpeg2video", "sounds": [Sound("eac3")], "container": "mpegts"},
        "mpegts",
        "mpeg2video",
        "eac3",
    ),
    "mpeg2.mpg": (
        {"codec": "mpeg2video", "codec_options": {"bf": "2"}, "sounds": [Sound("mp2")], "container": "dvd"},
        "mpeg",
        "mpeg2video",
        "mp2",
    ),
    "mpeg1.mpg": (
        {"codec": "mpeg1video", "rate": 25, "sounds": [Sound("mp2")], "container": "mpeg"},
        "mpeg",
        "mpeg1video",
        "mp2",
    ),
    "mjpeg.avi": ({"codec": "mjpeg", "sounds": [Sound("pcm_u8", 8000)]}, "avi", "mjpeg", "pcm_u8"),
    "mpeg4.avi": (
        {"codec": "mpeg4", "codec_options": {"bf": "2"}, "sounds": [Sound("libmp3lame")]},
        "avi",
        "mpeg4",
        "mp3",
    ),
    "h264.avi": ({"sounds": [Sound("pcm_s16le")]}, "avi", "h264", "pcm_s16le"),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_film_of_every_kind_is_taken_with_the_time_of_every_frame(name, tmp_path):
    how, container, picture, sound = KINDS[name]
    path = make(tmp_path / name, frames=24, **how)
    film = probe(path)
    assert (film.container, film.video_codec, film.audio_codec) == (container, picture, sound)
    shown_width = 140 if picture == "h263" else 128  # its pixels are 12:11 oblong
    assert (film.width, film.height, film.rotation) == (shown_width, 96, 0)
    assert film.frames == 24
    assert [film.time(i) for i in range(24)] == films.times(path)
    assert film.duration_s == pytest.approx(24 / float(how.get("rate", 30)), abs=0.002)
    assert not film.variable_frame_rate
    assert film.plays_directly is (name in ("h264.mp4", "h264-mp3.mp4"))
    assert (film.why_not_directly is None) is film.plays_directly
    assert film.key_frames[0] == 0


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_film_is_described_as_it_is_shown(rotation, tmp_path):
    path = make(tmp_path / "turned.mp4", frames=5, rotation=rotation, size=(128, 64), sounds=[])
    film = probe(path)
    assert (film.rotation, film.width, film.height) == (rotation, 128, 64)
    stored = (64, 128) if rotation in (90, 270) else (128, 64)
    assert (film.coded_width, film.coded_height) == stored
    # The pictures come out upright when they are turned as far as we say, and when ffmpeg turns them.
    assert films.numbers(path, film.rotation) == [0, 1, 2, 3, 4]
    upright = tmp_path / "upright.mp4"
    subprocess.run([ffmpeg.binary(), "-v", "error", "-i", path, "-c:v", "libx264", upright], check=True)
    assert films.numbers(upright) == [0, 1, 2, 3, 4]


def test_oblong_pixels_are_counted_as_they_are_shown(tmp_path):
    wide = make(tmp_path / "wide.mp4", frames=3, sample_aspect=Fraction(4, 3), sounds=[])
    assert (probe(wide).width, probe(wide).height) == (171, 96)


@pytest.mark.parametrize(("number", "transfer"), [(1, "sdr"), (18, "hlg"), (16, "pq")])
def test_hdr_is_told_from_ordinary_brightness(number, transfer, tmp_path):
    path = make(
        tmp_path / "hdr.mov", frames=4, codec="libx265", pixel_format="yuv420p10le", colours=(9, number, 9), sounds=[]
    )
    film = probe(path)
    assert (film.transfer, film.pixel_format) == (transfer, "yuv420p10le")
    assert not film.plays_directly


def test_an_interlaced_film_is_noticed(tmp_path):
    options = {**B_FRAMES, "x264-params": "interlaced=1"}
    film = probe(make(tmp_path / "i.mts", rate=25, codec_options=options, container="mpegts", sounds=[Sound("ac3")]))
    assert film.interlaced
    assert film.has_b_frames


def spatial(film: bytes, tracks: int) -> bytes:
    """Turn the first sound tracks into Apple's spatial sound, which nothing here can read."""
    return film.replace(b"mp4a", b"apac", tracks).replace(b"esds", b"dapa", tracks)


def test_the_first_sound_that_decodes_is_used(tmp_path):
    path = make(tmp_path / "two.mp4", frames=10, sounds=[Sound(), Sound()])
    path.write_bytes(spatial(path.read_bytes(), tracks=1))
    film = probe(path)
    assert (film.audio_codec, film.audio_stream_index) == ("aac", 2)
    assert not film.plays_directly
    assert film.audio_silent_reason is None


def test_a_film_whose_sound_cannot_be_read_is_taken_as_silent(tmp_path):
    path = make(tmp_path / "one.mp4", frames=10)
    path.write_bytes(spatial(path.read_bytes(), tracks=1))
    film = probe(path)
    assert (film.audio_codec, film.audio_stream_index) == (None, None)
    assert "plays without sound" in film.audio_silent_reason
    assert not film.plays_directly


def test_a_silent_film_is_taken_as_it_is(tmp_path):
    film = probe(make(tmp_path / "silent.mp4", frames=10, sounds=[]))
    assert film.audio_codec is None
    assert film.audio_silent_reason is None
    assert film.plays_directly


def test_a_cover_picture_is_not_a_second_picture(tmp_path):
    film_path = make(tmp_path / "film.mp4", frames=10)
    cover = make(tmp_path / "cover.mkv", frames=1, codec="mjpeg", sounds=[])
    both = tmp_path / "both.mp4"
    subprocess.run(
        [ffmpeg.binary(), "-v", "error", "-i", cover, "-i", film_path, "-map", "0:v", "-map", "1", "-c", "copy",
         "-disposition:v:0", "attached_pic", both],
        check=True,
    )  # fmt: skip
    film = probe(both)
    assert (film.video_codec, film.frames) == ("h264", 10)


def test_when_it_was_filmed_is_read(tmp_path):
    told = make(tmp_path / "told.mp4", frames=3, sounds=[], metadata={"creation_time": "2024-05-06T07:08:09Z"})
    moment = probe(told).recorded_at
    assert moment is not None
    assert moment.isoformat() == "2024-05-06T07:08:09+00:00"
    never_set = make(tmp_path / "never.mp4", frames=3, sounds=[], metadata={"creation_time": "1970-01-01T00:00:00Z"})
    assert probe(never_set).recorded_at is None


REAL = {
    "iphone-rotated-editlist.mov": (160, 720, 1280, 90, 13, False),
    "gopro-hero7.mp4": (352, 848, 480, 0, 0, True),
    "sintel-trailer-720p.mp4": (1253, 1280, 720, 0, 0, True),
    "six-minutes-1080p.mp4": (10883, 1920, 1080, 0, 0, True),
}


@pytest.mark.parametrize("name", REAL)
def test_real_films_are_described_rightly(name):
    path = films.SHARED / name
    if not path.exists():
        pytest.skip("The real films do not lie beside the project.")
    film = probe(path)
    frames, width, height, rotation, hidden, direct = REAL[name]
    assert (film.frames, film.width, film.height, film.rotation) == (frames, width, height, rotation)
    assert (film.hidden_frames, film.plays_directly) == (hidden, direct)
    with av.open(str(path)) as decoded:
        first = [frame.pts for frame, _ in zip(decoded.decode(video=0), range(30), strict=False)]
    assert list(film.frame_times[:30]) == first
