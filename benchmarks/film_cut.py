"""How long clips, the proxy and its by-products take, beside plain ways of doing the same on the same machine.

The film is one minute of 1080p30 with texture, shake and noise, harsher than a phone's; ten of it end to end make
the long film, without encoding it again.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from clips.media import cut, ffmpeg, peaks, playable, probe, storyboard

SECONDS = 60
LONG = 10
"""How many times the long film shows the short one."""
CLIPS = ((3.5, 5), (10.2, 5), (16.9, 6), (24.4, 7), (1.1, 8), (33.3, 10), (20.7, 12), (44.9, 15))
"""Start and length in seconds of eight clips, as a practitioner marks them."""
_RUNS = 7


def measurements(only: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield one measurement after the other; with `only`, those whose name contains it."""
    groups: list[tuple[tuple[str, ...], Callable[[Bench], Iterator[dict[str, Any]]]]] = [
        (("film probe and index",), _probing),
        (("film peaks and storyboard",), _by_products),
        (("film proxy", "film proxy first six seconds"), _proxying),
        (("clip warm", "clip warm against copy", "clip warm against re-encode"), _one_clip),
        (("eight clips against copies", "eight clips against re-encodes"), _eight_clips),
        (("clip before the proxy",), _early_clip),
    ]
    wanted = [group for names, group in groups if only is None or any(only in name for name in names)]
    if not wanted:
        return
    with tempfile.TemporaryDirectory(prefix="film-bench-") as folder:
        bench = Bench(Path(folder))
        for group in wanted:
            for found in group(bench):
                if only is None or only in found["name"]:
                    yield found


class Bench:
    """The films that are measured, each made when it is first wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ffmpeg = str(ffmpeg.binary())
        self._kept: dict[str, Any] = {}

    def run(self, *args: str) -> float:
        """Run ffmpeg plainly and return how many seconds it took."""
        argv = [self.ffmpeg, "-v", "error", "-nostdin", "-y", *args]
        return timed(lambda: subprocess.run(argv, check=True, stdin=subprocess.DEVNULL))[0]

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    @property
    def source(self) -> Path:
        """One minute as a phone would write it: 1080p30, a key frame a second, about 17 Mbit/s."""
        path = self.folder / "source.mp4"
        self._once("source", lambda: self._paint(path))
        return path

    def _paint(self, path: Path) -> None:
        picture = (
            f"testsrc2=size=2048x1152:rate=30:duration={SECONDS},"
            "crop=1920:1080:x='64+40*sin(n/7)':y='36+24*cos(n/5)',noise=alls=7:allf=t,format=yuv420p"
        )
        sound = f"sine=frequency=400:beep_factor=5:sample_rate=48000:duration={SECONDS}"
        encoding = ["-c:v", "libx264", "-preset", "superfast", "-b:v", "17M", "-g", "30", "-c:a", "aac"]
        self.run("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *encoding, str(path))

    @property
    def long(self) -> Path:
        """Ten minutes of the same."""
        path = self.folder / "long.mp4"
        again = str(LONG - 1)
        self._once("long", lambda: self.run("-stream_loop", again, "-i", str(self.source), "-c", "copy", str(path)))
        return path

    @property
    def film(self) -> probe.Film:
        """What the check finds in the source."""
        return self._once("film", lambda: probe.probe(self.source))

    @property
    def proxy(self) -> playable.Proxy:
        """The source's proxy."""
        return self.proxy_made[0]

    @property
    def proxy_made(self) -> tuple[playable.Proxy, float, float]:
        """The proxy, the seconds until all of it was there, and until its first six seconds could be played."""
        return self._once("proxy", self._make_proxy)

    def _make_proxy(self) -> tuple[playable.Proxy, float, float]:
        pieces, film = self.folder / "pieces", self.film
        started = time.perf_counter()
        early: list[float] = []

        def watch(done: float) -> None:
            index = pieces / "index.json"
            if early or not index.exists():
                return
            ready = json.loads(index.read_text())["segments"]
            if ready and ready[-1]["end_us"] >= 6_000_000:
                early.append(time.perf_counter() - started)

        proxy = playable.make_proxy(film, self.source, self.folder / "proxy.mp4", progress=watch, segments=pieces)
        whole = time.perf_counter() - started
        return proxy, whole, early[0] if early else whole

    def stretch(self, start: float, length: float) -> tuple[Fraction, Fraction]:
        """Return the proxy's times of the frames nearest to a stretch of seconds."""
        first, after = round(start * 30), round((start + length) * 30)
        return self.proxy.time(first), self.proxy.time(min(after, self.proxy.frames))

    def cut(self, start: float, length: float) -> float:
        """Cut a clip from the proxy and return the seconds it took; it must have been the quick way."""
        seconds, result = timed(lambda: cut.cut(self.proxy, *self.stretch(start, length), self.folder / "clip.mp4"))
        assert result.method == "smart"
        return seconds

    def copy(self, start: float, length: float) -> float:
        """Copy the same stretch plainly with ffmpeg, hidden frames and all, and return the seconds it took."""
        begin, end = self.stretch(start, length)
        at = ["-ss", f"{float(begin):.6f}", "-i", str(self.proxy.path), "-t", f"{float(end - begin):.6f}"]
        return self.run(*at, "-c", "copy", str(self.folder / "copy.mp4"))

    def encode(self, start: float, length: float, preset: str) -> float:
        """Encode the same stretch of the source to 720p accurately and return the seconds it took."""
        begin, end = self.stretch(start, length)
        at = ["-ss", f"{float(begin) - 0.001:.6f}", "-i", str(self.source), "-t", f"{float(end - begin):.6f}"]
        encoding = ["-vf", "scale=1280:720", "-c:v", "libx264", "-preset", preset, "-crf", "21", "-c:a", "aac"]
        return self.run(*at, *encoding, str(self.folder / "encoded.mp4"))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many seconds something took, and what it gave."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def line(
    name: str, value: float, *, against: float | None, reference: str | None, target: float, of_ratio: bool
) -> dict[str, Any]:
    """Return a measurement in seconds; the target is the most that the ratio, or the value, may be."""
    ratio = value / against if against else None
    judged = ratio if of_ratio and ratio is not None else value
    return {
        "name": name,
        "issue": 2,
        "value": round(value, 3),
        "unit": "s",
        "reference": f"{reference}: {against:.3f} s" if against else reference,
        "ratio": round(ratio, 4) if ratio is not None else None,
        "target": f"{'ratio' if of_ratio else 'value'} <= {target:g}",
        "holds": judged <= target,
    }


