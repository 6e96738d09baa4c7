"""Cutting a clip out of a film: exactly these frames and nothing else, in a file of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from clips.media import files, filters, frames, playable, sandbox, smart, transcode, verify
from clips.media.formats import ALL, Family
from clips.media.playable import Proxy
from clips.media.probe import Film, probe

log = logging.getLogger(__name__)

CRF = 21
"""Quality of a clip that is encoded straight from the film as it came in."""


class BadRange(ValueError):
    """There is no such stretch in the film; the message is for the person who asked for it."""


@dataclass(frozen=True)
class CutResult:
    """A clip that was written and verified."""

    frames: int
    first_time: Fraction
    """Seconds: when the first frame of the clip begins in the film."""
    last_time: Fraction
    """Seconds: when the last frame of the clip begins in the film."""
    duration: Fraction
    """Seconds that the clip lasts."""
    method: str
    """"smart": copied but for its first frames; "encoded": encoded from its first frame to its last."""
    bytes: int
    sha256: str


def cut(
    source: Path | Proxy,
    start: Fraction,
    end: Fraction,
    destination: Path,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    film: Film | None = None,
    short_side: int = playable.SHORT_SIDE,
    formats: Collection[Family] = ALL,
) -> CutResult:
    """Write the stretch of a film from `start` up to, not including, `end` as a clip at `destination`.

    Both are presented times in seconds: `start` that of the clip's first frame, `end` that of the first frame left
    out, or the film's end; they may be half a millisecond off. For a `Proxy` they are the proxy's own times, and
    most of the clip is a copy. A plain path is a stranger's film: it is checked (unless `film` says what a check
    found), then encoded in the sandbox, its short side at most `short_side` pixels. `progress` hears 0 to 1.

    The file holds these frames at their times, counted from 0, and nothing of the picture before or after them;
    sound to the nearest packet of about 20 ms; no metadata. It is verified before it takes its place.

    Raises BadRange, probe.Rejected for a film that cannot be taken, verify.NotFaithful when no exact clip could be
    made, what `sandbox.run` raises, and OSError.
    """
    if isinstance(source, Proxy):
        first, after = _range(source.frame_times, source.end_time, source.time_base, start, end)
        method = _from_proxy(source, first, after, destination, progress, cancelled)
        times, base, over = source.frame_times, source.time_base, source.end_time
    else:
        film = film or probe(source, formats=formats)
        first, after = _range(film.frame_times, film.end_time, film.time_base, start, end)
        _from_stranger(film, source, first, after, destination, short_side, formats, progress, cancelled)
        method = "encoded"
        times, base, over = film.frame_times, film.time_base, film.end_time
    if progress:
        progress(1.0)
    closing = times[after] if after < len(times) else over
    return CutResult(
        frames=after - first,
        first_time=times[first] * base,
        last_time=times[after - 1] * base,
        duration=(closing - times[first]) * base,
        method=method,
        bytes=destination.stat().st_size,
        sha256=files.sha256(destination),
    )


def _range(times: Sequence[int], over: int, time_base: Fraction, start: Fraction, end: Fraction) -> tuple[int, int]:
    """Return the indices of the first frame in the clip and of the first one left out. Raises BadRange."""
    if start >= end:
        raise BadRange("Choose an end that comes after the start.")
    if start < times[0] * time_base - frames.TOLERANCE:
        raise BadRange("The start lies before the beginning of the film.")
    if end > over * time_base + frames.TOLERANCE:
        raise BadRange("The end lies after the end of the film.")
    first = frames.snap(times, time_base, over, start)
    after = frames.snap(times, time_base, over, end)
    if first is None or first == len(times):
        raise BadRange("The start is not the time of a frame of this film.")
    if after is None:
        raise BadRange("The end is neither the time of a frame of this film nor the film’s end.")
    if first >= after:
        raise BadRange("Choose an end at least one frame after the start.")
    return first, after


def _from_proxy(
    proxy: Proxy,
    first: int,
    after: int,
    destination: Path,
    progress: Callable[[float], None] | None,
    cancelled: Callable[[], bool] | None,
) -> str:
    try:
        with files.whole(destination) as temporary:
            smart.cut(proxy, first, after, temporary)
    except (verify.NotFaithful, ValueError) as error:
        # Rare: whatever made the joined file doubtful, a clip encoded from end to end is exact.
        log.warning("A clip could not be copied from its proxy and is encoded instead: %s", error)
        with files.whole(destination) as temporary:
            smart.encode(proxy, first, after, temporary, progress=progress, cancelled=cancelled)
        return "encoded"
    return "smart"


def _from_stranger(
    film: Film,
    source: Path,
    first: int,
    after: int,
    destination: Path,
    short_side: int,
    formats: Collection[Family],
    progress: Callable[[float], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    begin = film.frame_times[first]
    closing = film.frame_times[after] if after < film.frames else film.end_time
    scale = Fraction(1, filters.timescale(film.time_base))
    times = filters.rebased(film.frame_times[first:after], begin, film.time_base)
    (over,) = filters.rebased((closing,), begin, film.time_base)

    def on_frames(done: int) -> None:
        if progress:
            progress(min(1.0, done / len(times)))

    def attempt(seek: bool) -> None:
        made = transcode.run(
            film,
            job,
            size=filters.shown_size(film, short_side),
            trim=(begin, closing),
            seek=seek,
            crf=CRF,
            nice=10,
            formats=formats,
            on_frames=on_frames,
            cancelled=cancelled,
        )
        with files.whole(destination) as temporary:
            has_sound = playable.remux(made, temporary, times, over, scale)
            verify.mp4(temporary, times, over, scale, has_sound=has_sound)

    with sandbox.job(source, root=destination.parent) as job:
        try:
            attempt(seek=True)
        except (verify.NotFaithful, sandbox.Failed):
            # Reading began in the wrong place: read the film from its beginning.
            attempt(seek=False)
