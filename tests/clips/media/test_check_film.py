"""`manage.py check_film`: one line of JSON a file, needing nothing but the files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.clips.media.films import Sound, make, uneven

pytestmark = pytest.mark.film

MANAGE = Path(__file__).resolve().parents[3] / "manage.py"
KEYS = [
    "file", "accepted", "reason", "duration_s", "width", "height", "rotation", "video_codec", "audio_codec",
    "variable_frame_rate", "frames", "plays_directly",
]  # fmt: skip


def check(
    *names: str | bytes, env: dict[str, str] | None = None, cwd: Path | str = "/"
) -> tuple[list[dict], int, bytes, str]:
    done = subprocess.run(
        [sys.executable, MANAGE, "check_film", *names],
        capture_output=True,
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin"} if env is None else env,
        timeout=60,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines, done.returncode, done.stdout, done.stderr.decode()


def test_a_line_for_each_film_in_order(tmp_path):
    upright = make(tmp_path / "upright.mp4", frames=15, rotation=90, size=(64, 128), times=None)
    uneven_film = make(tmp_path / "uneven.webm", codec="libvpx", times=uneven(20), sounds=[Sound("libopus")])
    text = tmp_path / "text.mp4"
    text.write_text("not a film")
    lines, code, _, _ = check(str(upright), str(uneven_film), str(text))
    assert code == 0
    assert [list(line) for line in lines] == [KEYS] * 3
    assert lines[0] == {
        "file": str(upright), "accepted": True, "reason": None, "duration_s": 0.5, "width": 64, "height": 128,
        "rotation": 90, "video_codec": "h264", "audio_codec": "aac", "variable_frame_rate": False, "frames": 15,
        "plays_directly": True,
    }  # fmt: skip
    assert (lines[1]["variable_frame_rate"], lines[1]["frames"], lines[1]["plays_directly"]) == (True, 20, False)
    assert (lines[2]["accepted"], lines[2]["plays_directly"], lines[2]["frames"]) == (False, False, None)
    assert "holds text" in lines[2]["reason"]


def test_what_cannot_be_judged_is_said_and_the_others_still_are(tmp_path):
    film = make(tmp_path / "film.mp4", frames=3)
    os.mkfifo(tmp_path / "pipe")
    lines, code, _, _ = check("gone.mp4", str(tmp_path), str(tmp_path / "pipe"), str(film))
    assert code == 1
    assert [line["accepted"] for line in lines] == [False, False, False, True]
    assert "no file of this name" in lines[0]["reason"]
    assert "folder" in lines[1]["reason"]


def test_a_strange_name_is_given_back_exactly(tmp_path):
    names = [b"-v.mp4", b"\xff\xfe.mp4", "Zoë, ½ ‘film’.mp4".encode(), b"two\nlines.mp4"]
    for name in names:
        make(tmp_path / "plain.mp4", frames=3, sounds=[]).rename(tmp_path / os.fsdecode(name))
    lines, code, raw, _ = check("--", *names, "./../" + tmp_path.name + "//-v.mp4", cwd=tmp_path)
    assert code == 0
    assert raw.isascii()
    assert len(lines) == 5
    assert [os.fsencode(line["file"]) for line in lines[:4]] == names
    assert lines[4]["file"] == "./../" + tmp_path.name + "//-v.mp4"
    assert all(line["accepted"] for line in lines)


def test_it_needs_no_database_broker_or_environment_and_no_stray_one_disturbs_it(tmp_path):
    film = make(tmp_path / "film.mp4", frames=3)
    stray = {
        "PATH": "",
        "VIG_MODE": "production",
        "DJANGO_SETTINGS_MODULE": "no.such.settings",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "VIG_FILM_FORMATS": "nonsense",
        "VIG_UPLOAD_MAX_BYTES": "many",
        "PYTHONPATH": str(tmp_path),
        "TMPDIR": "/no/such/folder",
        "LC_ALL": "POSIX",
        "PYTHONIOENCODING": "ascii",
        "HOME": "/nowhere",
    }
    for env in ({}, stray):
        lines, code, raw, said = check(str(film), env=env, cwd=tmp_path)
        assert (code, lines[0]["accepted"]) == (0, True), said
        assert raw.count(b"\n") == 1
    assert "VIG_FILM_FORMATS was passed over" in said


def test_the_services_own_formats_hold_here_too(tmp_path):
    film = make(tmp_path / "film.mp4", frames=3)
    lines, code, _, _ = check(str(film), env={"VIG_FILM_FORMATS": "-h264"})
    assert code == 0
    assert "switched off" in lines[0]["reason"]


def test_without_a_file_it_says_how_it_is_used():
    lines, code, _, said = check()
    assert (lines, code) == ([], 2)
    assert "usage:" in said
    assert check("--help")[1] == 0


def test_it_is_a_command_of_django_as_well(tmp_path):
    out = StringIO()
    call_command("check_film", str(make(tmp_path / "film.mp4", frames=3)), stdout=out)
    assert json.loads(out.getvalue())["frames"] == 3
    with pytest.raises(SystemExit):
        call_command("check_film", str(tmp_path / "gone.mp4"), stdout=out)