def _probing(bench: Bench) -> Iterator[dict[str, Any]]:
    copy = bench.folder / "copy-of-long.mp4"
    shutil.copyfile(bench.long, copy)
    plain, _ = timed(lambda: subprocess.run(["cp", bench.long, copy], check=True))
    copy.unlink()
    value = median(timed(lambda: probe.probe(bench.long))[0] for _ in range(3))
    yield line(
        "film probe and index", value, against=plain, reference="cp of the ten-minute film", target=1, of_ratio=True
    )


def _by_products(bench: Bench) -> Iterator[dict[str, Any]]:
    film = probe.probe(bench.long)

    def both() -> None:
        assert peaks.peaks(film, bench.long) is not None
        found = storyboard.storyboard(film, bench.long, bench.folder / "tiles.jpg")
        assert len(found["frames"]) == storyboard.TILES

    value, _ = timed(both)
    yield line(
        "film peaks and storyboard",
        value,
        against=film.duration_s,
        reference="duration of the ten-minute film",
        target=0.025,
        of_ratio=True,
    )


def _proxying(bench: Bench) -> Iterator[dict[str, Any]]:
    _, whole, early = bench.proxy_made
    decode = bench.run("-threads", "2", "-i", str(bench.source), "-an", "-f", "null", "-")
    yield line("film proxy", whole, against=decode, reference="decoding the film alone", target=2, of_ratio=True)
    yield line("film proxy first six seconds", early, against=None, reference=None, target=5, of_ratio=False)


def _one_clip(bench: Bench) -> Iterator[dict[str, Any]]:
    bench.cut(20.3, 10)
    bench.copy(20.3, 10)
    # In turn, so that whatever else the machine does falls on both.
    pairs = [(bench.cut(20.3, 10), bench.copy(20.3, 10)) for _ in range(_RUNS)]
    value, copied = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    encoded = bench.encode(20.3, 10, "superfast")
    yield line("clip warm", value, against=None, reference=None, target=0.5, of_ratio=False)
    yield line("clip warm against copy", value, against=copied, reference="ffmpeg -c copy", target=4, of_ratio=True)
    yield line(
        "clip warm against re-encode",
        value,
        against=encoded,
        reference="accurate re-encode of the film, superfast 720p",
        target=0.1,
        of_ratio=True,
    )


def _eight_clips(bench: Bench) -> Iterator[dict[str, Any]]:
    bench.cut(*CLIPS[0])
    pairs = [(bench.cut(*clip), bench.copy(*clip)) for clip in CLIPS]
    value, copied = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    encoded = sum(bench.encode(*clip, "ultrafast") for clip in CLIPS)
    yield line(
        "eight clips against copies",
        value,
        against=copied,
        reference="eight times ffmpeg -c copy",
        target=4,
        of_ratio=True,
    )
    yield line(
        "eight clips against re-encodes",
        value,
        against=encoded,
        reference="eight accurate re-encodes, ultrafast 720p",
        target=0.1,
        of_ratio=True,
    )


def _early_clip(bench: Bench) -> Iterator[dict[str, Any]]:
    film = bench.film
    begin, end = film.time(609), film.time(909)
    destination = bench.folder / "early.mp4"
    value, _ = timed(lambda: cut.cut(bench.source, begin, end, destination, film=film))
    encoded = bench.encode(20.3, 10, "superfast")
    with contextlib.suppress(FileNotFoundError):
        destination.unlink()
    yield line(
        "clip before the proxy",
        value,
        against=encoded,
        reference="accurate re-encode of the film, superfast 720p",
        target=1.5,
        of_ratio=True,
    )


if __name__ == "__main__":
    for measured in measurements():
        print(json.dumps(measured), flush=True)
