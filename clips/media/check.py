"""`check_film FILE…`: one line of JSON for each film, saying what it is or why we do not take it.

Needs no settings, database or broker. Standard output carries the JSON alone; anything else goes to standard
error. Where they are set, the service's own limits hold here too (VIG_FILM_FORMATS, VIG_FILM_MAX_SECONDS,
VIG_UPLOAD_MAX_BYTES); a value that makes no sense is passed over with a word about it.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from clips.media import formats, sandbox
from clips.media.probe import MAX_BYTES, MAX_SECONDS, Film, Rejected, probe

USAGE = """usage: manage.py check_film FILE…

Says of each film whether the service would take it, in one line of JSON a file. The exit code is 0 when all
of them could be judged, accepted or not, and 1 when one could not. Write -- before a name that begins with -.
"""

# What manage.py takes for every command; none of it means anything here.
_DJANGO_FLAGS = {"--traceback", "--no-color", "--force-color", "--skip-checks"}
_DJANGO_OPTIONS = ("--settings", "--pythonpath", "--verbosity", "-v")


def main(argv: Sequence[str], out: TextIO | None = None) -> int:
    """Judge the files named in `argv`, write their lines to `out`, and return the exit code."""
    out = out or sys.stdout
    names, wants_help = _names(argv)
    if wants_help or not names:
        sys.stderr.write(USAGE)
        return 0 if wants_help else 2
    limits = _limits()
    judged_all = True
    for name in names:
        line, judged = judge(name, **limits)
        judged_all = judged_all and judged
        out.write(json.dumps(line, ensure_ascii=True) + "\n")
        out.flush()
    return 0 if judged_all else 1


def judge(name: str, **limits: Any) -> tuple[dict[str, Any], bool]:
    """Return the line for one file, and whether it could be judged at all."""
    try:
        mode = os.stat(name).st_mode  # noqa: PTH116  (a path may hold bytes that pathlib would tidy away)
        if stat.S_ISDIR(mode):
            return _line(name, reason="This is a folder. Name the films in it."), False
        if not stat.S_ISREG(mode):
            return _line(name, reason="This is not a file that can be read as a film."), False
        film = probe(Path(name), **limits)
    except Rejected as refusal:
        return _line(name, reason=str(refusal)), True
    except FileNotFoundError:
        return _line(name, reason="There is no file of this name."), False
    except PermissionError:
        return _line(name, reason="This file may not be read by you."), False
    except (OSError, ValueError) as error:
        return _line(name, reason=f"This file could not be read: {error}."), False
    except sandbox.SandboxError as error:
        # The film may be to blame, but nothing was found out about it.
        return _line(name, reason=f"This film could not be checked: {error}"), False
    return _line(name, film=film), True


def _line(name: str, *, film: Film | None = None, reason: str | None = None) -> dict[str, Any]:
    return {
        "file": name,
        "accepted": film is not None,
        "reason": reason,
        "duration_s": round(film.duration_s, 6) if film else None,
        "width": film.width if film else None,
        "height": film.height if film else None,
        "rotation": film.rotation if film else None,
        "video_codec": film.video_codec if film else None,
        "audio_codec": film.audio_codec if film else None,
        "variable_frame_rate": film.variable_frame_rate if film else None,
        "frames": film.frames if film else None,
        "plays_directly": film.plays_directly if film else False,
    }


def _names(argv: Sequence[str]) -> tuple[list[str], bool]:
    """Return the files named on the command line, and whether help was asked for."""
    names: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            names += words
        elif word in ("-h", "--help"):
            return [], True
        elif word in _DJANGO_OPTIONS:
            next(words, None)
        elif word in _DJANGO_FLAGS or word.startswith(tuple(f"{option}=" for option in _DJANGO_OPTIONS)):
            continue
        else:
            names.append(word)
    return names, False


def _limits() -> dict[str, Any]:
    return {
        "formats": _from_environment("VIG_FILM_FORMATS", _formats, formats.ALL),
        "max_seconds": _from_environment("VIG_FILM_MAX_SECONDS", float, MAX_SECONDS),
        "max_bytes": _from_environment("VIG_UPLOAD_MAX_BYTES", int, MAX_BYTES),
    }


def _formats(text: str) -> frozenset[formats.Family]:
    return formats.chosen(word for word in text.split(",") if word.strip())


def _from_environment(name: str, read: Callable[[str], Any], default: Any) -> Any:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        return read(text)
    except ValueError as error:
        sys.stderr.write(f"{name} was passed over: {error}\n")
        return default


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
