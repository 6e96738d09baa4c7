"""How long people wait on the running service: from the last byte of a film to the first mark, from a mark to its clip.

gunicorn, Redis and two Celery workers run as in production; what is asked of them goes over HTTP, as a browser asks.
Whatever the queue, the database and polling add is in these numbers. The films are those of ``film_cut``: a minute of
1080p30, and ten minutes of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import django

from benchmarks.film_cut import Bench, line, timed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vig_service.settings")
django.setup()  # the tests' cast, whose password is asked for, is of models

from tests.journeys.person import Person  # noqa: E402
from tests.stack import Stack, running  # noqa: E402

FIRST = "upload complete to first mark"
COPIED = "upload complete to first mark against a copy"
CODED = "upload complete to first mark, film that browsers do not play"
CLIP = "mark to playable clip"
ENCODED = "mark to playable clip against re-encode"
CLIPS = ((2.5, 5), (8.2, 10), (1.1, 8), (12.4, 6), (5.3, 12))
"""Start and length in seconds of the moments that are marked."""
SHORT = 20
"""Seconds of the film that clips are cut from, and of the one that has to be converted."""
PATIENCE = 120.0
PIECE = 5 * 1024**2
_PROBE = 1 << 20

_FAMILY = """
from tests.cast import consent_to_everything, make_cast, make_family
cast = make_cast()
family = make_family(cast.asha)
consent_to_everything(family, by=cast.asha)
result = {"case": str(family.case.pk), "rowan": str(family.rowan.pk), "sam": str(family.sam.pk)}
"""


def measurements(only: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield one measurement after the other; with ``only``, those whose name contains it."""
    groups: list[tuple[tuple[str, ...], Callable[[Desk, Bench], Iterator[dict[str, Any]]]]] = [
        ((CLIP, ENCODED), _clips),
        ((CODED,), _converted),
        ((FIRST, COPIED), _first_mark),
    ]
    wanted = [group for names, group in groups if only is None or any(only in name for name in names)]
    if not wanted:
        return
    with tempfile.TemporaryDirectory(prefix="journey-bench-") as folder:
        bench = Bench(Path(folder))
        for group in wanted:
            with running(beat=False) as stack:
                yield from (found for found in group(Desk(stack), bench) if only is None or only in found["name"])


