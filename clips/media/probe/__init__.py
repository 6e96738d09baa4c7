"""Checking a film: is it one that we can work with, and when is each of its frames shown?

`probe` is the one way in. The bytes are opened in the sandbox alone (`examine`, with PyAV); what comes back
is a `Film`, or a `Rejected` that says what is wrong and what to do, in a practitioner's words.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Collection
from pathlib import Path

from clips.media import formats as fmt
from clips.media import sandbox
from clips.media.ffmpeg import MAX_PIXELS
from clips.media.formats import Family
from clips.media.probe import reasons
from clips.media.probe.film import Film, microseconds
from clips.media.probe.reasons import Rejected

__all__ = [
    "MAX_BYTES",
    "MAX_FPS",
    "MAX_PIXELS",
    "MAX_SECONDS",
    "Film",
    "Rejected",
    "microseconds",
    "probe",
    "probe_in",
]

MAX_BYTES = 8 * 2**30
MAX_SECONDS = 3 * 3600.0
MAX_FPS = 300.0

_WALL_S = 60.0
_BYTES_PER_S = 10_000_000
"""How slowly an honest film may be read: old formats must be decoded to know their times."""

_FAULTS = {
    code
    for fault in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)
    for code in (-fault, 128 + fault)
}


def probe(
    source: Path,
    *,
    formats: Collection[Family] = fmt.ALL,
    max_bytes: int = MAX_BYTES,
    max_seconds: float = MAX_SECONDS,
    max_pixels: int = MAX_PIXELS,
    max_fps: float = MAX_FPS,
    limits: sandbox.Limits | None = None,
    cancelled: Callable[[], bool] | None = None,
    root: Path | None = None,
) -> Film:
    """Check a film in the sandbox and return what is known of it.

    Raises Rejected for a film that we do not take, OSError when the file cannot be read, and the sandbox's
    Failed or Cancelled when no judgement was reached. `root`: see `sandbox.job`.
    """
    size = Path(source).stat().st_size
    with sandbox.job(source, root=root) as job:
        return probe_in(
            job,
            size=size,
            formats=formats,
            max_bytes=max_bytes,
            max_seconds=max_seconds,
            max_pixels=max_pixels,
            max_fps=max_fps,
            limits=limits,
            cancelled=cancelled,
        )


def probe_in(
    job: Path,
    *,
    size: int,
    formats: Collection[Family] = fmt.ALL,
    max_bytes: int = MAX_BYTES,
    max_seconds: float = MAX_SECONDS,
    max_pixels: int = MAX_PIXELS,
    max_fps: float = MAX_FPS,
    limits: sandbox.Limits | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Film:
    """Check the film of `size` bytes that a job directory holds: `probe` for whoever has the directory already."""
    if size == 0:
        raise reasons.empty()
    if size > max_bytes:
        raise reasons.too_large(size, max_bytes)
    wall = _WALL_S + size / _BYTES_PER_S
    limits = limits or sandbox.Limits(cpu_seconds=int(2 * wall), file_bytes=0, wall_seconds=wall)
    try:
        answer = sandbox.python(
            "clips.media.probe.examine:examine",
            {
                "name": "in",
                "formats": sorted(formats),
                "max_seconds": max_seconds,
                "max_pixels": max_pixels,
                "max_fps": max_fps,
            },
            job=job,
            limits=limits,
            cancelled=cancelled,
        )
    except sandbox.TimedOut:
        raise reasons.took_too_long() from None
    except sandbox.Failed as failed:
        # A program that faults is the film's doing; one that was killed (SIGKILL) may be the machine's.
        if failed.completed.returncode in _FAULTS:
            raise reasons.crashes() from failed
        raise
    if "rejected" in answer:
        raise Rejected.from_json(answer["rejected"])
    return Film.from_json(answer["film"])
