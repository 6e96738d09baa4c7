"""The times of a film's frames: one list for browsers, marks, clips and stills alike.

``frames.json`` in the film's folder is what browsers read: ``{"original": [first, step, step, …], "proxy": the same
or null, "end_us", "count"}``, whole microseconds. The proxy's times are what a player shows as ``mediaTime`` while
it plays the proxy; its frame k is the film's frame k.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

from clips import store
from clips.media import frames as arithmetic
from clips.media.playable import Proxy
from clips.media.probe import Film


class NotYet(Exception):
    """The film has not been checked yet, so the times of its frames are not known."""


@dataclass(frozen=True)
class FrameTimes:
    """When each frame is presented, in microseconds of the original, ascending."""

    original: tuple[int, ...]
    end_us: int

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self.original)

    def us(self, index: int) -> int:
        """When a frame begins. Raises IndexError for a frame that the film has not."""
        if not 0 <= index < len(self.original):
            raise IndexError(index)
        return self.original[index]

    def index_at(self, us: int) -> int:
        """Which frame is on screen at an observed time: the last that begins at or before it + 0.5 ms."""
        return arithmetic.index_at(self.original, us)

    def after_us(self, index: int) -> int:
        """When a frame ends: the beginning of the next, or the film's end."""
        return self.original[index + 1] if index + 1 < self.count else self.end_us


def save(film_id: uuid.UUID, film: Film, proxy: Proxy | None = None) -> None:
    """Write ``frames.json`` from what the check found, and from the proxy once there is one."""
    data = {
        "original": _steps([film.time_us(index) for index in range(film.frames)]),
        "proxy": _steps(arithmetic.times_us(proxy.frame_times, proxy.time_base)) if proxy else None,
        "end_us": film.time_us(film.frames),
        "count": film.frames,
    }
    store.write(store.path(film_id, store.FRAMES), json.dumps(data, separators=(",", ":")).encode())


def load(film_id: uuid.UUID) -> FrameTimes:
    """The times of a film's frames. Raises NotYet while nobody knows them."""
    path = store.path(film_id, store.FRAMES)
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise NotYet(str(film_id)) from None
    return _read(path, changed)


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> FrameTimes:
    data = json.loads(path.read_bytes())
    return FrameTimes(tuple(accumulate(data["original"])), data["end_us"])


def _steps(times: Sequence[int]) -> list[int]:
    return [*times[:1], *(after - before for before, after in pairwise(times))]
