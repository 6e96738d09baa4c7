"""Which ffmpeg is used, and whether its known holes are mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from clips.media import ffmpeg, formats
from clips.media.ffmpeg import Version
from clips.media.formats import Family


@pytest.mark.parametrize(
    ("line", "release", "patched"),
    [
        ("ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026", Version(5, 1, 9), False),
        ("ffmpeg version 5.1.10-0+deb12u1 Copyright", Version(5, 1, 10), True),
        ("ffmpeg version n9.0.2 Copyright", Version(9, 0, 2), True),
        ("ffmpeg version 9.0.2-static https://…", Version(9, 0, 2), True),
        ("ffmpeg version 8.1.2 Copyright", Version(8, 1, 2), True),
        ("ffmpeg version 8.1 Copyright", Version(8, 1, 0), False),
        ("ffmpeg version 8.0.4 Copyright", Version(8, 0, 4), False),
        ("ffmpeg version 7.1.5 Copyright", Version(7, 1, 5), True),
        ("ffmpeg version 6.0.1 Copyright", Version(6, 0, 1), False),
        ("ffmpeg version 4.4.9 Copyright", Version(4, 4, 9), False),
        ("ffmpeg version N-119200-g1234 Copyright", Version(), False),
        ("something else", Version(), False),
    ],
)
def test_releases_are_read_and_judged(line, release, patched):
    assert ffmpeg.parse(line) == release
    assert release.patched is patched


def fake(folder: Path, name: str, version: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho 'ffmpeg version {version} Copyright'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Set up a machine with ffmpegs of given releases: its own and that of the wheel."""

    def set_up(system: str | None, bundled: str | None) -> tuple[Path, Path]:
        folder = tmp_path / "bin"
        folder.mkdir()
        own, wheel = folder / "ffmpeg", tmp_path / "wheel-ffmpeg"
        if system:
            fake(folder, "ffmpeg", system)
        if bundled:
            fake(tmp_path, "wheel-ffmpeg", bundled)
        monkeypatch.setenv("PATH", f"{folder}:/bin")
        monkeypatch.setattr(ffmpeg.shutil, "which", lambda name: str(own) if system and name == "ffmpeg" else None)
        monkeypatch.setattr(ffmpeg, "_bundled", lambda: wheel if bundled else None)
        monkeypatch.delenv(ffmpeg.OVERRIDE, raising=False)
        return own, wheel

    ffmpeg._choose.cache_clear()
    yield set_up
    ffmpeg._choose.cache_clear()


def test_a_patched_system_ffmpeg_is_preferred(machine):
    own, _ = machine("7.1.5", "9.0.2")
    assert ffmpeg.binary() == own
    assert ffmpeg.verdict().patched


def test_the_wheel_stands_in_for_an_old_system_ffmpeg(machine):
    _, wheel = machine("5.1.9", "9.0.2")
    assert ffmpeg.binary() == wheel


def test_an_old_one_is_used_and_told_of_when_there_is_no_other(machine):
    own, _ = machine("5.1.9", None)
    verdict = ffmpeg.verdict()
    assert (verdict.path, verdict.patched) == (own, False)
    assert "lacks security updates" in verdict.sentence


def test_no_ffmpeg_at_all_says_what_to_install(machine):
    machine(None, None)
    with pytest.raises(ffmpeg.NotFound, match="imageio-ffmpeg"):
        ffmpeg.binary()


def test_an_ffmpeg_can_be_named(tmp_path, monkeypatch):
    named = fake(tmp_path, "mine", "5.1.9")
    monkeypatch.setenv(ffmpeg.OVERRIDE, str(named))
    assert ffmpeg.binary() == named
    assert not ffmpeg.verdict().patched
    monkeypatch.setenv(ffmpeg.OVERRIDE, str(tmp_path / "gone"))
    with pytest.raises(ffmpeg.NotFound, match=ffmpeg.OVERRIDE):
        ffmpeg.binary()


def test_the_ffmpeg_of_this_machine_is_patched():
    assert ffmpeg.verdict().patched, ffmpeg.verdict().sentence


def test_an_operator_switches_families_off():
    assert formats.chosen([]) == formats.ALL
    assert formats.chosen(["-avi", " -MJPEG"]) == formats.ALL - {Family.AVI, Family.MJPEG}
    few = formats.chosen(["mp4", "h264"])
    assert Family.MP4 in few
    assert Family.AVI not in few
    assert Family.HEVC not in few
    assert Family.AAC in few
    with pytest.raises(ValueError, match="“wmv” is not a family"):
        formats.chosen(["wmv"])


def test_what_is_off_is_not_on_the_lists():
    args = ffmpeg.input_args(formats.chosen(["-avi", "-mjpeg"]))
    assert args[args.index("-protocol_whitelist") + 1] == "file"
    assert "avi" not in args[args.index("-format_whitelist") + 1].split(",")
    assert "mjpeg" not in args[args.index("-codec_whitelist") + 1].split(",")
    assert "hevc" in args[args.index("-codec_whitelist") + 1].split(",")
    for dangerous in ("concat", "hls", "dash", "sdp", "image2", "magicyuv"):
        assert dangerous not in " ".join(ffmpeg.input_args())
