"""The proxy: how it looks, what it refuses to be, and how it can be watched while it is made."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from clips.media import boxes, cut, encoder, filters, playable, probe, sandbox, transcode, verify
from tests.clips.media import films, numbered
from tests.clips.media.prepared import prepared

pytestmark = pytest.mark.film


def picture_of(path: Path) -> av.VideoFrame:
    with av.open(str(path)) as film:
        return next(film.decode(video=0))


@pytest.mark.parametrize(
    ("size", "short_side", "shown"),
    [
        ((256, 144), 720, (256, 144)),
        ((256, 144), 72, (128, 72)),
        ((144, 256), 72, (72, 128)),
        ((254, 142), 100, (178, 100)),
    ],
)
def test_the_short_side_is_made_smaller_but_never_larger(
    tmp_path: Path, size: tuple[int, int], short_side: int, shown: tuple[int, int]
) -> None:
    made = films.make(tmp_path / "film.mp4", frames=5, size=size)
    proxy = playable.make_proxy(probe.probe(made), made, tmp_path / "proxy.mp4", short_side=short_side)
    assert (proxy.width, proxy.height) == shown
    frame = picture_of(proxy.path)
    assert (frame.width, frame.height) == shown


def test_pixels_come_out_square(tmp_path: Path) -> None:
    made = films.make(tmp_path / "film.mp4", frames=5, size=(128, 96), sample_aspect=Fraction(4, 3))
    film = probe.probe(made)
    assert (film.width, film.height) == (171, 96)
    proxy = playable.make_proxy(film, made, tmp_path / "proxy.mp4")
    assert (proxy.width, proxy.height) == (172, 96)
    with av.open(str(proxy.path)) as reader:
        assert reader.streams.video[0].sample_aspect_ratio == 1


def test_high_dynamic_range_comes_out_as_standard_range() -> None:
    hlg = prepared("HEVC 10 bit HLG, turned")
    assert hlg.film.transfer == "hlg"
    with av.open(str(hlg.proxy.path)) as reader:
        context = reader.streams.video[0].codec_context
        assert context.pix_fmt == "yuv420p"
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
    white = numbered.luma_of(picture_of(hlg.proxy.path)).max()
    assert white > 150


def test_full_range_comes_out_as_standard_range() -> None:
    proxy = prepared("MJPEG in AVI").proxy
    frame = picture_of(proxy.path)
    assert frame.format.name == "yuv420p"
    assert frame.color_range == 1
    luma = np.frombuffer(memoryview(frame.planes[0]), np.uint8)
    # Painted as 25 and 225 of full range: 37 and 209 of standard range.
    assert np.percentile(luma, 99) < 216


def test_an_interlaced_film_keeps_one_picture_for_each_pair_of_fields(tmp_path: Path) -> None:
    times, end, base = numbered.constant(30, 25)
    recipe = numbered.Recipe(
        options={"preset": "veryfast", "crf": "18", "g": "12", "bf": "0", "x264-params": "interlaced=1:tff=1"}
    )
    made = numbered.make(tmp_path / "film.mp4", times, end, base, recipe)
    film = probe.probe(made.path)
    assert film.interlaced
    proxy = playable.make_proxy(film, made.path, tmp_path / "proxy.mp4")
    assert [number for _, number in numbered.numbers(proxy.path)] == list(range(30))
    assert not picture_of(proxy.path).interlaced_frame


@pytest.mark.parametrize("name", ["30 fps", "variable rate", "MPEG-TS"])
def test_groups_are_short_and_closed_and_no_picture_looks_ahead(name: str) -> None:
    proxy = prepared(name).proxy
    with av.open(str(proxy.path)) as reader:
        video = reader.streams.video[0]
        assert not video.codec_context.has_b_frames
        packets = [packet for packet in reader.demux(video) if packet.size]
    assert [index for index, packet in enumerate(packets) if packet.is_keyframe] == list(
        range(0, len(packets), encoder.GOP)
    )
    assert all(packet.pts == packet.dts for packet in packets)


def test_progress_runs_from_start_to_end(tmp_path: Path) -> None:
    film = prepared("30 fps")
    heard: list[float] = []
    playable.make_proxy(film.film, film.path, tmp_path / "proxy.mp4", progress=heard.append)
    assert heard == sorted(heard)
    assert heard[0] >= 0
    assert heard[-1] == 1.0


def test_a_proxy_describes_itself_and_is_found_again(tmp_path: Path) -> None:
    proxy = prepared("variable rate").proxy
    text = json.dumps(proxy.to_json())
    assert playable.Proxy.from_json(json.loads(text), proxy.path) == proxy


def test_sound_that_starts_late_or_has_a_hole_stays_in_step(tmp_path: Path) -> None:
    times, end, base = numbered.constant(90, 30)
    made = numbered.make(tmp_path / "film.mkv", times, end, base, numbered.Recipe(sound="pcm_s16le"))
    holed = tmp_path / "holed.mkv"
    with av.open(str(made.path)) as film, av.open(str(holed), "w") as out:
        tracks = {stream.index: out.add_stream_from_template(stream) for stream in film.streams}
        for packet in film.demux():
            at = packet.pts * packet.time_base if packet.pts is not None else None
            if at is None or (packet.stream.type == "audio" and (at < 0.3 or 1.2 < at < 1.7)):
                continue
            packet.stream = tracks[packet.stream.index]
            out.mux(packet)
    film = probe.probe(holed)
    proxy = playable.make_proxy(film, holed, tmp_path / "proxy.mp4")
    heard = numbered.ticks(proxy.path)
    for index in made.ticking():
        tick = made.seconds(index)
        if 0.35 < tick < 1.1 or tick > 1.75:
            assert min(abs(tick - other) for other in heard) < Fraction(5, 1000)
    assert len(made.ticking()) > len(heard) >= 3


def test_a_track_of_sound_without_any_sound_in_the_film_is_left_out(tmp_path: Path) -> None:
    times, end, base = numbered.constant(30, 30)
    made = numbered.make(tmp_path / "film.mkv", times, end, base)
    short = tmp_path / "short.mkv"
    with av.open(str(made.path)) as film, av.open(str(short), "w") as out:
        tracks = {stream.index: out.add_stream_from_template(stream) for stream in film.streams}
        for packet in film.demux():
            if packet.pts is None or (packet.stream.type == "audio" and packet.pts * packet.time_base < 0.9):
                continue
            if packet.stream.type == "audio":
                packet.pts += 5000
                packet.dts = packet.pts
            packet.stream = tracks[packet.stream.index]
            out.mux(packet)
    film = probe.probe(short)
    proxy = playable.make_proxy(film, short, tmp_path / "proxy.mp4")
    assert [number for _, number in numbered.numbers(proxy.path)] == list(range(30))


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        ("select='not(eq(n,7))'", "Frame 7 was written at"),
        ("select='lt(n,20)'", "20 frames were written of 75"),
        ("setpts=PTS+3*gt(N\\,30)", "Frame 31 was written at"),
        ("fps=60", "Frame 1 was written at"),
    ],
)
def test_a_proxy_with_other_frames_or_times_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str, sentence: str
) -> None:
    film = prepared("30 fps")
    right = filters.picture
    monkeypatch.setattr(filters, "picture", lambda *args, **more: f"{right(*args, **more)},{harm}")
    proxy = tmp_path / "proxy.mp4"
    with pytest.raises(verify.NotFaithful, match=sentence):
        playable.make_proxy(film.film, film.path, proxy)
    assert not list(tmp_path.iterdir())


def test_making_can_be_stopped_and_leaves_nothing(tmp_path: Path) -> None:
    film = prepared("30 fps")
    with pytest.raises(sandbox.Cancelled):
        playable.make_proxy(film.film, film.path, tmp_path / "proxy.mp4", cancelled=lambda: True)
    assert not list(tmp_path.iterdir())


def test_a_film_that_breaks_off_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    film = prepared("MPEG-TS")
    torn = tmp_path / "torn.ts"
    torn.write_bytes(film.path.read_bytes()[: film.path.stat().st_size // 2])
    with pytest.raises((verify.NotFaithful, sandbox.Failed)):
        playable.make_proxy(film.film, torn, tmp_path / "proxy.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["torn.ts"]


# ---------------------------------------------------------------- pieces, while it is made


@pytest.fixture
def long_film(tmp_path: Path) -> numbered.Numbered:
    times, end, base = numbered.variable(200)
    return numbered.make(tmp_path / "film.mp4", times, end, base)


def test_the_pieces_together_show_what_the_proxy_shows(tmp_path: Path, long_film: numbered.Numbered) -> None:
    folder = tmp_path / "pieces"
    film = probe.probe(long_film.path)
    proxy = playable.make_proxy(film, long_film.path, tmp_path / "proxy.mp4", segments=folder)
    index = json.loads((folder / "index.json").read_text())
    assert index["complete"] is True
    assert index["mime"].startswith('video/mp4; codecs="avc1.6400')
    assert "mp4a.40.2" in index["mime"]
    pieces = index["segments"]
    assert len(pieces) >= 3
    assert [piece["first"] for piece in pieces] == [
        sum(other["frames"] for other in pieces[:place]) for place in range(len(pieces))
    ]
    assert sum(piece["frames"] for piece in pieces) == proxy.frames
    assert all(1.9e6 < piece["end_us"] - piece["start_us"] < 3e6 for piece in pieces[:-1])
    joined = tmp_path / "joined.mp4"
    joined.write_bytes(
        (folder / "init.mp4").read_bytes() + b"".join((folder / piece["name"]).read_bytes() for piece in pieces)
    )
    assert numbered.numbers(joined) == numbered.numbers(proxy.path)
    assert all((folder / piece["name"]).stat().st_size == piece["bytes"] for piece in pieces)


def test_the_first_piece_is_there_before_the_rest(
    tmp_path: Path, long_film: numbered.Numbered, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pieces"
    seen: list[tuple[bool, int]] = []
    really = playable.remux

    def looking(*args: object, **more: object) -> bool:
        # The whole film is encoded by now, and nothing has taken the proxy's place yet.
        index = json.loads((folder / "index.json").read_text())
        seen.append((index["complete"], len(index["segments"])))
        assert (folder / index["segments"][0]["name"]).exists()
        assert not (tmp_path / "proxy.mp4").exists()
        return really(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(playable, "remux", looking)
    film = probe.probe(long_film.path)
    playable.make_proxy(film, long_film.path, tmp_path / "proxy.mp4", segments=folder)
    assert seen[0][0] is False
    assert seen[0][1] >= 1


def test_a_torn_piece_is_not_handed_out(tmp_path: Path, long_film: numbered.Numbered) -> None:
    from clips.media.segments import Publisher

    film = probe.probe(long_film.path)
    kept = tmp_path / "kept.mp4"
    with sandbox.job(long_film.path) as job:
        made = transcode.run(film, job, size=(256, 144))
        kept.write_bytes(made.read_bytes())
    whole = kept.read_bytes()
    with kept.open("rb") as file:
        second = [box for box in boxes.top_level(file) if box.kind == "mdat"][1]
    growing, folder = tmp_path / "growing.mp4", tmp_path / "pieces"
    times = filters.rebased(film.frame_times, film.frame_times[0], film.time_base)
    publisher = Publisher(growing, folder, times=times, end=times[-1] + 1, time_base=Fraction(1, 90000))
    assert publisher.publish() == 0
    growing.write_bytes(whole[: second.end - 10])
    first = publisher.publish()
    assert 0 < first < len(times)
    assert not (folder / "00001.m4s").exists()
    growing.write_bytes(whole)
    assert publisher.publish(complete=True) == len(times)


# ---------------------------------------------------------------- real films


@pytest.mark.parametrize("name", ["iphone-rotated-editlist.mov", "gopro-hero7.mp4"])
def test_real_films_come_out_frame_for_frame(name: str, tmp_path: Path) -> None:
    source = films.SHARED / name
    if not source.exists():
        pytest.skip("the real films do not lie beside the project here")
    film = probe.probe(source)
    proxy = playable.make_proxy(film, source, tmp_path / "proxy.mp4", short_side=180)
    assert proxy.frames == film.frames
    assert min(proxy.width, proxy.height) == 180
    assert (proxy.width > proxy.height) == (film.width > film.height)


@pytest.mark.parametrize(
    "name", ["variable rate", "hidden frames", "MPEG-TS", "MJPEG in AVI", "HEVC 10 bit HLG, turned"]
)
def test_the_systems_own_ffmpeg_makes_the_same_frames(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = shutil.which("ffmpeg")
    if not system:
        pytest.skip("there is no other ffmpeg on this machine")
    monkeypatch.setenv("VIG_FFMPEG", system)
    film = prepared(name)
    proxy = playable.make_proxy(film.film, film.path, tmp_path / "proxy.mp4")
    assert [number for _, number in numbered.numbers(proxy.path)] == list(film.made.numbers)
    assert (proxy.frame_times, proxy.end_time, proxy.offset) == (
        film.proxy.frame_times,
        film.proxy.end_time,
        film.proxy.offset,
    )
    # Our encoder in this process joins its pieces to that one's, too.
    result = cut.cut(proxy, proxy.time(20), proxy.time(50), tmp_path / "clip.mp4")
    assert result.method == "smart"