class Desk:
    """A practitioner with a family, asking the service as the pages do."""

    def __init__(self, stack: Stack) -> None:
        self.family: dict[str, str] = stack.python(_FAMILY)
        self.asha = Person(stack, "asha@service.example")

    def send(self, film: Path) -> tuple[str, float]:
        """Send a film piece by piece; its id, and the moment at which the last piece was answered."""
        length, digest = film.stat().st_size, hashlib.sha256()
        said = self.asha.begin(self.family, length)
        with film.open("rb") as pieces:
            for at in range(0, length, PIECE):
                piece = pieces.read(PIECE)
                digest.update(piece)
                assert self.asha.piece(said["upload_url"], at, piece).status == 204
        complete = time.perf_counter()
        self.asha.ask("POST", said["hash_url"], {"sha256": digest.hexdigest()})
        return said["film"], complete

    def until(self, what: Callable[[], Any], every: float = 0.02) -> Any:
        """Ask until there is an answer."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := what():
                return found
            time.sleep(every)
        raise AssertionError(f"Not within {PATIENCE:g} s")

    def playable(self, film: str) -> dict[str, Any] | None:
        """What of a film can be played now, with its frames; None while nothing can."""
        playable: dict[str, Any] = self.asha.status(film).get("playable") or {}
        return playable if playable.get("kind") and playable.get("frames_url") else None

    def opened(self, playable: dict[str, Any]) -> list[int]:
        """Fetch what a player needs before its first picture, and the frames; the steps between these."""
        if playable["kind"] == "segments":
            index = self.asha.ask("GET", playable["src"]).json()
            folder = playable["src"].rsplit("/", 1)[0]
            for name in ("segment-init", f"segment-{int(Path(index['segments'][0]['name']).stem)}"):
                assert self.asha.ask("GET", f"{folder}/{name}").status == 200
        else:
            for part in (f"bytes=0-{_PROBE - 1}", f"bytes=-{_PROBE}"):  # the header may stand at either end
                assert self.asha.ask("GET", playable["src"], headers={"Range": part}).status == 206
        steps: list[int] = self.asha.ask("GET", playable["frames_url"]).json()["original"]
        return steps

    def mark(self, film: str, first: int, last: int) -> str:
        """Mark a moment by its frames; its id."""
        answer = self.asha.ask("POST", f"/films/{film}/marks/", {"first_frame": first, "last_frame": last})
        assert answer.status in {200, 201}, answer.body
        said = answer.json()
        return str((said.get("mark") or said)["id"])

    def first_mark(self, film: Path) -> float:
        """Seconds from the last byte of a film until a moment of it was marked by its frames."""
        sent, complete = self.send(film)
        steps = self.opened(self.until(lambda: self.playable(sent)))
        self.mark(sent, 30, min(60, len(steps) - 1))
        return time.perf_counter() - complete

    def clip(self, film: str, first: int, last: int) -> float:
        """Seconds from the wish to keep a moment until its own file could be fetched."""
        began = time.perf_counter()
        clip = self.mark(film, first, last)
        self.until(lambda: self.asha.ask("GET", f"/clips/{clip}/media/play").status == 200, every=0.005)
        return time.perf_counter() - began


def _part(bench: Bench, name: str, *encoding: str) -> Path:
    path = bench.folder / name
    bench.run("-t", str(SHORT), "-i", str(bench.source), *encoding, str(path))
    return path


def _clips(desk: Desk, bench: Bench) -> Iterator[dict[str, Any]]:
    part = _part(bench, "part.mp4", "-c", "copy")
    film, _ = desk.send(part)
    desk.until(lambda: desk.asha.status(film).get("state") == "ready", every=0.2)
    desk.clip(film, 0, 30)  # the first one warms the worker, as in any sitting
    taken = [desk.clip(film, round(start * 30), round((start + length) * 30)) for start, length in CLIPS]
    encoded = [
        bench.run(
            *["-ss", f"{start}", "-i", str(part), "-t", f"{length}", "-vf", "scale=1280:720", "-c:v", "libx264"],
            *["-preset", "superfast", "-crf", "21", "-c:a", "aac", str(bench.folder / "encoded.mp4")],
        )
        for start, length in CLIPS
    ]
    yield line(CLIP, median(taken), against=None, reference=None, target=0.5, of_ratio=False)
    reference = "accurate re-encode of the same stretches, superfast 720p, by ffmpeg alone"
    yield line(ENCODED, sum(taken), against=sum(encoded), reference=reference, target=0.1, of_ratio=True)


def _converted(desk: Desk, bench: Bench) -> Iterator[dict[str, Any]]:
    hevc = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=30", "-tag:v", "hvc1"]
    value = desk.first_mark(_part(bench, "hevc.mp4", *hevc, "-c:a", "copy"))
    yield line(CODED, value, against=None, reference=None, target=5, of_ratio=False)


def _first_mark(desk: Desk, bench: Bench) -> Iterator[dict[str, Any]]:
    value = desk.first_mark(bench.long)
    copy = bench.folder / "copy.mp4"
    plain = median(_copied(bench.long, copy) for _ in range(3))
    yield line(FIRST, value, against=None, reference=None, target=1.5, of_ratio=False)
    yield line(COPIED, value, against=plain, reference="cp of the same ten minutes", target=1, of_ratio=True)


def _copied(film: Path, copy: Path) -> float:
    """Seconds that a plain copy to the same disk takes."""
    with contextlib.suppress(FileNotFoundError):
        copy.unlink()
    os.sync()
    return timed(lambda: subprocess.run(["cp", str(film), str(copy)], check=True))[0]


if __name__ == "__main__":
    import json

    for measured in measurements():
        print(json.dumps(measured), flush=True)
