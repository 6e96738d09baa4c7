"""The outline of a film's sound, for drawing it under the picture."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from clips.media import ffmpeg, filters, sandbox
from clips.media.formats import ALL, Family
from clips.media.probe import Film

PER_SECOND = 100
_RATE = 8000
_STEP = _RATE // PER_SECOND
_OUTPUT = "sound.raw"


class Peaks(TypedDict):
    """How far the sound swings in each hundredth of a second, from the film's first frame to its end."""

    per_second: int
    min_max: str
    """Base64 of signed bytes in pairs: the lowest and the highest value of each step, full scale 127."""


def peaks(
    film: Film,
    source: Path,
    *,
    formats: Collection[Family] = ALL,
    cancelled: Callable[[], bool] | None = None,
    root: Path | None = None,
) -> Peaks | None:
    """Return the outline of a checked film's sound; None when it has none.

    The sound is decoded in the sandbox; the picture is not read. Raises what `sandbox.run` raises. `root`: see
    `sandbox.job`.
    """
    if film.audio_stream_index is None:
        return None
    first = film.time(0)
    length = film.time(film.frames) - first
    argv = [str(ffmpeg.binary()), "-hide_banner", "-v", "error", "-copyts"]
    argv += [*ffmpeg.input_args(formats, container=film.container), "-vn", "-i", "in"]
    argv += ["-map", f"0:{film.audio_stream_index}", "-vn", "-sn", "-dn", "-threads", "2"]
    argv += ["-af", filters.sound(first, length, rate=_RATE, layout="mono")]
    argv += ["-c:a", "pcm_s16le", "-f", "s16le", _OUTPUT]
    with sandbox.job(source, root=root) as job:
        limits = sandbox.Limits(
            cpu_seconds=int(120 + film.duration_s),
            wall_seconds=120 + film.duration_s,
            file_bytes=int(film.duration_s + 60) * _RATE * 2,
        )
        sandbox.run(argv, job=job, limits=limits, cancelled=cancelled)
        samples = np.fromfile(job / _OUTPUT, "<i2")
    return outline(samples, int(np.ceil(float(length) * PER_SECOND)))


def outline(samples: NDArray[np.int16], steps: int) -> Peaks:
    """Return the outline of sound at 8000 samples a second, cut or filled up with silence to `steps` steps."""
    whole = np.zeros(steps * _STEP, np.int16)
    count = min(len(samples), len(whole))
    whole[:count] = samples[:count]
    pieces = whole.reshape(steps, _STEP)
    pairs = np.stack([pieces.min(axis=1), pieces.max(axis=1)], axis=1)
    # Rounded away from zero by full scale 32767, so that the faintest sound still shows as one.
    scaled = np.sign(pairs) * np.ceil(np.abs(pairs.astype(np.float32)) * 127 / 32768)
    coded = np.clip(scaled, -127, 127).astype(np.int8).tobytes()
    return {"per_second": PER_SECOND, "min_max": base64.b64encode(coded).decode()}
