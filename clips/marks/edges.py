"""Where a moment begins and ends: frames of the film, or observed times until the frames are known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from clips import frames
from clips.models import Clip, Recording

SLACK_US = 500
"""A browser may report a frame's time by a rounding error early: half a millisecond before it is still that frame."""


@dataclass(frozen=True)
class Edges:
    """The first and the last frame of a moment, both in it. Times are microseconds of presented time.

    The frames are None while the film has not been checked; the times are then those seen in the browser.
    """

    first_us: int
    last_us: int
    first_frame: int | None = None
    last_frame: int | None = None


def frame_at(frame_times: Sequence[int], us: int) -> int:
    """The frame on screen at an observed time: the last that begins at or before it + 0.5 ms."""
    return max(0, bisect_right(frame_times, us + SLACK_US) - 1)


def frame_times(recording: Recording) -> frames.FrameTimes | None:
    """The times of a film's frames, or None while nobody knows them."""
    try:
        return frames.load(recording.pk)
    except frames.NotYet:
        return None


def read_edges(recording: Recording, given: Mapping[str, Any]) -> Edges:
    """The edges that a browser sent, verified against the film.

    ``given`` has ``first_frame`` and ``last_frame``, or ``first_us`` and ``last_us``, or both, which must then agree.
    Where the film's frames are known the answer always has them. Raises ValidationError with a sentence.
    """
    times = frame_times(recording)
    first_us, last_us = _whole(given, "first_us"), _whole(given, "last_us")
    first, last = _whole(given, "first_frame"), _whole(given, "last_frame")
    if (first is None) != (last is None) or (first_us is None) != (last_us is None):
        raise ValidationError("Send both ends of the moment.")
    if first is None and first_us is None:
        raise ValidationError("Say where the moment begins and where it ends.")
    if times is None:
        if first_us is None or last_us is None:
            raise ValidationError("The film’s frames are not known yet. Send the times that were on screen.")
        longest = recording.duration_us or settings.FILM_MAX_SECONDS * 1_000_000
        _in_order(first_us, last_us)
        if last_us > longest + SLACK_US:
            raise ValidationError("The moment ends after the end of the film.")
        return Edges(first_us, last_us)
    if first is not None and last is not None:
        if last >= times.count:
            raise ValidationError(f"This film has {times.count} frames; there is no frame {last}.")
        for frame, us in ((first, first_us), (last, last_us)):
            if us is not None and abs(times.us(frame) - us) > SLACK_US:
                raise ValidationError(f"Frame {frame} of this film is not at that time. Open the film again.")
    else:
        assert first_us is not None  # noqa: S101 - one pair is there, see above
        assert last_us is not None  # noqa: S101
        if last_us > times.end_us + SLACK_US:
            raise ValidationError("The moment ends after the end of the film.")
        first, last = frame_at(times.original, first_us), frame_at(times.original, last_us)
    _in_order(first, last)
    return Edges(times.us(first), times.us(last), first, last)


def _whole(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0 or value >= 2**53:
        raise ValidationError("Times and frames are whole numbers, not below 0.")
    return value


def _in_order(first: int, last: int) -> None:
    if last < first:
        raise ValidationError("A moment ends after it begins.")


def snap(recording: Recording, frame_times_us: Sequence[int]) -> int:
    """Give every mark of a film that was made before its frames were known the frames it was made on.

    Called when the film has been checked, and by anyone who meets a mark that came in at that very moment; a second
    call changes nothing. Deleted marks are snapped too, so that they can be restored. The versions move on, so that
    open pages fetch the marks again. Returns how many were snapped.
    """
    with transaction.atomic():
        waiting = list(Clip.objects.select_for_update().filter(recording=recording, first_frame__isnull=True))
        for clip in waiting:
            clip.first_frame = frame_at(frame_times_us, clip.first_us)
            clip.last_frame = frame_at(frame_times_us, clip.last_us)
            clip.first_us, clip.last_us = frame_times_us[clip.first_frame], frame_times_us[clip.last_frame]
            clip.version, clip.edges_version = clip.version + 1, clip.edges_version + 1
            clip.save(update_fields=["first_frame", "last_frame", "first_us", "last_us", "version", "edges_version"])
        return len(waiting)
