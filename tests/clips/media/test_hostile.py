"""Files that attack whatever opens them: refused, and the victim beside them is never opened.

The walls of the sandbox keep the victim out of reach. To show that the allow-lists alone would do as well, most
tests run without walls, and put the victim where the attack can find it.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from clips.media import ffmpeg, sandbox
from clips.media.probe import Rejected, probe
from clips.media.sandbox import Level, levels
from tests.clips.media import films, hostile
from tests.clips.media.films import make
from tests.clips.media.hostile import VICTIM_NUMBER, watched

pytestmark = pytest.mark.film

LEVELS = [Level.LIMITS, *([Level.BUBBLEWRAP] if levels.proc_arguments() else [])]


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another family's film."""
    return make(tmp_path_factory.mktemp("other-family") / "victim.mp4", first_number=VICTIM_NUMBER, frames=10)


@pytest.fixture(params=LEVELS, ids=lambda level: level.name)
def level(request):
    with sandbox.at(request.param):
        yield request.param


def jpeg(number: int) -> bytes:
    data = io.BytesIO()
    Image.fromarray(films.draw(number)).convert("RGB").save(data, "JPEG")
    return data.getvalue()


def gab2_playlist(victim: Path) -> bytes:
    return hostile.avi([jpeg(i) for i in range(10)], films.SIZE, subtitles=hostile.hls(victim))


def gab2_ffconcat(victim: Path) -> bytes:
    return hostile.avi([jpeg(i) for i in range(10)], films.SIZE, subtitles=hostile.ffconcat(victim))


def outside_reference(victim: Path) -> bytes:
    return hostile.outside_reference(victim.read_bytes(), victim)


def reference_movie(victim: Path) -> bytes:
    """A QuickTime film that says nothing but where another film is."""
    address = f"file://{victim}".encode() + b"\0"
    pointer = hostile.box(b"rdrf", bytes(4) + b"url " + len(address).to_bytes(4, "big") + address)
    return hostile.box(b"moov", hostile.box(b"rmra", hostile.box(b"rmda", pointer)))


ATTACKS: dict[str, Callable[[Path], bytes]] = {
    maker.__name__: maker
    for maker in (*hostile.TEXTS, gab2_playlist, gab2_ffconcat, outside_reference, reference_movie)
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_and_the_victim_is_never_opened(attack, level, victim, tmp_path):
    path = tmp_path / "holiday.mp4"
    path.write_bytes(ATTACKS[attack](victim))
    with watched(victim) as opened:
        with pytest.raises(Rejected):
            probe(path)
        assert not opened()


def programs() -> list[Path]:
    system = shutil.which("ffmpeg")
    return sorted({ffmpeg.binary(), *([Path(system)] if system else [])})


@pytest.mark.parametrize("program", programs(), ids=lambda path: path.name)
@pytest.mark.parametrize("attack", ATTACKS)
def test_the_hardened_command_alone_keeps_to_its_own_file(attack, program, victim, tmp_path):
    """Without walls and without the check before it, with the victim in the very same folder."""
    path = tmp_path / "holiday.mp4"
    with sandbox.at(Level.LIMITS):
        path.write_bytes(b"x")
        with sandbox.job(path) as job:
            beside = job / "victim.mp4"
            os.link(victim, beside)
            (job / "in").unlink()
            (job / "in").write_bytes(ATTACKS[attack](beside))
            argv = [
                program,
                *ffmpeg.input_args(),
                "-i",
                "in",
                "-map",
                "0:v:0",
                "-map",
                "0:s?",
                "-c:s",
                "copy",
                "out.mkv",
            ]
            with watched(victim) as opened:
                sandbox.run(argv, job=job, check=False)
                assert not opened()
            out = job / "out.mkv"
            if out.exists() and out.stat().st_size > 2000:
                assert all(number < VICTIM_NUMBER for number in films.numbers(out))


def test_without_the_hardening_the_attack_works(victim, tmp_path):
    """So that the tests above can fail: plain ffmpeg does open the victim, and copies its pictures."""
    beside = tmp_path / "victim.mp4"
    os.link(victim, beside)
    attack = tmp_path / "holiday.mp4"
    attack.write_bytes(hostile.ffconcat(Path("victim.mp4")))
    with watched(victim) as opened:
        subprocess.run([ffmpeg.binary(), "-v", "error", "-i", attack, "-an", tmp_path / "out.mp4"], check=True)
        assert opened()
    assert films.numbers(tmp_path / "out.mp4")[0] == VICTIM_NUMBER


@pytest.mark.parametrize(
    "name",
    [
        "-i.mp4",
        "-protocol_whitelist.mp4",
        "new\nline.mp4",
        "%d.mp4",
        "frame-%03d.jpg",
        "concat:a|b.mp4",
        "subfile,,start,0,end,9,,:a.mp4",
        "http:example.mp4",
        "pipe:0",
        "a*[b]?.mp4",
        "playlist.m3u8",
        "film.ffconcat",
        "film.txt",
        os.fsdecode(b"film-\xff\xfe.mp4"),
    ],
)
def test_the_name_of_a_file_means_nothing(name, tmp_path, victim):
    path = tmp_path / name
    make(tmp_path / "plain.mp4", frames=3, sounds=[]).rename(path)
    os.link(victim, tmp_path / "a.mp4")
    with watched(victim) as opened:
        film = probe(path)
        assert not opened()
    assert film.frames == 3


def test_a_decoder_that_is_not_on_the_list_never_runs(tmp_path):
    """MagicYUV, whose decoder had a hole, in the two containers that carry it."""
    in_avi = make(tmp_path / "m.avi", codec="magicyuv", pixel_format="gbrp", frames=3, sounds=[])
    in_mkv = tmp_path / "m.mkv"
    subprocess.run([ffmpeg.binary(), "-v", "error", "-i", in_avi, "-c", "copy", in_mkv], check=True)
    for path in (in_avi, in_mkv):
        with pytest.raises(Rejected, match="magicyuv"):
            probe(path)
        for program in programs():
            with sandbox.job(path) as job:
                argv = [program, *ffmpeg.input_args(), "-i", "in", "-f", "framemd5", "out"]
                assert sandbox.run(argv, job=job, check=False).returncode != 0
                assert not (job / "out").exists() or b"0," not in (job / "out").read_bytes()


def test_the_hardened_command_still_reads_honest_films(tmp_path):
    honest = make(tmp_path / "a.mp4", frames=5)
    for program in programs():
        with sandbox.job(honest) as job:
            argv = [program, *ffmpeg.input_args(container="mov"), "-i", "in", "-c:v", "libx264", "out.mp4"]
            sandbox.run(argv, job=job)
            assert films.numbers(job / "out.mp4") == [0, 1, 2, 3, 4]
