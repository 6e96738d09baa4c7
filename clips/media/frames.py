"""Arithmetic on the times of a film's frames: which frame is shown when, and where to seek to see it.

A film's frame list holds the presented time of every frame, ascending. Everything that points at a frame (player,
mark, clip, still) goes through these functions, so that all of them mean the same frame.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction

TOLERANCE_US = 500
"""Half a millisecond: how far before a frame's time an observed time may lie and still mean that frame."""

TOLERANCE = Fraction(TOLERANCE_US, 1_000_000)


def times_us(frame_times: Sequence[int], time_base: Fraction) -> list[int]:
    """Return frame times in whole microseconds, rounded to the nearest as browsers do for `mediaTime`."""
    scale = time_base * 1_000_000
    up, down = scale.numerator, scale.denominator
    return [(2 * time * up + down) // (2 * down) for time in frame_times]


def index_at(times: Sequence[int], t_us: int) -> int:
    """Return the index of the frame on screen at `t_us`: the last one whose time is at most t + 500 us.

    `times` are microseconds, ascending. A time before the first frame means the first frame. Raises ValueError
    on an empty list.
    """
    if not times:
        raise ValueError("a film without frames has no frame to show")
    return max(0, bisect_right(times, t_us + TOLERANCE_US) - 1)


def middle_us(times: Sequence[int], index: int, end_us: int) -> int:
    """Return the middle of a frame's interval in microseconds: the time to seek to so as to see that frame.

    `end_us` is the film's end, which closes the last frame's interval. Raises IndexError off the film.
    """
    if not 0 <= index < len(times):
        raise IndexError(f"there is no frame {index} in a film of {len(times)}")
    after = times[index + 1] if index + 1 < len(times) else max(end_us, times[index] + 1)
    return (times[index] + after) // 2


def snap(times: Sequence[int], time_base: Fraction, end: int, at: Fraction) -> int | None:
    """Return the index of the frame whose time is within half a millisecond of `at` seconds.

    `times` and `end` (the film's end, which answers `len(times)`) are in `time_base`. None when no frame is
    that near.
    """
    right = bisect_left(times, at / time_base)
    near = [index for index in (right - 1, right) if 0 <= index < len(times)]
    found = [(abs(times[index] * time_base - at), index) for index in near]
    found.append((abs(end * time_base - at), len(times)))
    distance, index = min(found)
    return index if distance <= TOLERANCE else None


def busiest_second(times: Sequence[int], time_base: Fraction) -> int:
    """Return the largest number of frames that lie within any one second."""
    second = 1 / time_base
    most, first = 0, 0
    for last, time in enumerate(times):
        while time - times[first] >= second:
            first += 1
        most = max(most, last - first + 1)
    return most
